"""Whom a number leads to after it ended: the person who rightly carried it, nobody who did so by mistake, and never two."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import hypothesis.strategies as st
import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings

from ansinh.database.sql import execute, number, rows
from ansinh.foundation.errors import Refusal
from ansinh.people import checks
from ansinh.people.operations import replace_pin
from ansinh.people.queries import person_of_number
from tests.people.identity_cast import (
    AN,
    BINH,
    CHI,
    REASON,
    approve,
    correct,
    decide,
    holder_of,
    in_register,
    later,
    load,
    verified,
)
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(tmp_path: Path) -> int:
    """The first of three records, of whom it alone has a number: AN."""
    person = load(tmp_path, {}, {}, {})
    verified({person: AN})
    return person


def replace(old: str, new: str | None, days: int = 1) -> int | None:
    on = later(days).at.date()
    return replace_pin(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=later(days), old=old, new=new, on=on)


def test_a_cancelled_and_reissued_number_leads_to_its_person_by_both(first: int) -> None:
    replace(AN, BINH)
    replace(BINH, CHI, 2)
    assert [person_of_number("pin", pin) for pin in (AN, BINH, CHI)] == [first] * 3
    assert holder_of(AN) is None


def test_a_number_ended_on_the_day_it_was_given_still_leads_to_its_person(first: int) -> None:
    replace(AN, BINH, 0)
    assert person_of_number("pin", AN) == first


def test_a_number_cancelled_with_nothing_in_its_place_keeps_leading_to_its_person(first: int) -> None:
    replace(AN, None)
    assert person_of_number("pin", AN) == first
    verified({first: AN}, later(2))
    assert (person_of_number("pin", AN), holder_of(AN)) == (first, first)
    assert rows("SELECT ended_because, resolves FROM people_identifier WHERE value = %s ORDER BY valid_from", [AN]) == [
        ("cancelled", False),
        (None, True),
    ]


def test_a_match_taken_back_leads_nowhere_by_any_number_it_gave(first: int) -> None:
    replace(AN, BINH)
    decide({"person_id": first, "verdict": "not_found"}, clock=later(2))
    assert [person_of_number("pin", pin) for pin in (AN, BINH)] == [None, None]
    in_register(BINH, replaces=AN)
    verified({first + 1: BINH}, later(3))
    assert [person_of_number("pin", pin) for pin in (AN, BINH)] == [first + 1] * 2


def test_a_number_an_officer_found_wrong_leads_nowhere_until_it_is_somebody_elses(first: int) -> None:
    asked = correct(first, "pin", AN, BINH, later())
    approve(asked.request, later())
    assert [person_of_number("pin", pin) for pin in (AN, BINH)] == [None, first]
    verified({first + 1: AN}, later(2))
    assert [person_of_number("pin", pin) for pin in (AN, BINH)] == [first + 1, first]


def test_whoever_carries_a_number_comes_before_whoever_did(first: int) -> None:
    replace(AN, BINH)
    verified({first + 1: AN}, later(2))
    assert [person_of_number("pin", pin) for pin in (AN, BINH)] == [first + 1, first]
    decide({"person_id": first + 1, "verdict": "not_found"}, clock=later(3))
    assert person_of_number("pin", AN) is None


def test_a_paper_with_a_number_replaced_before_the_agency_knew_leads_to_its_person(first: int) -> None:
    in_register(CHI, replaces=BINH)
    verified({first + 1: CHI}, later())
    assert person_of_number("pin", BINH) == first + 1
    known = rows("SELECT valid_from = valid_until, ended_because FROM people_identifier WHERE value = %s", [BINH])
    assert known == [(True, "replaced")]


def test_a_number_somebody_carries_is_never_brought_along_by_another(first: int) -> None:
    in_register(CHI, replaces=AN)
    verified({first + 1: CHI}, later())
    assert [person_of_number("pin", pin) for pin in (AN, CHI)] == [first, first + 1]


def test_the_database_itself_refuses_a_number_that_leads_to_two(first: int) -> None:
    insert = (
        "INSERT INTO people_identifier (value, scheme, person_id, valid_from, valid_until, ended_because, resolves)"
        " VALUES (%s, 'pin', %s, %s, %s, %s, %s)"
    )
    for until, because, resolves in (
        ("2025-02-01", "replaced", True),
        ("2025-02-01", None, False),
        ("2025-02-01", "wrong", True),
        (None, None, False),
    ):
        pin = AN if because == "replaced" else BINH
        with pytest.raises(IntegrityError), transaction.atomic():
            execute(insert, [pin, first + 1, "2025-01-01", until, because, resolves])


PEOPLE = st.integers(0, 2)
PINS = st.sampled_from([AN, BINH, CHI])
STEPS = st.one_of(
    st.tuples(st.just("verify"), PEOPLE, PINS),
    st.tuples(st.just("withdraw"), PEOPLE, PINS),
    st.tuples(st.just("correct"), PEOPLE, st.none() | PINS),
    st.tuples(PINS, st.just(0), st.none() | PINS),
)


@dataclass
class Expected:
    """The rule, told in a few lines: who carries what, whom each number leads to, whom officers decided about, and what they said nobody is."""

    carries: dict[int, str] = field(default_factory=dict)
    leads: dict[str, int] = field(default_factory=dict)
    decided: set[int] = field(default_factory=set)
    refused: set[tuple[int, str]] = field(default_factory=set)

    def holder(self, pin: str) -> int | None:
        return next((person for person, carried in self.carries.items() if carried == pin), None)

    def give(self, person: int, pin: str) -> None:
        self.carries[person] = pin
        self.leads[pin] = person

    def take_back(self, person: int) -> None:
        if self.carries.pop(person, None):
            self.leads = {pin: leads_to for pin, leads_to in self.leads.items() if leads_to != person}


def _verify(person: int, pin: str, days: int, model: Expected) -> None:
    verified({person: pin}, later(days))
    if person not in model.decided and model.carries.get(person) != pin:
        model.take_back(person)
        if model.holder(pin) is None and (person, pin) not in model.refused:
            model.give(person, pin)


def _withdraw(person: int, days: int, model: Expected) -> None:
    decide({"person_id": person, "verdict": "not_found"}, clock=later(days))
    if person not in model.decided:
        model.take_back(person)


def _correct(person: int, pin: str | None, days: int, model: Expected) -> None:
    old = model.carries.get(person)
    with suppress(Refusal):
        approve(correct(person, "pin", old, pin, later(days)).request, later(days))
        model.take_back(person)
        model.decided.discard(person)
        if pin:
            model.give(person, pin)
            model.decided.add(person)
        elif old:
            model.refused.add((person, old))


def _replace(old: str, new: str | None, days: int, model: Expected) -> None:
    if old == new:
        return
    holder = model.holder(old)
    assert replace(old, new, days) == holder
    if holder is None:
        return
    del model.carries[holder]
    if new and model.holder(new) is None:
        model.give(holder, new)
    else:
        model.decided.discard(holder)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(steps=st.lists(STEPS, max_size=8))
def test_whatever_happens_to_numbers_each_leads_to_at_most_one_person_by_the_rule(
    steps: list[tuple[str, int, str | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with suppress(_Undone), transaction.atomic():
        first = load(tmp_path_factory.mktemp("people"), {}, {}, {})
        model = Expected()
        for days, (what, which, pin) in enumerate(steps):
            if what == "verify" and pin:
                _verify(first + which, pin, days, model)
            elif what == "withdraw":
                _withdraw(first + which, days, model)
            elif what == "correct":
                _correct(first + which, pin, days, model)
            else:
                _replace(what, pin, days, model)
            assert {pin: person_of_number("pin", pin) for pin in (AN, BINH, CHI)} == {
                pin: model.leads.get(pin) for pin in (AN, BINH, CHI)
            }, steps[: days + 1]
            assert {person: pin for pin in (AN, BINH, CHI) if (person := holder_of(pin))} == model.carries
        assert all(result.ok for result in checks.checks())
        raise _Undone


class _Undone(Exception):
    """Takes back what one example did."""


def test_dates_of_a_number_are_kept_though_it_leads_elsewhere(first: int) -> None:
    replace(AN, BINH)
    verified({first + 1: AN}, later(2))
    day = JULY.at.date()
    kept = rows("SELECT person_id, valid_from, valid_until FROM people_identifier WHERE value = %s ORDER BY 2", [AN])
    assert kept == [(first, day, date(2025, 8, 1)), (first + 1, date(2025, 8, 2), None)]
    assert number("SELECT count(*) FROM people_identifier WHERE value = %s AND resolves", [AN]) == 1
