"""A decree raises everybody's pension once, in bulk as one by one. Decree 162/2026/ND-CP; Decree 75/2024/ND-CP; Decree 335/2026/ND-CP."""

from __future__ import annotations

from datetime import date
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from ansinh.benefits import operations
from ansinh.benefits.queries.entitlements import entitlements_of, ranges_of_payees
from ansinh.benefits.raising import NothingToAdjust
from ansinh.benefits.states import Kind, NotInState, SameOfficer, Scope
from ansinh.database.sql import rows
from tests.benefits.entitled import APPROVES, DECREE, PREPARES, REASON, Office, corrections, count, versions

pytestmark = pytest.mark.django_db

OLD = {"opened_on": date(1990, 1, 1)}


@pytest.fixture
def office() -> Office:
    return Office(date(2026, 6, 25))


@pytest.mark.parametrize(
    ("kind", "amount", "more", "raised"),
    [
        (Kind.PENSION, 5_000_000, {}, 5_400_000),
        (Kind.PENSION, 3_000_000, OLD, 3_540_000),
        (Kind.PENSION, 3_400_000, OLD, 3_800_000),
        (Kind.PENSION, 3_600_000, OLD, 3_888_000),
        (Kind.PENSION, 3_000_000, {"opened_on": date(1995, 1, 1)}, 3_240_000),
        (Kind.CAPACITY_LOSS, 2_000_000, OLD, 2_160_000),
        (Kind.WORK_INJURY, 1_000_001, {}, 1_080_001),
    ],
)
def test_adjust_raises_by_the_decree_and_tells_how(
    office: Office, kind: Kind, amount: int, more: dict[str, Any], raised: int
) -> None:
    entitlement = office.opened(1, amount, 202601, kind, **more)
    office.decree()
    assert office.adjust() == 1
    assert versions(1, entitlement) == [(202601, amount, "paid"), (202607, raised, "paid")]
    (shown,) = entitlements_of(1)
    steps = shown.versions[-1].derivation()
    assert any(f"{raised:,}".replace(",", ".") in vi for vi, _, _ in steps)
    assert "162/2026" in steps[0][2]


def test_adjust_in_bulk_equals_one_by_one(office: Office) -> None:
    """The same people once in bulk, and once each through a change that makes the decree be applied."""
    amounts = [1_500_000 + 171_717 * n for n in range(40)]
    bulk = [office.opened(n, amount, 202601, opened_on=date(1985 + n, 1, 1)) for n, amount in enumerate(amounts, 1)]
    office.decree()
    office.adjust()
    single = [
        office.opened(n + 100, amount, 202601, opened_on=date(1985 + n, 1, 1)) for n, amount in enumerate(amounts, 1)
    ]
    assert [versions(n, one) for n, one in enumerate(bulk, 1)] == [
        versions(n + 100, one) for n, one in enumerate(single, 1)
    ]
    told = "SELECT facts, act, cause, adjusted FROM benefits_version WHERE valid_from = 202607 AND person_id BETWEEN %s AND %s ORDER BY person_id"
    assert rows(told, [1, 99]) == rows(told, [101, 199])


def test_adjust_twice_and_by_parts_changes_nothing(office: Office) -> None:
    for person in range(1, 30):
        office.opened(person, 2_000_000 + person, 202601)
    office.decree()
    assert [office.adjust(people=(first, last)) for first, last in ranges_of_payees(10)] == [10, 10, 9]
    assert office.adjust() == 0
    assert count("benefits_version") == 58


def test_adjust_reaches_the_suspended_who_get_it_when_they_resume(office: Office) -> None:
    for day in ("2026-01-01", "2026-12-31"):
        _holiday(day)
    entitlement = office.opened(1, 5_000_000, 202601)
    office.suspend(1, entitlement, 202605)
    office.decree()
    office.adjust()
    assert versions(1, entitlement)[-1] == (202607, 5_400_000, "suspended")
    for month in range(202605, 202609):
        office.freeze(month)
    office.later(days=70)
    office.resume(1, entitlement, 202609)
    assert corrections(1) == [
        (202601, 5_000_000), (202602, 5_000_000), (202603, 5_000_000), (202604, 5_000_000),
        (202605, 5_000_000), (202606, 5_000_000), (202607, 5_400_000), (202608, 5_400_000),
    ]  # fmt: skip


def test_adjust_reaches_those_of_whom_later_changes_are_known(office: Office) -> None:
    suspended, ending = office.opened(1, 5_000_000, 202601), office.opened(2, 5_000_000, 202601)
    office.suspend(1, suspended, 202609)
    office.end(2, ending, 202610)
    ended = office.opened(3, 5_000_000, 202601)
    office.end(3, ended, 202607)
    office.decree()
    assert office.adjust() == 4
    assert versions(1, suspended)[1:] == [(202607, 5_400_000, "paid"), (202609, 5_400_000, "suspended")]
    assert versions(2, ending)[1:] == [(202607, 5_400_000, "paid"), (202610, 0, "ended")]
    assert versions(3, ended)[1:] == [(202607, 0, "ended")]
    assert office.adjust() == 0


