"""The average salary of a career, with every step of its derivation.

Source: Law 41/2024/QH15 arts 72, 73, 104; Law 58/2014/QH13 arts 62 to 64, 79; price coefficients: the Ministry's yearly circular.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ansinh.rules.careers.months import Month
from ansinh.rules.careers.stretches import Pay, Stretch

# Who entered State-paid work before the year, and of how many last years the average is taken (None: of all).
_WINDOWS = ((1995, 5), (2001, 6), (2007, 8), (2016, 10), (2020, 15), (2025, 20), (9999, None))
_PRICED_FROM_ENTRY = 2016

Parameters = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Line:
    """Months of one year at one wage: what they are multiplied by, and what that makes."""

    year: int
    pay: Pay
    months: int
    wage: int
    coefficient_hundredths: int
    amount_hundredths: int
    parameter: str


@dataclass(frozen=True, slots=True)
class Average:
    """An average salary in đồng and the lines it is made of."""

    amount: int
    months: int
    lines: tuple[Line, ...]
    window_months: int | None = None


def average_salary(stretches: Sequence[Stretch], start: Month, parameters: Parameters) -> Average:
    """Return the average salary of a career for a benefit that begins in `start`.

    Raises OpenFisca's ParameterNotFoundError when a price coefficient or base salary is not known.
    """
    employer = _lines([one for one in stretches if one.pay is Pay.EMPLOYER], start, parameters)
    voluntary = _lines([one for one in stretches if one.pay is Pay.VOLUNTARY], start, parameters)
    state = [one for one in stretches if one.pay is Pay.STATE]
    state_lines, window = _state(state, start, parameters)
    state_months = sum(one.months for one in state)
    in_window = sum(line.months for line in state_lines)
    total = _sum(employer) + _sum(voluntary)
    months = _months(employer) + _months(voluntary) + state_months
    # State pay counts with the average of its window, weighted by all its months.
    if in_window:
        numerator = total * in_window + _sum(state_lines) * state_months
        denominator = 100 * months * in_window
    else:
        numerator, denominator = total, 100 * months
    amount = (2 * numerator + denominator) // (2 * denominator) if months else 0
    return Average(amount, months, (*state_lines, *employer, *voluntary), window)


def _state(stretches: list[Stretch], start: Month, parameters: Parameters) -> tuple[list[Line], int | None]:
    """Return the lines that State pay is averaged over, and the window in months; the whole career when that gives more."""
    if not stretches:
        return [], None
    entered = stretches[0].start.year
    years = next(years for before, years in _WINDOWS if entered < before)
    whole = _lines(stretches, start, parameters, entered)
    if years is None:
        return whole, None
    last = _lines(_last(stretches, years * 12), start, parameters, entered)
    if _sum(whole) * _months(last) > _sum(last) * _months(whole):
        return whole, None
    return last, years * 12


def _last(stretches: Sequence[Stretch], months: int) -> list[Stretch]:
    """Return the last so many months of contributions."""
    kept: list[Stretch] = []
    for one in reversed(stretches):
        if months <= 0:
            break
        taken = min(months, one.months)
        first = Month.at(one.end.index - taken)
        kept.append(Stretch(first, one.end, one.wage, one.pay, one.work, one.coefficient_hundredths))
        months -= taken
    return kept[::-1]


def _lines(stretches: Sequence[Stretch], start: Month, parameters: Parameters, entered: int = 0) -> list[Line]:
    return [
        _line(one, year, months, start, parameters, entered)
        for one in stretches
        for year, months in _by_year(one)
    ]


def _by_year(one: Stretch) -> list[tuple[int, int]]:
    """Split a stretch at each new year, as (year, months)."""
    return [
        (year, min(one.end.index, (year + 1) * 12) - max(one.start.index, year * 12))
        for year in range(one.start.year, (one.end.index - 1) // 12 + 1)
    ]


def _line(one: Stretch, year: int, months: int, start: Month, parameters: Parameters, entered: int) -> Line:
    at_start = parameters(str(start.first_day()))
    if one.pay is Pay.STATE and entered < _PRICED_FROM_ENTRY:
        level = at_start.pay.reference_level
        if one.coefficient_hundredths is not None:
            wage = _rounded(one.coefficient_hundredths * level, 100)
            return Line(year, one.pay, months, wage, 100, wage * 100 * months, "pay.reference_level")
        assert one.wage is not None
        base = parameters(str(max(one.start, Month(year, 1)).first_day())).pay.base_salary
        ratio = _rounded(level * 100, base)
        amount = _rounded(one.wage * level * 100 * months, base)
        return Line(year, one.pay, months, one.wage, ratio, amount, "pay.reference_level")
    name = "before_1995" if year < 1995 else f"year_{year}"
    hundredths = int(at_start.price_coefficient[name])
    wage = one.wage if one.wage is not None else _stated(one, year, parameters)
    parameter = f"price_coefficient.{name}"
    return Line(year, one.pay, months, wage, hundredths, wage * hundredths * months, parameter)


def _stated(one: Stretch, year: int, parameters: Parameters) -> int:
    """Return pay stated as a multiple of the base salary, in đồng of its time."""
    assert one.coefficient_hundredths is not None
    base = parameters(str(max(one.start, Month(year, 1)).first_day())).pay.base_salary
    return _rounded(one.coefficient_hundredths * base, 100)


def _sum(lines: Sequence[Line]) -> int:
    return sum(line.amount_hundredths for line in lines)


def _months(lines: Sequence[Line]) -> int:
    return sum(line.months for line in lines)


def _rounded(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
