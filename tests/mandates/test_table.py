"""The table of who may act for whom, cell by cell: each role and circumstance is lived, and what is asked for is answered as the cell says."""

from __future__ import annotations

from datetime import date

import pytest

from ansinh.database.sql import execute, row, rows
from ansinh.mandates.operations import RepresentativePaper, decide_representative, prepare_representative
from ansinh.mandates.queries import acted_for, may_act, may_declare
from ansinh.mandates.states import GRANTABLE, Answer, Circumstance, What, Who, cells
from tests.mandates.family import (
    COUSIN,
    FATHER,
    GRANDMOTHER,
    GROWN,
    LAN,
    MINH,
    MORNING,
    MOTHER,
    NEIGHBOUR,
    REASON,
    TEENAGER,
    TODAY,
    add_person,
    die,
    given,
    guarded,
    in_register,
    pin_of,
    settle_family,
)

pytestmark = pytest.mark.django_db

TABLE = cells()
ROLES = sorted({(who, circumstance) for who, circumstance, _ in TABLE}, key=str)
BORN = {
    Circumstance.UNDER_14: date(2015, 1, 1),
    Circumstance.UNDER_18: date(2009, 1, 1),
    Circumstance.ADULT: date(1980, 1, 1),
    Circumstance.DEAD: date(1950, 1, 1),
}
OTHER, OTHER_PIN = 61_900, "001099000900"


def live(who: Who, circumstance: Circumstance, *scopes: What) -> tuple[int, int]:
    """Live a role and a circumstance; return who acts, for whom."""
    born = BORN[circumstance]
    parents = (pin_of(FATHER), None) if who is Who.PARENT else (None, None)
    add_person(OTHER, OTHER_PIN, "Người Khác", "F", born, parents=parents)
    actor = {Who.SELF: OTHER, Who.PARENT: FATHER}.get(who, NEIGHBOUR)
    if who is Who.GUARDIAN:
        guarded(OTHER, NEIGHBOUR)
    if who is Who.DELEGATE:
        # Minors give no mandate; one that is in the table all the same must open nothing.
        execute(
            "INSERT INTO mandates_mandate (for_person_id, mandate_id, person_id, kind, scopes, valid_from, valid_until, state, given_by, given_at, given_level,"
            " agreed_by, agreed_at, agreed_level) VALUES (%s, 1, %s, 'delegate', %s, %s, '2026-01-01', 'in_force', 'a', now(), 2, 'b', now(), 2)",
            [OTHER, NEIGHBOUR, [one.value for one in scopes or GRANTABLE], TODAY],
        )
    if circumstance is Circumstance.DEAD:
        die(OTHER, TODAY)
    return actor, OTHER


def told(asker: int, asked: int, what: What) -> bool:
    """Ask the database what `may_act` is asked."""
    found = row("SELECT mandates_may_be_told(%s, %s, %s, %s)", [asker, asked, what.value, TODAY])
    assert found
    return bool(found[0])


@pytest.mark.parametrize(("who", "circumstance"), [one for one in ROLES if one[1] is not Circumstance.EMPLOYER])
def test_may_act_answers_as_the_table_says(who: Who, circumstance: Circumstance) -> None:
    settle_family()
    actor, other = live(who, circumstance)
    for what in What:
        expected = who if TABLE[who, circumstance, what] is not Answer.NO else None
        assert may_act(actor, other, what, MORNING.at) is expected, (who, circumstance, what)
        assert told(actor, other, what) is (expected is not None), (who, circumstance, what)


@pytest.mark.parametrize("scope", GRANTABLE)
def test_a_mandate_grants_nothing_but_its_scopes(scope: What) -> None:
    settle_family()
    actor, other = live(Who.DELEGATE, Circumstance.ADULT, scope)
    assert [what for what in What if may_act(actor, other, what, MORNING.at)] == [scope]
    assert [what for what in What if told(actor, other, what)] == [scope]


