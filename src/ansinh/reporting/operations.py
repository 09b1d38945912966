"""What may be done to figures: count them, and close days that are over."""

from __future__ import annotations

from datetime import date, timedelta

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import Refusal
from ansinh.reporting.counting import close_until, count_sources, reopen
from ansinh.reporting.former import load_former_services, load_former_submissions

__all__ = ["CLOSED_AFTER", "DayNotOver", "close_days", "count_days", "load_former_services", "load_former_submissions"]

# What was asked before midnight is in the database well before the next hour: requests are cut off within a minute.
CLOSED_AFTER = timedelta(hours=1)


class DayNotOver(Refusal):
    """A day that still runs, or whose last rows may not have come, cannot be closed."""

    code = "day_not_over"


@operation(permission="reporting.count")
def count_days(*, actor: Actor, reason: str, anew: bool = False) -> int:
    """Count every series day by day from raw rows, and return how many days hold a figure; days that are closed stay as they are unless asked `anew`.

    Each is counted for the nation and, where its rows tell them, by province, kind of commune, channel and facility: those of persons by where they live,
    look-ups and submissions by where the facility is, persons paid by where they are paid.
    """
    execute("LOCK TABLE reporting_dailycount IN SHARE ROW EXCLUSIVE MODE")
    if anew:
        reopen()
    days = count_sources()
    note(days=days)
    return days


@operation(permission="reporting.count")
def close_days(*, actor: Actor, reason: str, clock: Clock, until: date) -> int:
    """Count, then close every day before `until`: look-ups, reads and sign-ins of those days are not read again. Refuses `day_not_over`."""
    if legal_day(clock.now() - CLOSED_AFTER) < until:
        raise DayNotOver(
            f"Ngày {until - timedelta(days=1):%d/%m/%Y} chưa qua hẳn; khóa sổ được sau 1 giờ sáng hôm sau.",
            f"{until - timedelta(days=1):%d/%m/%Y} is not over; it can be closed after one o'clock of the next morning.",
        )
    execute("LOCK TABLE reporting_dailycount IN SHARE ROW EXCLUSIVE MODE")
    days = count_sources()
    close_until(until)
    note(until=until.isoformat(), days=days)
    return days
