"""From an offer to a credential in a wallet (OpenID4VCI 1.0), and every way in which none is issued."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client

from ansinh.access.queries import actor_of_person
from ansinh.audit.queries import looks_at
from ansinh.credentials import keys
from ansinh.credentials.operations import show_card, withdraw_credentials
from ansinh.credentials.queries import offer_link
from ansinh.credentials.sd_jwt import NotProven, proven
from ansinh.credentials.states import Kind
from ansinh.credentials.status_lists import read_list
from ansinh.foundation.clock import RealClock
from ansinh.foundation.errors import NotFound
from tests.credentials.conftest import CARD, CLOCKS
from tests.credentials.wallets import ask, new_key, nonce_of, offered, proof, taken, token_for


def _now() -> datetime:
    return datetime.now(UTC)


def _withdrawn(wallet: Client, text: str, folder: Path) -> bool:
    found = proven(text, keys.issuer_keys(folder).by_id(), _now())
    answer = wallet.get(urlsplit(found.list_uri).path)
    assert answer.headers["content-type"] == "application/statuslist+jwt"
    listed = read_list(answer.content.decode(), found.list_uri, keys.issuer_keys(folder).by_id())
    return listed.withdrawn(found.place)


@pytest.mark.parametrize(
    ("kind", "claim", "value"),
    [
        (Kind.HEALTH_CARD, "card_number", CARD),
        (Kind.REFERRAL, "diagnosis", "I10"),
        (Kind.APPOINTMENT, "due_on", "2025-06-20"),
        (Kind.CONTRIBUTIONS, "months", 120),
    ],
)
def test_each_paper_is_taken_and_shows_only_what_its_holder_chooses(
    wallet: Client, person: int, folder: Path, kind: Kind, claim: str, value: object
) -> None:
    answer, key = taken(wallet, person, folder, kind)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), answer.content
    text = answer.json()["credentials"][0]["credential"]
    found = proven(text, keys.issuer_keys(folder).by_id(), _now())
    assert found.always.keys() == {"iss", "vct", "iat", "exp", "status", "cnf"}
    assert found.always["cnf"]["jwk"] == {n: key.as_dict(private=False)[n] for n in ("kty", "crv", "x", "y")}
    assert found.disclosed[claim] == value
    assert proven(text.split("~")[0] + "~", keys.issuer_keys(folder).by_id(), _now()).disclosed == {}
    assert {look.call for look in looks_at(person)} == {"credential"}


def test_an_offer_is_fetched_by_its_link_while_it_can_be_taken(wallet: Client, person: int, folder: Path) -> None:
    offer = offered(person, folder, Kind.HEALTH_CARD, Kind.REFERRAL)
    link = urlsplit(offer_link(offer.reference))
    assert link.scheme == "openid-credential-offer"
    where = urlsplit(parse_qs(link.query)["credential_offer_uri"][0]).path
    told = wallet.get(where).json()
    assert told["credential_configuration_ids"] == ["health_card", "referral"]
    assert token_for(wallet, offer, folder).status_code == 200
    assert wallet.get(where).status_code == 404


def test_a_code_is_good_once(wallet: Client, person: int, folder: Path) -> None:
    offer = offered(person, folder, Kind.HEALTH_CARD)
    assert token_for(wallet, offer, folder).status_code == 200
    assert token_for(wallet, offer, folder).json() == {"error": "invalid_grant"}


def test_wrong_digits_end_an_offer_after_five_tries(wallet: Client, person: int, folder: Path) -> None:
    offer = offered(person, folder, Kind.HEALTH_CARD)
    wrong = f"{(int(offer.tx_code) + 1) % 1_000_000:06}"
    for _ in range(5):
        assert token_for(wallet, offer, folder, wrong).json() == {"error": "invalid_grant"}
    assert token_for(wallet, offer, folder).json() == {"error": "invalid_grant"}


def test_what_is_over_is_refused(wallet: Client, person: int, folder: Path) -> None:
    offer = offered(person, folder, Kind.HEALTH_CARD)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE credentials_offer SET offered_at = now() - interval '2 h', expires_at = now() - interval '1 h'"
        )
    assert token_for(wallet, offer, folder).json() == {"error": "invalid_grant"}
    offer = offered(person, folder, Kind.HEALTH_CARD)
    token = token_for(wallet, offer, folder).json()["access_token"]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE credentials_offer SET token_until = now() - interval '1 s' WHERE token_until IS NOT NULL"
        )
    answer = ask(wallet, token, Kind.HEALTH_CARD, proof(new_key(), nonce_of(wallet)))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")


def test_a_token_takes_what_was_offered_and_nothing_else(wallet: Client, person: int, folder: Path) -> None:
    token = token_for(wallet, offered(person, folder, Kind.HEALTH_CARD), folder).json()["access_token"]
    assert ask(wallet, token, Kind.REFERRAL, proof(new_key(), nonce_of(wallet))).status_code == 401
    assert ask(wallet, "x", Kind.HEALTH_CARD, proof(new_key(), nonce_of(wallet))).status_code == 401
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM credentials_issued")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "change",
    [
        {"head_typ": "JWT"},
        {"aud": "https://somebody.else"},
        {"iat": int((datetime.now(UTC) - timedelta(hours=1)).timestamp())},
        {"iat": int((datetime.now(UTC) + timedelta(hours=1)).timestamp())},
        {"head_jwk": new_key().as_dict(private=False)},
        {"head_jwk": {"kty": "oct", "k": "AAAA"}},
        {"head_kid": "did:example:1"},
        {"nonce": 5},
    ],
)
def test_a_proof_that_proves_no_key_for_us_now_is_refused(
    wallet: Client, person: int, folder: Path, change: dict[str, object]
) -> None:
    token = token_for(wallet, offered(person, folder, Kind.HEALTH_CARD), folder).json()["access_token"]
    answer = ask(wallet, token, Kind.HEALTH_CARD, proof(new_key(), nonce_of(wallet), **change))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_proof")


def test_unsigned_and_symmetric_proofs_are_refused(wallet: Client, person: int, folder: Path) -> None:
    token = token_for(wallet, offered(person, folder, Kind.HEALTH_CARD), folder).json()["access_token"]
    head, payload, _ = proof(new_key(), nonce_of(wallet)).split(".")
    for text in (f"{head}.{payload}.", f"eyJhbGciOiJub25lIn0.{payload}.", "x", "é"):
        assert ask(wallet, token, Kind.HEALTH_CARD, text).json()["error"] == "invalid_proof"


def test_a_nonce_is_good_once_and_only_ours(wallet: Client, person: int, folder: Path) -> None:
    token = token_for(wallet, offered(person, folder, Kind.HEALTH_CARD), folder).json()["access_token"]
    nonce = nonce_of(wallet)
    assert ask(wallet, token, Kind.HEALTH_CARD, proof(new_key(), nonce)).status_code == 200
    for used in (nonce, "x" * len(nonce), "", "é"):
        assert ask(wallet, token, Kind.HEALTH_CARD, proof(new_key(), used)).json()["error"] == "invalid_nonce"


def test_copies_have_nothing_in_common_but_what_they_say(wallet: Client, person: int, folder: Path) -> None:
    token = token_for(wallet, offered(person, folder, Kind.HEALTH_CARD), folder).json()["access_token"]
    nonce = nonce_of(wallet)
    one = new_key()
    assert ask(wallet, token, Kind.HEALTH_CARD, proof(one, nonce), proof(one, nonce)).json()["error"] == "invalid_proof"
    nonce = nonce_of(wallet)
    answer = ask(wallet, token, Kind.HEALTH_CARD, *(proof(new_key(), nonce) for _ in range(5)))
    texts = [copy["credential"] for copy in answer.json()["credentials"]]
    found = [proven(text, keys.issuer_keys(folder).by_id(), _now()) for text in texts]
    assert len({one.place for one in found}) == 5
    assert len({piece for text in texts for piece in text.split("~") if piece}) == sum(
        len(text.split("~")) - 1 for text in texts
    )
    assert len({(one.always["iat"], one.always["exp"]) for one in found}) == 1
    nonce = nonce_of(wallet)
    six = ask(wallet, token, Kind.HEALTH_CARD, *(proof(new_key(), nonce) for _ in range(6)))
    assert six.json()["error"] == "invalid_proof"


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (Kind.HEALTH_CARD, "UPDATE cards_standing SET status = 'withdrawn'"),
        (Kind.HEALTH_CARD, "UPDATE cards_standing SET card_number = 'HT3010100000001'"),
        (Kind.HEALTH_CARD, "DELETE FROM cards_standing"),
        (Kind.REFERRAL, "UPDATE referrals_referral SET state = 'used'"),
        (Kind.APPOINTMENT, "UPDATE referrals_appointment SET state = 'withdrawn', withdrawn_at = now()"),
    ],
)
def test_what_no_longer_stands_is_on_the_list(
    wallet: Client, person: int, folder: Path, kind: Kind, change: str
) -> None:
    text = taken(wallet, person, folder, kind)[0].json()["credentials"][0]["credential"]
    assert not _withdrawn(wallet, text, folder)
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert _withdrawn(wallet, text, folder)


def test_a_lost_phone_and_a_deleted_credential_are_on_the_list(wallet: Client, person: int, folder: Path) -> None:
    first, second = (taken(wallet, person, folder)[0].json() for _ in range(2))
    body = {"notification_id": first["notification_id"], "event": "credential_deleted"}
    assert wallet.post("/credentials/notification", json.dumps(body), "application/json").status_code == 204
    assert _withdrawn(wallet, first["credentials"][0]["credential"], folder)
    assert not _withdrawn(wallet, second["credentials"][0]["credential"], folder)
    assert (
        withdraw_credentials(actor=actor_of_person(person), reason="mất máy", clock=RealClock(), person_id=person) == 1
    )
    assert _withdrawn(wallet, second["credentials"][0]["credential"], folder)
    unknown = {"notification_id": "x", "event": "credential_accepted"}
    assert wallet.post("/credentials/notification", json.dumps(unknown), "application/json").status_code == 400


def test_a_card_on_a_code_is_bound_to_no_key_and_lives_for_days(wallet: Client, person: int, folder: Path) -> None:
    text = show_card(actor=actor_of_person(person), reason="thử", clocks=CLOCKS, person_id=person, folder=folder)
    assert len(text) < 2_900, "it must fit a QR code"
    found = proven(text, keys.issuer_keys(folder).by_id(), _now())
    assert "cnf" not in found.always
    with pytest.raises(NotProven, match="expired"):
        proven(text, keys.issuer_keys(folder).by_id(), _now() + timedelta(days=8))


def test_who_has_no_card_is_offered_none(wallet: Client, person: int, folder: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cards_standing SET status = 'withdrawn'")
    with pytest.raises(NotFound):
        offered(person, folder, Kind.HEALTH_CARD)
    with pytest.raises(NotFound):
        show_card(actor=actor_of_person(person), reason="thử", clocks=CLOCKS, person_id=person, folder=folder)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"x" * 40_000, b'{"credential_configuration_id": "x"}', b"[" * 30_000]
)
def test_bodies_that_ask_nothing_are_refused(wallet: Client, body: bytes) -> None:
    answer = wallet.post("/credentials/credential", body, "application/json", headers={"authorization": "Bearer x"})
    assert answer.status_code == 400
    assert wallet.post("/credentials/notification", body, "application/json").status_code == 400
    assert wallet.get("/credentials/credential").status_code == 405


def test_nothing_says_whose_anything_is(wallet: Client, person: int, folder: Path) -> None:
    for where in ("openid-credential-issuer", "oauth-authorization-server", "jwt-vc-issuer"):
        told = wallet.get(f"/.well-known/{where}/credentials")
        assert (told.status_code, told.headers["cache-control"]) == (200, "public, max-age=900")
        assert '"d"' not in told.content.decode()
    for kind in Kind:
        told = wallet.get(f"/credentials/types/{kind.value}").json()
        assert told["vct"] == f"{keys.issuer()}/types/{kind.value}"
        assert {claim["sd"] for claim in told["claims"]} == {"always"}
    assert wallet.get("/credentials/types/none").status_code == 404
    assert wallet.get("/credentials/status/99").status_code == 404
    assert wallet.get("/credentials/offers/none").status_code == 404


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("/credentials/credential", {"credential_configuration_id": [], "proofs": {"jwt": ["x"]}}),
        ("/credentials/credential", {"credential_configuration_id": {"a": 1}, "proofs": {"jwt": ["x"]}}),
        ("/credentials/credential", {"credential_configuration_id": "health_card", "proofs": {"jwt": ["\ud800"]}}),
        ("/credentials/notification", {"notification_id": "x", "event": []}),
        ("/credentials/notification", {"notification_id": "x\0\ud800", "event": "credential_deleted"}),
    ],
)
def test_values_of_another_kind_are_answered_as_mistakes(wallet: Client, address: str, body: dict[str, object]) -> None:
    answer = wallet.post(
        address, json.dumps(body), content_type="application/json", headers={"authorization": "Bearer x"}
    )
    assert answer.status_code in {400, 401}, answer.content
