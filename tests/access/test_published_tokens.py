"""What the gateway's token endpoint may ask of this room: as its own role, over real connections."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.support.database import OwnDatabase

NOW = datetime.now(UTC)


@pytest.fixture
def database(fresh_database: OwnDatabase) -> OwnDatabase:
    with psycopg.connect(fresh_database.urls.owner) as owner:
        owner.execute(
            "INSERT INTO access_client (client_id, facility, name, public_keys, scope, state, rate_per_second) VALUES "
            "('01004-1', '01004', 'HIS', '[{\"kty\": \"EC\"}]', 'standing:read', 'active', 5), "
            "('01004-2', '01004', 'LIS', '[]', 'standing:read', 'suspended', 5)"
        )
    return fresh_database


def ask(database: OwnDatabase, name: str, *arguments: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(database.urls.gateway) as gateway:
        places = ", ".join(["%s"] * len(arguments))
        return gateway.execute(f"SELECT * FROM published.{name}({places})".encode(), arguments).fetchall()


def grant(database: OwnDatabase, client: str, jti: str, now: datetime = NOW) -> bool:
    ((given,),) = ask(database, "grant_token_v1", client, jti, now + timedelta(seconds=50), "kid-1", now)
    return bool(given)


def test_keys_are_told_of_a_client_that_is_let_in_only(database: OwnDatabase) -> None:
    ((_, facility, scope, rate, keys),) = ask(database, "client_keys_v1", "01004-1")
    assert (facility, scope, rate, keys) == ("01004", "standing:read", 5, '[{"kty": "EC"}]')
    for nobody in ("01004-2", "01004-9", "", "' OR 1=1 --"):
        assert ask(database, "client_keys_v1", nobody) == []


def test_an_assertion_is_good_once_until_it_has_expired(database: OwnDatabase) -> None:
    assert grant(database, "01004-1", "once")
    assert not grant(database, "01004-1", "once")
    assert grant(database, "01004-1", "twice")
    assert grant(database, "01004-1", "once", NOW + timedelta(minutes=2))
    with psycopg.connect(database.urls.app) as app:
        lines = app.execute("SELECT actor_kind, actor_reference, outcome, facts ->> 'key' FROM audit_act").fetchall()
    assert lines == [("client", "01004-1", "done", "kid-1")] * 3


def test_an_assertion_used_by_many_at_once_is_good_for_one(database: OwnDatabase) -> None:
    with ThreadPoolExecutor(8) as callers:
        given = list(callers.map(lambda _: grant(database, "01004-1", "race"), range(8)))
    assert sorted(given) == [False] * 7 + [True]


def test_a_client_suspended_meanwhile_gets_nothing(database: OwnDatabase) -> None:
    assert not grant(database, "01004-2", "once")
    assert not grant(database, "nobody", "once")


def test_the_gateway_sees_no_table_of_the_room(database: OwnDatabase) -> None:
    with (
        psycopg.connect(database.urls.gateway) as gateway,
        pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable)),
    ):
        gateway.execute("SELECT * FROM access_client")