@pytest.mark.parametrize("who", [Who.REPRESENTATIVE, Who.STRANGER])
def test_may_declare_answers_as_the_table_says(who: Who) -> None:
    settle_family()
    execute(
        "INSERT INTO participation_employer (employer_id, code, name, kind, province, commune, region) "
        "VALUES (77, 'DV0077', 'May Mặc', 'company', '01', '00004', 1)"
    )
    if who is Who.REPRESENTATIVE:
        paper = RepresentativePaper("Giấy giới thiệu 01/2025", TODAY)
        mandate = prepare_representative(
            actor=LAN, reason=REASON, clock=MORNING, person_id=NEIGHBOUR, employer_code="DV0077", decision=paper
        )
        assert not may_declare(NEIGHBOUR, 77, MORNING.at)
        decide_representative(actor=MINH, reason=REASON, clock=MORNING, mandate_id=mandate, approved=True)
    answer = TABLE[who, Circumstance.EMPLOYER, What.DECLARE]
    assert may_declare(NEIGHBOUR, 77, MORNING.at) is (answer is Answer.YES)
    assert not may_declare(FATHER, 77, MORNING.at)


def test_the_table_has_every_cell() -> None:
    persons = [one for one in Circumstance if one is not Circumstance.EMPLOYER]
    roles: set[tuple[Who, Circumstance]] = {
        (who, one) for who in Who if who is not Who.REPRESENTATIVE for one in persons
    }
    roles |= {(who, Circumstance.EMPLOYER) for who in (Who.REPRESENTATIVE, Who.STRANGER)}
    assert set(ROLES) == roles
    assert all((who, circumstance, what) in TABLE for who, circumstance in roles for what in What)


def test_a_parent_whom_the_register_names_by_a_former_number_still_acts() -> None:
    settle_family()
    execute(
        "INSERT INTO people_identifier (scheme, value, person_id, valid_from, valid_until, ended_because) "
        "VALUES ('pin', '001083000099', %s, '2010-01-01', '2015-01-01', 'replaced')",
        [FATHER],
    )
    add_person(OTHER, OTHER_PIN, "Con Của Số Cũ", "F", date(2020, 1, 1), parents=("001083000099", None))
    assert may_act(FATHER, OTHER, What.READ, MORNING.at) is Who.PARENT
    assert told(FATHER, OTHER, What.READ)


def test_a_cancelled_entry_of_the_register_makes_nobody_a_parent() -> None:
    settle_family()
    add_person(OTHER, OTHER_PIN, "Không Phải Con", "F", date(2020, 1, 1))
    in_register(
        "001220000901", born=date(2020, 1, 1), full_name="Không Phải Con", sex="F", father_pin=pin_of(FATHER), mother_pin=None, cancelled_on=TODAY
    )  # fmt: skip
    execute(
        "INSERT INTO people_identifier (scheme, value, person_id, valid_from) VALUES ('pin', '001220000901', 61004, '2015-02-01')"
    )
    assert may_act(FATHER, NEIGHBOUR, What.READ, MORNING.at) is None
    assert not told(FATHER, NEIGHBOUR, What.READ)


def test_the_database_holds_the_table() -> None:
    held = {
        (who, circumstance, what): answer for who, circumstance, what, answer in rows("SELECT * FROM mandates_rule")
    }
    assert held == {tuple(one.value for one in cell): answer.value for cell, answer in TABLE.items()}


@pytest.mark.parametrize("person", [MOTHER, FATHER, GRANDMOTHER, NEIGHBOUR, COUSIN, TEENAGER])
def test_the_database_lists_whom_queries_list(person: int) -> None:
    settle_family()
    given(GRANDMOTHER, MOTHER, What.READ, What.HEALTH)
    given(NEIGHBOUR, FATHER, What.RECEIVE)
    given(GROWN, NEIGHBOUR, What.APPLY, agreed=False)
    guarded(COUSIN, NEIGHBOUR)
    listed = rows("SELECT person_id, who, what, until FROM mandates_acted_for(%s, NULL, %s)", [person, TODAY])
    expected = {
        (one.person_id, one.who.value, tuple(sorted(what.value for what in one.what)), one.until)
        for one in acted_for(person, MORNING.at)
    }
    assert {(other, who, tuple(what), until) for other, who, what, until in listed} == expected
    assert bool(expected) is (person in {MOTHER, FATHER, NEIGHBOUR})
