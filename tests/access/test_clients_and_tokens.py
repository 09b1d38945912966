"""Hospitals' machines: let in under a public key, proved by a signed assertion, answered with a short-lived token."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from joserfc import jwt
from joserfc.jwk import ECKey

from ansinh.access import operations, queries
from ansinh.access.keys import new_key, published_keys
from ansinh.access.models import Client
from ansinh.access.operations import OnboardedClient
from ansinh.access.operations.officers import WrongState
from ansinh.access.operations.tokens import AssertionRefused
from ansinh.access.roles import ROLES
from ansinh.access.tokens import KEYS_NAME, REREAD_SECONDS_MIN, STANDING_READ, BadToken, TokenVerifier
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 6, 2, 2, 0, tzinfo=UTC)
CLOCK = FixedClock(NOW)
LATER = FixedClock(NOW + timedelta(minutes=20))
US = "https://api.example/oauth2/token"
LAN = Actor(ActorKind.OFFICER, "hanoi.lan", ROLES["administrator"].permissions)


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


def assertion(client_id: str, key: ECKey, *, alg: str = "ES256", at: datetime = NOW, **claims: Any) -> str:
    seconds = int(at.timestamp())
    said = {"iss": client_id, "sub": client_id, "aud": US, "iat": seconds, "exp": seconds + 50, "jti": uuid.uuid4().hex}
    said = {name: value for name, value in (said | claims).items() if value is not None}
    return jwt.encode({"alg": alg, "kid": key.kid}, said, key, algorithms=[alg])


def exchange(text: str, secrets: Path, clock: FixedClock = CLOCK) -> operations.IssuedToken:
    return operations.exchange_assertion(
        actor=queries.token_endpoint(), reason="token", clock=clock, assertion=text, audience=US, secrets=secrets
    )


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


def test_register_client_with_its_own_key_makes_none(tmp_path: Path) -> None:
    own = new_key()
    made = onboard(public_key=dict(own.as_dict(private=False)))
    assert made.private_key is None
    assert exchange(assertion(made.client_id, own), tmp_path).access_token


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "oct", "k": "AAAA"},
        dict(ECKey.generate_key("P-384").as_dict(private=False)),
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


def test_exchange_assertion_gives_a_token(tmp_path: Path) -> None:
    made = onboard()
    issued = exchange(assertion(made.client_id, key_of(made)), tmp_path)
    assert TokenVerifier(tmp_path).verify(issued.access_token, NOW.timestamp()).client_id == made.client_id
    assert issued.expires_in == 900


def test_exchange_assertion_used_twice_is_refused_and_forgotten_when_expired(tmp_path: Path) -> None:
    made = onboard()
    said = assertion(made.client_id, key_of(made), jti="once")
    exchange(said, tmp_path)
    with pytest.raises(AssertionRefused):
        exchange(said, tmp_path)
    assert exchange(assertion(made.client_id, key_of(made), jti="once", at=LATER.now()), tmp_path, LATER)


Forge = Callable[[str, ECKey], str]
FORGERIES: dict[str, Forge] = {
    "another audience": lambda who, key: assertion(who, key, aud="https://elsewhere.example"),
    "two audiences": lambda who, key: assertion(who, key, aud=[US, "https://elsewhere.example"]),
    "no audience": lambda who, key: assertion(who, key, aud=None),
    "another subject": lambda who, key: assertion(who, key, sub="01004-2"),
    "unknown client": lambda _, key: assertion("01004-9", key),
    "no issuer": lambda who, key: assertion(who, key, iss=None),
    "a stranger's key": lambda who, _: assertion(who, new_key()),
    "expired": lambda who, key: assertion(who, key, at=NOW - timedelta(minutes=5)),
    "from the future": lambda who, key: assertion(who, key, at=NOW + timedelta(minutes=5)),
    "valid for an hour": lambda who, key: assertion(who, key, exp=int(NOW.timestamp()) + 3600),
    "valid for ever": lambda who, key: assertion(who, key, exp=None),
    "expiry of another kind": lambda who, key: assertion(who, key, exp="soon"),
    "expiry beyond all dates": lambda who, key: assertion(who, key, exp=1e300),
    "no id": lambda who, key: assertion(who, key, jti=None),
    "endless id": lambda who, key: assertion(who, key, jti="x" * 101),
    "unsigned": lambda who, key: ".".join([*assertion(who, key).split(".")[:2], ""]),
    "no token": lambda who, key: "nonsense",
    "too long": lambda who, key: assertion(who, key, more="x" * 5_000),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_exchange_assertion_that_proves_nothing_is_refused_alike(forge: Forge, tmp_path: Path) -> None:
    made = onboard()
    with pytest.raises(AssertionRefused) as refused:
        exchange(forge(made.client_id, key_of(made)), tmp_path)
    assert str(refused.value) == "The client is not authenticated."
    assert not list(tmp_path.iterdir())


def test_suspended_client_gets_no_token_until_restored(tmp_path: Path) -> None:
    made = onboard()
    operations.suspend_client(actor=LAN, reason="nghi lộ khóa", client_id=made.client_id)
    with pytest.raises(AssertionRefused):
        exchange(assertion(made.client_id, key_of(made)), tmp_path)
    with pytest.raises(WrongState):
        operations.issue_token(actor=LAN, reason="thử", clock=CLOCK, client_id=made.client_id, secrets=tmp_path)
    with pytest.raises(WrongState):
        operations.suspend_client(actor=LAN, reason="lần nữa", client_id=made.client_id)
    operations.restore_client(actor=LAN, reason="đã thay khóa", client_id=made.client_id)
    assert exchange(assertion(made.client_id, key_of(made)), tmp_path)


def test_replace_client_key_keeps_two_valid(tmp_path: Path) -> None:
    made = onboard()
    keys = [key_of(made)]
    for _ in range(2):
        replaced = operations.replace_client_key(actor=LAN, reason="định kỳ", client_id=made.client_id)
        keys.append(key_of(replaced))
    with pytest.raises(AssertionRefused):
        exchange(assertion(made.client_id, keys[0]), tmp_path)
    for key in keys[1:]:
        assert exchange(assertion(made.client_id, key), tmp_path)


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
