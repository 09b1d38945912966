"""What may be done to figures: count them."""

from __future__ import annotations

from collections.abc import Collection

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, rows
from ansinh.foundation.actor import Actor
from ansinh.reporting.former import load_former_services, load_former_submissions
from ansinh.reporting.health_series import SUBMISSIONS, SUBMISSIONS_BY_FACILITY
from ansinh.reporting.pay_series import PAYMENTS, PAYMENTS_COUNTED, PERSONS_COUNTED, STALE_MONTHS
from ansinh.reporting.series import LOOKUPS, LOOKUPS_BY_FACILITY, SERIES, SERIES_BY_PROVINCE
from ansinh.reporting.service_series import SERVICES, SERVICES_BY_PROVINCE

__all__ = ["count_days", "load_former_services", "load_former_submissions"]

_COUNTED_APART = frozenset((*LOOKUPS, *PAYMENTS, *SUBMISSIONS, *SERVICES))


@operation(permission="reporting.count")
def count_days(*, actor: Actor, reason: str) -> int:
    """Count every series day by day from raw rows, replacing what was counted before; returns how many days hold a figure.

    Those of persons are counted by the province they live in too, look-ups and submissions by facility and its province, persons paid by the
    province they are paid in.
    """
    days = 0
    execute("LOCK TABLE reporting_dailycount IN SHARE ROW EXCLUSIVE MODE")
    for series, query in SERIES.items():
        if series in _COUNTED_APART:
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
    days += _count_by_facility() + _count_payments() + _count_services()
    note(days=days)
    return days


def _count_by_facility() -> int:
    """Count look-ups and submissions by facility, each in one reading of the raw rows, and add facilities up to provinces and the nation."""
    execute("DELETE FROM reporting_facilitycount")
    for query in (LOOKUPS_BY_FACILITY, SUBMISSIONS_BY_FACILITY):
        execute(f"INSERT INTO reporting_facilitycount (series, facility, day, count) {query}")
    execute(
        """
        INSERT INTO reporting_provincecount (series, province, day, count)
        SELECT c.series, coalesce(f.province, '00'), c.day, sum(c.count) FROM reporting_facilitycount c
        LEFT JOIN places_facility f ON f.code = c.facility GROUP BY 1, 2, 3
        """
    )
    execute("DELETE FROM reporting_dailycount WHERE series = ANY(%s)", [[*LOOKUPS, *SUBMISSIONS]])
    return execute(
        "INSERT INTO reporting_dailycount (series, day, count) SELECT series, day, sum(count) FROM reporting_facilitycount GROUP BY series, day"
    )


def _count_payments() -> int:
    """Count persons paid in months that have a run not counted yet, and add provinces up to the nation. What a closed run published never changes."""
    stale = [int(month) for (month,) in rows(STALE_MONTHS)]
    if stale:
        execute("DELETE FROM reporting_paidcount WHERE month = ANY(%s)", [stale])
        execute(
            f"INSERT INTO reporting_paidcount (once, month, run_id, series, province, day, persons) {PERSONS_COUNTED}",
            {"months": stale},
        )
    execute(f"INSERT INTO reporting_provincecount (series, province, day, count) {PAYMENTS_COUNTED}")
    execute("DELETE FROM reporting_dailycount WHERE series = ANY(%s)", [list(PAYMENTS)])
    return _add_provinces_up(PAYMENTS)


def _count_services() -> int:
    """Count files of services by province in one reading of the raw rows, and add provinces up to the nation."""
    execute(f"INSERT INTO reporting_provincecount (series, province, day, count) {SERVICES_BY_PROVINCE}")
    execute("DELETE FROM reporting_dailycount WHERE series = ANY(%s)", [list(SERVICES)])
    return _add_provinces_up(SERVICES)


def _add_provinces_up(series: Collection[str]) -> int:
    return execute(
        """
        INSERT INTO reporting_dailycount (series, day, count)
        SELECT series, day, sum(count) FROM reporting_provincecount WHERE series = ANY(%s) GROUP BY series, day
        """,
        [list(series)],
    )
