"""The legal working-day calendar as a pure value. Offices of the State work Monday to Friday (Decision 188/1999/QD-TTg); deadlines of
procedures count working days; what comes in after 15:00 counts from the next one (Decree 63/2024)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ansinh.foundation.clock import VIET_NAM
from ansinh.foundation.errors import Refusal
from ansinh.foundation.period import DaySpan

RECEIVED_SAME_DAY_UNTIL = time(15, 0)
# Hours in which the State's offices work; a province may set its own, and none is known here.
OFFICE_HOURS = ((time(8), time(12)), (time(13), time(17)))
# No legal deadline of the agency is longer than a few months; more is a mistake of the caller.
WORKING_DAYS_MAX = 400
_ONE_DAY = timedelta(days=1)


class CalendarUnknown(Refusal):
    """The day lies in a year whose holidays are not announced or not loaded."""

    code = "calendar_unknown"


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked: weekdays but for `off`, and the weekend days in `worked`; nothing is known outside `known`."""

    off: frozenset[date]
    worked: frozenset[date]
    known: DaySpan

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on `day`; raises CalendarUnknown outside the known years (Labour Code 2019 art. 111, 112)."""
        if not self.known.holds(day):
            last = self.known.end - _ONE_DAY
            raise CalendarUnknown(
                f"Lịch làm việc chỉ có từ {self.known.start:%d/%m/%Y} đến {last:%d/%m/%Y}; hãy nạp lịch nghỉ của năm {day.year}.",
                f"The working calendar reaches from {self.known.start} to {last}; load the holidays of {day.year}.",
                year=day.year,
            )
        return day in self.worked or (day.weekday() < 5 and day not in self.off)

    def add_working_days(self, day: date, days: int) -> date:
        """Return the `days`-th working day after `day` (before, when negative); 0 returns the first working day from `day` on.

        Raises CalendarUnknown outside the known years, ValueError beyond WORKING_DAYS_MAX.
        """
        if abs(days) > WORKING_DAYS_MAX:
            raise ValueError(f"{days} working days; at most {WORKING_DAYS_MAX} can be counted")
        if days == 0:
            while not self.is_working_day(day):
                day += _ONE_DAY
            return day
        step, left = (_ONE_DAY, days) if days > 0 else (-_ONE_DAY, -days)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Return how many working days lie in the half-open span from `start` to `end`; 0 when `end` is not later."""
        return sum(self.is_working_day(start + timedelta(days=n)) for n in range((end - start).days))

    def counts_from(self, received_at: datetime) -> date:
        """Return the working day on which something received at that moment counts as received.

        After 15:00 in Viet Nam, or on a day off, it is the next working day (Decree 63/2024).
        """
        local = received_at.astimezone(VIET_NAM)
        late = local.time() > RECEIVED_SAME_DAY_UNTIL
        return self.add_working_days(local.date() + _ONE_DAY if late else local.date(), 0)

    def due_on(self, received_at: datetime, days: int) -> date:
        """Return the last day of a deadline of `days` working days for something received at that moment."""
        return self.add_working_days(self.counts_from(received_at), days)

    def due_at(self, received_at: datetime, hours: int) -> datetime:
        """Return the moment by which `hours` working hours have passed since something was received; after 15:00 they begin next morning (Decree 63/2024)."""
        local = received_at.astimezone(VIET_NAM)
        day, left = self.counts_from(received_at), timedelta(hours=hours)
        begun = local if day == local.date() else datetime.combine(day, time.min, VIET_NAM)
        while True:
            for opens, closes in OFFICE_HOURS:
                start, end = (datetime.combine(day, at, VIET_NAM) for at in (opens, closes))
                start = max(start, begun)
                if start + left <= end:
                    return start + left
                left -= max(end - start, timedelta(0))
            day = self.add_working_days(day, 1)
