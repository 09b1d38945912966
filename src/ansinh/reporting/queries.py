"""The figures at any date, against any other date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ansinh.database.sql import number, row, rows
from ansinh.foundation.errors import NotFound
from ansinh.reporting.health_series import SUBMISSIONS
from ansinh.reporting.outreach import Commune, Published, communes, missing, published
from ansinh.reporting.pay_series import PAYMENTS, PAYMENTS_BY_PROVINCE
from ansinh.reporting.registry import DAY, INDICATORS, Indicator, Totals
from ansinh.reporting.series import LOOKUPS, PARTICIPANTS_BY_VERDICT, SERIES, SERIES_BY_PROVINCE
from ansinh.reporting.service_series import SERVICES, SERVICES_BY_PROVINCE

__all__ = ["Commune", "Published", "communes", "missing", "published"]


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's value at the report's day and at the day it is compared with."""

    indicator: Indicator
    value: float | int | None
    compare_value: float | int | None


def figures(as_of: date, compare: date) -> list[Figure]:
    """Return every indicator at the end of both days, from the daily counters."""
    now, then = values_on(as_of), values_on(compare)
    return [Figure(indicator, now[indicator.key], then[indicator.key]) for indicator in INDICATORS]


def values_on(day: date) -> dict[str, float | int | None]:
    """Return every indicator's value at the end of a day, by key, from the daily counters."""
    totals = {**counted(day), DAY: day.toordinal()}
    return {indicator.key: indicator.value(totals) for indicator in INDICATORS}


def figures_by_province(key: str, as_of: date) -> list[tuple[str, float | int | None]]:
    """Return an indicator in each province at the end of a day, in the order of codes; raises NotFound for one that provinces do not have."""
    indicator = next((one for one in INDICATORS if one.key == key), None)
    totals: dict[str, Totals] = {}
    for province, series, total in rows(
        "SELECT province, series, sum(count) FROM reporting_provincecount WHERE day <= %s GROUP BY 1, 2 ORDER BY 1",
        [as_of],
    ):
        of_province = totals.setdefault(
            province,
            {
                **dict.fromkeys((*SERIES_BY_PROVINCE, *LOOKUPS, *SUBMISSIONS, *PAYMENTS, *SERVICES), 0),
                DAY: as_of.toordinal(),
            },
        )
        of_province[series] = int(total)
    try:
        if indicator is None:
            raise KeyError(key)
        return [(province, indicator.value(of_province)) for province, of_province in totals.items()]
    except KeyError as error:
        raise NotFound(f"Chỉ tiêu “{key}” không có theo tỉnh.", f"There is no “{key}” by province.") from error


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
    columns = ", ".join(f"coalesce(sum(count) FILTER (WHERE series = '{series}'), 0)::bigint" for series in LOOKUPS)
    found = rows(
        f"SELECT {kind}::text, {columns} FROM {table} WHERE series = ANY(%s) AND day >= %s AND day < %s GROUP BY 1 ORDER BY 1 LIMIT {LOOKUP_LINES_MAX}",
        [list(LOOKUPS), since, until],
    )
    return [Lookups(*one) for one in found]


def last_day_counted() -> date | None:
    """Return the last day that holds a figure, or None before the first count."""
    found = row("SELECT max(day) FROM reporting_dailycount")
    return found[0] if found else None


def counted(day: date) -> Totals:
    """Return each series' total up to the end of `day`, from the counters."""
    summed = rows("SELECT series, sum(count) FROM reporting_dailycount WHERE day <= %s GROUP BY series", [day])
    found = {str(series): int(total) for series, total in summed}
    return {series: found.get(series, 0) for series in SERIES}


def recounted(day: date) -> Totals:
    """Return each series' total up to the end of `day`, from raw rows: slow, and the proof of the counters."""
    found = {
        series: number(f"SELECT coalesce(sum(gain), 0) FROM ({query}) AS counted (day, gain) WHERE day <= %s", [day])
        for series, query in SERIES.items()
        if series not in PAYMENTS and series not in SERVICES
    }
    settled = rows(
        f"SELECT series, sum(count) FROM ({SERVICES_BY_PROVINCE}) AS settled WHERE day <= %s GROUP BY series", [day]
    )
    found |= dict.fromkeys(SERVICES, 0) | {str(series): int(total) for series, total in settled}
    paid = rows(
        f"SELECT series, sum(gain) FROM ({PAYMENTS_BY_PROVINCE}) AS paid WHERE day <= %s GROUP BY series", [day]
    )
    return found | dict.fromkeys(PAYMENTS, 0) | {str(series): int(total) for series, total in paid}
