"""What may be done to figures: count them."""

from __future__ import annotations

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor
from ansinh.reporting.series import SERIES, SERIES_BY_PROVINCE


@operation(permission="reporting.count")
def count_days(*, actor: Actor, reason: str) -> int:
    """Count every series day by day from raw rows, those of persons by province too, replacing what was counted before; returns how many days hold a figure."""
    days = 0
    execute("LOCK TABLE reporting_dailycount IN SHARE ROW EXCLUSIVE MODE")
    for series, query in SERIES.items():
        execute("DELETE FROM reporting_dailycount WHERE series = %s", [series])
        days += execute(
            f"INSERT INTO reporting_dailycount (series, day, count) SELECT %s, counted.* FROM ({query}) AS counted",
            [series],
        )
    execute("DELETE FROM reporting_provincecount")
    for series, query in SERIES_BY_PROVINCE.items():
        execute(
            f"INSERT INTO reporting_provincecount (series, province, day, count) SELECT %s, counted.* FROM ({query}) AS counted",
            [series],
        )
    note(days=days)
    return days
