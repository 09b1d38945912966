"""What others may ask about the books around payments. Answers are frozen values; what is asked about one payee stands in that person's list of who looked."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ansinh.audit.operation import note_read, operation
from ansinh.database.sql import number, row, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.purpose import Purpose
from ansinh.people.queries import resolve
from ansinh.reckoning.chart import bank_account, key_of, title_of
from ansinh.reckoning.statements.comparing import chosen
from ansinh.reckoning.statements.keeping import books_of, days_of
from ansinh.reckoning.trial_balance import LEDGER, Line, TrialBalance, trial_balance
from ansinh.reckoning.workbook import write_workbook

__all__ = ["Line", "TrialBalance", "trial_balance"]

LINES_MAX = 1_000


@dataclass(frozen=True, slots=True)
class BankBalance:
    """A bank's newest statement against our books on its day, in đồng; `beyond` is what the bank has more. Days our books know of after it are awaited."""

    bank: str
    on_day: date
    opening: int
    closing: int
    ours: int
    beyond: int
    open_differences: int
    awaited_since: date | None


@dataclass(frozen=True, slots=True)
class OpenDifference:
    """A difference between a bank and us that waits for a person."""

    case_id: int
    bank: str
    on_day: date
    kind: str
    amount: int
    reference: str
    detail: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class RecoveryLine:
    """A recovery as it stands, in đồng."""

    recovery_id: int
    person_id: int
    cause: str
    state: str
    amount: int
    remaining: int
    write_off_asked: bool
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class RecoveryStep:
    """Something that happened to a recovery."""

    happened_at: datetime
    event: str
    amount: int
    left_after: int
    reference: str | None
    officer: str


@dataclass(frozen=True, slots=True)
class UnclaimedLine:
    """What is set aside for a payee, in đồng, and when it is paid if it was claimed."""

    person_id: int
    months: int
    amount: int
    province: str
    set_aside_at: datetime
    pay_month: int | None


@dataclass(frozen=True, slots=True)
class RecallLine:
    """A message called back, and what its partner said (None: nothing yet)."""

    run_id: int
    partner: str
    message_id: str
    lines: int
    amount: int
    asked_at: datetime
    outcome: str | None


def account_balances() -> list[Line]:
    """Return what stands on each account of both ledgers now."""
    from_zero = (
        f"SELECT account, sum(debit)::bigint, sum(credit)::bigint FROM ({LEDGER}) AS ledger GROUP BY 1 ORDER BY 1"
    )
    return [Line(int(a), key_of(int(a)), *title_of(int(a)), 0, int(d), int(c)) for a, d, c in rows(from_zero)]


def bank_balances(account_at: Callable[[str], str]) -> list[BankBalance]:
    """Return each bank's newest statement beside our books. `account_at` tells our account at a bank (BIN)."""
    found = []
    opened = dict(rows("SELECT bank, count(*) FROM reckoning_difference WHERE settled_at IS NULL GROUP BY 1"))
    for (bank,) in rows("SELECT DISTINCT bank FROM reckoning_statement ORDER BY 1"):
        days = [
            one
            for one in chosen(account_at(bank), days_of(bank))
            if one.closing is not None and one.opening is not None
        ]
        if not days:
            continue
        last, books = days[-1], books_of(bank)
        assert last.opening is not None
        assert last.closing is not None
        start = _opened(bank)
        ours = start + sum(flow.net for on, flow in books.items() if on <= last.on_day)
        awaited = min((on for on, flow in books.items() if on > last.on_day and flow.net), default=None)
        found.append(
            BankBalance(
                bank,
                last.on_day,
                last.opening,
                last.closing,
                ours,
                last.closing - ours,
                int(opened.get(bank, 0)),
                awaited,
            )
        )
    return found


def open_differences() -> list[OpenDifference]:
    """Return the oldest differences that wait for a person."""
    found = rows(
        "SELECT case_id, bank, on_day, kind, amount, reference, detail, opened_at FROM reckoning_difference WHERE settled_at IS NULL"
        " ORDER BY on_day, bank, kind LIMIT %s",
        [LINES_MAX],
    )
    return [OpenDifference(*one) for one in found]


