"""Between which amounts a contribution salary lies in a month, by the dated parameters of the law.

Sources: 41/2024/QH15 art. 31(1)(d): one to twenty reference levels from 1/7/2025; before that 58/2014/QH13 art. 89(3): at most twenty base salaries,
and at least the regional minimum wage, for State pay the base salary.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from openfisca_core.errors import ParameterNotFoundError

from ansinh.participation.declarations.troubles import LineTrouble, Trouble, month_shown, trouble
from ansinh.participation.timeline import Terms
from ansinh.rules.calculation import law

LAW_2024_FROM = 202507


@dataclass(frozen=True, slots=True)
class Limits:
    """The least and the most of a month, in đồng, and the article; None where the law held here has no value."""

    least: int | None
    most: int | None
    article: str


@lru_cache(maxsize=4_000)
def limits_of(month: int, pay: str, region: int) -> Limits:
    """Return the limits of a month (YYYYMM) for employer's or State pay in a region of the minimum wage."""
    now = law().get_parameters_at_instant(f"{month // 100:04}-{month % 100:02}-01")
    most = _product(lambda: now.contributions.salary_max * now.pay.reference_level)
    if month >= LAW_2024_FROM:
        least = _product(lambda: now.contributions.salary_min * now.pay.reference_level)
        return Limits(least, most, "41/2024/QH15 art. 31(1)(d)")
    of_state, of_region = (
        _product(lambda: now.pay.base_salary),
        _product(lambda: now.pay.regional_minimum[f"region_{region}"]),
    )
    return Limits(of_state if pay == "state" else of_region, most, "58/2014/QH13 art. 89")


def _product(value: object) -> int | None:
    assert callable(value)
    try:
        return int(value())
    except ParameterNotFoundError:
        return None


def held(terms: Terms, month: int, pay: str, region: int) -> tuple[Terms, list[Trouble]]:
    """Return terms with the wage held below the most of a month, and what to tell; raises LineTrouble for one below the least."""
    limits, wage = limits_of(month, pay, region), terms.wage
    if limits.least is None and limits.most is None:
        return terms, [trouble("limits_unknown", "wage", month=month_shown(month))]
    if limits.least is not None and wage < limits.least:
        facts = {"wage": _amount(wage), "least": _amount(limits.least), "month": month_shown(month)}
        raise LineTrouble(trouble("wage_below_minimum", "wage", law=limits.article, **facts))
    if limits.most is not None and wage > limits.most:
        told = trouble("wage_above_cap", "wage", wage=_amount(wage), most=_amount(limits.most), law=limits.article)
        return Terms(limits.most, terms.unemployment, terms.work, terms.pay, terms.rate), [told]
    return terms, []


def _amount(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
