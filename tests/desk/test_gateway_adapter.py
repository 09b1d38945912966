"""Whatever the gateway does, the desk hears one of a few named outcomes, and never an exception."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.desk.adapters import gateway
from ansinh.desk.adapters.gateway import Answered, Away, Busy, Copay, Nobody, Outcome, Refused, ask_standing

PIN = "001000000001"
STANDING = {
    "pin": PIN,
    "full_name": "Đặng Thị Như",
    "born": "1980",
    "sex": "F",
    "card_number": "DN4010100000001",
    "benefit_level": 4,
    "share_percent": 80,
    "area": None,
    "copay": {"year": 2025, "total": 120_000, "exempt_on": None},
    "facility": "01002",
    "valid_from": "2025-01-01",
    "valid_until": "2026-01-01",
    "in_force": True,
    "status": "active",
    "five_years_on": None,
    "a_field_of_a_later_gateway": {"x": 1},
}
ANSWER = {"audit_id": "1024", "asked": {"key": PIN, "kind": "pin"}, "found": True, "standing": STANDING}


def ask(answer: Callable[[httpx.Request], httpx.Response], key: str = PIN) -> Outcome:
    client = httpx.Client(transport=httpx.MockTransport(answer))
    with patch.object(gateway, "_client", return_value=client):
        return ask_standing("http://gateway.test", token="t", key=key, officer="01002-01")


def says(status: int, body: Any = b"", **headers: str) -> Callable[[httpx.Request], httpx.Response]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: httpx.Response(status, content=content, headers=sent)


def test_an_answer_is_read_and_what_is_new_in_it_ignored() -> None:
    outcome = ask(says(200, ANSWER))
    assert isinstance(outcome, Answered)
    assert (outcome.standing.full_name, outcome.standing.share_percent) == ("Đặng Thị Như", 80)
    assert (outcome.standing.benefit_level, outcome.standing.copay) == (4, Copay(2025, 120_000))
    assert outcome.audit_reference == "1024"


def test_the_question_names_officer_purpose_and_carries_the_number_in_its_body() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=ANSWER)

    ask(answer)
    (request,) = seen
    assert json.loads(request.content) == {"key": PIN, "purpose": "treatment", "officer": "01002-01"}
    assert str(request.url) == "http://gateway.test/v1/standing"
    assert request.headers["authorization"] == "Bearer t"


def test_nobody_found_keeps_its_audit_reference() -> None:
    nobody = {"audit_id": "7", "asked": {"key": PIN, "kind": "pin"}, "found": False, "standing": None}
    assert ask(says(200, nobody)) == Nobody("7")


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (503, {"retry_after": "7"}, Busy(7)),
        (503, {}, Busy(2)),
        (503, {"retry_after": "999999"}, Busy(2)),
        (503, {"retry_after": "86400"}, Busy(60)),
        (503, {"retry_after": "-5"}, Busy(2)),
        (503, {"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"}, Busy(2)),
        (429, {"retry_after": "30"}, Refused("ceiling", 30)),
        (401, {}, Refused("desk")),
        (403, {}, Refused("desk")),
        (422, {}, Refused("question")),
        (500, {}, Away("status 500")),
        (302, {"location": "http://elsewhere.test/"}, Away("status 302")),
        (404, {}, Away("status 404")),
    ],
)
def test_every_status_is_a_named_outcome(status: int, headers: dict[str, str], outcome: Outcome) -> None:
    assert ask(says(status, b"{}", **headers)) == outcome


@pytest.mark.parametrize(
    ("code", "why"),
    [("officer_not_listed", "officer"), ("challenge_required", "challenge"), ("suspended", "suspended")],
)
def test_whoever_may_not_ask_is_told_why(code: str, why: str) -> None:
    assert ask(says(403, {"type": f"urn:ansinh:problem:{code}"})) == Refused(why)


@pytest.mark.parametrize(
    "trouble", [httpx.ConnectError, httpx.ReadTimeout, httpx.PoolTimeout, httpx.RemoteProtocolError]
)
def test_a_gateway_that_does_not_answer_is_away(trouble: type[httpx.TransportError]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise trouble("no")

    assert ask(fail) == Away(trouble.__name__)


def _never_ending() -> Iterator[bytes]:
    while True:
        yield b"x" * 65_536


def test_an_endless_answer_is_cut() -> None:
    assert ask(lambda request: httpx.Response(200, content=_never_ending())) == Away("TimeoutError")


def test_an_answer_to_another_question_is_not_believed() -> None:
    other = ANSWER | {"asked": {"key": "001000000002", "kind": "pin"}}
    assert ask(says(200, other)) == Away("answer to another question")


@pytest.mark.parametrize("lost", ["audit_id", "asked", "found", "standing"])
def test_an_answer_that_lacks_something_is_not_believed(lost: str) -> None:
    assert isinstance(ask(says(200, {name: value for name, value in ANSWER.items() if name != lost})), Away)


@pytest.mark.parametrize("lost", ["full_name", "facility", "valid_from", "valid_until", "in_force", "status"])
def test_a_standing_that_lacks_something_is_not_believed(lost: str) -> None:
    kept = {name: value for name, value in STANDING.items() if name != lost}
    assert isinstance(ask(says(200, ANSWER | {"standing": kept})), Away)


@given(st.sampled_from([200, 400, 403, 503]), st.binary(max_size=300))
def test_any_bytes_are_some_outcome(status: int, body: bytes) -> None:
    assert isinstance(ask(says(status, body)), Away | Busy | Refused)
