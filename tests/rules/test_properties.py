"""What holds for every birthday, payment and stretch of cover."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ansinh.rules.health_insurance import (
    Care,
    Continuity,
    Copayment,
    Path,
    Stretch,
    Visit,
    ceiling_on,
    change_window_open,
    child_card_until,
    continuous_since,
    cover_starts_on,
    exempt_from,
    next_change_window,
    paid_in_hospital_until,
    share_per_ten_thousand,
    temporary_number,
    year_total,
)
from ansinh.rules.health_insurance.copayments import ceilings

DAYS = st.dates(date(2016, 1, 1), date(2035, 12, 31))
LAW = Continuity(90, 5)
DAY = timedelta(days=1)


@given(DAYS)
def test_a_child_is_covered_past_six_years_and_not_much_longer(born_on: date) -> None:
    until = child_card_until(born_on)
    assert until.day == 1
    assert until.month in {10, 11, 12, 1}
    assert 72 * 30 < (until - born_on).days < 366 * 7
    assert (until.year * 12 + until.month) - (born_on.year * 12 + born_on.month) >= 73


@given(DAYS, DAYS)
def test_an_older_child_never_loses_its_card_later(one: date, other: date) -> None:
    older, younger = sorted((one, other))
    assert child_card_until(older) <= child_card_until(younger)


@given(DAYS)
def test_the_window_opens_at_the_next_quarter_at_the_latest(day: date) -> None:
    opens = next_change_window(day)
    assert change_window_open(opens)
    assert timedelta() <= opens - day < timedelta(days=92)
    assert change_window_open(day) == (day.month % 3 == 1 and day.day <= 15)


@given(DAYS, DAYS)
def test_who_pays_is_never_covered_before_the_last_cover_ends_nor_later_than_a_wait(
    paid_on: date, covered_until: date
) -> None:
    starts = cover_starts_on(paid_on, covered_until)
    assert max(paid_on, covered_until) <= starts <= max(covered_until, paid_on + 30 * DAY)
    assert cover_starts_on(paid_on, None) == paid_on + 30 * DAY


@given(DAYS, DAYS)
def test_a_stay_is_paid_at_most_fifteen_days_past_the_card(valid_until: date, admitted_on: date) -> None:
    paid = paid_in_hospital_until(max(valid_until, date(2019, 1, 1)), admitted_on)
    assert paid - max(valid_until, date(2019, 1, 1)) in {timedelta(), 15 * DAY}


STRETCHES = st.lists(
    st.builds(
        lambda start, days, told: Stretch(start, start + days * DAY, None if told is None else start - told * DAY),
        DAYS,
        st.integers(1, 800),
        st.none() | st.integers(-50, 3_000),
    ),
    min_size=1,
    max_size=8,
)


@given(STRETCHES, st.data())
def test_continuity_looks_back_only_as_far_as_it_may(stretches: list[Stretch], data: st.DataObject) -> None:
    shown = data.draw(st.sampled_from(stretches))
    since = continuous_since(stretches, shown.valid_from, LAW)
    assert since <= shown.valid_from
    told = {one.continuous_since for one in stretches}
    assert since in told | {one.valid_from for one in stretches}
    # Without what was told, every day from then on is covered but for gaps of at most ninety days.
    bare = [Stretch(one.valid_from, one.valid_until) for one in stretches]
    day = continuous_since(bare, shown.valid_from, LAW)
    while day < shown.valid_from:
        reach = max(one.valid_until for one in bare if one.valid_from <= day)
        following = min((one.valid_from for one in bare if one.valid_from > day), default=shown.valid_from)
        assert (following - reach).days <= LAW.gap_days_max
        day = following


COPAYMENTS = st.lists(
    st.builds(Copayment, st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(0, 9_000_000), st.booleans()),
    max_size=8,
)


@given(COPAYMENTS, st.none() | DAYS, st.sampled_from([2024, 2025, 2026]))
def test_nobody_is_exempt_below_the_lowest_ceiling_or_in_another_year(
    copayments: list[Copayment], full_on: date | None, year: int
) -> None:
    exempt_on = exempt_from(copayments, full_on, year)
    if exempt_on:
        assert full_on is not None
        assert full_on <= exempt_on
        assert exempt_on.year == year
        assert year_total(copayments, year) > ceiling_on(date(year, 1, 1))
    elif full_on is not None and full_on < date(year, 1, 1):
        assert year_total(copayments, year) <= ceiling_on(date(year, 12, 31))


@given(DAYS)
def test_bulk_ceilings_are_those_of_each_day(day: date) -> None:
    assert [one.amount for one in ceilings() if one.day <= day][-1] == ceiling_on(day)


VISITS = st.builds(
    Visit,
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.sampled_from(Path),
    st.sampled_from(Care),
    st.booleans(),
    st.none() | st.integers(0, 5_000_000),
    st.none() | st.sampled_from(["K1", "K2", "K3"]),
    st.booleans(),
)


@given(VISITS, st.integers(1, 5))
def test_the_right_path_never_pays_less_and_a_better_level_never_less(visit: Visit, level: int) -> None:
    share = share_per_ten_thousand(level, visit)
    right = Visit(visit.day, Path.RIGHT, visit.care, visit.inpatient, visit.cost, visit.area, visit.high_score)
    assert 0 <= share <= share_per_ten_thousand(level, right) <= 10_000
    assert share <= share_per_ten_thousand(1, visit)


@given(st.integers(1, 10**10 - 1), st.integers(1, 10**10 - 1))
def test_temporary_numbers_have_the_form_of_a_card_and_never_meet(one: int, other: int) -> None:
    made = temporary_number("79", one, date(2025, 7, 1))
    assert len(made) == 15
    assert (made == temporary_number("79", other, date(2025, 7, 1))) == (one == other)
