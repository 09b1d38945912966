"""How an indicator follows from what series add up to: sums, shares, gaps to a target, means and medians."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ansinh.reporting.service_series import DAYS_COUNTED_MAX

Value = float | int | None
Totals = dict[str, int]
"""Series → the sum of its daily counters up to a day; `DAY` → that day's own number, as `date.toordinal` counts."""

DAY = "day"


@dataclass(frozen=True, slots=True)
class Formula:
    """A way to reckon (`kind`), over terms and the whole they are a part of; a term that begins with a minus is taken away."""

    kind: str
    terms: tuple[str, ...]
    whole: tuple[str, ...] = ()
    target: float = 0.0

    def __call__(self, totals: Totals) -> Value:
        """Return the value; None where there is nothing to divide by."""
        return KINDS[self.kind](self, totals)

    @property
    def series(self) -> tuple[str, ...]:
        """Every series it reads, once each."""
        if self.kind == "median_days":
            return tuple(f"{term}_days_{n:02}" for term in self.terms for n in range(DAYS_COUNTED_MAX + 1))
        return tuple(dict.fromkeys(term.removeprefix("-") for term in (*self.terms, *self.whole)))

    @property
    def counts(self) -> tuple[dict[str, int], ...]:
        """What it says, as counts of series: itself for a sum, part and rest for a share; nothing for what is no count of anybody."""
        if self.kind == "sum":
            return (_signed(self.terms),)
        if self.kind not in {"share", "points_over"}:
            return ()
        part, rest = _signed(self.terms), _signed(self.whole)
        for series, sign in part.items():
            rest[series] = rest.get(series, 0) - sign
        return part, {series: sign for series, sign in rest.items() if sign}


def _signed(terms: tuple[str, ...]) -> dict[str, int]:
    return {term.removeprefix("-"): -1 if term.startswith("-") else 1 for term in terms}


def _sum(terms: tuple[str, ...], totals: Totals) -> int:
    return sum(sign * totals[series] for series, sign in _signed(terms).items())


def _total(of: Formula, totals: Totals) -> Value:
    return _sum(of.terms, totals)


def _share(of: Formula, totals: Totals) -> float | None:
    whole = _sum(of.whole, totals)
    return round(100 * _sum(of.terms, totals) / whole, 2) if whole else None


def _points_over(of: Formula, totals: Totals) -> Value:
    """Points a share lies over its target, below zero where it falls short."""
    reached = _share(of, totals)
    return None if reached is None else round(reached - of.target, 2)


def _short_of(of: Formula, totals: Totals) -> Value:
    """Persons a share falls short of its target."""
    return max(0, math.ceil(_sum(of.whole, totals) * of.target / 100) - _sum(of.terms, totals))


def _mean(of: Formula, totals: Totals) -> Value:
    count = _sum(of.whole, totals)
    return round(_sum(of.terms, totals) / count, 1) if count else None


def _days_waited(of: Formula, totals: Totals) -> Value:
    """Mean age, in days, of what is open at the end of the day: terms are what is open, the whole the days it was opened on."""
    still_open = _sum(of.terms, totals)
    return round(totals[DAY] - _sum(of.whole, totals) / still_open, 1) if still_open else None


def _median_days(of: Formula, totals: Totals) -> Value:
    """The working days within which half of all files were settled."""
    took = [sum(totals[f"{term}_days_{n:02}"] for term in of.terms) for n in range(DAYS_COUNTED_MAX + 1)]
    half, so_far = sum(took) / 2, 0
    for days, files in enumerate(took):
        so_far += files
        if files and so_far >= half:
            return days
    return None


KINDS: dict[str, Callable[[Formula, Totals], Value]] = {
    "sum": _total,
    "share": _share,
    "points_over": _points_over,
    "short_of": _short_of,
    "mean": _mean,
    "days_waited": _days_waited,
    "median_days": _median_days,
}
