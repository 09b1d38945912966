"""Half-open spans of days and months: what starts is in, what ends is out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month; as a number `YYYYMM`."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1900 <= self.year <= 9999 and 1 <= self.month <= 12):
            raise ValueError(f"not a month: {self.year}-{self.month}; expected years 1900 to 9999, months 1 to 12")

    @classmethod
    def of(cls, number: int) -> Month:
        """Return the month of a number `YYYYMM`; raises ValueError when it is none."""
        return cls(number // 100, number % 100)

    @classmethod
    def containing(cls, day: date) -> Month:
        """Return the month `day` lies in."""
        return cls(day.year, day.month)

    def number(self) -> int:
        """Return `YYYYMM`."""
        return self.year * 100 + self.month

    def plus(self, months: int) -> Month:
        """Return the month so many months later (earlier when negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    def first_day(self) -> date:
        """Return the first day of the month."""
        return date(self.year, self.month, 1)


@dataclass(frozen=True)
class DaySpan:
    """Days from `start` (in) until `end` (out)."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a span must end after it starts: {self.start} to {self.end}")

    def holds(self, day: date) -> bool:
        """Tell whether `day` lies in the span."""
        return self.start <= day < self.end

    def overlaps(self, other: DaySpan) -> bool:
        """Tell whether the two spans share a day."""
        return self.start < other.end and other.start < self.end
