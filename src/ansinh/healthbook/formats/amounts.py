"""Amounts that follow from other amounts: formulas of lines, totals of an episode. One wrong amount is told once, not again in all that follows from it.

Compared in floating point, which holds amounts of 15 digits far below the tolerance; nothing is booked from these figures.
"""

from __future__ import annotations

import json
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from ansinh.healthbook.formats.line_errors import Severity
from ansinh.healthbook.formats.package import Row
from ansinh.healthbook.formats.verdicts import Finding

# Each amount is rounded to two decimals, what it is worked out from too; beyond that it is told. Whole đồng are told, but not refused.
TOLERANCE = 0.0151
WHOLE_DONG = 0.5051
_SAME_SHARE = 1e-6

Numbers = dict[str, float]


@dataclass(frozen=True, slots=True)
class Formula:
    """How one amount of a line follows from the others."""

    field: str
    says: str
    product: tuple[str, ...]
    percent: tuple[str, ...]
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    less: str
    capped_by: str
    same_cause_as: str

    def expected(self, numbers: Numbers) -> float | None:
        """Return what the amount would be; None when something it follows from is missing or wrong."""
        try:
            if self.product:
                value = 1.0
                for name in self.product:
                    value *= numbers[name]
                for name in self.percent:
                    value *= numbers[name] / 100
                return value
            value = 0.0
            for name in self.plus:
                value += numbers[name]
            for name in self.minus:
                value -= numbers[name]
        except KeyError:
            return None
        return value

    def passes(self, found: float, expected: float, numbers: Numbers) -> bool:
        """Tell whether a differing amount is right all the same: capped, or less what others paid."""
        if self.capped_by and numbers.get(self.capped_by) and found < expected:
            return True
        other = numbers.get(self.less, 0.0) if self.less else 0.0
        return other > 0 and expected - other - TOLERANCE <= found <= expected + TOLERANCE


@dataclass(frozen=True, slots=True)
class Total:
    """An amount of XML1 and the columns it sums; rows are taken where a field is given, or has a value."""

    field: str
    says: str
    columns: dict[str, str]
    given: str
    where: tuple[str, str]


@cache
def _told() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(files(__package__).joinpath("amounts.json").read_text(encoding="utf-8"))
    return read


@cache
def formulas(table: str) -> tuple[Formula, ...]:
    """Return the formulas of a table's lines, in an order in which each follows from those before."""
    return tuple(
        Formula(
            one["field"],
            one["says"],
            tuple(one.get("product", ())),
            tuple(one.get("percent", ())),
            tuple(one.get("plus", ())),
            tuple(one.get("minus", ())),
            one.get("less", ""),
            one.get("capped_by", ""),
            one.get("same_cause_as", ""),
        )
        for one in _told()["lines"].get(table, ())
    )


@cache
def totals() -> tuple[Total, ...]:
    """Return the totals of XML1."""
    return tuple(
        Total(
            one["field"],
            one["says"],
            one["of"],
            one.get("given", ""),
            next(iter(one.get("where", {}).items()), ("", "")),
        )
        for one in _told()["totals"]
    )


@cache
def _names(table: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for one in formulas(table):
        for name in (one.field, *one.product, *one.percent, *one.plus, *one.minus, one.less, one.capped_by):
            if name:
                found[name] = None
    return tuple(found)


def numbers_of(row: Row, table: str, wrong: AbstractSet[str]) -> Numbers:
    """Return the amounts of a line that can be relied on."""
    return {name: float(row[name]) for name in _names(table) if name in row and name not in wrong}


def judge_line(numbers: Numbers, table: str) -> list[tuple[str, Finding]]:
    """Return what is wrong with a line's amounts; amounts found wrong are taken out of `numbers`, so that nothing is told twice."""
    found_wrong: list[tuple[str, Finding]] = []
    shares: dict[str, float] = {}
    tolerance = TOLERANCE
    for formula in formulas(table):
        found = numbers.get(formula.field)
        if found is None:
            continue
        expected = formula.expected(numbers)
        if expected is None or abs(found - expected) <= tolerance or formula.passes(found, expected, numbers):
            continue
        severity = Severity.WARN if abs(found - expected) <= WHOLE_DONG else Severity.REJECT
        if severity is Severity.WARN:
            tolerance = 2 * WHOLE_DONG  # what follows from a rounded amount is told with it
        if severity is Severity.REJECT:
            shares[formula.field] = found / expected if expected else 0.0
            del numbers[formula.field]
            same = shares.get(formula.same_cause_as)
            if same is not None and abs(same - shares[formula.field]) <= _SAME_SHARE * abs(same):
                continue
        values = (("found", plain(found)), ("expected", plain(expected)), ("formula", formula.says))
        found_wrong.append((formula.field, Finding("wrong_amount", values, severity)))
    return found_wrong


@dataclass(slots=True)
class Sums:
    """The lines of one episode, to hold its totals against; a total with an unsure part is not judged."""

    lines: list[tuple[str, Row, Numbers, AbstractSet[str]]] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)
    rounded: int = 0
    """Lines of which an amount was rounded to whole đồng."""

    def add(self, table: str, row: Row, numbers: Numbers, wrong: AbstractSet[str]) -> None:
        """Add a line; `numbers` hold what of it can be relied on."""
        self.lines.append((table, row, numbers, wrong))

    def doubt(self, table: str) -> None:
        """Judge no total that lines of this table are part of: not all of it could be read."""
        self.unsure.update(total.field for total in totals() if table in total.columns)

    def _sum(self, total: Total) -> float | None:
        """Sum the lines of a total; None when one of them cannot be relied on."""
        condition, value = total.where
        sum_so_far = 0.0
        for table, row, numbers, wrong in self.lines:
            column = total.columns.get(table)
            if column is None:
                continue
            if total.given in wrong:
                return None
            if total.given and total.given not in row:
                continue
            if condition:
                if condition in wrong or condition not in row:
                    return None
                if row[condition] != value:
                    continue
            amount = numbers.get(column)
            if amount is None:
                return None
            sum_so_far += amount
        return sum_so_far

    def judge(self, xml1: Row, wrong: AbstractSet[str]) -> list[tuple[str, Finding]]:
        """Return which totals of XML1 differ from the lines."""
        found_wrong: list[tuple[str, Finding]] = []
        tolerance = TOLERANCE + 0.01 * len(self.lines) + WHOLE_DONG * self.rounded
        for total in totals():
            if total.field in self.unsure or total.field in wrong or total.field not in xml1:
                continue
            found, expected = float(xml1[total.field]), self._sum(total)
            if expected is None:
                continue
            difference = abs(found - expected)
            if difference <= tolerance:
                continue
            severity = Severity.WARN if difference <= max(WHOLE_DONG, tolerance) else Severity.REJECT
            values = (("found", plain(found)), ("expected", plain(expected)), ("formula", total.says))
            found_wrong.append((total.field, Finding("wrong_total", values, severity)))
        return found_wrong


def plain(amount: float) -> str:
    """Return an amount as files write it, without needless zeros."""
    return f"{amount:.2f}".rstrip("0").rstrip(".")
