"""Reckoning carried out step by step: statements read file by file and compared, and a message called back from its partner. Every step may run twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import NotFound, PartnerTrouble
from ansinh.payments.operations import Bank, match_file
from ansinh.reckoning import operations
from ansinh.reckoning.statements.keeping import unread_files

CHUNKS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What came of it: files looked at, statements in them, differences opened, and differences later answers explained."""

    files: int
    statements: int
    opened: int
    explained: int


def reckon(actor: Actor, reason: str, clock: Clock, account_at: Callable[[str], str]) -> Reckoned:
    """Read what statements came and hold every bank's against our books."""
    files = unread_files()
    statements = sum(
        operations.read_statements(actor=actor, reason=reason, clock=clock, message_no=message_no)
        for message_no in files
    )
    opened, explained = operations.compare_banks(actor=actor, reason=reason, clock=clock, account_at=account_at)
    return Reckoned(len(files), statements, opened, explained)


def call_back(
    actor: Actor, reason: str, clock: Clock, batch_id: int, bank_of: Callable[[str], Bank | None]
) -> tuple[str, int]:
    """Ask a partner not to carry a message out and enter what it said; returns the outcome and how many payments were cancelled.

    A partner that does not answer leaves the recall asked for: `no_answer`, ask again. No partner is called with a transaction open.
    """
    asked = operations.begin_recall(actor=actor, reason=reason, clock=clock, batch_id=batch_id)
    if asked is None:
        return "confirmed", 0
    partner, message_id = asked
    bank = bank_of(partner)
    if bank is None:
        raise NotFound(
            f"Chưa biết cách liên lạc với {partner}.", f"There is no way to reach {partner}.", partner=partner
        )
    if connection.in_atomic_block:
        raise AssertionError("a partner is never called inside a transaction")
    try:
        recalled = bank.recall(message_id)
    except PartnerTrouble:
        return "no_answer", 0
    answer = operations.end_recall(actor=actor, reason=reason, clock=clock, batch_id=batch_id, recalled=recalled)
    cancelled = 0
    for _ in range(CHUNKS_MAX if answer is not None else 0):
        assert answer is not None
        done = match_file(actor=actor, reason=reason, clock=clock, message_no=answer)
        cancelled += done.matched
        if not done.left:
            break
    return recalled.value, cancelled