_RECOVERY = "SELECT recovery_id, person_id, cause, state, amount, remaining, asked_by IS NOT NULL AND remaining > 0, opened_at FROM reckoning_recovery_now"


# The few that somebody asked about are found by their events; what stands of them is read then.
_ASKED = f"""{_RECOVERY} WHERE remaining > 0 AND asked_by IS NOT NULL AND (person_id, recovery_id) IN (
    SELECT person_id, recovery_id FROM reckoning_recoveryevent WHERE event = 'write_off_asked') ORDER BY recovery_id LIMIT %s"""


def recoveries(state: str | None = None, *, after: int = 0, length: int = LINES_MAX) -> list[RecoveryLine]:
    """Return the oldest recoveries after one, of one state or of all."""
    found = rows(
        f"{_RECOVERY} WHERE recovery_id > %s AND (%s::text IS NULL OR state = %s) ORDER BY recovery_id LIMIT %s",
        [after, state, state, length],
    )
    return [RecoveryLine(*one) for one in found]


def write_offs_asked(length: int) -> list[RecoveryLine]:
    """Return the oldest recoveries of which an officer asked that the rest be written off, and another has not decided."""
    return [RecoveryLine(*one) for one in rows(_ASKED, [length])]


def recovery_numbered(recovery_id: int) -> RecoveryLine | None:
    """Return a recovery by its number, or None."""
    found = row(f"{_RECOVERY} WHERE recovery_id = %s", [recovery_id])
    return RecoveryLine(*found) if found else None


@operation(permission="reckoning.show", reads="recovery")
def recovery_of(*, actor: Actor, reason: str, person_id: int, recovery_id: int) -> list[RecoveryStep]:
    """Return what happened to a person's recovery, in order of time."""
    note_read(resolve(person_id), Purpose.ADMINISTRATION)
    found = rows(
        "SELECT happened_at, event, amount, left_after, reference, officer FROM reckoning_recoveryevent WHERE person_id = %s AND recovery_id = %s"
        " ORDER BY event_no",
        [person_id, recovery_id],
    )
    return [RecoveryStep(*one) for one in found]


def unclaimed() -> list[UnclaimedLine]:
    """Return what is set aside, what was claimed last."""
    found = rows(
        "SELECT person_id, count(DISTINCT month), sum(amount)::bigint, min(province), min(set_aside_at), pay_month FROM reckoning_unclaimed"
        " GROUP BY person_id, pay_month ORDER BY pay_month NULLS FIRST, person_id LIMIT %s",
        [LINES_MAX],
    )
    return [UnclaimedLine(*one) for one in found]


def unclaimed_of(
    persons: Collection[int] | None = None, *, after: int = 0, length: int = LINES_MAX
) -> list[UnclaimedLine]:
    """Return what is set aside and not claimed, of those asked for or of all after one person."""
    found = rows(
        "SELECT person_id, count(DISTINCT month), sum(amount)::bigint, min(province), min(set_aside_at), NULL FROM reckoning_unclaimed"
        " WHERE claimed_at IS NULL AND person_id > %s AND (%s::bigint[] IS NULL OR person_id = ANY(%s::bigint[]))"
        " GROUP BY person_id ORDER BY person_id LIMIT %s",
        [after, *[None if persons is None else sorted(persons)] * 2, length],
    )
    return [UnclaimedLine(*one) for one in found]


def recalls(length: int) -> list[RecallLine]:
    """Return the messages officers called back last, with what the partner said."""
    found = rows(
        "SELECT b.run_id, b.partner, b.message_id, b.lines, b.amount, c.asked_at, c.outcome FROM reckoning_recall c JOIN payments_batch b USING (batch_id)"
        " ORDER BY c.asked_at DESC, c.batch_id DESC LIMIT %s",
        [length],
    )
    return [RecallLine(*one) for one in found]


def write_trial_balance(month: int, file: Path) -> TrialBalance:
    """Write a month's trial balance as a workbook (XLSX) and return it."""
    balance = trial_balance(month)
    write_workbook(balance, file)
    return balance


def _opened(bank: str) -> int:
    return number(
        "SELECT coalesce(sum(amount), 0) FROM reckoning_posting WHERE kind = 'opening' AND account = %s",
        [bank_account(bank)],
    )
