"""The yearly ceiling of co-payments: above it, and with five continuous years, the fund pays all until 31 December.

Law 51/2024/QH15 art. 22; Decree 188/2025/NĐ-CP art. 18.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ansinh.rules.law import amount, parameters


@dataclass(frozen=True, slots=True)
class Copayment:
    """What a patient paid of a visit themselves, in đồng, on the day it was paid; `counted` is false for a visit on the wrong path."""

    paid_on: date
    amount: int
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A ceiling in đồng and the day it holds from."""

    day: date
    amount: int


def ceiling_on(day: date) -> int:
    """Return the sum of co-payments, in đồng, above which the fund pays the rest, as of `day`."""
    return amount("health_insurance.copayment.ceiling_multiple", day) * amount("pay.reference_level", day)


def ceilings() -> tuple[Ceiling, ...]:
    """Return every ceiling there has been, oldest first: what bulk work in the database compares with."""
    names = ("health_insurance.copayment.ceiling_multiple", "pay.reference_level")
    first = max(parameters()[name].history[0].day for name in names)
    days = sorted({dated.day for name in names for dated in parameters()[name].history if dated.day >= first} | {first})
    return tuple(Ceiling(day, ceiling_on(day)) for day in days)


def year_total(copayments: Iterable[Copayment], year: int) -> int:
    """Return what counts towards the ceiling of a year, in đồng."""
    return sum(one.amount for one in copayments if one.counted and one.paid_on.year == year)


def exempt_from(copayments: Iterable[Copayment], full_on: date | None, year: int) -> date | None:
    """Return the day of `year` from which the fund pays all, or None; `full_on` is the day five continuous years are full.

    It is the later of that day and the day whose payments first lift the year's sum above the ceiling of that day.
    """
    if full_on is None or full_on.year > year:
        return None
    total = 0
    counted = sorted((one.paid_on, one.amount) for one in copayments if one.counted and one.paid_on.year == year)
    for place, (day, paid) in enumerate(counted):
        total += paid
        last_of_day = place + 1 == len(counted) or counted[place + 1][0] > day
        if last_of_day and total > ceiling_on(day):
            return max(day, full_on)
    return None
