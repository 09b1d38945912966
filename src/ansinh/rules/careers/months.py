"""A calendar month with arithmetic, for careers read one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month."""

    year: int
    month: int

    @property
    def index(self) -> int:
        """Return year × 12 + month − 1, so that differences are months."""
        return self.year * 12 + self.month - 1

    @classmethod
    def at(cls, index: int) -> Month:
        """Return the month of an index."""
        return cls(index // 12, index % 12 + 1)

    def first_day(self) -> date:
        """Return its first day."""
        return date(self.year, self.month, 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"
