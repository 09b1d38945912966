"""The figures at any date, against any other date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from ansinh.reporting.registry import INDICATORS, Indicator, Totals
from ansinh.reporting.series import SERIES


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's value at the report's day and at the day it is compared with."""

    indicator: Indicator
    value: float | int | None
    compare_value: float | int | None


def figures(as_of: date, compare: date) -> list[Figure]:
    """Return every indicator at the end of both days, from the daily counters."""
    now, then = counted(as_of), counted(compare)
    return [Figure(indicator, indicator.value(now), indicator.value(then)) for indicator in INDICATORS]


def counted(day: date) -> Totals:
    """Return each series' total up to the end of `day`, from the counters."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT series, sum(count) FROM reporting_dailycount WHERE day <= %s GROUP BY series", [day])
        found = {str(series): int(total) for series, total in cursor.fetchall()}
    return {series: found.get(series, 0) for series in SERIES}


def recounted(day: date) -> Totals:
    """Return each series' total up to the end of `day`, from raw rows: slow, and the proof of the counters."""
    totals = {}
    with connection.cursor() as cursor:
        for series, query in SERIES.items():
            cursor.execute(f"SELECT coalesce(sum(gain), 0) FROM ({query}) AS counted (day, gain) WHERE day <= %s", [day])
            row = cursor.fetchone()
            totals[series] = int(row[0]) if row else 0
    return totals
