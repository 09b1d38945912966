"""The legal clock: working days from receipt, after 15:00 the next day, pauses not counted; alerts before and after, with a reason and a new date."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.access.roles import Operator
from ansinh.benefits.deadlines.clock import Pause, counts, days_used, due_on
from ansinh.benefits.deadlines.kinds import all_deadlines, deadline, decision_deadline
from ansinh.benefits.file_checks import file_checks
from ansinh.benefits.file_states import Channel, FileKind
from ansinh.benefits.operations import watch_deadlines
from ansinh.benefits.queries import alerts
from ansinh.database.sql import rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.foundation.period import DaySpan
from ansinh.places.queries import WorkingCalendar
from tests.benefits.filed import WOMAN, at, decide, file, pay, prepare, settle, state

OFF = frozenset({date(2025, 4, 30), date(2025, 5, 1), date(2025, 9, 1), date(2025, 9, 2)})
CALENDAR = WorkingCalendar(OFF, frozenset({date(2025, 4, 26)}), DaySpan(date(2024, 1, 1), date(2028, 1, 1)))
WATCHMAN = Actor(ActorKind.SYSTEM, "operator", Operator.permissions)

MARCH = datetime(2025, 3, 1, tzinfo=VIET_NAM)
moments = st.integers(0, 270 * 24 * 60).map(lambda minutes: MARCH + timedelta(minutes=minutes))
spells = st.lists(st.tuples(st.integers(0, 600), st.integers(0, 400)), max_size=4)
days_given = st.integers(1, 20)


def pauses_after(received: datetime, hours: list[tuple[int, int]]) -> list[Pause]:
    """Lay pauses one after the other: so many hours later, so many hours long."""
    made, since = [], received
    for wait, length in hours:
        since += timedelta(hours=wait)
        made.append(Pause(since, since + timedelta(hours=length)))
        since += timedelta(hours=length)
    return made


@given(moments, days_given)
def test_without_pauses_it_is_the_calendar_of_places(received: datetime, days: int) -> None:
    assert due_on(CALENDAR, received, days) == CALENDAR.due_on(received, days)


@given(moments, days_given, spells)
def test_the_last_day_is_the_one_on_which_the_days_are_used_up(
    received: datetime, days: int, hours: list[tuple[int, int]]
) -> None:
    pauses = pauses_after(received, hours)
    due = due_on(CALENDAR, received, days, pauses)
    assert days_used(CALENDAR, received, pauses, due) == days
    assert days_used(CALENDAR, received, pauses, due - timedelta(days=1)) == days - 1
    assert counts(CALENDAR, received, pauses, due)


@given(moments, days_given, spells)
def test_a_pause_never_makes_a_deadline_earlier_and_ends_by_its_working_days(
    received: datetime, days: int, hours: list[tuple[int, int]]
) -> None:
    pauses = pauses_after(received, hours)
    plain, due = due_on(CALENDAR, received, days), due_on(CALENDAR, received, days, pauses)
    left_out = [
        day
        for day in (plain + timedelta(days=n) for n in range(-400, (due - plain).days + 1))
        if day > CALENDAR.counts_from(received)
        and CALENDAR.is_working_day(day)
        and any(pause.leaves_out(CALENDAR, day) for pause in pauses)
    ]
    assert CALENDAR.working_days_between(plain, due) == len(left_out)


@given(moments, days_given)
def test_a_pause_that_lasts_stops_counting(received: datetime, days: int) -> None:
    paused = [Pause(received)]
    assert days_used(CALENDAR, received, paused, CALENDAR.due_on(received, days)) <= 1
    assert due_on(CALENDAR, received, days, paused) == CALENDAR.due_on(received, days)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        # A Tuesday at 15:00 counts itself, a minute later the Wednesday does.
        (datetime(2025, 7, 15, 15, 0, tzinfo=VIET_NAM), date(2025, 7, 29)),
        (datetime(2025, 7, 15, 15, 1, tzinfo=VIET_NAM), date(2025, 7, 30)),
        # A Saturday counts as Monday; 1 and 2 September are holidays.
        (datetime(2025, 8, 23, 9, 0, tzinfo=VIET_NAM), date(2025, 9, 10)),
    ],
)
def test_ten_working_days(received: datetime, due: date) -> None:
    assert due_on(CALENDAR, received, 10) == due


def test_deadlines_are_those_of_the_day_with_their_source() -> None:
    july = date(2025, 7, 15)
    assert decision_deadline(FileKind.FUNERAL, Channel.PERSON, july).days == 10
    assert decision_deadline(FileKind.FUNERAL, Channel.EVENT, july).days == 8
    assert decision_deadline(FileKind.UNEMPLOYMENT, Channel.PERSON, july).days == 20
    assert decision_deadline(FileKind.UNEMPLOYMENT, Channel.PERSON, date(2026, 7, 1)).days is None
    assert decision_deadline(FileKind.SOCIAL_PENSION, Channel.PERSON, july).days == 10
    assert (deadline("deadlines.resume", july).days, deadline("deadlines.move", july).days) == (10, 5)
    assert all(one.reference and one.reference_vi for _, one in all_deadlines(july))


def _watch(clock: FixedClock) -> dict[str, int]:
    return watch_deadlines(actor=WATCHMAN, reason="thử", clock=clock)


def _broken(day: date) -> set[str]:
    return {one.name for one in file_checks(day) if not one.ok}


@pytest.mark.django_db
def test_alerts_before_and_after_the_last_day_and_a_new_date_each_time() -> None:
    settle()
    filed = file(FileKind.RETIREMENT, WOMAN)
    assert filed.file.due_on == date(2025, 7, 31)
    assert _watch(at(28)) == {"near": 0, "late": 0, "unanswered": 0}
    assert _watch(at(29)) == {"near": 1, "late": 0, "unanswered": 0}
    assert _watch(at(31)) == {"near": 0, "late": 0, "unanswered": 0}
    late = "benefits.no_file_past_its_deadline_without_alert_and_reason"
    assert (_broken(date(2025, 7, 31)), _broken(date(2025, 8, 1))) == (set(), {late})
    assert _watch(at(1, 8)) == {"near": 0, "late": 1, "unanswered": 0}
    assert _watch(at(1, 8)) == {"near": 0, "late": 0, "unanswered": 0}
    (told, near) = alerts(filed.application_id)
    assert (told.kind, told.due_on, told.new_due_on) == ("late", date(2025, 7, 31), date(2025, 8, 8))
    assert "chưa có cán bộ lập quyết định" in told.because_vi
    assert near.kind == "near"
    assert rows("SELECT template, parameters ->> 'new_due_on' FROM notices_message") == [("file_late", "08/08/2025")]
    assert _broken(date(2025, 8, 8)) == set()
    # The new date passes too: another word, another date.
    assert _broken(date(2025, 8, 11)) == {late}
    assert _watch(at(11, 8))["late"] == 1
    assert _broken(date(2025, 8, 11)) == set()


@pytest.mark.django_db
def test_a_decision_after_the_last_day_leaves_its_alert() -> None:
    settle()
    filed = file(FileKind.RETIREMENT, WOMAN)
    prepare(filed, at(4, 8))
    decide(filed, at(5, 8))
    (told,) = alerts(filed.application_id)
    assert (told.kind, told.because_vi) == ("late", "đã lập quyết định, chưa có người duyệt")
    assert told.new_due_on is None
    assert _broken(date(2025, 8, 20)) == set()


@pytest.mark.django_db
def test_who_is_waited_for_is_not_late_but_silence_is_told() -> None:
    settle()
    pay(WOMAN, 202507, None, 9_000_000)
    filed = file(FileKind.RETIREMENT, WOMAN)
    assert _watch(at(24)) == {"near": 0, "late": 0, "unanswered": 0}
    assert _watch(at(25)) == {"near": 0, "late": 0, "unanswered": 1}
    assert _watch(at(20, 8)) == {"near": 0, "late": 0, "unanswered": 0}
    assert _broken(date(2025, 8, 20)) == set()
    assert state(filed, at(20, 8), work_ended="2025-07-31").file.due_on == date(2025, 9, 9)
