"""The legal clock of a step: working days from the moment it was asked for, pauses left out (Decree 63/2024)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from ansinh.foundation.clock import VIET_NAM
from ansinh.places.queries import WorkingCalendar
from ansinh.rules.law import parameters

# When offices are open: a habit, no text of law says it for all.
OPENS, NOON, AFTERNOON, CLOSES = time(7, 30), time(11, 30), time(13, 30), time(17, 0)
_ONE_DAY = timedelta(days=1)


def days_of(deadline: str, day: date) -> int | None:
    """Return a deadline in working days as in force on a day; None where no text sets it."""
    dated = [one for one in parameters()[deadline].history if one.day <= day]
    value = dated[-1].value if dated else None
    return value if isinstance(value, int) else None


def due_on(calendar: WorkingCalendar, asked_at: datetime, days: int) -> date:
    """Return the last day of a step asked for at that moment; 0 days is the working day on which the request counts as received."""
    return calendar.add_working_days(calendar.counts_from(asked_at), days)


def moved_by_pause(calendar: WorkingCalendar, due: date, paused_at: datetime, ended_at: datetime) -> date:
    """Return a last day moved on by the working days for which the clock stood still: from the day after the pause began to the one the answer counts from."""
    begun, ended = paused_at.astimezone(VIET_NAM).date(), calendar.counts_from(ended_at)
    lost = calendar.working_days_between(begun + _ONE_DAY, ended + _ONE_DAY)
    return calendar.add_working_days(due, lost) if lost else due


def after_working_hours(calendar: WorkingCalendar, moment: datetime, hours: int) -> datetime:
    """Return the moment after so many working hours, such as the two within which a receipt is answered."""
    left, now = timedelta(hours=hours), moment.astimezone(VIET_NAM)
    while True:
        if calendar.is_working_day(now.date()):
            for opens, closes in ((OPENS, NOON), (AFTERNOON, CLOSES)):
                begin = max(now, datetime.combine(now.date(), opens, VIET_NAM))
                end = datetime.combine(now.date(), closes, VIET_NAM)
                if begin < end:
                    if end - begin >= left:
                        return begin + left
                    left -= end - begin
                    now = end
        now = datetime.combine(now.date() + _ONE_DAY, time(0), VIET_NAM)
