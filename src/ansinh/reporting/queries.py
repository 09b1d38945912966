"""The figures at any date, against any other date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ansinh.database.sql import row, rows
from ansinh.foundation.errors import NotFound
from ansinh.reporting.access_series import LOOKUPS
from ansinh.reporting.counting import recounted
from ansinh.reporting.formulas import DAY, Totals, Value
from ansinh.reporting.measuring import (
    NATION,
    Compared,
    Place,
    Point,
    by_part,
    by_province,
    compared,
    ends,
    trend,
)
from ansinh.reporting.open_data import last_whole_month, open_data
from ansinh.reporting.outreach import Commune, Published, communes, missing, published
from ansinh.reporting.people_series import PARTICIPANTS_BY_VERDICT
from ansinh.reporting.registry import CUT_OFFS, INDICATORS, Indicator, indicator
from ansinh.reporting.sources import SERIES, sources_of
from ansinh.reporting.suppression import is_small
from ansinh.reporting.tiles import on_tile, tiles

__all__ = [
    "CUT_OFFS",
    "NATION",
    "Commune",
    "Compared",
    "Indicator",
    "Place",
    "Point",
    "Published",
    "Value",
    "by_part",
    "by_province",
    "communes",
    "compared",
    "ends",
    "indicator",
    "last_whole_month",
    "missing",
    "on_tile",
    "open_data",
    "published",
    "recounted",
    "sources_of",
    "telling_of_few",
    "tiles",
    "trend",
]


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's value at the report's day and at the day it is compared with."""

    indicator: Indicator
    value: Value
    compare_value: Value


def figures(as_of: date, compare: date, province: str | None = None) -> list[Figure]:
    """Return every indicator at the end of both days, from the daily counters; of one province, those that provinces have."""
    now, then = values_on(as_of, province), values_on(compare, province)
    return [Figure(one, now[one.key], then[one.key]) for one in INDICATORS if one.key in now]


def telling_of_few(found: Sequence[Figure]) -> frozenset[str]:
    """Return the keys of figures that are not shown to everybody: counts that tell of few persons, and whatever is worked out from such."""
    few = [
        one.indicator
        for one in found
        if one.indicator.formula.kind == "sum"
        and one.indicator.small_cells == "hide"
        and any(is_small(int(value)) for value in (one.value, one.compare_value) if value is not None)
    ]
    series = {name for one in few for name in one.formula.series}
    derived = {
        one.indicator.key
        for one in found
        if one.indicator.formula.kind != "sum" and series & set(one.indicator.formula.series)
    }
    return frozenset(derived | {one.key for one in few})


def values_on(day: date, province: str | None = None) -> dict[str, Value]:
    """Return every indicator's value at the end of a day, by key, from the daily counters; of one province, those that provinces have."""
    totals = {**counted(day, province), DAY: day.toordinal()}
    return {one.key: one.value(totals) for one in INDICATORS if province is None or "province" in one.dimensions}


def figures_by_province(key: str, as_of: date) -> list[tuple[str, Value]]:
    """Return an indicator in each province at the end of a day, in the order of codes; raises NotFound for one that provinces do not have."""
    return [(one.part, one.value) for one in by_province(key, as_of, as_of)]


def participants_by_verdict() -> list[tuple[str, str, int]]:
    """Return how many participants have which verdict by which rule now; armed forces and duplicates are left out."""
    return [(verdict, rule, int(persons)) for verdict, rule, persons in rows(PARTICIPANTS_BY_VERDICT)]


@dataclass(frozen=True, slots=True)
class Lookups:
    """Look-ups of a facility, a province or a day: successful, unsuccessful, and of the successful those by citizen card and by card number."""

    of: str
    successful: int
    unsuccessful: int
    by_citizen_card: int
    by_card_number: int


LOOKUP_LINES_MAX = 20_000


def lookups_by(kind: str, since: date, until: date) -> list[Lookups]:
    """Return look-ups by `facility`, `province` or `day` from `since` to before `until`, in order; raises NotFound for another kind."""
    if kind not in {"facility", "province", "day"}:
        raise NotFound("Chỉ chia theo facility, province hoặc day.", "Look-ups are told by facility, province or day.")
    table = "reporting_facilitycount" if kind == "facility" else "reporting_provincecount"
    columns = ", ".join(
        f"coalesce(sum(count) FILTER (WHERE series = '{series}'), 0)::bigint" for series in LOOKUPS.series
    )
    found = rows(
        f"SELECT {kind}::text, {columns} FROM {table} WHERE series = ANY(%s) AND day >= %s AND day < %s GROUP BY 1 ORDER BY 1 LIMIT {LOOKUP_LINES_MAX}",
        [list(LOOKUPS.series), since, until],
    )
    return [Lookups(*one) for one in found]


def last_day_counted() -> date | None:
    """Return the last day that holds a figure, or None before the first count."""
    found = row("SELECT max(day) FROM reporting_dailycount")
    return found[0] if found else None


def counted(day: date, province: str | None = None) -> Totals:
    """Return each series' total up to the end of `day`, in the nation or one province, from the counters."""
    table, where = ("reporting_provincecount", "province = %s") if province else ("reporting_dailycount", "%s IS NULL")
    summed = rows(
        f"SELECT series, sum(count) FROM {table} WHERE day <= %s AND {where} GROUP BY series", [day, province]
    )
    found = {str(series): int(total) for series, total in summed}
    return {series: found.get(series, 0) for series in SERIES}
