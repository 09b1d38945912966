"""General adjustments: pensions and allowances by decree, survivors and social pensions with the level of law they are counted from.

One way for one and for all: arrays of amounts go in, amounts and compact explanations come out. Source: Decree 75/2024/ND-CP; Decree 162/2026/ND-CP;
Law 41/2024/QH15 arts 22, 87; Decree 335/2026/ND-CP.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from ansinh.benefits.states import ADJUSTED_IN, Kind, Scope
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.period import Month
from ansinh.rules.adjusting import Pensions, adjust, basis_of, told
from ansinh.rules.calculation import ParameterUnknown
from ansinh.rules.explanations import Explanation, Step
from ansinh.rules.explanations.telling import parameter_applied
from ansinh.rules.law import amount as law_amount
from ansinh.rules.law import words
from ansinh.rules.variable import Bools, Ints

_LEVEL_OF = {Scope.SURVIVORS: "pay.reference_level", Scope.SOCIAL_PENSIONS: "social_pension.amount"}


class NothingToAdjust(ParameterUnknown):
    """The law raises nothing in that month."""

    code = "nothing_to_adjust"


@dataclass(frozen=True, slots=True)
class Raised:
    """Amounts after an adjustment, in the order of those before, each with its compact explanation."""

    amounts: Sequence[int]
    facts: Sequence[str]


def raise_amounts(scope: Scope, month: int, before: Ints, old: Bools, suspended: Bools) -> Raised:
    """Return what amounts in đồng become by the adjustment of a month; `old`: pensions of before the day the decree names. Raises ParameterUnknown."""
    if scope is Scope.PENSIONS:
        amounts: list[int] = []
        facts: list[str] = []
        for chunk in adjust(_text(month), [Pensions(before, old, suspended)]):
            amounts.extend(chunk.amount.tolist())
            facts.extend(chunk.compact())
        return Raised(amounts, facts)
    was, now = levels(scope, month)
    after = (before * now // was).tolist()
    head = f'{{"month":"{_text(month)}","level":"{_LEVEL_OF[scope]}","before":'
    rows = zip(before.tolist(), after, suspended.tolist(), strict=True)
    return Raised(after, [f'{head}{one},"after":{raised},"suspended":{kept:d}}}' for one, raised, kept in rows])


def levels(scope: Scope, month: int) -> tuple[int, int]:
    """Return the level of law before and from a month, in đồng; raises NothingToAdjust when it stays."""
    name = _LEVEL_OF[scope]
    then = Month.of(month)
    try:
        was, now = (law_amount(name, one.first_day()) for one in (then.plus(-1), then))
    except LookupError as error:
        raise _nothing(month) from error
    if was == now:
        raise _nothing(month)
    return was, now


def basis(scope: Scope, month: int) -> str:
    """Return the values of law an adjustment rests on, as JSON, to store once; raises NothingToAdjust when the law raises nothing in that month."""
    if scope is Scope.PENSIONS:
        try:
            found = basis_of(_text(month))
        except LookupError as error:
            raise _nothing(month) from error
        if not float(found.parameters[0].value):
            raise _nothing(month)
        return found.plain()
    levels(scope, month)
    applied = parameter_applied(_LEVEL_OF[scope], _text(month))
    return json.dumps({"month": _text(month), "parameters": [asdict(applied)]}, ensure_ascii=False, sort_keys=True)


def old_before(month: int) -> date:
    """Return the day before which a pension must have begun to be raised further in a month's adjustment."""
    return date.fromisoformat(words("pension.adjustment.old_until", Month.of(month).first_day()))


@dataclass(frozen=True, slots=True)
class Decrees:
    """The adjustments approved for one entitlement's kind, by month, with their acts. `opened_on`: the day its right began."""

    kind: Kind
    opened_on: date
    acts: Mapping[int, str]

    @property
    def months(self) -> Sequence[int]:
        """The months of those approved, in order."""
        return sorted(self.acts)

    def raised(self, month: int, before: int, *, suspended: bool) -> tuple[int, str]:
        """Return the amount after the adjustment of a month, and its compact explanation."""
        scope = ADJUSTED_IN[self.kind]
        old = self.kind is Kind.PENSION and scope is Scope.PENSIONS and self.opened_on < old_before(month)
        made = raise_amounts(scope, month, np.array([before]), np.array([old]), np.array([suspended]))
        return made.amounts[0], made.facts[0]


def explained(facts: Mapping[str, Any]) -> Explanation:
    """Return the derivation of an adjusted amount in both languages from its compact explanation."""
    if "level" not in facts:
        return told(json.dumps(facts))
    month = Month.of(int(str(facts["month"]).replace("-", "")))
    name = str(facts["level"])
    was = law_amount(name, month.plus(-1).first_day())
    applied = parameter_applied(name, str(facts["month"]))
    before, after = f"{facts['before']:,}".replace(",", "."), f"{facts['after']:,}".replace(",", ".")
    return Explanation(
        (
            Step(
                "level_raised",
                f"{applied.vi} tăng từ {was:,} đồng lên {applied.value:,} đồng".replace(",", ".")
                + f"; mức hưởng {before} đồng thành {after} đồng.",
                f"{applied.en} rose from {was:,} to {applied.value:,} đồng; the amount of {facts['before']:,} became {facts['after']:,} đồng.",
                int(facts["after"]),
                applied.reference,
                applied.reference_vi,
                (applied,),
            ),
        )
    )


def _text(month: int) -> str:
    return f"{month // 100}-{month % 100:02}"


def _nothing(month: int) -> NothingToAdjust:
    return NothingToAdjust(
        f"Không có văn bản nào nạp ở đây điều chỉnh mức hưởng từ tháng {month % 100:02}/{month // 100}.",
        f"No legal text loaded here raises amounts from {_text(month)}. Load its values first.",
        month=month,
    )


def scope_named(word: str) -> Scope:
    """Return a scope by its word; raises InvalidInput."""
    try:
        return Scope(word)
    except ValueError as error:
        known = ", ".join(Scope)
        raise InvalidInput(
            f"Phạm vi điều chỉnh là một trong: {known}.", f"The scope is one of: {known}.", field="scope"
        ) from error
