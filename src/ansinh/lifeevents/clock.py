"""The legal clock of a step: working days from the moment it was asked for, pauses left out (Decree 63/2024)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ansinh.foundation.clock import VIET_NAM
from ansinh.places.queries import WorkingCalendar
from ansinh.rules.law import parameters

_ONE_DAY = timedelta(days=1)


def days_of(deadline: str, day: date) -> int | None:
    """Return a deadline in working days as in force on a day; None where no text sets it."""
    if not deadline:
        return None
    dated = [one for one in parameters()[deadline].history if one.day <= day]
    value = dated[-1].value if dated else None
    return value if isinstance(value, int) else None


def moved_by_pause(calendar: WorkingCalendar, due: date, paused_at: datetime, ended_at: datetime) -> date:
    """Return a last day moved on by the working days for which the clock stood still: from the day after the pause began to the one the answer counts from."""
    begun, ended = paused_at.astimezone(VIET_NAM).date(), calendar.counts_from(ended_at)
    lost = calendar.working_days_between(begun + _ONE_DAY, ended + _ONE_DAY)
    return calendar.add_working_days(due, lost) if lost else due
