"""What an officer bound to provinces sees, whatever a query forgets."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from ansinh.access.seeing import as_officer
from ansinh.audit.operations import show_looks
from ansinh.config.row_security import rule_of
from ansinh.database.sql import execute, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.errors import NotPermitted, Refusal

pytestmark = pytest.mark.django_db

_SHOW = frozenset({"payments.show"})
HUE = frozenset({"46"})
OF_HUE = Actor(ActorKind.OFFICER, "hue.hoa", _SHOW, bounds={"payments.show": HUE})
OF_THE_COUNTRY = Actor(ActorKind.OFFICER, "hanoi.lan", _SHOW)


@pytest.fixture(autouse=True)
def _people() -> None:
    execute(
        "INSERT INTO people_person (person_id, full_name, province, recorded_on) "
        "VALUES (1, 'Đặng Thị Quỳnh Như', '46', '2025-06-01'), (2, 'Vũ Văn Ước', '01', '2025-06-01')"
    )
    execute(
        "INSERT INTO people_identifier (value, scheme, person_id, valid_from) "
        "VALUES ('046190000011', 'pin', 1, '2025-06-01'), ('001190000012', 'pin', 2, '2025-06-01')"
    )


def seen() -> tuple[list[int], list[int]]:
    """Ask without any WHERE."""
    people = rows("SELECT person_id FROM people_person ORDER BY person_id")
    return [one for (one,) in people], [one for (one,) in rows("SELECT person_id FROM people_identifier ORDER BY 1")]


def test_an_officer_of_a_province_sees_its_people_only() -> None:
    with as_officer(OF_HUE):
        assert seen() == ([1], [1])
    assert seen() == ([1, 2], [1, 2])


def test_an_officer_of_the_country_sees_everybody() -> None:
    with as_officer(OF_THE_COUNTRY):
        assert seen() == ([1, 2], [1, 2])


def test_an_officer_of_nowhere_sees_nobody() -> None:
    with as_officer(Actor(ActorKind.OFFICER, "hue.hoa", _SHOW, bounds={"payments.show": frozenset()})):
        assert seen() == ([], [])


def test_a_page_writes_nothing_itself() -> None:
    with pytest.raises(DatabaseError), as_officer(OF_HUE), transaction.atomic():
        execute("UPDATE people_person SET full_name = 'x'")
    assert seen() == ([1, 2], [1, 2])


def test_a_refusal_passes_and_what_was_written_before_it_stays() -> None:
    def page() -> None:
        with as_officer(OF_THE_COUNTRY):
            execute("DELETE FROM people_identifier WHERE person_id = 2")
            raise Refusal("không", "no")

    with pytest.raises(Refusal):
        page()
    assert seen() == ([1, 2], [1])


def test_a_crash_ends_the_limit() -> None:
    with pytest.raises(ZeroDivisionError), as_officer(OF_HUE):
        _ = 1 / 0
    assert seen() == ([1, 2], [1, 2])


@pytest.mark.parametrize(
    ("table", "rule"),
    [("places_unit", "true"), ("signin_account", "false"), ("django_migrations", "false"), ("a_new_one", "false")],
)
def test_what_tells_nothing_is_open_and_what_nobody_sorted_is_closed(table: str, rule: str) -> None:
    assert rule_of(table) == rule


def test_every_table_has_its_policy_and_no_partition_a_way_round_it() -> None:
    tables = dict(
        rows(
            "SELECT c.relname, obj_description(p.oid, 'pg_policy') FROM pg_class c "
            "LEFT JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'officers' AND c.relrowsecurity "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        )
    )
    assert {table: rule_of(table) for table in tables} == tables
    assert not rows(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND ("
        "c.relispartition AND has_table_privilege('ansinh_officer', c.oid, 'SELECT') "
        "OR c.relkind = 'v' AND NOT coalesce(c.reloptions, '{}') @> '{security_invoker=true}' "
        "AND has_table_privilege('ansinh_officer', c.oid, 'SELECT'))"
    )


def test_no_function_of_its_owners_is_given_to_officers() -> None:
    assert not rows(
        "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef "
        "AND has_function_privilege('ansinh_officer', p.oid, 'EXECUTE')"
    )


def test_an_operation_inside_writes_and_the_limit_comes_back_after_it() -> None:
    clerk = Actor(ActorKind.OFFICER, "hue.hoa", frozenset({"audit.show_looks"}), bounds={"audit.show_looks": HUE})
    with as_officer(clerk):
        show_looks(actor=clerk, reason="hỏi của công dân", person_id=1)
        assert seen() == ([1], [1])
    assert rows("SELECT facts->>'person' FROM audit_act WHERE act = 'audit.show_looks'") == [("1",)]


def test_a_refused_operation_inside_leaves_its_line() -> None:
    with pytest.raises(NotPermitted), as_officer(OF_HUE):
        show_looks(actor=OF_HUE, reason="hỏi của công dân", person_id=1)
    assert rows("SELECT outcome FROM audit_act WHERE act = 'audit.show_looks'") == [("not_permitted",)]
