"""Entries of the room's own ledger: an amount debited to one account and credited to another, on a day, about something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ansinh.database.sql import driver, rows

_INSERT = "COPY reckoning_posting (month, entry_id, account, person_id, kind, amount, posted_on, subject) FROM STDIN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry in đồng. A negative amount turns its sides round. `person_id` is 0 where it is about nobody."""

    kind: str
    debit: int
    credit: int
    amount: int
    subject: str
    person_id: int = 0


def post(on: date, entries: Sequence[Entry]) -> list[int]:
    """Enter them on a day and return their numbers; an entry of nothing is refused by the table."""
    if not entries:
        return []
    month = on.year * 100 + on.month
    rows("SELECT reckoning_ensure_month(%s)", [month])
    numbers = [
        int(one)
        for (one,) in rows("SELECT nextval('reckoning_entry_number') FROM generate_series(1, %s)", [len(entries)])
    ]
    with driver().cursor() as cursor, cursor.copy(_INSERT) as copy:
        for entry_id, one in zip(numbers, entries, strict=True):
            for account, amount in ((one.debit, one.amount), (one.credit, -one.amount)):
                copy.write_row((month, entry_id, account, one.person_id, one.kind, amount, on, one.subject))
    return numbers
