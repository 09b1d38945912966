"""What officers do to an entitlement, and what that does to money already frozen. Law 41/2024/QH15 art. 75."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ansinh.benefits import operations
from ansinh.benefits.operations import Content
from ansinh.benefits.states import (
    ChangeKind,
    EndedBecause,
    Kind,
    NotInState,
    OutOfOrder,
    RequestKeyUsed,
    SameOfficer,
    SuspendedBecause,
)
from ansinh.benefits.timeline import Place
from ansinh.database.sql import execute, rows
from ansinh.foundation.errors import InvalidInput
from tests.benefits.entitled import APPROVES, PREPARES, REASON, Office, corrections, count, given, versions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]

PERSON = 7


@pytest.fixture
def calendar(db: None) -> None:
    """Two years of which one holiday each is known."""
    for day in ("2025-09-02", "2026-09-02"):
        execute(
            "INSERT INTO places_holiday (day, kind, vi, en, basis, certainty) VALUES (%s, 'holiday', 'Quốc khánh', 'National Day', 'thử', 'law')",
            [day],
        )


@pytest.fixture
def office() -> Office:
    """The office in July 2025, with a pension of 5,000,000 from May, and May to July frozen."""
    return Office(date(2025, 7, 10))


@pytest.fixture
def pension(office: Office) -> int:
    entitlement = office.opened(PERSON, 5_000_000, 202505)
    for month in (202505, 202506, 202507):
        office.freeze(month)
    office.later(days=1)
    return entitlement


def test_open_owes_from_its_month_and_is_frozen_once(office: Office, pension: int) -> None:
    assert versions(PERSON, pension) == [(202505, 5_000_000, "paid")]
    assert given(PERSON) == {202505: 5_000_000, 202506: 5_000_000, 202507: 5_000_000}
    again = office.freeze(202507)
    assert again.already
    assert (again.obligations, again.amount) == (1, 5_000_000)
    assert count("benefits_frozen") == 3


def test_open_after_months_were_frozen_gives_arrears_which_the_next_freeze_hands_over(
    office: Office, pension: int
) -> None:
    late = office.opened(8, 3_000_000, 202506)
    assert corrections(8) == [(202506, 3_000_000), (202507, 3_000_000)]
    frozen = office.freeze(202508)
    assert (frozen.obligations, frozen.corrections, frozen.corrections_amount) == (2, 2, 6_000_000)
    owed = rows(
        "SELECT month, correction, amount FROM benefits_owed_v1 WHERE entitlement_id = %s ORDER BY 1, 2", [late]
    )
    assert owed == [(202506, 1, 3_000_000), (202507, 1, 3_000_000), (202508, 0, 3_000_000)]


def test_open_twice_from_one_decision_opens_once(office: Office) -> None:
    first = office.opened(PERSON, 5_000_000, 202505, decision_id=77)
    assert office.opened(PERSON, 5_000_000, 202505, decision_id=77) == first
    assert count("benefits_version") == 1


def test_resume_after_unlawful_exit_pays_the_suspended_months(office: Office, pension: int) -> None:
    office.suspend(PERSON, pension, 202508)
    for month in (202508, 202509):
        office.freeze(month)
    assert 202508 not in given(PERSON)
    office.later(days=70)
    done = office.resume(PERSON, pension, 202510)
    assert done.done
    assert corrections(PERSON) == [(202508, 5_000_000), (202509, 5_000_000)]
    assert versions(PERSON, pension) == [(202505, 5_000_000, "paid")]


def test_suspend_backwards_makes_an_overpayment(office: Office, pension: int) -> None:
    done = office.suspend(PERSON, pension, 202506)
    assert (done.corrections, done.corrections_amount) == (2, -10_000_000)
    assert corrections(PERSON) == [(202506, -5_000_000), (202507, -5_000_000)]


def test_missing_then_dead_gives_no_arrears(office: Office, pension: int) -> None:
    office.suspend(PERSON, pension, 202508, SuspendedBecause.MISSING)
    office.freeze(202508)
    office.freeze(202509)
    office.later(days=60)
    office.end(PERSON, pension, 202509)
    assert corrections(PERSON) == []


def test_death_while_suspended_for_another_reason_leaves_the_months_to_relatives(office: Office, pension: int) -> None:
    office.suspend(PERSON, pension, 202508)
    office.freeze(202508)
    office.freeze(202509)
    office.later(days=60)
    office.end(PERSON, pension, 202509)
    assert corrections(PERSON) == [(202508, 5_000_000)]


def test_end_by_death_recovers_what_was_paid_after_it(office: Office, pension: int) -> None:
    office.end(PERSON, pension, 202506)
    assert corrections(PERSON) == [(202506, -5_000_000), (202507, -5_000_000)]
    assert versions(PERSON, pension) == [(202505, 5_000_000, "paid"), (202506, 0, "ended")]
    assert office.freeze(202508).obligations == 0


def test_death_taken_back_leaves_money_where_it_was(office: Office, pension: int) -> None:
    before = given(PERSON)
    office.end(PERSON, pension, 202506)
    office.later(hours=1)
    office.reinstate(PERSON, pension, 202506)
    assert given(PERSON) == before
    assert versions(PERSON, pension) == [(202505, 5_000_000, "paid")]


def test_renunciation_is_resumed_from_the_request_without_arrears(office: Office, pension: int) -> None:
    office.end(PERSON, pension, 202508, EndedBecause.RENUNCIATION)
    office.freeze(202508)
    office.freeze(202509)
    office.later(days=80)
    office.resume(PERSON, pension, 202510)
    assert corrections(PERSON) == []
    assert versions(PERSON, pension) == [(202505, 5_000_000, "paid"), (202508, 0, "ended"), (202510, 5_000_000, "paid")]


def test_what_ended_by_death_is_not_resumed_and_what_was_renounced_is_not_reinstated(
    office: Office, pension: int
) -> None:
    office.end(PERSON, pension, 202508, EndedBecause.RENUNCIATION)
    with pytest.raises(NotInState):
        office.reinstate(PERSON, pension, 202508)
    other = office.opened(9, 1_000_000, 202505)
    office.end(9, other, 202508)
    with pytest.raises(NotInState):
        office.resume(9, other, 202509)


def test_a_term_that_ran_out_is_not_resumed(office: Office) -> None:
    entitlement = office.opened(PERSON, 5_000_000, 202501, Kind.UNEMPLOYMENT, until_month=202504)
    assert versions(PERSON, entitlement) == [(202501, 5_000_000, "paid"), (202504, 0, "ended")]
    with pytest.raises(NotInState):
        office.resume(PERSON, entitlement, 202506)


def test_recalculate_backwards_settles_each_frozen_month_once(office: Office, pension: int) -> None:
    done = office.recalculate(PERSON, pension, 202506, 5_400_000)
    assert (done.corrections, done.corrections_amount) == (2, 800_000)
    again = office.recalculate(PERSON, pension, 202506, 5_400_000)
    assert (again.versions, again.corrections) == (0, 0)
    office.recalculate(PERSON, pension, 202506, 5_000_000)
    assert given(PERSON) == {202505: 5_000_000, 202506: 5_000_000, 202507: 5_000_000}
    assert versions(PERSON, pension) == [(202505, 5_000_000, "paid")]


def test_transfer_moves_payment_from_a_month_and_no_money(office: Office, pension: int) -> None:
    office.transfer(PERSON, pension, 202509, Place("79", "26734", True))
    office.freeze(202508)
    office.freeze(202509)
    found = rows("SELECT month, province FROM benefits_frozen WHERE month >= 202508 ORDER BY 1")
    assert found == [(202508, "01"), (202509, "79")]
    assert corrections(PERSON) == []


def test_a_request_heard_before_changes_nothing(office: Office, pension: int) -> None:
    content = Content(ChangeKind.SUSPEND, "missing")
    first = office.change(PERSON, pension, 202508, content, key="once")
    again = office.change(PERSON, pension, 202508, content, key="once")
    assert (again.change_id, again.already) == (first.change_id, True)
    assert count("benefits_change") == 1
    with pytest.raises(RequestKeyUsed):
        office.change(PERSON, pension, 202509, content, key="once")


def test_who_prepared_may_not_approve_and_nothing_flows_before_approval(office: Office, pension: int) -> None:
    prepared = office.prepare(PERSON, pension, 202508, Content(ChangeKind.RECALCULATE, amount=6_000_000))
    assert versions(PERSON, pension) == [(202505, 5_000_000, "paid")]
    asked: dict[str, Any] = {
        "reason": REASON,
        "clock": office.clock,
        "person_id": PERSON,
        "change_id": prepared.change_id,
    }
    with pytest.raises(SameOfficer):
        operations.approve_change(actor=PREPARES, **asked)
    operations.approve_change(actor=APPROVES, **asked)
    assert operations.approve_change(actor=APPROVES, **asked).already
    assert versions(PERSON, pension)[-1] == (202508, 6_000_000, "paid")
    with pytest.raises(NotInState):
        operations.refuse_change(actor=APPROVES, **asked)


def test_a_refused_change_never_takes_effect(office: Office, pension: int) -> None:
    prepared = office.prepare(PERSON, pension, 202508, Content(ChangeKind.RECALCULATE, amount=6_000_000))
    asked: dict[str, Any] = {
        "reason": REASON,
        "clock": office.clock,
        "person_id": PERSON,
        "change_id": prepared.change_id,
    }
    operations.refuse_change(actor=APPROVES, **asked)
    with pytest.raises(NotInState):
        operations.approve_change(actor=APPROVES, **asked)
    assert len(versions(PERSON, pension)) == 1


def test_resume_is_due_within_ten_working_days(office: Office, pension: int) -> None:
    office.suspend(PERSON, pension, 202508)
    prepared = operations.prepare_change(
        actor=PREPARES, reason=REASON, clock=office.clock, on=office.on(PERSON, pension, 202509), content=Content(ChangeKind.RESUME),
        requested_on=date(2025, 8, 25),
    )  # fmt: skip
    assert rows("SELECT due_on FROM benefits_change WHERE change_id = %s", [prepared.change_id]) == [
        (date(2025, 9, 9),)
    ]


@pytest.mark.parametrize("month", [202504, 202613, 202707, 0])
def test_months_that_cannot_be_are_refused(office: Office, pension: int, month: int) -> None:
    with pytest.raises((OutOfOrder, InvalidInput)):
        office.suspend(PERSON, pension, month)
    assert count("benefits_change") == 0


def test_a_month_is_not_frozen_out_of_turn(office: Office, pension: int) -> None:
    with pytest.raises(OutOfOrder):
        office.freeze(202509)


def test_one_off_is_handed_over_once_between_months(office: Office, pension: int) -> None:
    office.opened(PERSON, 23_400_000, 202507, Kind.FUNERAL)
    first = operations.freeze_open(actor=PREPARES, reason=REASON, clock=office.clock, month=202507)
    assert (first.obligations, first.amount) == (1, 23_400_000)
    again = operations.freeze_open(actor=PREPARES, reason=REASON, clock=office.clock, month=202507)
    assert (again.obligations, again.corrections) == (0, 0)
    assert office.freeze(202508).obligations == 1


def test_a_one_off_recalculated_after_it_was_handed_over_is_corrected(office: Office) -> None:
    one_off = office.opened(PERSON, 23_400_000, 202507, Kind.FUNERAL)
    operations.freeze_open(actor=PREPARES, reason=REASON, clock=office.clock, month=202507)
    office.recalculate(PERSON, one_off, 202507, 25_300_000)
    assert corrections(PERSON) == [(202507, 1_900_000)]


def test_first_freeze_makes_arrears_of_what_was_granted_for_months_before(office: Office) -> None:
    office.opened(PERSON, 5_000_000, 202505)
    frozen = office.freeze(202507)
    assert (frozen.obligations, frozen.corrections, frozen.corrections_amount) == (1, 2, 10_000_000)


def test_as_known_on_a_day_stays(office: Office, pension: int) -> None:
    then = office.now
    office.later(days=1)
    office.recalculate(PERSON, pension, 202506, 5_400_000)
    shown = operations.show_entitlements(actor=PREPARES, reason=REASON, person_id=PERSON, known_on=then)
    assert [(one.valid_from, one.amount) for one in shown[0].versions] == [(202505, 5_000_000)]
    now = operations.show_entitlements(actor=PREPARES, reason=REASON, person_id=PERSON)
    assert [(one.valid_from, one.amount) for one in now[0].versions] == [(202505, 5_000_000), (202506, 5_400_000)]
    assert [one.kind for one in now[0].changes] == ["recalculate"]
    (line,) = rows(
        "SELECT reason, facts->>'person', facts->>'purpose' FROM audit_act WHERE act = 'benefits.show_entitlements' LIMIT 1"
    )
    assert line == (REASON, str(PERSON), "administration")
