"""What may be done to figures: count them."""

from __future__ import annotations

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor
from ansinh.reporting.pay_series import PAYMENTS, PAYMENTS_BY_PROVINCE
from ansinh.reporting.series import LOOKUPS, LOOKUPS_BY_FACILITY, SERIES, SERIES_BY_PROVINCE


@operation(permission="reporting.count")
def count_days(*, actor: Actor, reason: str) -> int:
    """Count every series day by day from raw rows, replacing what was counted before; returns how many days hold a figure.

    Those of persons are counted by the province they live in too, look-ups by facility and its province, persons paid by the province they are paid in.
    """
    days = 0
    execute("LOCK TABLE reporting_dailycount IN SHARE ROW EXCLUSIVE MODE")
    for series, query in SERIES.items():
        if series in LOOKUPS or series in PAYMENTS:
            continue
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
    days += _count_lookups() + _count_payments()
    note(days=days)
    return days


def _count_lookups() -> int:
    """Count look-ups by facility in one reading of the raw rows, and add facilities up to provinces and the nation."""
    execute("DELETE FROM reporting_facilitycount")
    execute(f"INSERT INTO reporting_facilitycount (series, facility, day, count) {LOOKUPS_BY_FACILITY}")
    execute(
        """
        INSERT INTO reporting_provincecount (series, province, day, count)
        SELECT c.series, coalesce(f.province, '00'), c.day, sum(c.count) FROM reporting_facilitycount c
        LEFT JOIN places_facility f ON f.code = c.facility GROUP BY 1, 2, 3
        """
    )
    execute("DELETE FROM reporting_dailycount WHERE series = ANY(%s)", [list(LOOKUPS)])
    return execute(
        "INSERT INTO reporting_dailycount (series, day, count) SELECT series, day, sum(count) FROM reporting_facilitycount GROUP BY series, day"
    )


def _count_payments() -> int:
    """Count persons paid by province in one reading of the raw rows, and add provinces up to the nation."""
    execute(f"INSERT INTO reporting_provincecount (series, province, day, count) {PAYMENTS_BY_PROVINCE}")
    execute("DELETE FROM reporting_dailycount WHERE series = ANY(%s)", [list(PAYMENTS)])
    return execute(
        """
        INSERT INTO reporting_dailycount (series, day, count)
        SELECT series, day, sum(count) FROM reporting_provincecount WHERE series = ANY(%s) GROUP BY series, day
        """,
        [list(PAYMENTS)],
    )
