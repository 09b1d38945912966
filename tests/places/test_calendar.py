"""The working-day calendar, as a pure value and as loaded."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.foundation.clock import VIET_NAM
from ansinh.foundation.period import DaySpan
from ansinh.places.calendar import WORKING_DAYS_MAX, CalendarUnknown, WorkingCalendar


def _packaged() -> WorkingCalendar:
    lines = files("ansinh.places").joinpath("reference", "holidays.csv").read_text("utf-8").splitlines()
    kinds = {date.fromisoformat(row["day"]): row["kind"] for row in csv.DictReader(lines[1:])}
    worked = frozenset(day for day, kind in kinds.items() if kind == "working")
    return WorkingCalendar(frozenset(kinds) - worked, worked, DaySpan(date(2024, 1, 1), date(2027, 1, 1)))


CALENDAR = _packaged()
INNER_DAYS = st.dates(date(2024, 3, 1), date(2026, 10, 31))
COUNTS = st.integers(0, 30)


@given(INNER_DAYS, COUNTS)
def test_add_working_days_ends_on_a_working_day_so_many_later(day: date, days: int) -> None:
    end = CALENDAR.add_working_days(day, days)
    assert CALENDAR.is_working_day(end)
    if days:
        assert CALENDAR.working_days_between(day + timedelta(days=1), end + timedelta(days=1)) == days
    else:
        assert CALENDAR.working_days_between(day, end) == 0


@given(INNER_DAYS, st.integers(1, 20), st.integers(1, 20))
def test_add_working_days_twice_equals_once(day: date, first: int, second: int) -> None:
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(day, first), second) == CALENDAR.add_working_days(
        day, first + second
    )


@given(INNER_DAYS, st.integers(1, 20))
def test_add_working_days_back_from_a_working_day_returns_there(day: date, days: int) -> None:
    start = CALENDAR.add_working_days(day, 0)
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, days), -days) == start


@given(INNER_DAYS, INNER_DAYS, COUNTS)
def test_add_working_days_later_start_never_ends_earlier(one: date, other: date, days: int) -> None:
    early, late = min(one, other), max(one, other)
    assert CALENDAR.add_working_days(early, days) <= CALENDAR.add_working_days(late, days)


@given(st.datetimes(datetime(2024, 3, 1), datetime(2026, 10, 31)))  # noqa: DTZ001 - the zone is given below
def test_counts_from_is_a_working_day_not_before_receipt_nor_late_without_reason(naive: datetime) -> None:
    received = naive.replace(tzinfo=VIET_NAM)
    counted = CALENDAR.counts_from(received.astimezone(UTC))
    assert CALENDAR.is_working_day(counted)
    assert counted >= received.date()
    in_time = (naive.hour, naive.minute, naive.second, naive.microsecond) <= (15, 0, 0, 0)
    assert (counted == received.date()) == (in_time and CALENDAR.is_working_day(received.date()))


@pytest.mark.parametrize(
    ("received", "counted"),
    [
        (datetime(2025, 6, 10, 15, 0, tzinfo=VIET_NAM), date(2025, 6, 10)),
        (datetime(2025, 6, 10, 15, 0, 1, tzinfo=VIET_NAM), date(2025, 6, 11)),
        (datetime(2025, 6, 13, 16, 0, tzinfo=VIET_NAM), date(2025, 6, 16)),
        (datetime(2025, 6, 14, 9, 0, tzinfo=VIET_NAM), date(2025, 6, 16)),
        # 08:30 UTC is 15:30 in Viet Nam; four days off follow 29 April 2025.
        (datetime(2025, 4, 29, 8, 30, tzinfo=UTC), date(2025, 5, 5)),
    ],
)
def test_counts_from_known_moments(received: datetime, counted: date) -> None:
    assert CALENDAR.counts_from(received) == counted


def test_due_on_counts_the_days_after_the_day_of_receipt() -> None:
    assert CALENDAR.due_on(datetime(2025, 6, 10, 9, 0, tzinfo=VIET_NAM), 2) == date(2025, 6, 12)
    assert CALENDAR.due_on(datetime(2025, 6, 12, 15, 1, tzinfo=VIET_NAM), 3) == date(2025, 6, 18)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 1, 27), False),  # Lunar New Year
        (date(2025, 2, 3), True),
        (date(2025, 4, 7), False),  # 10 March of the lunar year
        (date(2025, 4, 26), True),  # a Saturday worked for 2 May
        (date(2025, 5, 2), False),
        (date(2025, 9, 1), False),
        (date(2024, 2, 14), False),  # in lieu of a weekend day of the New Year
        (date(2024, 5, 4), True),
        (date(2026, 4, 27), False),
    ],
)
def test_is_working_day_known_days(day: date, works: bool) -> None:
    assert CALENDAR.is_working_day(day) is works


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_calendar_every_year_has_the_paid_days_of_the_law(year: int) -> None:
    """Eleven paid days a year (Labour Code 2019 art. 112), twelve from the year in which 24 November joins them."""
    lines = files("ansinh.places").joinpath("reference", "holidays.csv").read_text("utf-8").splitlines()
    holidays = [
        row for row in csv.DictReader(lines[1:]) if row["kind"] == "holiday" and row["day"].startswith(str(year))
    ]
    assert len(holidays) == (12 if year == 2026 else 11)
    swapped = [row["kind"] for row in csv.DictReader(lines[1:]) if row["day"].startswith(str(year))]
    assert swapped.count("swapped_off") == swapped.count("working")


def test_is_working_day_outside_the_known_years_is_refused() -> None:
    with pytest.raises(CalendarUnknown) as refusal:
        CALENDAR.is_working_day(date(2027, 1, 1))
    assert refusal.value.facts == {"year": 2027}
    with pytest.raises(CalendarUnknown):
        CALENDAR.add_working_days(date(2026, 12, 31), 1)


def test_add_working_days_beyond_the_limit_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at most"):
        CALENDAR.add_working_days(date(2025, 1, 1), WORKING_DAYS_MAX + 1)
