"""What may be done to figures: count them."""

from __future__ import annotations

from django.db import connection

from ansinh.audit.operation import note, operation
from ansinh.foundation.actor import Actor
from ansinh.reporting.series import SERIES


@operation(permission="reporting.count")
def count_days(*, actor: Actor, reason: str) -> int:
    """Count every series day by day from raw rows, replacing what was counted before; returns how many days hold a figure."""
    days = 0
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE reporting_dailycount IN SHARE ROW EXCLUSIVE MODE")
        for series, query in SERIES.items():
            cursor.execute("DELETE FROM reporting_dailycount WHERE series = %s", [series])
            cursor.execute(f"INSERT INTO reporting_dailycount (series, day, count) SELECT %s, * FROM ({query}) AS counted", [series])
            days += cursor.rowcount
    note(days=days)
    return days