def test_adjust_after_months_were_frozen_gives_arrears(office: Office) -> None:
    """As the social pension of July 2026, whose decree came in October."""
    entitlement = office.opened(1, 500_000, 202601, Kind.SOCIAL_PENSION)
    office.freeze(202606)
    for month in (202607, 202608, 202609):
        office.freeze(month)
    office.later(days=110)
    office.decree(scope=Scope.SOCIAL_PENSIONS, act="335/2026/NĐ-CP")
    office.adjust(scope=Scope.SOCIAL_PENSIONS)
    assert versions(1, entitlement)[-1] == (202607, 540_000, "paid")
    assert [one for one in corrections(1) if one[0] >= 202607] == [(202607, 40_000), (202608, 40_000), (202609, 40_000)]
    (shown,) = entitlements_of(1)
    assert "540.000" in shown.versions[-1].derivation()[0][0]


def test_survivors_follow_the_reference_level(office: Office) -> None:
    entitlement = office.opened(1, 1_170_000, 202601, Kind.SURVIVOR)
    office.decree(scope=Scope.SURVIVORS, act="161/2026/NĐ-CP")
    office.decree()
    assert office.adjust() == 0
    assert office.adjust(scope=Scope.SURVIVORS) == 1
    assert versions(1, entitlement)[-1] == (202607, 1_265_000, "paid")


def test_whoever_begins_in_the_month_is_not_raised(office: Office) -> None:
    office.decree()
    entitlement = office.opened(1, 5_000_000, 202607)
    assert office.adjust() == 0
    assert versions(1, entitlement) == [(202607, 5_000_000, "paid")]


def test_whoever_is_granted_late_is_raised_at_once(office: Office) -> None:
    office.decree()
    office.adjust()
    entitlement = office.opened(1, 5_000_000, 202603)
    assert versions(1, entitlement) == [(202603, 5_000_000, "paid"), (202607, 5_400_000, "paid")]
    assert office.adjust() == 0


def test_recalculated_backwards_is_raised_anew(office: Office) -> None:
    entitlement = office.opened(1, 5_000_000, 202601)
    office.decree()
    office.adjust()
    office.later(days=1)
    office.recalculate(1, entitlement, 202603, 6_000_000)
    assert versions(1, entitlement) == [
        (202601, 5_000_000, "paid"),
        (202603, 6_000_000, "paid"),
        (202607, 6_480_000, "paid"),
    ]
    office.recalculate(1, entitlement, 202603, 5_000_000)
    assert versions(1, entitlement) == [(202601, 5_000_000, "paid"), (202607, 5_400_000, "paid")]


def test_decree_of_2024_raises_by_fifteen_percent() -> None:
    office = Office(date(2024, 6, 20))
    entitlement = office.opened(1, 4_000_000, 202401)
    office.decree(202407, act="75/2024/NĐ-CP")
    office.adjust(202407)
    assert versions(1, entitlement)[-1] == (202407, 4_600_000, "paid")


def test_adjust_takes_two_officers_and_law_that_raises(office: Office) -> None:
    office.opened(1, 5_000_000, 202601)
    asked: dict[str, Any] = {"reason": REASON, "clock": office.clock, "month": 202607, "scope": Scope.PENSIONS}
    assert operations.prepare_adjustment(actor=PREPARES, act=DECREE, **asked)
    assert not operations.prepare_adjustment(actor=APPROVES, act=DECREE, **asked)
    with pytest.raises(SameOfficer):
        operations.approve_adjustment(actor=PREPARES, **asked)
    with pytest.raises(NotInState):
        office.adjust()
    assert operations.approve_adjustment(actor=APPROVES, **asked)
    assert not operations.approve_adjustment(actor=APPROVES, **asked)
    for month in (202608, 202507):
        with pytest.raises(NothingToAdjust):
            operations.prepare_adjustment(actor=PREPARES, act=DECREE, **asked | {"month": month})


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 20_000_000), st.booleans(), st.booleans()), min_size=1, max_size=8))
def test_adjust_in_bulk_equals_one_by_one_for_any_amounts(db: None, people: list[tuple[int, bool, bool]]) -> None:
    office, base = Office(date(2026, 6, 25)), next(_bases)
    begun = [date(1990, 1, 1) if old else date(2020, 1, 1) for _, old, _ in people]
    bulk = [office.opened(base + n, amount, 202601, opened_on=begun[n]) for n, (amount, _, _) in enumerate(people)]
    for n, (_, _, suspend) in enumerate(people):
        if suspend:
            office.suspend(base + n, bulk[n], 202604)
    office.decree()
    office.adjust(people=(base, base + 100))
    single = [
        office.opened(base + 100 + n, amount, 202601, opened_on=begun[n]) for n, (amount, _, _) in enumerate(people)
    ]
    for n, (_, _, suspend) in enumerate(people):
        if suspend:
            office.suspend(base + 100 + n, single[n], 202604)
    assert [versions(base + n, one) for n, one in enumerate(bulk)] == [
        versions(base + 100 + n, one) for n, one in enumerate(single)
    ]


def _holiday(day: str) -> None:
    rows(
        "INSERT INTO places_holiday (day, kind, vi, en, basis, certainty) VALUES (%s, 'holiday', 'Nghỉ', 'Off', 'thử', 'law') RETURNING day",
        [day],
    )


_bases = iter(range(10_000, 10**9, 1_000))
