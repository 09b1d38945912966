"""What the door does not believe: each trick of the books, played by the e-ID or by somebody between, is refused, and nobody is let in."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from ansinh.database.sql import execute, number, row
from ansinh.foundation.settings import settings
from ansinh.portal.door import keeping
from ansinh.portal.door.eid import provider as providers
from tests.door.conftest import AN, BINH, Eid
from tests.door.visiting import Visitor, state_of

# One e-ID and one certified provider serve all of these.
pytestmark = pytest.mark.xdist_group("door")

LIES = {
    "000000000103": "level",
    "000000000105": "subject",
    "000000000108": "nonce",
    "000000000109": "audience",
    "000000000110": "time",
    "000000000111": "algorithm",
    "000000000112": "algorithm",
    "000000000113": "issuer",
    "000000000114": "issuer",
    "000000000115": "issuer",
    "000000000116": "shape",
    "000000000117": "audience",
    "000000000119": "signature",
}


def nobody_came(visitor: Visitor) -> None:
    """Assert that nothing was done."""
    assert visitor.citizen() is None
    assert number("SELECT count(*) FROM signin_citizensession") == 0
    assert number("SELECT count(*) FROM signin_citizenentry") == 0


def why() -> str:
    """Return the last cause somebody was turned away for, as the audit keeps it."""
    found = row("SELECT facts ->> 'why' FROM audit_act WHERE act = 'signin.turn_away' ORDER BY act_id DESC LIMIT 1")
    return found[0] if found else ""


@pytest.mark.parametrize(("number_there", "cause"), LIES.items())
def test_an_answer_that_does_not_hold_lets_nobody_in(any_visitor: Visitor, number_there: str, cause: str) -> None:
    # Were the answer believed, there would be somebody to let in.
    execute(
        "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'pin', 8200, '2020-01-01')",
        [number_there],
    )
    answer = any_visitor.comes(number_there, level=2)
    assert answer.status_code == (403 if cause == "level" else 400)
    assert why() == cause
    nobody_came(any_visitor)


def test_a_level_lower_than_asked_keeps_the_session_there_was(any_visitor: Visitor) -> None:
    execute(
        "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES ('000000000103', 'pin', 8200, '2020-01-01')"
    )
    any_visitor.comes("000000000103")
    answer = any_visitor.comes("000000000103", level=2)
    assert (answer.status_code, "mức 2" in answer.content.decode()) == (403, True)
    citizen = any_visitor.citizen()
    assert citizen
    assert citizen.level == 1


def test_a_code_is_good_once(any_visitor: Visitor) -> None:
    back = any_visitor.grants(any_visitor.asks(), AN[0])
    assert any_visitor.returns(back).status_code == 303
    assert any_visitor.returns(back).status_code == 400
    assert why() == "state"
    # Brought under a request of its own, the e-ID refuses it: used once already.
    other = any_visitor.grants(any_visitor.asks(again="1"), AN[0])
    assert any_visitor.returns(other, code=parse_qs(urlsplit(back).query)["code"][0]).status_code == 400
    assert why() == "code"
    assert number("SELECT count(*) FROM signin_citizenentry") == 1


def test_an_answer_belongs_to_the_browser_that_asked(any_visitor: Visitor) -> None:
    attacker = type(any_visitor)()
    back = attacker.grants(attacker.asks(), BINH[0])
    # The victim follows the attacker's way back, to be signed in as them.
    assert any_visitor.returns(back).status_code == 400
    any_visitor.asks()
    assert any_visitor.returns(back).status_code == 400
    nobody_came(any_visitor)
    # Nor can anybody use up another's request.
    assert attacker.returns(back).status_code == 303


def test_a_code_injected_into_another_request_is_refused(any_visitor: Visitor) -> None:
    attacker = type(any_visitor)()
    stolen = parse_qs(urlsplit(attacker.grants(attacker.asks(), BINH[0])).query)["code"][0]
    own = any_visitor.grants(any_visitor.asks(), AN[0])
    # The e-ID holds the code against the verifier of the request it was given for.
    assert any_visitor.returns(own, code=stolen).status_code == 400
    assert why() == "code"
    nobody_came(any_visitor)


@pytest.mark.parametrize("iss", ["https://another-eid.example", "", None])
def test_an_answer_of_another_issuer_is_refused(any_visitor: Visitor, iss: str | None) -> None:
    back = any_visitor.grants(any_visitor.asks(), AN[0])
    assert any_visitor.returns(back, iss=iss).status_code == 400
    assert why() == "issuer"
    nobody_came(any_visitor)


@pytest.mark.parametrize("state", ["", "x", "\x00", "a" * 5_000, None])
def test_a_state_that_was_never_made_is_refused(any_visitor: Visitor, state: str | None) -> None:
    back = any_visitor.grants(any_visitor.asks(), AN[0])
    assert any_visitor.returns(back, state=state).status_code == 400
    nobody_came(any_visitor)


def test_a_request_left_open_too_long_is_refused(any_visitor: Visitor) -> None:
    back = any_visitor.grants(any_visitor.asks(), AN[0])
    execute("UPDATE signin_eidrequest SET opened_at = opened_at - interval '11 minutes'")
    assert any_visitor.returns(back).status_code == 400
    nobody_came(any_visitor)


def test_parameters_twice_are_no_answer(any_visitor: Visitor) -> None:
    back = any_visitor.grants(any_visitor.asks(), AN[0])
    query = urlsplit(back).query
    assert any_visitor.ours.get(f"/sign-in/callback?{query}&state={state_of(back)}").status_code == 400
    nobody_came(any_visitor)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/x", "/\\evil.example", "javascript:1"])
def test_nobody_is_sent_elsewhere_after_signing_in(any_visitor: Visitor, elsewhere: str) -> None:
    assert any_visitor.comes(AN[0], next_path=elsewhere).headers["Location"] == "/"


def test_an_error_that_nobody_asked_for_is_refused(any_visitor: Visitor) -> None:
    answer = any_visitor.ours.get("/sign-in/callback", {"error": "<script>alert(1)</script>", "state": "x"})
    assert answer.status_code == 400
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("error", ["\x00", "Nguyễn Văn A 001185000001"])
def test_the_audit_keeps_no_words_of_whoever_writes_an_address(any_visitor: Visitor, error: str) -> None:
    back = any_visitor.grants(any_visitor.asks(), AN[0])
    assert any_visitor.returns(back, error=error).status_code == 400
    assert why() == "other"
    nobody_came(any_visitor)


@pytest.mark.parametrize("number_there", ["000000000118"])
def test_an_eid_that_breaks_is_our_trouble_and_not_the_persons(any_visitor: Visitor, number_there: str) -> None:
    answer = any_visitor.comes(number_there)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Lỗi không phải do bạn" in answer.content.decode()
    nobody_came(any_visitor)


def test_an_eid_that_is_too_slow_is_not_waited_for(any_visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    line = httpx.Client(timeout=httpx.Timeout(30.0, read=1.0), trust_env=False)
    back = any_visitor.grants(any_visitor.asks(), "000000000102")
    monkeypatch.setattr(keeping, "provider", lambda: providers.Provider(settings().eid_url, line))
    assert any_visitor.returns(back).status_code == 503
    nobody_came(any_visitor)


def test_an_eid_that_is_away_is_said_so(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor.ours.get("/sign-in")
    away = providers.Provider("http://127.0.0.1:9")
    monkeypatch.setattr(keeping, "provider", lambda: away)
    token = visitor.ours.cookies["ansinh-form"].value
    assert visitor.ours.post("/sign-in", {"csrfmiddlewaretoken": token}).status_code == 503


class TestTheEid:
    """What the provider refuses by itself."""

    def test_it_sends_nobody_to_an_address_that_is_not_registered(self, eid: Eid) -> None:
        asked = {
            "response_type": "code",
            "client_id": "social-security.example",
            "redirect_uri": "http://127.0.0.1:8000/sign-in/callback/../x",
            "scope": "openid",
            "nonce": "n",
            "code_challenge": "a" * 43,
            "code_challenge_method": "S256",
        }
        answer = httpx.get(f"{eid.url}/authorize", params=asked, trust_env=False)
        assert (answer.status_code, "location" in answer.headers) == (400, False)

    @pytest.mark.parametrize("missing", ["code_challenge", "code_challenge_method", "nonce"])
    def test_it_wants_pkce_and_a_nonce(self, eid: Eid, missing: str) -> None:
        asked = {
            "response_type": "code",
            "client_id": "social-security.example",
            "redirect_uri": "http://127.0.0.1:8000/sign-in/callback",
            "scope": "openid",
            "nonce": "n",
            "code_challenge": "a" * 43,
            "code_challenge_method": "S256",
        }
        del asked[missing]
        answer = httpx.get(f"{eid.url}/authorize", params=asked, trust_env=False)
        assert parse_qs(urlsplit(answer.headers["location"]).query)["error"] == ["invalid_request"]

    @pytest.mark.parametrize("path", ["token", "par"])
    def test_it_gives_nothing_to_who_does_not_prove_themselves(self, eid: Eid, path: str) -> None:
        given = {"grant_type": "authorization_code", "client_id": "social-security.example", "code": "x"}
        answer = httpx.post(f"{eid.url}/{path}", data=given, trust_env=False)
        assert (answer.status_code, json.loads(answer.text)["error"]) == (400, "invalid_client")
