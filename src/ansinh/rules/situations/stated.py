"""Facts about a person as people state them, read strictly: a field nobody knows is an error, never ignored."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import msgspec

from ansinh.foundation.errors import InvalidInput
from ansinh.rules.careers.averages import Average, Parameters, average_salary
from ansinh.rules.careers.months import Month
from ansinh.rules.careers.stretches import Pay, Stretch, Work, count

STRETCHES_MAX = 1_200
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class Contributions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"start": "from", "end": "until"}):
    """Months of contributions at one wage: `from` the first month to `until` the last, both in."""

    start: str
    end: str
    wage: int | None = None
    coefficient: float | None = None
    kind: Literal["employer", "state", "voluntary"] = "employer"
    work: Literal["normal", "heavy", "specially_heavy", "coal", "difficult_area"] = "normal"


class Insured(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An insured person: either `contributions` month by month, or totals."""

    born: str | int
    sex: Literal["female", "male"]
    contributions: tuple[Contributions, ...] = ()
    months: int | None = None
    compulsory_months: int | None = None
    voluntary_months: int = 0
    months_before_2014: int = 0
    missing_months_paid: int = 0
    heavy_months: int = 0
    specially_heavy_months: int = 0
    coal_months: int = 0
    months_after_retirement_age: int = 0
    first_month: str | None = None
    average_salary: int | None = None
    capacity_loss: int = 0
    occupational_hiv: bool = False
    commune_woman: bool = False
    treaty_career: bool = False
    floor_group: bool = True


def month_of(text: str, where: str) -> Month:
    """Return the month a text such as 2026-03 names; raises InvalidInput."""
    found = _MONTH.fullmatch(text)
    if found and 1 <= int(found[2]) <= 12 and 1900 <= int(found[1]) <= 2200:
        return Month(int(found[1]), int(found[2]))
    raise InvalidInput(
        f"{where}: “{text}” không phải là tháng. Ghi như 2026-03.",
        f"{where}: “{text}” is no month. Write it like 2026-03.",
        field=where,
    )


def day_of(text: str | int, where: str) -> date:
    """Return the day a text such as 1968-02-12 names; an unknown day is the 1st, an unknown month January. Raises InvalidInput."""
    found = _DAY.fullmatch(str(text))
    try:
        if found:
            return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        pass
    raise InvalidInput(
        f"{where}: “{text}” không phải là ngày. Ghi như 1968-02-12; không rõ ngày thì 1968-02 hoặc 1968.",
        f"{where}: “{text}” is no day. Write it like 1968-02-12; if the day is unknown 1968-02 or 1968.",
        field=where,
    )


def stretches_of(stated: Sequence[Contributions], where: str = "person.contributions") -> list[Stretch]:
    """Return contributions in order; raises InvalidInput when one ends before it begins, has no wage, or two overlap."""
    found = sorted((_stretch(one, f"{where}[{place}]") for place, one in enumerate(stated)), key=lambda one: one.start)
    for former, later in zip(found, found[1:], strict=False):
        if later.start < former.end:
            raise InvalidInput(
                f"{where}: hai đợt đóng trùng nhau từ tháng {later.start}. Mỗi tháng chỉ ghi một lần.",
                f"{where}: two stretches overlap from {later.start}. State each month once.",
                field=where,
            )
    return found


def _stretch(one: Contributions, where: str) -> Stretch:
    start, last = month_of(one.start, f"{where}.from"), month_of(one.end, f"{where}.until")
    if last < start:
        raise InvalidInput(
            f"{where}: kết thúc ({last}) trước khi bắt đầu ({start}).",
            f"{where}: it ends ({last}) before it begins ({start}).",
            field=where,
        )
    if (one.wage is None) == (one.coefficient is None):
        raise InvalidInput(
            f"{where}: ghi tiền lương (wage, đồng mỗi tháng) hoặc hệ số (coefficient), một trong hai.",
            f"{where}: state the wage (đồng a month) or the coefficient, one of the two.",
            field=where,
        )
    if one.wage is not None and one.wage < 0:
        raise InvalidInput(
            f"{where}.wage: tiền lương không thể âm.", f"{where}.wage: a wage is never negative.", field=where
        )
    hundredths = None if one.coefficient is None else round(one.coefficient * 100)
    return Stretch(start, Month.at(last.index + 1), one.wage, Pay(one.kind), Work(one.work), hundredths)


def _until(stretches: Sequence[Stretch], start: Month) -> list[Stretch]:
    """Return what lies before the month a benefit begins."""
    return [replace(one, end=min(one.end, start)) for one in stretches if one.start < start]


def facts_of(person: Insured, start: Month, parameters: Parameters) -> tuple[dict[str, Any], Average | None]:
    """Return the facts that formulas ask for, by name of variable, and how the average salary came about (None when it was stated).

    Raises InvalidInput, and OpenFisca's ParameterNotFoundError when the average needs a parameter that is not known.
    """
    facts: dict[str, Any] = {
        "birth_date": day_of(person.born, "person.born").isoformat(),
        "sex": person.sex,
        "capacity_loss": person.capacity_loss,
        "occupational_hiv": person.occupational_hiv,
        "commune_woman": person.commune_woman,
        "treaty_career": person.treaty_career,
        "floor_group": person.floor_group,
        "missing_months_paid": person.missing_months_paid,
        "months_after_retirement_age": person.months_after_retirement_age,
    }
    average = None
    if person.contributions:
        stretches = _until(stretches_of(person.contributions), start)
        counted = count(stretches) if stretches else None
        if counted is not None:
            facts |= {
                "compulsory_months": counted.compulsory,
                "voluntary_months": counted.voluntary,
                "months_before_2014": counted.before_2014,
                "heavy_months": counted.heavy,
                "specially_heavy_months": counted.specially_heavy,
                "coal_months": counted.coal,
                "first_contribution_month": counted.first.first_day().isoformat(),
            }
            if person.average_salary is None:
                average = average_salary(stretches, start, parameters)
                facts["average_salary"] = average.amount
    else:
        compulsory = person.compulsory_months if person.compulsory_months is not None else (person.months or 0)
        facts |= {
            "compulsory_months": compulsory,
            "voluntary_months": person.voluntary_months,
            "months_before_2014": person.months_before_2014,
            "heavy_months": person.heavy_months,
            "specially_heavy_months": person.specially_heavy_months,
            "coal_months": person.coal_months,
        }
        if person.first_month is not None:
            first = month_of(person.first_month, "person.first_month")
            facts["first_contribution_month"] = first.first_day().isoformat()
    if person.average_salary is not None:
        facts["average_salary"] = person.average_salary
    return facts, average


def last_month_of(person: Insured) -> Month | None:
    """Return the last month of stated contributions; None when only totals were stated."""
    stretches = stretches_of(person.contributions)
    return Month.at(stretches[-1].end.index - 1) if stretches else None


def paid_in(person: Insured, parameters: Parameters) -> int:
    """Return what was paid into the pension fund: a share of each month's wage (Law 41/2024/QH15 arts 33, 34); 0 when only totals were stated."""
    rate = parameters("2025-07-01").pension.missing_months.rate
    return sum(one.months * (one.wage or 0) * int(rate) // 100 for one in stretches_of(person.contributions))
