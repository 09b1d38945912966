"""Contributions as people state them: from a month to a month, or so many months of a year, each at a wage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import msgspec

from ansinh.foundation.errors import InvalidInput
from ansinh.rules.careers.months import Month
from ansinh.rules.careers.stretches import COEFFICIENT_UNIT, Pay, Stretch, Work
from ansinh.rules.situations.reading import month_of

WAGE_MAX = 10_000_000_000


class Contributions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"start": "from", "end": "until"}):
    """Months at one wage: `from` the first month `until` the last, both in; or `months` of a `year` (all twelve when left out)."""

    start: str | None = None
    end: str | None = None
    year: int | None = None
    months: int | None = None
    wage: int | None = None
    coefficient: float | None = None
    kind: Literal["employer", "state", "voluntary"] = "employer"
    work: Literal["normal", "heavy", "specially_heavy", "coal", "difficult_area"] = "normal"


def stretches_of(stated: Sequence[Contributions], where: str = "person.contributions") -> list[Stretch]:
    """Return contributions in order; raises InvalidInput when one ends before it begins, has no wage, or two overlap."""
    _check_years(stated, where)
    years = [one.year for one in stated if one.year is not None]
    taken: dict[int, int] = defaultdict(int)
    found = []
    for place, one in enumerate(stated):
        if one.year is None:
            found.append(_stretch(one, f"{where}[{place}]"))
        else:
            # Months of a year stand at its beginning; those of the first year at its end, because a career goes on from there.
            total = sum(other.months or 12 for other in stated if other.year == one.year)
            first = 13 - total if one.year == min(years) else 1
            found.append(_of_year(one, Month(one.year, 1).index + first - 1 + taken[one.year], f"{where}[{place}]"))
            taken[one.year] += found[-1].months
    found.sort(key=lambda one: one.start)
    for former, later in pairwise(found):
        if later.start < former.end:
            raise InvalidInput(
                f"{where}: hai đợt đóng trùng nhau từ tháng {later.start}. Mỗi tháng chỉ ghi một lần.",
                f"{where}: two stretches overlap from {later.start}. State each month once.",
                field=where,
            )
    return found


def _check_years(stated: Sequence[Contributions], where: str) -> None:
    months: dict[int, int] = defaultdict(int)
    for place, one in enumerate(stated):
        if one.year is None:
            continue
        months[one.year] += 12 if one.months is None else one.months
        sound = 1900 <= one.year <= 2200 and (one.months is None or one.months > 0)
        if not sound or months[one.year] > 12 or one.start is not None or one.end is not None:
            raise InvalidInput(
                f"{where}[{place}]: mỗi năm có từ 1 đến 12 tháng đóng, và không ghi from, until cùng với year.",
                f"{where}[{place}]: a year has 1 to 12 months in all, and from and until do not stand beside year.",
                field=where,
            )


def _stretch(one: Contributions, where: str) -> Stretch:
    if one.start is None or one.end is None or one.months is not None:
        raise InvalidInput(
            f"{where}: ghi from và until (tháng đầu, tháng cuối), hoặc year và months.",
            f"{where}: state from and until (first and last month), or year and months.",
            field=where,
        )
    start, last = month_of(one.start, f"{where}.from"), month_of(one.end, f"{where}.until")
    if last < start:
        raise InvalidInput(
            f"{where}: kết thúc ({last}) trước khi bắt đầu ({start}).",
            f"{where}: it ends ({last}) before it begins ({start}).",
            field=where,
        )
    return _paid(one, start, Month.at(last.index + 1), where)


def _of_year(one: Contributions, start: int, where: str) -> Stretch:
    return _paid(one, Month.at(start), Month.at(start + (one.months or 12)), where)


def _paid(one: Contributions, start: Month, end: Month, where: str) -> Stretch:
    if (one.wage is None) == (one.coefficient is None):
        raise InvalidInput(
            f"{where}: ghi tiền lương (wage, đồng mỗi tháng) hoặc hệ số (coefficient), một trong hai.",
            f"{where}: state the wage (đồng a month) or the coefficient, one of the two.",
            field=where,
        )
    if not 0 <= (one.wage or 0) <= WAGE_MAX or not 0 <= (one.coefficient or 0) <= 100:
        raise InvalidInput(
            f"{where}: tiền lương từ 0 đến {WAGE_MAX:,} đồng, hệ số từ 0 đến 100.",
            f"{where}: a wage is 0 to {WAGE_MAX:,} đồng, a coefficient 0 to 100.",
            field=where,
        )
    coefficient = None if one.coefficient is None else round(one.coefficient * COEFFICIENT_UNIT)
    return Stretch(start, end, one.wage, Pay(one.kind), Work(one.work), coefficient)


def until(stretches: Sequence[Stretch], start: Month) -> list[Stretch]:
    """Return what lies before the month a benefit begins."""
    return [replace(one, end=min(one.end, start)) for one in stretches if one.start < start]
