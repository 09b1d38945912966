"""What must never be false about figures: the counters equal a recount."""

from __future__ import annotations

from datetime import timedelta

from ansinh.audit.check import CheckResult, check_by_query
from ansinh.reporting.pay_series import PUBLISHED_DIFFERENTLY
from ansinh.reporting.queries import counted, last_day_counted, recounted
from ansinh.reporting.series import SERIES

# Later verdicts of the same day may take back what earlier ones gave; a month may pay fewer persons than the one before.
_MAY_FALL = frozenset(series for series in SERIES if series.startswith(("people.", "pay.")))
_PUBLISHED = "SELECT count(*) FROM payments_indicator WHERE key <> 'account_share.amount'"


# A person without a province would be missing from the provinces' figures.
_PROVINCES = """
SELECT series FROM (
    SELECT series, sum(count) AS total, 0 AS of_provinces FROM reporting_dailycount
    WHERE series IN (SELECT DISTINCT series FROM reporting_provincecount) GROUP BY series
    UNION ALL
    SELECT series, 0, sum(count) FROM reporting_provincecount GROUP BY series
) AS both_ways GROUP BY series HAVING sum(total) <> sum(of_provinces)
"""


# What facilities made adds up to the nation's.
_FACILITIES = """
SELECT series FROM (
    SELECT series, sum(count) AS total, 0 AS of_facilities FROM reporting_dailycount
    WHERE series IN (SELECT DISTINCT series FROM reporting_facilitycount) GROUP BY series
    UNION ALL
    SELECT series, 0, sum(count) FROM reporting_facilitycount GROUP BY series
) AS both_ways GROUP BY series HAVING sum(total) <> sum(of_facilities)
"""


def checks() -> list[CheckResult]:
    """Compare every series with a recount from raw rows: closed days must be equal, the day still running may only have grown since."""
    day = last_day_counted()
    if day is None:
        return [CheckResult("reporting.figures_equal_recount", 0, [])]
    before = day - timedelta(days=1)
    ours, raw = counted(before), recounted(before)
    today, raw_today = counted(day), recounted(day)
    differing = [s for s in SERIES if ours[s] != raw[s] or (today[s] > raw_today[s] and s not in _MAY_FALL)]
    return [
        CheckResult("reporting.figures_equal_recount", len(SERIES), differing),
        check_by_query("reporting.provinces_add_up", "SELECT count(*) FROM reporting_provincecount", _PROVINCES),
        check_by_query("reporting.facilities_add_up", "SELECT count(*) FROM reporting_facilitycount", _FACILITIES),
        check_by_query("reporting.runs_published_what_they_paid", _PUBLISHED, PUBLISHED_DIFFERENTLY),
    ]
