"""The average salary of a career, with every step of its derivation.

Source: Law 41/2024/QH15 arts 72, 73, 104; Law 58/2014/QH13 arts 62 to 64, 79; price coefficients: the Ministry's yearly circular.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansinh.rules.careers.months import Month
from ansinh.rules.careers.stretches import COEFFICIENT_UNIT, Pay, Stretch

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

    It is the same however the stretches are split: each month is rounded by itself. Raises OpenFisca's ParameterNotFoundError when a price coefficient
    or base salary is not known.
    """
    priced = [_priced(one, start, parameters) for one in stretches if one.pay is not Pay.STATE]
    lines = _merged([line for part in priced for line in part])
    state = [one for one in stretches if one.pay is Pay.STATE]
    # The window, and how pay is raised, go by the first month of compulsory insurance.
    entered = next((one.start for one in stretches if one.pay is not Pay.VOLUNTARY), start)
    state_lines, window = _state(state, entered, start, parameters)
    state_months = sum(one.months for one in state)
    in_window = _months(state_lines)
    months = _months(lines) + state_months
    # State pay counts with the average of its window, weighted by all its months.
    if in_window:
        numerator = _sum(lines) * in_window + _sum(state_lines) * state_months
        denominator = 100 * months * in_window
    else:
        numerator, denominator = _sum(lines), 100 * months
    amount = _rounded(numerator, denominator) if months else 0
    return Average(amount, months, (*state_lines, *lines), window)


def _state(
    stretches: list[Stretch], entered: Month, start: Month, parameters: Parameters
) -> tuple[list[Line], int | None]:
    """Return the lines that State pay is averaged over, and the window in months; the whole career when that gives more."""
    if not stretches:
        return [], None
    years = int(parameters(str(entered.first_day())).pension.average.state_window)
    priced_from = parameters(str(start.first_day())).pension.average.state_priced_from
    raised = _priced if str(entered.first_day()) >= priced_from else _levelled
    if years and sum(one.months for one in stretches) > 12 * years:
        last = _all(raised, _last(stretches, years * 12), start, parameters)
        whole = _all(raised, stretches, start, parameters)
        if _sum(whole) * _months(last) <= _sum(last) * _months(whole):
            return last, years * 12
        return whole, None
    return _all(raised, stretches, start, parameters), None


def _all(
    raised: Callable[..., list[Line]], stretches: list[Stretch], start: Month, parameters: Parameters
) -> list[Line]:
    return _merged([line for one in stretches for line in raised(one, start, parameters)])


def _last(stretches: Sequence[Stretch], months: int) -> list[Stretch]:
    """Return the last so many months of contributions."""
    kept: list[Stretch] = []
    for one in reversed(stretches):
        if months <= 0:
            break
        taken = min(months, one.months)
        kept.append(replace(one, start=Month.at(one.end.index - taken)))
        months -= taken
    return kept[::-1]


def _priced(one: Stretch, start: Month, parameters: Parameters) -> list[Line]:
    """Return pay raised with prices: by the coefficient of its year, for benefits of the year of `start`."""
    at_start = parameters(str(start.first_day()))
    lines = []
    for month in one.each_month():
        name = "before_1995" if month.year < 1995 else f"year_{month.year}"
        hundredths = int(at_start.price_coefficient[name])
        wage = wage_of(one, month, parameters)
        lines.append(Line(month.year, one.pay, 1, wage, hundredths, wage * hundredths, f"price_coefficient.{name}"))
    return _merged(lines)


def _levelled(one: Stretch, start: Month, parameters: Parameters) -> list[Line]:
    """Return State pay raised with the reference level, which stands for the base salary it was set by."""
    level = int(parameters(str(start.first_day())).pay.reference_level)
    lines = []
    for month in one.each_month():
        if one.coefficient is not None:
            wage = _rounded(one.coefficient * level, COEFFICIENT_UNIT)
            lines.append(Line(month.year, one.pay, 1, wage, 100, wage * 100, "pay.reference_level"))
        else:
            wage = wage_of(one, month, parameters)
            base = int(parameters(str(month.first_day())).pay.base_salary)
            amount, ratio = _rounded(wage * level * 100, base), _rounded(level * 100, base)
            lines.append(Line(month.year, one.pay, 1, wage, ratio, amount, "pay.reference_level"))
    return _merged(lines)


def wage_of(one: Stretch, month: Month, parameters: Parameters) -> int:
    """Return the pay of a month in đồng of its time; pay stated as a multiple is one of that month's base salary."""
    if one.wage is not None:
        return one.wage
    assert one.coefficient is not None
    base = int(parameters(str(month.first_day())).pay.base_salary)
    return _rounded(one.coefficient * base, COEFFICIENT_UNIT)


def _merged(lines: Sequence[Line]) -> list[Line]:
    """Return lines with neighbours of the same year, wage and coefficient put together."""
    merged: list[Line] = []
    for line in lines:
        if merged and replace(merged[-1], months=0, amount_hundredths=0) == replace(
            line, months=0, amount_hundredths=0
        ):
            last = merged.pop()
            months, amount = last.months + line.months, last.amount_hundredths + line.amount_hundredths
            merged.append(replace(line, months=months, amount_hundredths=amount))
        else:
            merged.append(line)
    return merged


def _sum(lines: Sequence[Line]) -> int:
    return sum(line.amount_hundredths for line in lines)


def _months(lines: Sequence[Line]) -> int:
    return sum(line.months for line in lines)


def _rounded(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
