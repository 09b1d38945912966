"""Tables changed in bulk are looked at again by themselves, once the change is committed."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from django.db import transaction

from ansinh.database.sql import execute, look_again_at, number
from ansinh.people.operations import load_insured
from tests.support.agency_files import write_insured
from tests.support.cast import ANYBODY_WITH_RIGHTS
from tests.support.database import OwnDatabase


def believed(table: str) -> int:
    """How many rows the planner believes a table has; -1 when it never looked."""
    return number("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])


def fill(count: int) -> None:
    execute(
        "INSERT INTO people_load (source, first_person_id, persons) SELECT 'file ' || n, n, 1 FROM generate_series(1, %s) n",
        [count],
    )


def test_bulk_load_lets_the_planner_know(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    file = write_insured(tmp_path, [{"si_code": f"01{n:08d}"} for n in range(300)])
    assert believed("people_person") == -1
    load_insured(actor=ANYBODY_WITH_RIGHTS, reason="test", source="a", file=file)
    assert (believed("people_person"), believed("people_identifier")) == (300, 300)


def test_look_again_happens_after_commit_only(fresh_database: OwnDatabase) -> None:
    with transaction.atomic():
        fill(500)
        look_again_at("people_load")
        transaction.set_rollback(True)
    assert believed("people_load") == -1
    with transaction.atomic():
        fill(500)
        look_again_at("people_load")
        assert believed("people_load") == -1
    assert believed("people_load") == 500


def test_look_again_spares_a_table_that_hardly_grew(fresh_database: OwnDatabase) -> None:
    fill(5_000)
    assert number("SELECT ansinh_analyze('{people_load,people_load}')") == 1
    execute("UPDATE people_load SET persons = 2 WHERE first_person_id < 10")
    assert number("SELECT ansinh_analyze('{people_load}')") == 0


def test_look_again_takes_the_parts_of_a_divided_table(fresh_database: OwnDatabase) -> None:
    # Acts of one day lie in one month; the other months stay unlooked at.
    execute(
        "INSERT INTO audit_act (act, actor_kind, actor_reference, reason, outcome, facts)"
        " SELECT 'a.b', 'system', 't', 'r', 'done', '{}' FROM generate_series(1, 100)"
    )
    assert number("SELECT ansinh_analyze('{audit_act}')") == 1


@pytest.mark.parametrize(
    "name", ["pg_class", "no_such_table", "people_insured_v1", "people_load; DROP TABLE x", "mine"]
)
def test_look_again_refuses_what_is_no_table_of_ours(fresh_database: OwnDatabase, name: str) -> None:
    with psycopg.connect(fresh_database.urls.app) as app:
        app.execute("CREATE TEMP TABLE mine (n int)")
        with pytest.raises(psycopg.errors.UndefinedTable, match="no table of ours"):
            app.execute("SELECT ansinh_analyze(%s)", [[name]])


def test_look_again_refuses_a_long_list(fresh_database: OwnDatabase) -> None:
    with psycopg.connect(fresh_database.urls.app) as app, pytest.raises(psycopg.errors.InvalidParameterValue):
        app.execute("SELECT ansinh_analyze(%s)", [["people_load"] * 21])


def test_look_again_is_not_for_the_gateway(fresh_database: OwnDatabase) -> None:
    with (
        psycopg.connect(fresh_database.urls.gateway) as gateway,
        pytest.raises(psycopg.Error) as refused,
    ):
        gateway.execute("SELECT public.ansinh_analyze('{people_load}')")
    assert isinstance(refused.value, psycopg.errors.InsufficientPrivilege)
