"""Hospitals' machines: let in under a public key, proved by a signed assertion, answered with a short-lived token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from joserfc.jwk import ECKey, OKPKey, RSAKey

from ansinh.access import operations, queries
from ansinh.access.keys import new_key, published_keys
from ansinh.access.models import Client
from ansinh.access.operations import OnboardedClient
from ansinh.access.operations.officers import WrongState
from ansinh.access.roles import ROLES
from ansinh.access.tokens import (
    BOOK_READ,
    KEYS_NAME,
    REREAD_SECONDS_MIN,
    STANDING_BATCH,
    STANDING_READ,
    BadToken,
    TokenVerifier,
)
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 6, 2, 2, 0, tzinfo=UTC)
CLOCK = FixedClock(NOW)
LAN = Actor(ActorKind.OFFICER, "hanoi.lan", ROLES["administrator"].permissions)
OWN_KEYS: dict[str, Callable[[], ECKey | RSAKey | OKPKey]] = {
    "EC": new_key,
    "RSA": lambda: RSAKey.generate_key(2_048),
    "Ed25519": lambda: OKPKey.generate_key("Ed25519"),
}


@pytest.fixture(autouse=True)
def _facility() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO places_facility (code, name, level, province, commune) VALUES ('01004', 'Bệnh viện X', 'specialised', '01', '00004') "
            "ON CONFLICT DO NOTHING"
        )


def onboard(
    name: str = "HIS", public_key: dict[str, Any] | None = None, scope: list[str] | None = None
) -> OnboardedClient:
    return operations.register_client(
        actor=queries.operator(),
        reason="kết nối",
        facility="01004",
        name=name,
        scope=[STANDING_READ] if scope is None else scope,
        public_key=public_key,
    )


def key_of(made: OnboardedClient) -> ECKey:
    assert made.private_key is not None
    return ECKey.import_key(made.private_key)


def test_register_client_keeps_only_the_public_key() -> None:
    made = onboard()
    assert made.private_key is not None
    assert made.private_key["d"]
    kept = Client.objects.get(client_id=made.client_id)
    assert kept.public_keys == [key_of(made).as_dict(private=False)]
    assert made.private_key["d"] not in str(Client.objects.values())
    assert [(one.client_id, one.facility, one.scope) for one in queries.clients()] == [
        ("01004-1", "01004", STANDING_READ)
    ]


def test_register_client_twice_changes_nothing_and_gives_no_key() -> None:
    first = onboard()
    assert onboard() == OnboardedClient(first.client_id, None)
    assert onboard("LIS").client_id == "01004-2"


@pytest.mark.parametrize("kind", OWN_KEYS)
def test_register_client_with_its_own_key_makes_none_and_keeps_nothing_more(kind: str) -> None:
    own = OWN_KEYS[kind]()
    given = dict(own.as_dict(private=False)) | {
        "kid": "../../etc/passwd",
        "alg": "none",
        "jku": "https://elsewhere.example",
    }
    assert onboard(public_key=given).private_key is None
    (kept,) = Client.objects.get().public_keys
    assert kept == own.as_dict(private=False) | {"kid": own.thumbprint()}


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "oct", "k": "AAAA"},
        {"kty": ["EC"]},
        {"kty": "EC", "crv": "P-256", "x": 1, "y": None},
        {"kty": "RSA", "n": "A" * 2_000, "e": "AQAB"},
        dict(RSAKey.generate_key(1_024).as_dict(private=False)),
        dict(OKPKey.generate_key("X25519").as_dict(private=False)),
        dict(OKPKey.generate_key("Ed25519").as_dict(private=True)),
        dict(ECKey.generate_key("P-521").as_dict(private=False)),
        dict(new_key().as_dict(private=True)),
    ],
)
def test_register_client_with_a_bad_key_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        onboard(public_key=bad)
    assert queries.clients() == []


@pytest.mark.parametrize("scope", [[], ["everything"], [STANDING_READ, "everything"]])
def test_register_client_with_a_bad_scope_is_refused(scope: list[str]) -> None:
    with pytest.raises(InvalidInput):
        onboard(scope=scope)
    assert queries.clients() == []


def test_register_client_of_an_unknown_facility_is_refused() -> None:
    with pytest.raises(NotFound):
        operations.register_client(
            actor=queries.operator(), reason="kết nối", facility="99999", name="HIS", scope=[STANDING_READ]
        )


def let_app_in(scope: list[str]) -> operations.OnboardedClient:
    return operations.register_client(
        actor=queries.operator(), reason="kết nối", facility=operations.APP, name="Ứng dụng định danh", scope=scope
    )


def test_an_app_has_no_facility_and_scopes_no_facility_has(tmp_path: Path) -> None:
    made = let_app_in([BOOK_READ])
    assert let_app_in([BOOK_READ]) == operations.OnboardedClient(made.client_id, None)
    issued = operations.issue_token(
        actor=queries.operator(), reason="thử", clock=CLOCK, client_id=made.client_id, secrets=tmp_path
    )
    proved = TokenVerifier(tmp_path).verify(issued.access_token, NOW.timestamp())
    assert (proved.client_id, proved.facility, proved.scopes) == ("app-1", "", frozenset({BOOK_READ}))
    for scope in ([STANDING_READ], [BOOK_READ, STANDING_READ]):
        with pytest.raises(InvalidInput):
            operations.change_client(actor=queries.operator(), reason="đổi", client_id=made.client_id, scope=scope)


@pytest.mark.parametrize("facility", ["", "01004"])
def test_nobody_has_scopes_of_both_kinds(facility: str) -> None:
    onboard()
    for scope in ([BOOK_READ], [BOOK_READ, STANDING_READ], [STANDING_READ]):
        if scope == ([BOOK_READ] if not facility else [STANDING_READ]):
            continue
        with pytest.raises(InvalidInput):
            operations.register_client(
                actor=queries.operator(), reason="kết nối", facility=facility, name="thử", scope=scope
            )
        with pytest.raises(IntegrityError), transaction.atomic():
            Client.objects.create(client_id="x-1", facility=facility, name="thử", public_keys=[], scope=" ".join(scope))


def test_issue_token_proves_client_facility_and_scope_until_it_expires(tmp_path: Path) -> None:
    made = onboard()
    issued = operations.issue_token(
        actor=queries.operator(), reason="thử", clock=CLOCK, client_id=made.client_id, secrets=tmp_path
    )
    verifier = TokenVerifier(tmp_path)
    proved = verifier.verify(issued.access_token, NOW.timestamp())
    assert (proved.client_id, proved.facility, proved.scopes) == (made.client_id, "01004", frozenset({STANDING_READ}))
    assert proved.client_no == Client.objects.get().client_no
    with pytest.raises(BadToken):
        verifier.verify(issued.access_token, NOW.timestamp() + issued.expires_in)


def test_signing_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    made = onboard()
    secrets = tmp_path / "secrets"
    operations.issue_token(
        actor=queries.operator(), reason="thử", clock=CLOCK, client_id=made.client_id, secrets=secrets
    )
    assert {file.stat().st_mode & 0o777 for file in secrets.iterdir()} == {0o600}
    assert "d" not in published_keys(secrets, KEYS_NAME).popitem()[1].as_dict()


def test_rotate_token_keys_keeps_two_valid(tmp_path: Path) -> None:
    made = onboard()

    def issue() -> str:
        return operations.issue_token(
            actor=queries.operator(), reason="thử", clock=CLOCK, client_id=made.client_id, secrets=tmp_path
        ).access_token

    tokens = [issue()]
    for _ in range(2):
        operations.rotate_token_keys(actor=LAN, reason="định kỳ", secrets=tmp_path)
        tokens.append(issue())
    verifier = TokenVerifier(tmp_path)
    with pytest.raises(BadToken):
        verifier.verify(tokens[0], NOW.timestamp())
    assert [verifier.verify(token, NOW.timestamp()).client_id for token in tokens[1:]] == [made.client_id] * 2


def test_verifier_older_than_the_first_key_takes_it_up_at_once_and_later_ones_within_a_second(tmp_path: Path) -> None:
    now = [100.0]
    verifier = TokenVerifier(tmp_path, monotonic=lambda: now[0])
    made = onboard()

    def issue() -> str:
        return operations.issue_token(
            actor=queries.operator(), reason="thử", clock=CLOCK, client_id=made.client_id, secrets=tmp_path
        ).access_token

    assert verifier.verify(issue(), NOW.timestamp()).client_id == made.client_id
    operations.rotate_token_keys(actor=LAN, reason="định kỳ", secrets=tmp_path)
    token = issue()
    with pytest.raises(BadToken):
        verifier.verify(token, NOW.timestamp())
    now[0] += REREAD_SECONDS_MIN
    assert verifier.verify(token, NOW.timestamp()).client_id == made.client_id


def test_rotate_token_keys_by_the_operator_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotPermitted):
        operations.rotate_token_keys(actor=queries.operator(), reason="định kỳ", secrets=tmp_path)
    assert not list(tmp_path.iterdir())


def test_suspended_client_gets_no_token_until_restored(tmp_path: Path) -> None:
    made = onboard()
    operations.suspend_client(actor=LAN, reason="nghi lộ khóa", client_id=made.client_id)
    with pytest.raises(WrongState):
        operations.issue_token(actor=LAN, reason="thử", clock=CLOCK, client_id=made.client_id, secrets=tmp_path)
    with pytest.raises(WrongState):
        operations.suspend_client(actor=LAN, reason="lần nữa", client_id=made.client_id)
    operations.restore_client(actor=LAN, reason="đã thay khóa", client_id=made.client_id)
    assert operations.issue_token(
        actor=LAN, reason="thử", clock=CLOCK, client_id=made.client_id, secrets=tmp_path
    ).access_token


def test_add_client_key_keeps_two_valid_until_one_is_retired() -> None:
    made = onboard()
    first = key_of(made).thumbprint()
    second = operations.add_client_key(actor=LAN, reason="định kỳ", client_id=made.client_id)
    assert queries.clients()[0].key_ids == (key_of(second).thumbprint(), first)
    with pytest.raises(WrongState):
        operations.add_client_key(actor=LAN, reason="định kỳ", client_id=made.client_id)
    operations.retire_client_key(actor=LAN, reason="định kỳ", client_id=made.client_id, kid=first)
    assert queries.clients()[0].key_ids == (key_of(second).thumbprint(),)


def test_add_client_key_it_has_already_changes_nothing() -> None:
    made = onboard()
    own = dict(key_of(made).as_dict(private=False))
    again = operations.add_client_key(actor=LAN, reason="lần nữa", client_id=made.client_id, public_key=own)
    assert again == OnboardedClient(made.client_id, None)
    assert len(queries.clients()[0].key_ids) == 1


def test_retire_client_key_that_is_the_last_or_unknown_is_refused() -> None:
    made = onboard()
    with pytest.raises(WrongState):
        operations.retire_client_key(
            actor=LAN, reason="x", client_id=made.client_id, kid=str(key_of(made).thumbprint())
        )
    with pytest.raises(NotFound):
        operations.retire_client_key(actor=LAN, reason="x", client_id=made.client_id, kid="another")
    assert len(queries.clients()[0].key_ids) == 1


def test_change_client_changes_scope_and_limit_of_the_next_token(tmp_path: Path) -> None:
    made = onboard()
    operations.change_client(
        actor=LAN,
        reason="thêm tra cứu hàng loạt",
        client_id=made.client_id,
        scope=[STANDING_READ, STANDING_BATCH],
        rate_per_second=20,
    )
    issued = operations.issue_token(actor=LAN, reason="thử", clock=CLOCK, client_id=made.client_id, secrets=tmp_path)
    proved = TokenVerifier(tmp_path).verify(issued.access_token, NOW.timestamp())
    assert (proved.scopes, proved.rate_per_second) == (frozenset({STANDING_READ, STANDING_BATCH}), 20)


@pytest.mark.parametrize("rate", [0, -1, 100_001])
def test_change_client_to_a_limit_that_is_none_is_refused(rate: int) -> None:
    made = onboard()
    with pytest.raises(InvalidInput):
        operations.change_client(actor=LAN, reason="x", client_id=made.client_id, rate_per_second=rate)
    with pytest.raises(InvalidInput):
        operations.change_client(actor=LAN, reason="x", client_id=made.client_id, scope=["everything"])
    assert (queries.clients()[0].rate_per_second, queries.clients()[0].scope) == (1_000, STANDING_READ)


def test_facility_officers_are_listed_once_and_taken_off() -> None:
    def end(officer: str) -> None:
        operations.end_facility_officer(actor=LAN, reason="danh sách", facility="01004", officer=officer)

    for _ in range(2):
        operations.register_facility_officer(
            actor=LAN, reason="danh sách", facility="01004", officer="01004-03", name="Vũ Thị Nga"
        )
    assert queries.officer_is_listed("01004", "01004-03")
    assert not queries.officer_is_listed("01005", "01004-03")
    end("01004-03")
    assert not queries.officer_is_listed("01004", "01004-03")
    with pytest.raises(NotFound):
        end("nobody")
