"""What holds for every career, amount and day."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ansinh.rules.calculation import law, simulate
from ansinh.rules.careers.averages import average_salary
from ansinh.rules.careers.months import Month
from ansinh.rules.careers.stretches import Pay, Stretch
from ansinh.rules.months import level_half_years, months_later
from ansinh.rules.situations import cases_of
from ansinh.rules.variable import divided, percent_of
from ansinh.rules.variables.retirement import month_reached

PARAMETERS = law().get_parameters_at_instant
SEXES = st.sampled_from(["female", "male"])
MONTHS = st.sampled_from(
    ["2016-01", "2017-12", "2018-01", "2019-01", "2021-12", "2022-01", "2025-06", "2025-07", "2026-06", "2026-07"]
)


def pensions(on: str, people: list[dict[str, Any]], wanted: str) -> list[float]:
    return list(simulate({str(place): one for place, one in enumerate(people)}, (wanted,), on).calculate(wanted, on))


def old(sex: str, months: int, average: int = 8_000_000, **more: Any) -> dict[str, Any]:
    return {"birth_date": "1940-01-01", "sex": sex, "compulsory_months": months, "average_salary": average, **more}


@given(st.integers(0, 10**12), st.integers(0, 200_000))
def test_percent_of_is_exact_and_rounds_half_up(amount: int, thousandths: int) -> None:
    exact = Fraction(amount) * Fraction(thousandths, 100_000)
    expected = int(exact + Fraction(1, 2) // 1) if exact.denominator == 1 else int((exact + Fraction(1, 2)).__floor__())
    assert percent_of(np.array([amount]), thousandths / 1000)[0] == expected


@given(st.integers(0, 10**13), st.integers(1, 10**6))
def test_divided_is_exact_and_rounds_half_up(amount: int, by: int) -> None:
    assert divided(np.array([amount]), by)[0] == (Fraction(amount, by) + Fraction(1, 2)).__floor__()


@given(st.integers(0, 900))
def test_odd_months_are_half_a_year_up_to_six_and_a_whole_one_from_seven(months: int) -> None:
    odd = months % 12
    expected = 2 * (months // 12) + (0 if odd == 0 else 1 if odd <= 6 else 2)
    assert level_half_years(np.array([months]))[0] == expected


@settings(max_examples=10, deadline=None)
@given(MONTHS, SEXES, st.integers(0, 40))
def test_pensions_and_rates_never_fall_with_more_months_and_never_pass_the_cap(on: str, sex: str, lag: int) -> None:
    people = [old(sex, months) for months in range(lag, 620, 7)]
    rates = pensions(on, people, "pension_rate")
    assert rates == sorted(rates)
    assert max(rates) <= 75
    amounts = pensions(on, people, "pension")
    assert amounts == sorted(amounts)
    extras = pensions(on, people, "retirement_extra")
    assert extras == sorted(extras)


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(["2025-06", "2025-07", "2026-01"]), SEXES, st.integers(0, 11))
def test_withdrawals_never_fall_with_more_months(on: str, sex: str, lag: int) -> None:
    people = [
        old(sex, months, withdrawal_reason="emigration", contributions_paid=1_760_000 * months)
        for months in range(lag, 480, 5)
    ]
    amounts = pensions(on, people, "one_off_withdrawal")
    assert amounts == sorted(amounts)


@given(st.dates(date(1930, 1, 1), date(1985, 12, 31)), st.booleans(), st.sampled_from([0, 60, 120]))
@settings(deadline=None)
def test_everybody_reaches_the_age_once_and_the_older_never_later(born: date, male: bool, lower: int) -> None:
    month = born.year * 12 + born.month - 1
    reached = month_reached(PARAMETERS, np.array([month, month + 1]), np.array([male, male]), np.array([lower, lower]))
    assert 0 < reached[0] < reached[1]
    age = PARAMETERS(f"{reached[0] // 12}-01-01").retirement.age
    assert reached[0] - month == (age.men if male else age.women) - lower


@settings(max_examples=30, deadline=None)
@given(SEXES, st.integers(0, 120))
def test_points_for_early_retirement_are_those_of_the_law_of_2014_against_an_age_in_whole_years(
    sex: str, early: int
) -> None:
    reference = 60 if sex == "male" else 55
    age = reference * 12 - early
    born = Month.at(Month(2020, 5).index - age)
    person = {
        "birth_date": born.first_day().isoformat(),
        "sex": sex,
        "compulsory_months": 300,
        "specially_heavy_months": 0,
        "capacity_loss": 81,
    }
    (points,) = pensions("2020-06", [person], "early_reduction")
    begun, odd = -(-age // 12), age % 12
    assert points == (2 * (reference - begun) + (1 if 0 < odd <= 6 else 0) if early else 0)


STRETCHES = st.lists(
    st.tuples(
        st.integers(1, 40),
        st.integers(0, 3),
        st.sampled_from(["wage", "state", "coefficient", "voluntary"]),
        st.integers(1, 30_000_000),
    ),
    min_size=1,
    max_size=6,
)


def career(parts: list[tuple[int, int, str, int]]) -> list[Stretch]:
    at, found = Month(2013, 7).index, []
    for months, gap, kind, amount in parts:
        start, end = Month.at(at + gap), Month.at(at + gap + months)
        at = end.index
        if end > Month(2025, 7):
            break
        pay = {"wage": Pay.EMPLOYER, "voluntary": Pay.VOLUNTARY}.get(kind, Pay.STATE)
        if kind == "coefficient":
            found.append(Stretch(start, end, None, pay, coefficient=amount % 80_000 + 1))
        else:
            found.append(Stretch(start, end, amount, pay))
    return found


@settings(max_examples=60, deadline=None)
@given(STRETCHES, st.data())
def test_the_average_does_not_depend_on_how_a_career_is_split(
    parts: list[tuple[int, int, str, int]], data: st.DataObject
) -> None:
    whole = career(parts)
    split = []
    for one in whole:
        cut = data.draw(st.integers(one.start.index, one.end.index))
        pieces = [(one.start.index, cut), (cut, one.end.index)]
        split += [
            Stretch(Month.at(a), Month.at(b), one.wage, one.pay, one.work, one.coefficient) for a, b in pieces if a < b
        ]
    start = Month(2025, 8)
    assert average_salary(whole, start, PARAMETERS) == average_salary(split, start, PARAMETERS)


@given(st.dates(date(2000, 1, 1), date(2040, 12, 31)), st.integers(0, 24))
def test_so_many_months_later_is_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    later: date = months_later(np.array([day], dtype="datetime64[D]"), months)[0].item()
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@settings(max_examples=20, deadline=None)
@given(st.integers(12, 300))
def test_months_of_benefit_and_months_reserved_never_use_up_more_than_was_paid(months: int) -> None:
    for on in ("2025-12", "2026-01"):
        answer = cases_of([{"ask": "unemployment", "on": on, "months": months, "mean_salary": 5_000_000}])[0].answer()
        told = {one.key: one.value for one in answer.results}
        granted, kept = told["unemployment_benefit_months"], told["unemployment_months_reserved"]
        assert isinstance(granted, int)
        assert isinstance(kept, int)
        assert 3 <= granted <= 12
        assert kept == max(0, months - 12 * granted)
        assert kept < 12 or granted == 12


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 179), st.integers(1_000_000, 30_000_000))
def test_a_bridge_is_worth_what_the_contributions_are(months: int, average: int) -> None:
    person = {"sex": "female", "months": months, "average_salary": average}
    answer = cases_of([{"ask": "bridge", "on": "2025-08", "person": person}])[0].answer()
    told = {one.key: one.value for one in answer.results}
    paid, each, more = told["bridge_months"], told["bridge_allowance"], told["bridge_may_pay_in"]
    assert isinstance(paid, int)
    assert isinstance(each, int)
    assert isinstance(more, int)
    worth = average * int(level_half_years(np.array([months]))[0])
    assert paid * each >= worth - paid
    assert each >= 500_000
    assert (more > 0) <= (each == 500_000)
