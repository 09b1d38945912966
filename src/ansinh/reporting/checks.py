"""What must never be false about figures: the counters equal a recount, for the nation and in each place."""

from __future__ import annotations

from ansinh.audit.check import CheckResult, check_by_query
from ansinh.reporting.counting import differing, moved_since_counted, recounted
from ansinh.reporting.pay_series import PAYMENTS, PUBLISHED_DIFFERENTLY
from ansinh.reporting.people_series import PERSONS
from ansinh.reporting.queries import counted, last_day_counted
from ansinh.reporting.sources import SERIES, SOURCES

# Later verdicts of the same day may take back what earlier ones gave; a month may pay fewer persons than the one before.
_MAY_FALL = frozenset((*PERSONS.series, *PAYMENTS.series))
_PUBLISHED = "SELECT count(*) FROM payments_indicator WHERE key <> 'account_share.amount'"


def _adding_up(table: str, only: str = "true") -> str:
    """Series whose parts are not, together, what the nation has: a person without a province would be missing from the provinces' figures."""
    return f"""
    SELECT series FROM (
        SELECT series, sum(count) AS total, 0 AS of_parts FROM reporting_dailycount
        WHERE series IN (SELECT series FROM {table} WHERE {only}) GROUP BY series
        UNION ALL
        SELECT series, 0, sum(count) FROM {table} WHERE {only} GROUP BY series
    ) AS both_ways GROUP BY series HAVING sum(total) <> sum(of_parts)
    """


def checks() -> list[CheckResult]:
    """Compare every counter with a recount from raw rows: days that are over must be equal, the day still running may only have grown since.

    Places of persons are compared while nobody has moved since the count; their sums always.
    """
    day = last_day_counted()
    if day is None:
        return [CheckResult("reporting.figures_equal_recount", 0, [])]
    ours, raw, moved = counted(day), recounted(day), moved_since_counted()
    wrong = {series for series in SERIES if ours[series] > raw[series] and series not in _MAY_FALL}
    for source in SOURCES:
        wrong |= differing(source, day, places=not (source.by_person and moved))
    return [
        CheckResult("reporting.figures_equal_recount", len(SERIES), [series for series in SERIES if series in wrong]),
        check_by_query(
            "reporting.provinces_add_up",
            "SELECT count(*) FROM reporting_provincecount",
            _adding_up("reporting_provincecount"),
        ),
        check_by_query(
            "reporting.kinds_and_channels_add_up",
            "SELECT count(*) FROM reporting_partcount",
            " UNION ".join(_adding_up("reporting_partcount", f"dimension = '{one}'") for one in ("kind", "channel")),
        ),
        check_by_query(
            "reporting.facilities_add_up",
            "SELECT count(*) FROM reporting_facilitycount",
            _adding_up("reporting_facilitycount"),
        ),
        check_by_query("reporting.runs_published_what_they_paid", _PUBLISHED, PUBLISHED_DIFFERENTLY),
    ]
