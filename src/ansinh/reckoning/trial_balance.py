"""The trial balance of a month: what stood on each account before, what moved, and what stands at its end, over both ledgers.

A month is that of the day an entry was made in Viet Nam. Both sides of every column are equal, or the books are broken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ansinh.database.sql import rows
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.period import Month
from ansinh.reckoning.chart import key_of, title_of

# Payments' ledger by the sums kept of it; the room's own, which is small, line by line.
LEDGER = """
SELECT account, posted_on, debit, credit FROM reckoning_sum
UNION ALL
SELECT account, posted_on, greatest(amount, 0), greatest(-amount, 0) FROM reckoning_posting
"""
_BALANCE = f"""
SELECT account, coalesce(sum(debit - credit) FILTER (WHERE posted_on < %(first)s), 0)::bigint,
    coalesce(sum(debit) FILTER (WHERE posted_on >= %(first)s), 0)::bigint, coalesce(sum(credit) FILTER (WHERE posted_on >= %(first)s), 0)::bigint
FROM ({LEDGER}) AS ledger WHERE posted_on < %(until)s GROUP BY account ORDER BY account
"""


@dataclass(frozen=True, slots=True)
class Line:
    """An account in đồng: balances with their side (plus debit, minus credit), and what was debited and credited in the month."""

    account: int
    key: str
    vi: str
    en: str
    opening: int
    debited: int
    credited: int

    @property
    def closing(self) -> int:
        """What stands at the month's end."""
        return self.opening + self.debited - self.credited


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """A month's accounts, in the order of their numbers."""

    month: int
    lines: tuple[Line, ...]

    def columns(self) -> tuple[int, int, int, int, int, int]:
        """Return the sums: opening debit and credit, debited and credited, closing debit and credit."""
        opening = [one.opening for one in self.lines]
        closing = [one.closing for one in self.lines]
        return (
            sum(one for one in opening if one > 0),
            -sum(one for one in opening if one < 0),
            sum(one.debited for one in self.lines),
            sum(one.credited for one in self.lines),
            sum(one for one in closing if one > 0),
            -sum(one for one in closing if one < 0),
        )

    @property
    def zero(self) -> bool:
        """Tell whether both sides of every column agree."""
        sums = self.columns()
        return all(sums[place] == sums[place + 1] for place in (0, 2, 4))


def trial_balance(month: int) -> TrialBalance:
    """Return the trial balance of a month (YYYYMM); refuses `invalid_input` a number that is no month."""
    try:
        first = Month.of(month)
    except ValueError:
        raise InvalidInput(
            "Tháng viết dạng YYYYMM, ví dụ 202507.", "A month is YYYYMM, such as 202507.", field="month"
        ) from None
    found = rows(_BALANCE, {"first": first.first_day(), "until": first.plus(1).first_day()})
    return TrialBalance(
        month, tuple(Line(int(a), key_of(int(a)), *title_of(int(a)), int(o), int(d), int(c)) for a, o, d, c in found)
    )


def last_day(month: int) -> date:
    """Return the last day of a month."""
    return Month.of(month).plus(1).first_day() - timedelta(days=1)
