"""Months, day spans, the clock and money."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.foundation.clock import VIET_NAM, FixedClock, NationClock, legal_day
from ansinh.foundation.money import Dong, shown
from ansinh.foundation.period import DaySpan, Month

months = st.builds(Month, st.integers(1950, 2100), st.integers(1, 12))
days = st.dates(date(1950, 1, 1), date(2100, 1, 1))


@given(months, st.integers(-600, 600))
def test_month_plus_goes_there_and_back(month: Month, count: int) -> None:
    assert month.plus(count).plus(-count) == month
    assert (month.plus(count) > month) == (count > 0)


@given(months)
def test_month_number_reads_back(month: Month) -> None:
    assert Month.of(month.number()) == month
    assert Month.containing(month.first_day()) == month


@pytest.mark.parametrize("number", [0, 202500, 202513, 99999])
def test_month_of_a_number_that_is_none_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="not a month"):
        Month.of(number)


@given(days, st.integers(1, 900), days, st.integers(1, 900))
def test_day_spans_overlap_when_they_share_a_day(first: date, length: int, second: date, other: int) -> None:
    one, two = DaySpan(first, first + timedelta(length)), DaySpan(second, second + timedelta(other))
    shared = one.holds(two.start) or two.holds(one.start)
    assert one.overlaps(two) == two.overlaps(one) == shared


def test_day_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="must end after it starts"):
        DaySpan(date(2025, 1, 1), date(2025, 1, 1))


def test_legal_day_begins_at_midnight_in_viet_nam() -> None:
    assert legal_day(datetime(2025, 6, 30, 16, 59, tzinfo=UTC)) == date(2025, 6, 30)
    assert legal_day(datetime(2025, 6, 30, 17, 0, tzinfo=UTC)) == date(2025, 7, 1)


def test_nation_clock_keeps_its_day_and_fixed_clock_its_moment() -> None:
    assert legal_day(NationClock(date(2025, 7, 31)).now()) == date(2025, 7, 31)
    moment = datetime(2025, 7, 31, 7, 0, tzinfo=VIET_NAM)
    assert FixedClock(moment).now() == moment
    assert FixedClock(moment).now().tzinfo is UTC


def test_money_is_shown_as_people_read_it() -> None:
    assert shown(Dong(1_234_567)) == "1.234.567 ₫"
