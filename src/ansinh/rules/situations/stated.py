"""Facts about a person as people state them, read strictly: a field nobody knows is an error, never ignored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
import numpy as np

from ansinh.foundation.errors import InvalidInput
from ansinh.rules.careers.averages import Average, Parameters, average_salary, wage_of
from ansinh.rules.careers.months import Month
from ansinh.rules.careers.stretches import Counted, Stretch, Work, count
from ansinh.rules.situations.contributions import Contributions, stretches_of, until
from ansinh.rules.situations.reading import age_of, day_of, month_of
from ansinh.rules.variable import percent_of
from ansinh.rules.variables.retirement import age_in_year, month_reached

MONTHS_MAX = 1_200
AMOUNT_MAX = 10_000_000_000


class Insured(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An insured person: either `contributions` by month or year, or totals. Without `born` or `age` the retirement age is taken as reached."""

    born: str | int | None = None
    age: str | int | None = None
    sex: Literal["female", "male"] = "female"
    contributions: tuple[Contributions, ...] = ()
    years: int | None = None
    months: int | None = None
    compulsory_months: int | None = None
    voluntary_months: int = 0
    months_before_2014: int = 0
    missing_months_paid: int = 0
    heavy_months: int = 0
    specially_heavy_months: int = 0
    coal_months: int = 0
    treaty_months: int = 0
    months_after_retirement_age: int | None = None
    first_month: str | None = None
    first_voluntary_month: str | None = None
    last_salary: int | None = None
    average_salary: int | None = None
    capacity_loss: int = 0
    occupational_hiv: bool = False
    commune_woman: bool = False
    floor_group: bool = True
    work_ended: str | int | None = None
    medical_conclusion: str | int | None = None
    missing_months_paid_on: str | int | None = None


_TOTALS = ("years", "months", "compulsory_months", "first_month", "first_voluntary_month")
_COUNTS = ("voluntary_months", "months_before_2014", "heavy_months", "specially_heavy_months", "coal_months")
_DAYS = {
    "work_ended": "work_ended_on",
    "medical_conclusion": "medical_conclusion_on",
    "missing_months_paid_on": "missing_months_paid_on",
}
_PLAIN = (
    "sex",
    "capacity_loss",
    "occupational_hiv",
    "commune_woman",
    "floor_group",
    "missing_months_paid",
    "treaty_months",
)


def facts_of(person: Insured, start: Month, parameters: Parameters) -> tuple[dict[str, Any], Average | None]:
    """Return the facts that formulas ask for, by name of variable, and how the average salary came about (None when it was stated).

    Raises InvalidInput, and OpenFisca's ParameterNotFoundError when the average needs a parameter that is not known.
    """
    _check(person)
    facts: dict[str, Any] = {name: getattr(person, name) for name in _PLAIN}
    facts["birth_date"] = _born(person, start, parameters)
    for field, fact in _DAYS.items():
        if (stated := getattr(person, field)) is not None:
            facts[fact] = day_of(stated, f"person.{field}").isoformat()
    average = None
    stretches = until(stretches_of(person.contributions), start)
    if stretches:
        split = month_of(str(parameters(str(start.first_day())).one_off.second_period_from), "second_period_from")
        facts |= _counted(count(stretches, split))
        facts["last_salary"] = wage_of(stretches[-1], Month.at(stretches[-1].end.index - 1), parameters)
        facts["months_after_retirement_age"] = _after_age(facts, stretches, parameters, start)
        if person.average_salary is None:
            average = average_salary(stretches, start, parameters)
            facts["average_salary"] = average.amount
    elif not person.contributions:
        facts |= _totals(person)
    for name in ("average_salary", "last_salary", "months_after_retirement_age"):
        if (stated := getattr(person, name)) is not None:
            facts[name] = stated
    return facts, average


