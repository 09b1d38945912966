"""Statements of banks: read once, held against our books, and their differences settled by a person."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, row, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.payments.messages.streaming import Unreadable
from ansinh.reckoning.statements.keeping import (
    body_of,
    day_lock,
    found_at,
    keep,
    open_account,
    receive,
    reopen,
    take_back,
)
from ansinh.reckoning.statements.reading import is_statement, told_in


@operation(permission="reckoning.read_statements")
def read_statements(*, actor: Actor, reason: str, clock: Clock, message_no: int) -> int:
    """Read a file of a bank for statements of our account and enter what came besides our payments; returns how many statements it holds.

    A file read before changes nothing. One that is no statement, or that payments could not read, is remembered as looked at. Refuses `not_found`.
    """
    found = body_of(message_no)
    if found is None:
        raise NotFound(
            f"Không có tệp {message_no} của ngân hàng.", f"There is no file {message_no} of a bank.", message=message_no
        )
    bank, body = found
    day_lock(bank)
    known = row("SELECT statements FROM reckoning_readfile WHERE message_no = %s", [message_no])
    if known:
        return int(known[0])
    now, statements = clock.now(), 0
    try:
        inflated = zlib.decompress(body)
        told = list(told_in(inflated)) if is_statement(inflated) else []
    except Unreadable:
        # Payments opened a case when it came; here is nothing more to be had of it.
        told = []
    for place, one in enumerate(told):
        day = keep(bank, message_no, one, place, legal_day(now))
        open_account(bank, day)
        receive(bank, message_no, one.credits, day.on_day, now)
        statements += 1
    execute(
        "INSERT INTO reckoning_readfile (message_no, statements, read_at) VALUES (%s, %s, %s)",
        [message_no, statements, now],
    )
    note(message=message_no, statements=statements)
    return statements


@operation(permission="reckoning.read_statements")
def compare_banks(*, actor: Actor, reason: str, clock: Clock, account_at: Callable[[str], str]) -> tuple[int, int]:
    """Hold every bank's statements against our books; returns how many differences were opened, and how many later answers explained. Safe to repeat.

    `account_at` tells our account at a bank (BIN); a statement of another account is a difference too.
    """
    now = clock.now()
    opened = explained = 0
    for (bank,) in rows("SELECT DISTINCT bank FROM reckoning_statement ORDER BY 1"):
        day_lock(str(bank))
        explained += take_back(str(bank), legal_day(now), now)
        fresh, gone = reopen(str(bank), found_at(str(bank), account_at(str(bank))), now)
        opened, explained = opened + fresh, explained + gone
    note(opened=opened, explained=explained)
    return opened, explained


@operation(permission="reckoning.settle_difference")
def settle_difference(*, actor: Actor, reason: str, clock: Clock, bank: str, case_id: int, outcome: str) -> None:
    """Settle a difference with what was found out; settling again changes nothing. Refuses `not_found`, and `invalid_input` without an outcome."""
    if actor.kind is not ActorKind.OFFICER or not outcome.strip():
        raise InvalidInput("Cán bộ phải nêu kết quả xử lý.", "An officer must say what was found out.", field="outcome")
    found = row(
        "SELECT settled_at FROM reckoning_difference WHERE bank = %s AND case_id = %s FOR UPDATE", [bank, case_id]
    )
    if found is None:
        raise NotFound(
            f"Không có chênh lệch {case_id} tại ngân hàng này; xem: ansinh pay ledger differences",
            f"There is no difference {case_id} at this bank; see: ansinh pay ledger differences",
            case=case_id,
        )
    if found[0] is None:
        execute(
            "UPDATE reckoning_difference SET settled_at = %s, settled_by = %s, outcome = %s WHERE bank = %s AND case_id = %s",
            [clock.now(), actor.named(), outcome.strip()[:500], bank, case_id],
        )
    note(case=case_id)
