"""Banks asked whose accounts are, some at a time; every step may run twice, and no bank is asked with a transaction open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from operator import itemgetter

from django.db import connection

from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import PartnerTrouble
from ansinh.holders import operations
from ansinh.holders.asking import NameProvider
from ansinh.holders.queries import unanswered

ACCOUNTS_AT_ONCE = 500


def ask_banks(
    actor: Actor,
    reason: str,
    clock: Clock,
    wanted: Iterable[tuple[str, str]],
    provider_of: Callable[[str], NameProvider | None],
) -> dict[str, int]:
    """Ask each bank about its accounts (BIN, number) that have no fresh answer; returns how many of each state, and `unasked` of silent banks."""
    if connection.in_atomic_block:
        raise AssertionError("a bank is never asked inside a transaction")
    found: dict[str, int] = {"unasked": 0}
    for bank, of_bank in groupby(unanswered(wanted, clock.now()), key=itemgetter(0)):
        accounts = [account for _, account in of_bank]
        provider = provider_of(bank)
        for part in _parts(accounts):
            try:
                answers = provider.names(part) if provider else {}
            except PartnerTrouble:
                answers = {}
            # What was not asked for is nobody's answer.
            told = {account: answers[account] for account in part if account in answers}
            found["unasked"] += len(part) - len(told)
            if told:
                kept = operations.keep_answers(actor=actor, reason=reason, clock=clock, bank=bank, answers=told)
                found = {state: found.get(state, 0) + kept.get(state, 0) for state in found.keys() | kept.keys()}
    return found


def _parts(accounts: list[str]) -> Iterable[list[str]]:
    return (accounts[start : start + ACCOUNTS_AT_ONCE] for start in range(0, len(accounts), ACCOUNTS_AT_ONCE))
