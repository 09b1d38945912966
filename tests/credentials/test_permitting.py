"""A wallet asks, its citizen permits it at the portal, and a code becomes a token once: for that wallet, with its secret, in time, of that person alone."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from ansinh.credentials import asked, keys
from ansinh.credentials.operations import WalletKnown, register_wallet
from ansinh.credentials.states import PERMITTED_LIFETIME, REQUEST_LIFETIME, Kind
from ansinh.database.sql import execute, number, row
from ansinh.foundation.clock import RealClock
from ansinh.foundation.errors import InvalidInput
from tests.credentials.wallets import Answer, ask, new_key, nonce_of, proof
from tests.support.cast import ANYBODY_WITH_RIGHTS
from tests.support.citizens import signed_in

WALLET, OTHER_WALLET = "vn.example.vi", "vn.example.khac"
BACK = "vn.example.vi:/papers"
OTHER_BACK = "https://wallet.example.vn/back?from=papers"
VERIFIER = "a-secret-of-the-wallet-long-enough-to-be-one-0123"
STRANGER = 2


def registered(client_id: str, *redirects: str) -> None:
    register_wallet(
        actor=ANYBODY_WITH_RIGHTS,
        reason="thử",
        clock=RealClock(),
        client_id=client_id,
        name="Ví Mẫu",
        redirect_uris=redirects,
    )


@pytest.fixture
def citizen(wallet: Client, person: int) -> Client:
    """The browser of the person whose papers are asked for; two wallets are registered."""
    registered(WALLET, BACK, OTHER_BACK)
    registered(OTHER_WALLET, BACK)
    browser = Client()
    signed_in(browser, person, 2)
    return browser


def pushed(wallet: Client, **changes: str) -> Answer:
    said = {
        "response_type": "code",
        "client_id": WALLET,
        "redirect_uri": BACK,
        "scope": "health_card",
        "state": "của ví",
        "code_challenge": asked.challenge_of(VERIFIER) or "",
        "code_challenge_method": "S256",
    }
    return wallet.post("/credentials/par", said | changes)


def request_of(wallet: Client, **changes: str) -> dict[str, str]:
    answer = pushed(wallet, **changes)
    assert answer.status_code == 201, answer.content
    return {"client_id": changes.get("client_id", WALLET), "request_uri": answer.json()["request_uri"]}


def permit(citizen: Client, request: dict[str, str], answer: str = "yes") -> Any:
    return citizen.post("/card/wallet/permit", request | {"answer": answer})


def told(answer: Any) -> dict[str, str]:
    """Return what goes back to the wallet."""
    assert answer.status_code == 303, answer.content.decode()
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def redeemed(wallet: Client, code: str, **changes: str) -> Answer:
    said = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": WALLET,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    return wallet.post("/credentials/token", said | changes)


def test_a_permitted_wallet_takes_the_card_of_who_permitted(wallet: Client, citizen: Client) -> None:
    request = request_of(wallet)
    page = citizen.get("/card/wallet/permit", request)
    assert "Ví Mẫu" in page.content.decode()
    assert "form-action 'self' http://127.0.0.1:8107 vn.example.vi:" in re.sub(
        r"http://\S+", "http://127.0.0.1:8107", page.headers["Content-Security-Policy"]
    )
    answer = told(permit(citizen, request))
    assert (answer["state"], answer["iss"]) == ("của ví", keys.issuer())
    token = redeemed(wallet, answer["code"])
    assert token.headers["Cache-Control"] == "no-store"
    made = ask(wallet, token.json()["access_token"], Kind.HEALTH_CARD, proof(new_key(), nonce_of(wallet)))
    assert made.status_code == 200, made.content
    assert row("SELECT person_id, kind, holder_bound FROM credentials_issued") == (1, "health_card", True)


def test_a_token_gives_the_papers_that_were_permitted_and_no_other(wallet: Client, citizen: Client) -> None:
    token = redeemed(wallet, told(permit(citizen, request_of(wallet)))["code"]).json()["access_token"]
    refused = ask(wallet, token, Kind.REFERRAL, proof(new_key(), nonce_of(wallet)))
    assert refused.status_code == 401
    assert number("SELECT count(*) FROM credentials_issued") == 0


def test_who_is_not_signed_in_surely_is_led_to_the_door_and_back(wallet: Client, citizen: Client) -> None:
    request = request_of(wallet, redirect_uri=OTHER_BACK, state="s" * 200)
    for browser in (Client(), _at_level_one()):
        led = browser.get("/card/wallet/permit", request)
        assert led.status_code == 302
        given = parse_qs(urlsplit(led.headers["Location"]).query)
        assert given["level"] == ["2"]
        back = urlsplit(given["next"][0])
        assert back.path == "/card/wallet/permit"
        assert {name: values[0] for name, values in parse_qs(back.query).items()} == request
    assert permit(Client(), request).status_code in {302, 303}
    assert number("SELECT count(*) FROM credentials_offer") == 0


def _at_level_one() -> Client:
    browser = Client()
    signed_in(browser, 1, 1)
    return browser


def test_a_citizen_who_does_not_agree_gives_nothing(wallet: Client, citizen: Client) -> None:
    request = request_of(wallet)
    answer = told(permit(citizen, request, "no"))
    assert answer == {"error": "access_denied", "state": "của ví", "iss": keys.issuer()}
    assert permit(citizen, request).status_code == 400
    assert number("SELECT count(*) FROM credentials_offer") == 0


def test_a_code_is_exchanged_once_and_a_replay_ends_what_it_gave(wallet: Client, citizen: Client) -> None:
    code = told(permit(citizen, request_of(wallet)))["code"]
    token = redeemed(wallet, code).json()["access_token"]
    assert redeemed(wallet, code).json() == {"error": "invalid_grant"}
    refused = ask(wallet, token, Kind.HEALTH_CARD, proof(new_key(), nonce_of(wallet)))
    assert refused.status_code == 401


def test_a_request_is_answered_once(wallet: Client, citizen: Client) -> None:
    request = request_of(wallet)
    told(permit(citizen, request))
    assert permit(citizen, request).status_code == 400
    assert citizen.get("/card/wallet/permit", request).status_code == 400
    assert number("SELECT count(*) FROM credentials_offer") == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": VERIFIER + "x"},
        {"code_verifier": "short"},
        {"code_verifier": "đ" * 60},
        {"redirect_uri": OTHER_BACK},
        {"client_id": OTHER_WALLET},
    ],
    ids=["another secret", "a short secret", "no secret's letters", "another address", "another wallet"],
)
def test_a_code_shown_with_anything_wrong_gives_nothing_and_ends(
    wallet: Client, citizen: Client, changes: dict[str, str]
) -> None:
    code = told(permit(citizen, request_of(wallet)))["code"]
    assert redeemed(wallet, code, **changes).json() == {"error": "invalid_grant"}
    assert redeemed(wallet, code).json() == {"error": "invalid_grant"}
    assert row("SELECT token_sha256 FROM credentials_offer") == (None,)


def test_a_code_of_an_offer_is_none_of_a_permission_and_the_other_way_round(wallet: Client, citizen: Client) -> None:
    code = told(permit(citizen, request_of(wallet)))["code"]
    offered = {"grant_type": "urn:ietf:params:oauth:grant-type:pre-authorized_code", "pre-authorized_code": code}
    assert wallet.post("/credentials/token", offered | {"tx_code": "000000"}).json() == {"error": "invalid_grant"}
    assert redeemed(wallet, "unknown").json() == {"error": "invalid_grant"}


def test_an_old_code_gives_nothing(wallet: Client, citizen: Client) -> None:
    code = told(permit(citizen, request_of(wallet)))["code"]
    execute(
        "UPDATE credentials_offer SET offered_at = offered_at - %s, expires_at = expires_at - %s",
        [2 * PERMITTED_LIFETIME] * 2,
    )
    assert redeemed(wallet, code).json() == {"error": "invalid_grant"}


def test_an_old_request_another_wallets_and_one_that_was_changed_are_over(
    wallet: Client, citizen: Client, folder: Path
) -> None:
    request = request_of(wallet)
    of_wallet = asked.WalletRequest(WALLET, BACK, "", (Kind.HEALTH_CARD,), asked.challenge_of(VERIFIER) or "")
    old = asked.sealed(of_wallet, RealClock().now() - REQUEST_LIFETIME - timedelta(seconds=5), folder)
    changed = request["request_uri"][:-6] + "AAAAAA"
    for name, client_id in ((old, WALLET), (changed, WALLET), (request["request_uri"], OTHER_WALLET), ("", WALLET)):
        given = {"request_uri": name, "client_id": client_id}
        assert citizen.get("/card/wallet/permit", given).status_code == 400
        assert permit(citizen, given).status_code == 400
    # Without a request of ours nobody is ever sent anywhere.
    whole = {"client_id": WALLET, "redirect_uri": BACK, "response_type": "code", "scope": "health_card"}
    assert "Location" not in citizen.get("/card/wallet/permit", whole).headers
    assert number("SELECT count(*) FROM credentials_offer") == 0


def test_a_form_opened_in_one_session_is_not_sent_in_anothers(wallet: Client, citizen: Client) -> None:
    request = request_of(wallet)
    page = citizen.get("/card/wallet/permit", request).content.decode()
    whose = re.search(r'name="whose"\s+value="([^"]+)"', page)
    assert whose is not None
    execute(
        "INSERT INTO people_person (person_id, full_name, sex, birth_year, birth_month, birth_day, commune, province, recorded_on)"
        " VALUES (%s, 'Lê Văn Khác', 'M', 1981, 2, 3, '00001', '01', '2020-01-01')",
        [STRANGER],
    )
    signed_in(citizen, STRANGER, 2)
    assert permit(citizen, request | {"whose": whose.group(1)}).status_code == 409
    assert number("SELECT count(*) FROM credentials_offer") == 0


def test_who_has_no_such_paper_is_told_and_the_wallet_gets_nothing(wallet: Client, citizen: Client) -> None:
    execute("UPDATE cards_standing SET status = 'withdrawn'")
    request = request_of(wallet)
    answer = permit(citizen, request)
    assert answer.status_code == 200
    assert "Bạn chưa có giấy tờ này" in answer.content.decode()
    assert told(permit(citizen, request, "no"))["error"] == "access_denied"


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": "nul\0"}, 401, "invalid_client"),
        ({"redirect_uri": "vn.example.vi:/papers/"}, 400, "invalid_request"),
        ({"redirect_uri": "https://evil.example/"}, 400, "invalid_request"),
        ({"redirect_uri": ""}, 400, "invalid_request"),
        ({"response_type": "token"}, 400, "invalid_request"),
        ({"request_uri": "urn:x"}, 400, "invalid_request"),
        ({"authorization_details": "[]"}, 400, "invalid_request"),
        ({"code_challenge": ""}, 400, "invalid_request"),
        ({"code_challenge_method": "plain"}, 400, "invalid_request"),
        ({"state": "s" * 201}, 400, "invalid_request"),
        ({"scope": "everything"}, 400, "invalid_scope"),
        ({"scope": "health_card health_card"}, 400, "invalid_scope"),
        ({"scope": ""}, 400, "invalid_scope"),
    ],
)
def test_what_a_wallet_may_not_ask_is_refused_at_once(
    wallet: Client, citizen: Client, changes: dict[str, str], status: int, error: str
) -> None:
    answer = pushed(wallet, **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_nothing_said_twice_is_taken(wallet: Client, citizen: Client) -> None:
    twice = "client_id=a&client_id=b"
    for address in ("/credentials/par", "/credentials/token"):
        answer = wallet.post(address, twice, "application/x-www-form-urlencoded")
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "http://example.vn/back",
        "https://user@example.vn/",
        "https://",
        "https://x.vn/#part",
        "a b:/x",
    ],
)
def test_a_wallet_is_not_registered_where_answers_could_be_caught(db: None, address: str) -> None:
    with pytest.raises(InvalidInput):
        registered("vn.example.moi", address)
    assert number("SELECT count(*) FROM credentials_wallet") == 0


def test_a_wallet_is_registered_once(db: None) -> None:
    registered(WALLET, BACK)
    with pytest.raises(WalletKnown):
        registered(WALLET, OTHER_BACK)
    assert row("SELECT redirect_uris FROM credentials_wallet") == ([BACK],)


def test_a_citizen_offers_papers_to_a_wallet_and_ends_them_all(wallet: Client, citizen: Client) -> None:
    page = citizen.get("/card/wallet").content.decode()
    assert "Thẻ bảo hiểm y tế" in page
    assert "Giấy hẹn khám lại" in page
    assert citizen.post("/card/wallet", {}).status_code == 422
    offered = citizen.post("/card/wallet", {"paper": ["health_card"]}).content.decode()
    assert re.search(r"\b\d{6}\b", offered)
    assert "openid-credential-offer://?" in offered
    token = redeemed(wallet, told(permit(citizen, request_of(wallet)))["code"]).json()["access_token"]
    ask(wallet, token, Kind.HEALTH_CARD, proof(new_key(), nonce_of(wallet)))
    assert "Đang có 1 bản trong ví" in citizen.get("/card/wallet").content.decode()
    assert "Đã hủy 1 bản" in citizen.post("/card/wallet", {"act": "end"}).content.decode()
    assert number("SELECT count(*) FROM credentials_issued WHERE withdrawn_at IS NULL") == 0


def test_the_metadata_tell_both_ways(wallet: Client) -> None:
    server = wallet.get("/.well-known/oauth-authorization-server/credentials").json()
    assert set(server["grant_types_supported"]) == {
        "authorization_code",
        "urn:ietf:params:oauth:grant-type:pre-authorized_code",
    }
    assert server["authorization_endpoint"].endswith("/card/wallet/permit")
    assert server["pushed_authorization_request_endpoint"] == f"{keys.issuer()}/par"
    assert server["code_challenge_methods_supported"] == ["S256"]
    issuer = wallet.get("/.well-known/openid-credential-issuer/credentials").json()
    configured = issuer["credential_configurations_supported"].values()
    assert {one["scope"] for one in configured} == set(server["scopes_supported"])
