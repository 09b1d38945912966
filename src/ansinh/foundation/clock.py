"""The clock is an argument: faces and schedules ask for the time, rooms receive it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

# Viet Nam keeps one zone without summer time; a fixed offset needs no zone database.
VIET_NAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Tells the agency's time."""

    def now(self) -> datetime:
        """Return the moment now, in UTC."""
        ...


def legal_day(moment: datetime) -> date:
    """Return the day on the calendar of Viet Nam at `moment`; legal days begin at midnight there."""
    return moment.astimezone(VIET_NAM).date()


@dataclass(frozen=True)
class RealClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class FixedClock:
    """A clock that stands still: batch work lived on behalf of one moment, and tests."""

    at: datetime

    def now(self) -> datetime:
        """Return the one moment this clock knows."""
        return self.at.astimezone(UTC)


@dataclass(frozen=True)
class NationClock:
    """The demo's clock: always the given day in Viet Nam, with the real time of day, so that invented people live in their own months."""

    day: date

    def now(self) -> datetime:
        """Return the real time of day on the nation's day, in UTC."""
        real = datetime.now(VIET_NAM)
        return real.replace(year=self.day.year, month=self.day.month, day=self.day.day).astimezone(UTC)
