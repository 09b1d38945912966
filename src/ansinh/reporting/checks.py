"""What must never be false about figures: the counters equal a recount."""

from __future__ import annotations

from datetime import timedelta

from ansinh.audit.check import CheckResult
from ansinh.reporting.queries import counted, last_day_counted, recounted
from ansinh.reporting.series import SERIES

# Later verdicts of the same day may take back what earlier ones gave.
_MAY_FALL = frozenset(series for series in SERIES if series.startswith("people."))


def checks() -> list[CheckResult]:
    """Compare every series with a recount from raw rows: closed days must be equal, the day still running may only have grown since."""
    day = last_day_counted()
    if day is None:
        return [CheckResult("reporting.figures_equal_recount", 0, [])]
    before = day - timedelta(days=1)
    ours, raw = counted(before), recounted(before)
    today, raw_today = counted(day), recounted(day)
    differing = [s for s in SERIES if ours[s] != raw[s] or (today[s] > raw_today[s] and s not in _MAY_FALL)]
    return [CheckResult("reporting.figures_equal_recount", len(SERIES), differing)]
