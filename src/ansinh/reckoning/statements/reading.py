"""A file of a bank read for statements of our account (camt.053): balances, sums of what was booked, and money that names no payment of ours."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from ansinh.payments.messages.found import About, Balance, LineAnswer, Movement, Outcome, Parked
from ansinh.payments.messages.reading import kind_of, read_answer

STATEMENT = "BkToCstmrStmt"
RECEIPTS_MAX = 10_000
TEXT_LENGTH_MAX = 140


@dataclass(frozen=True, slots=True)
class Credit:
    """Money that came and names no payment of ours, in đồng."""

    booked_on: date | None
    amount: int
    reference: str
    words: str | None


@dataclass(slots=True)
class Told:
    """One statement as the bank tells it, in đồng; balances it does not tell are None. `unread` parts could not be understood."""

    statement: str | None
    account: str | None = None
    on_day: date | None = None
    opening: int | None = None
    closing: int | None = None
    came_in: int = 0
    went_out: int = 0
    lines: int = 0
    unread: int = 0
    credits: list[Credit] = field(default_factory=list)


def is_statement(body: bytes) -> bool:
    """Tell whether a file is one of statements; raises Unreadable for what is no sound message."""
    return kind_of(io.BytesIO(body)) == STATEMENT


def told_in(body: bytes) -> Iterator[Told]:
    """Yield the statements of a file in its order; raises Unreadable. Nothing an entry says is guessed: what is unclear is counted as unread."""
    told: Told | None = None
    for found in read_answer(io.BytesIO(body)):
        if isinstance(found, About):
            if told is not None:
                yield told
            told = Told(found.original_message_id)
        elif told is not None:
            _add(told, found)
    if told is not None:
        yield told


def _add(told: Told, found: Balance | LineAnswer | Movement | Parked) -> None:
    if isinstance(found, Parked):
        told.unread += 1
        return
    if isinstance(found, Balance):
        told.account = told.account or found.account
        if found.kind == "opening":
            told.opening = found.amount
            told.on_day = told.on_day or found.on
        else:
            told.closing = found.amount
            told.on_day = found.on or told.on_day
        return
    told.lines += 1
    if isinstance(found, LineAnswer):
        came, amount = found.outcome is Outcome.RETURNED, found.amount or 0
    else:
        came, amount = found.amount > 0, abs(found.amount)
    if not came:
        told.went_out += amount
        return
    told.came_in += amount
    if isinstance(found, Movement) and amount:
        _keep(told, found, amount)


def _keep(told: Told, found: Movement, amount: int) -> None:
    """Keep an inflow; beyond what anybody looks at one by one the rest is one sum, so that no đồng is lost."""
    reference = (found.reference or f"{told.statement or ''}/{told.lines}")[:TEXT_LENGTH_MAX]
    if len(told.credits) < RECEIPTS_MAX:
        told.credits.append(Credit(found.booked_on, amount, reference, (found.text or "")[:TEXT_LENGTH_MAX] or None))
        return
    last = told.credits.pop()
    told.credits.append(Credit(last.booked_on, last.amount + amount, f"{told.statement or ''}/rest", None))
