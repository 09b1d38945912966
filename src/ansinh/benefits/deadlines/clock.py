"""The clock of a file as pure arithmetic: working days from receipt, pauses left out.

What comes in after 15:00, or on a day off, counts as received on the next working day (Decree 63/2024); the first day counted is the working day after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ansinh.foundation.clock import legal_day
from ansinh.places.queries import WorkingCalendar

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a file's clock stood still; `until` is None while it lasts."""

    since: datetime
    until: datetime | None = None

    def leaves_out(self, calendar: WorkingCalendar, day: date) -> bool:
        """Tell whether a day does not count: from the day after the pause began to the one on which the answer counts as received."""
        begun = day > legal_day(self.since)
        return begun and (self.until is None or day <= calendar.counts_from(self.until))


def counts(calendar: WorkingCalendar, received: datetime, pauses: Sequence[Pause], day: date) -> bool:
    """Tell whether a day counts towards the deadline of a file received at that moment."""
    if day <= calendar.counts_from(received) or not calendar.is_working_day(day):
        return False
    return not any(pause.leaves_out(calendar, day) for pause in pauses)


def days_used(calendar: WorkingCalendar, received: datetime, pauses: Sequence[Pause], until: date) -> int:
    """Return how many days count up to and with `until`; raises CalendarUnknown beyond the loaded years."""
    first = legal_day(received)
    days = (first + timedelta(days=n) for n in range((until - first).days + 1))
    return sum(counts(calendar, received, pauses, day) for day in days)


def due_on(calendar: WorkingCalendar, received: datetime, days: int, pauses: Sequence[Pause] = ()) -> date:
    """Return the last day of a deadline of `days` days that count; a pause that lasts is left out of account until it ends.

    Raises CalendarUnknown beyond the loaded years.
    """
    ended = [pause for pause in pauses if pause.until is not None]
    day, left = calendar.counts_from(received), days
    while left:
        day += _ONE_DAY
        left -= counts(calendar, received, ended, day)
    return day
