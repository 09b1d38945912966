"""What each role may do, and above all what it may not."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, UndefinedTable

from ansinh.database.refusals import DatabaseRefusal
from ansinh.database.roles import GATEWAY, prepare, require_new_enough
from ansinh.database.server import EmbeddedServer
from ansinh.database.urls import DatabaseUrls
from tests.support.database import OwnDatabase, own_server

# One worker runs this file, so that its server is made once.
pytestmark = pytest.mark.xdist_group("database-roles")


@pytest.fixture(scope="module")
def urls(worker_database: OwnDatabase) -> Iterator[DatabaseUrls]:
    """A database in which the owner has made a table, and a function of each kind."""
    urls = worker_database.urls
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE probe (number int GENERATED ALWAYS AS IDENTITY, words text)")
        owner.execute("CREATE FUNCTION published.probe_hidden() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        owner.execute(
            "CREATE FUNCTION published.probe_shown() RETURNS bigint LANGUAGE sql SECURITY DEFINER "
            "SET search_path = public AS 'SELECT count(*) FROM probe'"
        )
        owner.execute(f"GRANT EXECUTE ON FUNCTION published.probe_shown() TO {GATEWAY}")
    yield urls
    with psycopg.connect(urls.owner) as owner:
        owner.execute("DROP TABLE probe")
        owner.execute("DROP FUNCTION published.probe_hidden(), published.probe_shown()")


def test_app_changes_rows(urls: DatabaseUrls) -> None:
    with psycopg.connect(urls.app) as app:
        app.execute("INSERT INTO probe (words) VALUES ('a')")
        app.execute("UPDATE probe SET words = 'b'")
        app.execute("DELETE FROM probe")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (number int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "ALTER TABLE probe ADD COLUMN more int",
        "DROP TABLE probe",
        "TRUNCATE probe",
        "CREATE ROLE mine",
        "SET ROLE ansinh_owner",
        "COPY probe TO PROGRAM 'true'",
    ],
)
def test_app_makes_and_drops_nothing(urls: DatabaseUrls, statement: str) -> None:
    with psycopg.connect(urls.app) as app, pytest.raises(InsufficientPrivilege):
        app.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM public.probe",
        "SELECT * FROM public.people_person",
        "INSERT INTO public.probe (words) VALUES ('a')",
        "SELECT published.probe_hidden()",
        "CREATE TABLE published.mine (number int)",
        "CREATE TEMP TABLE mine (number int)",
        "SET ROLE ansinh_app",
    ],
)
def test_gateway_reaches_nothing_that_was_not_granted(urls: DatabaseUrls, statement: str) -> None:
    with psycopg.connect(urls.gateway) as gateway, pytest.raises(InsufficientPrivilege):
        gateway.execute(statement)


def test_gateway_does_not_find_tables_by_their_bare_name(urls: DatabaseUrls) -> None:
    with psycopg.connect(urls.gateway) as gateway, pytest.raises(UndefinedTable):
        gateway.execute("SELECT * FROM probe")


def test_gateway_uses_what_was_granted(urls: DatabaseUrls) -> None:
    with psycopg.connect(urls.gateway) as gateway:
        assert gateway.execute("SELECT published.probe_shown()").fetchone() == (0,)


def test_server_older_than_16_is_refused() -> None:
    old = cast(psycopg.Connection, SimpleNamespace(info=SimpleNamespace(server_version=150_004)))
    with pytest.raises(DatabaseRefusal, match="PostgreSQL 15") as caught:
        require_new_enough(old)
    assert caught.value.code == "server_too_old"


@pytest.fixture(scope="module")
def bare_server() -> Iterator[EmbeddedServer]:
    """A server that knows none of our roles, as a stranger's would be."""
    with own_server() as server:
        server.up()
        with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
            connection.execute("DROP DATABASE ansinh")
            connection.execute("DROP ROLE ansinh_app, ansinh_officer, ansinh_gateway, ansinh_owner")
            connection.execute("CREATE ROLE agency LOGIN CREATEROLE BYPASSRLS")
            connection.execute("CREATE ROLE tenant LOGIN")
        yield server


def url_of_new_database(server: EmbeddedServer, name: str, owner: str) -> str:
    with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER {owner}")
    return server.urls(name).owner.replace("ansinh_owner@", f"{owner}@")


def check_roles(server: EmbeddedServer, database: str, owner_url: str) -> None:
    urls = server.urls(database)
    with psycopg.connect(owner_url) as owner:
        owner.execute("CREATE TABLE made (number int)")
    with psycopg.connect(urls.app) as app:
        app.execute("INSERT INTO made VALUES (1)")
    with psycopg.connect(urls.gateway) as gateway, pytest.raises(InsufficientPrivilege):
        gateway.execute("SELECT * FROM public.made")


def test_prepare_without_the_right_gives_the_sql_that_an_administrator_runs(bare_server: EmbeddedServer) -> None:
    url = url_of_new_database(bare_server, "rented", "tenant")
    passwords = {"ansinh_app": "first word", "ansinh_gateway": "second word"}
    with pytest.raises(DatabaseRefusal) as caught:
        prepare(url, passwords)
    assert caught.value.code == "set_up_not_permitted"
    script = caught.value.en.partition("\n\n")[2]
    assert "first word" not in script
    assert "second word" not in script
    with psycopg.connect(bare_server.superuser_url("rented")) as administrator:
        administrator.execute(script.encode())
    prepare(url, passwords)
    check_roles(bare_server, "rented", url)
    with psycopg.connect(bare_server.superuser_url(), autocommit=True) as connection:
        connection.execute("DROP DATABASE rented")
        connection.execute("DROP ROLE ansinh_app, ansinh_officer, ansinh_gateway")


def test_prepare_with_the_right_sets_everything_up_and_can_be_repeated(bare_server: EmbeddedServer) -> None:
    url = url_of_new_database(bare_server, "agency_live", "agency")
    for _ in range(2):
        prepare(url, {"ansinh_app": "first", "ansinh_gateway": "second"})
    check_roles(bare_server, "agency_live", url)
