"""The projection works in the database and the law in formulas: both say the same of any history, and the sums of co-payments too."""

from __future__ import annotations

from datetime import date
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from ansinh.cards.operations import Paid, record_copayment
from ansinh.database.sql import execute, row, rows
from ansinh.foundation.errors import InvalidInput
from ansinh.rules.health_insurance import (
    Copayment,
    Stretch,
    continuity_on,
    continuous_since,
    exempt_from,
    five_years_on,
    year_total,
)
from tests.cards.card_world import (
    REASON,
    TODAY,
    add_coverage,
    add_person,
    clock,
    days,
    issue_all,
    number_of,
    project_all,
    project_due,
    standing,
)
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

LAW = continuity_on(TODAY)
STARTS = st.dates(date(2018, 1, 1), date(2026, 12, 31))
STRETCHES = st.lists(
    st.builds(
        lambda start, length, told: Stretch(start, start + days(length), None if told is None else start - days(told)),
        STARTS,
        st.integers(1, 700),
        st.none() | st.integers(-40, 2_500),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda stretch: stretch.valid_from,
)
PAYMENTS = st.lists(
    st.tuples(
        st.dates(date(2024, 6, 1), TODAY), st.sampled_from([0, 40_000, 39_999, 4_680_000, 14_040_000]), st.booleans()
    ),
    max_size=5,
)


def shown(stretches: list[Stretch], today: date) -> Stretch:
    """The stretch a plain reader would show: in force and begun last, else ended last, else the next to begin."""
    in_force = [one for one in stretches if one.valid_from <= today < one.valid_until]
    begun = [one for one in stretches if one.valid_from <= today]
    if in_force:
        return max(in_force, key=lambda one: one.valid_from)
    if begun:
        return max(begun, key=lambda one: (one.valid_until, one.valid_from))
    return min(stretches, key=lambda one: one.valid_from)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(stretches=STRETCHES, payments=PAYMENTS, merged=st.booleans())
def test_statement_and_formulas_say_the_same(
    stretches: list[Stretch], payments: list[tuple[date, int, bool]], merged: bool
) -> None:
    with transaction.atomic():
        _told_the_same(stretches, payments, merged)
        transaction.set_rollback(True)


def _told_the_same(stretches: list[Stretch], payments: list[tuple[date, int, bool]], merged: bool) -> None:
    add_person(1)
    add_person(2)
    # Part of the history may lie with a record that turned out to be the same human.
    if merged:
        execute("INSERT INTO people_alias (alias_person_id, person_id, merged_into) VALUES (2, 1, 1)")
    for place, one in enumerate(stretches):
        told = {"continuous_since": one.continuous_since}
        add_coverage(1 + (merged and place % 2), valid_from=one.valid_from, valid_until=one.valid_until, **told)
    for place, (day, amount, counted) in enumerate(payments):
        execute(
            "INSERT INTO cards_copayment VALUES (%s, %s, '01001', %s, %s, NULL, %s, %s, now())",
            [1 + (merged and place % 2), day, f"v{place}", day, amount, counted],
        )
    project_all(TODAY)
    expected = shown(stretches, TODAY)
    full_on = five_years_on(continuous_since(stretches, expected.valid_from, LAW), LAW)
    paid = [Copayment(*one) for one in payments]
    any_paid = any(one.counted and one.paid_on.year == TODAY.year for one in paid)
    assert standing(1, "valid_from", "five_years_on", "copay_total", "copay_exempt_on", "copay_year") == (
        expected.valid_from,
        full_on,
        year_total(paid, TODAY.year),
        exempt_from(paid, full_on, TODAY.year),
        TODAY.year if any_paid else None,
    )
    _next_change_is_told(stretches, expected, any_paid)


def _next_change_is_told(stretches: list[Stretch], now: Stretch, any_paid: bool) -> None:
    """Nothing changes before the day told, and a reader who waits for it misses nothing."""
    later = sorted({day for one in stretches for day in (one.valid_from, one.valid_until) if day > TODAY})
    changes = [day for day in later if shown(stretches, day) != now]
    told = standing(1, "changes_on")
    if any_paid:
        changes.append(date(TODAY.year + 1, 1, 1))
    if changes:
        assert told is not None
        assert TODAY < told <= min(changes)


def pay(*payments: Paid) -> int:
    return record_copayment(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=clock(), payments=payments)


def visit(amount: int, day: date = TODAY, name: str = "A", **more: Any) -> Paid:
    return Paid(1, "01001", name, day, day, amount, **more)


@pytest.fixture
def insured_for_long(reference: None) -> None:
    add_person(1)
    add_coverage(1, continuous_since=date(2015, 1, 1))
    issue_all()


@pytest.mark.usefixtures("insured_for_long")
def test_copayments_add_up_and_end_above_the_ceiling_until_the_year_ends() -> None:
    assert pay(visit(14_000_000)) == 1
    assert standing(1, "copay_year", "copay_total", "copay_exempt_on") == (2025, 14_000_000, None)
    assert pay(visit(40_001, name="B"), visit(5_000_000, name="C", counted=False)) == 2
    assert standing(1, "copay_total", "copay_exempt_on", "changes_on") == (14_040_001, TODAY, date(2026, 1, 1))
    add_coverage(1, valid_from=date(2026, 1, 1), valid_until=date(2027, 1, 1))
    assert project_due(date(2026, 1, 1)) == 1
    assert standing(1, "copay_year", "copay_total", "copay_exempt_on") == (None, 0, None)


@pytest.mark.usefixtures("insured_for_long")
def test_a_visit_told_again_takes_the_place_of_what_was_told() -> None:
    assert pay(visit(100)) == 1
    assert pay(visit(100)) == 0
    assert pay(visit(70, TODAY - days(1))) == 1
    assert rows("SELECT amount, paid_on FROM cards_copayment") == [(70, TODAY - days(1))]
    assert standing(1, "copay_total") == 70


@pytest.mark.usefixtures("insured_for_long")
@pytest.mark.parametrize(
    "wrong",
    [
        visit(-1),
        visit(10**12 + 1),
        visit(1, TODAY + days(1)),
        visit(1, name=" "),
        visit(1, name="x" * 101),
        Paid(1, "0100", "A", TODAY, TODAY, 1),
        Paid(1, "01001", "A", TODAY, TODAY - days(1), 1),
    ],
)
def test_impossible_copayments_are_refused_whole(wrong: Paid) -> None:
    with pytest.raises(InvalidInput):
        pay(visit(5, name="good"), wrong)
    assert rows("SELECT FROM cards_copayment") == []


@pytest.mark.usefixtures("insured_for_long")
def test_hospitals_are_told_each_copayment_with_the_sum_so_far() -> None:
    pay(visit(100, TODAY - days(1)), visit(30, name="B", category="1.1"), visit(9, date(2024, 12, 31), name="C"))
    found = row("SELECT cards_copayments_told(1, %s)::json", [TODAY])
    assert found is not None
    assert [(one["ngayRa"], one["tBNCCTMCCT"], one["tBNCCTLuyKe"], one["maThe"]) for one in found[0]] == [
        ("10/07/2025", "30", "130", number_of(1)),
        ("09/07/2025", "100", "100", number_of(1)),
    ]
    assert all(isinstance(value, str) for one in found[0] for value in one.values())