def _check(person: Insured) -> None:
    """Refuse counts below nothing, percentages above a hundred, and totals that say again what the contributions say."""
    for name in msgspec.structs.asdict(person):
        value = getattr(person, name)
        most = 100 if name.endswith("_loss") else AMOUNT_MAX if name.endswith(("salary", "pension")) else MONTHS_MAX
        counted = isinstance(value, int) and not isinstance(value, bool) and name not in {"born", "age", *_DAYS}
        if counted and not 0 <= value <= most:
            raise InvalidInput(
                f"person.{name}: phải từ 0 đến {most:,}.",
                f"person.{name}: must be 0 to {most:,}.",
                field=f"person.{name}",
            )
    stated = [name for name in _TOTALS if getattr(person, name) is not None] + [
        name for name in _COUNTS if getattr(person, name)
    ]
    if person.contributions and stated:
        raise InvalidInput(
            f"person: ghi contributions hoặc tổng số ({', '.join(stated)}), không ghi cả hai.",
            f"person: state contributions or totals ({', '.join(stated)}), not both.",
            field="person.contributions",
        )
    if person.born is not None and person.age is not None:
        raise InvalidInput("person: ghi born hoặc age.", "person: state born or age, not both.", field="person.age")


def _born(person: Insured, start: Month, parameters: Parameters) -> str:
    """Return the birth date; from an age at retirement, or, when nothing is said, such that the retirement age is just reached."""
    if person.born is not None:
        return day_of(person.born, "person.born").isoformat()
    last = start.index - 1
    if person.age is not None:
        return Month.at(last - age_of(person.age, "person.age")).first_day().isoformat()
    just_reached = int(age_in_year(parameters, last // 12, np.array([person.sex == "male"]))[0])
    return Month.at(last - just_reached).first_day().isoformat()


def _counted(counted: Counted) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "compulsory_months": counted.compulsory,
        "voluntary_months": counted.voluntary,
        "months_before_2014": counted.before_2014,
        "heavy_months": counted.heavy,
        "specially_heavy_months": counted.specially_heavy,
        "coal_months": counted.coal,
        "first_contribution_month": counted.first.first_day().isoformat(),
    }
    if counted.first_voluntary is not None:
        facts["first_voluntary_month"] = counted.first_voluntary.first_day().isoformat()
    return facts


def _totals(person: Insured) -> dict[str, Any]:
    total = 12 * (person.years or 0) + (person.months or 0)
    compulsory = person.compulsory_months
    if compulsory is None:
        compulsory = max(total - person.voluntary_months, 0) if total else 0
    facts: dict[str, Any] = {name: getattr(person, name) for name in _COUNTS}
    facts["compulsory_months"] = compulsory
    # Specially heavy work is heavy work too, whether or not it was counted there.
    facts["heavy_months"] = max(person.heavy_months, person.specially_heavy_months)
    first = person.first_month or person.first_voluntary_month
    if first is not None:
        facts["first_contribution_month"] = month_of(first, "person.first_month").first_day().isoformat()
    if person.first_voluntary_month is not None:
        voluntary = month_of(person.first_voluntary_month, "person.first_voluntary_month")
        facts["first_voluntary_month"] = voluntary.first_day().isoformat()
    return facts


def _after_age(facts: dict[str, Any], stretches: Sequence[Stretch], parameters: Parameters, start: Month) -> int:
    """Return how many months were paid after the month in which the retirement age was reached."""
    lower = parameters(str(start.first_day())).retirement.lower
    coal = sum(one.months for one in stretches if one.work is Work.COAL)
    heavy = facts["heavy_months"] + coal
    least = lower.special_months_min
    months = lower.coal if coal >= least else lower.heavy if heavy >= least else 0
    birth = month_of(facts["birth_date"], "person.born").index
    male = np.array([facts["sex"] == "male"])
    reached = int(month_reached(parameters, np.array([birth]), male, np.array([months]))[0])
    return sum(max(0, one.end.index - max(one.start.index, reached + 1)) for one in stretches)


def last_month_of(person: Insured) -> Month | None:
    """Return the last month of stated contributions; None when only totals were stated."""
    stretches = stretches_of(person.contributions)
    return Month.at(stretches[-1].end.index - 1) if stretches else None


def paid_in(person: Insured, facts: dict[str, Any], start: Month, parameters: Parameters) -> int:
    """Return what was paid into the pension fund: a share of each month's wage, or of the average salary when only totals were stated.

    Source: Law 41/2024/QH15 arts 33, 34, 70(3)(c); Law 58/2014/QH13 art. 60(2).
    """
    rate = float(parameters(str(start.first_day())).pension.missing_months.rate)
    stretches = until(stretches_of(person.contributions), start)
    if stretches:
        wages = sum(wage_of(one, month, parameters) for one in stretches for month in one.each_month())
    else:
        wages = facts.get("average_salary", 0) * (facts["compulsory_months"] + facts["voluntary_months"])
    return int(percent_of(np.array([wages]), rate)[0])
