"""The table of access, cell by cell: for each (who, circumstance, what) a person is asked about through the published functions, and seen or not.

Each circumstance has a patient of its own with every chapter in the book, and one who hides every chapter; of consents, one patient for each chapter.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache

import psycopg
import pytest

from ansinh.disclosure.operations import read_book
from ansinh.disclosure.states import CHAPTERS as DECIDED
from ansinh.disclosure.states import Answer, What, Who, cells
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.purpose import Purpose
from tests.health_reading.books import (
    CLAIM,
    HERE,
    KINDS,
    MORNING,
    TREATMENT,
    Told,
    add_whole_book,
    ask,
    break_glass,
    check_in,
    consent,
    hide,
    looks,
)
from tests.support.database import OwnDatabase

TABLE = cells()
FIRST = {
    "own": 1_000,
    "another": 1_010,
    "checked_in": 1_020,
    "consented": 1_030,
    "treated_here": 1_050,
    "emergency": 1_060,
}
FIRST |= {"other_purpose": 1_070, "no_ground": 1_080}
# What of a visit or paper tells that this part of the book was shown.
MARKS = {what: what.value.upper() for what in What}


def _prepare(owner: psycopg.Connection, gateway: psycopg.Connection, circumstance: str, person: int) -> None:
    add_whole_book(owner, person, own=circumstance != "no_ground")
    owner.commit()
    if circumstance == "checked_in":
        check_in(owner, person)
    if circumstance == "emergency":
        assert break_glass(gateway, person).result == 1
    owner.commit()


@pytest.fixture(scope="session")
def patients(books: OwnDatabase) -> OwnDatabase:
    """Of each circumstance a patient, the next number one who hides everything; consents: one for each chapter."""
    with psycopg.connect(books.urls.owner) as owner, psycopg.connect(books.urls.gateway, autocommit=True) as gateway:
        for circumstance, first in FIRST.items():
            for person in (first, first + 1):
                _prepare(owner, gateway, circumstance, person)
            hide(owner, first + 1, *(one.value for one in DECIDED))
        for place, what in enumerate(DECIDED, start=2):
            add_whole_book(owner, FIRST["consented"] + place)
            consent(owner, FIRST["consented"] + place, what.value)
    return books


@pytest.fixture(scope="session")
def shown_to(patients: OwnDatabase) -> Iterator[Callable[[str, int], str]]:
    """Ask everything about a person in a circumstance, once, and return all that was told, as text."""
    with psycopg.connect(patients.urls.gateway, autocommit=True) as gateway:

        @cache
        def ask_all(circumstance: str, person: int) -> str:
            told = [_asked(gateway, circumstance, person, kind, 0) for kind in KINDS if kind != "visit"]
            told += [_asked(gateway, circumstance, person, "visit", person * 100 + place) for place in (0, 1, 2, 9)]
            return json.dumps([one.part for one in told])

        yield ask_all


def _asked(gateway: psycopg.Connection, circumstance: str, person: int, kind: str, which: int) -> Told:
    if circumstance == "own":
        return ask(gateway, person, kind, citizen=person, which=which)
    if circumstance == "another":
        return ask(gateway, person, kind, citizen=person - 1 if person % 2 else person + 1, which=which)
    purpose = CLAIM if circumstance == "other_purpose" else TREATMENT
    return ask(gateway, person, kind, purpose=purpose, which=which)


def _expected(answer: Answer, *, hidden: bool) -> bool:
    return answer is Answer.YES or (answer is Answer.UNLESS_HIDDEN and not hidden)


@pytest.mark.parametrize(("who", "circumstance", "what"), [cell for cell in TABLE if cell[1] in FIRST], ids=str)
def test_a_cell_shows_what_it_says(
    shown_to: Callable[[str, int], str], who: Who, circumstance: str, what: What
) -> None:
    answer = TABLE[who, circumstance, what]
    for hidden in (False, True):
        shown = shown_to(circumstance, FIRST[circumstance] + hidden)
        # One who was treated here sees the own part on that ground whatever other ground there is.
        expected = _expected(answer, hidden=hidden)
        assert (MARKS[what] in shown) is expected, (who, circumstance, what, answer, hidden)


@pytest.mark.parametrize("what", DECIDED)
def test_a_consent_shows_its_chapter_and_no_other(shown_to: Callable[[str, int], str], what: What) -> None:
    shown = shown_to("consented", FIRST["consented"] + 2 + DECIDED.index(what))
    told = {one for one in DECIDED if MARKS[one] in shown}
    # A visit of a chapter is seen by who may see both visits and the chapter.
    assert told == ({what} if what.value in {"book", "referrals", "appointments", "papers"} else set())
    assert MARKS[What.OWN] in shown


@pytest.mark.parametrize(
    ("who", "circumstance", "what"), [cell for cell in TABLE if cell[0] is Who.STATISTICS], ids=str
)
def test_statistics_see_no_person(patients: OwnDatabase, who: Who, circumstance: str, what: What) -> None:
    with psycopg.connect(patients.urls.app) as app:
        may = app.execute("SELECT disclosure_may(%s, %s, '{}', %s)", [who, [circumstance], [what]]).fetchone()
    assert may == ([],)
    assert TABLE[who, circumstance, what] is Answer.NO


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "circumstance", "what"), [cell for cell in TABLE if cell[0] is Who.OFFICER], ids=str)
def test_an_officer_sees_what_the_purpose_opens(who: Who, circumstance: str, what: What) -> None:
    from django.db import connection  # noqa: PLC0415 - the fixture must have pointed it at the worker's database

    connection.ensure_connection()
    assert connection.connection is not None
    add_whole_book(connection.connection, 77)
    officer = Actor(ActorKind.OFFICER, "hanoi.lan", frozenset({"disclosure.read_book"}))
    told = read_book(
        actor=officer,
        reason="giám định",
        clock=FixedClock(MORNING),
        person_id=77,
        purpose=Purpose[circumstance.upper()],
    )
    shown = json.dumps([told.book, told.referrals, told.appointments, told.papers])
    assert (MARKS[what] in shown) is (TABLE[who, circumstance, what] is Answer.YES)


def test_every_cell_is_asked() -> None:
    asked = {cell for cell in TABLE if cell[1] in FIRST or cell[0] in {Who.STATISTICS, Who.OFFICER}}
    assert asked == set(TABLE)
    assert len(TABLE) == 110


def test_the_database_holds_the_table(books: OwnDatabase) -> None:
    with psycopg.connect(books.urls.owner) as owner:
        kept = owner.execute("SELECT who, circumstance, what, answer FROM disclosure_rule").fetchall()
    assert {(who, circumstance, what): answer for who, circumstance, what, answer in kept} == TABLE


def test_every_look_at_the_table_was_recorded(patients: OwnDatabase) -> None:
    with psycopg.connect(patients.urls.gateway, autocommit=True) as gateway:
        ask(gateway, FIRST["no_ground"], "papers")
    with psycopg.connect(patients.urls.owner) as owner:
        assert looks(owner, FIRST["no_ground"])[-1] == (11, TREATMENT, 7, HERE, "BS-17")
