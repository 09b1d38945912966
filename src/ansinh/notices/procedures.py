"""Handing due messages to the provider, outside any transaction: the key makes a repeat harmless, so a crash at any point loses and doubles nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import PartnerTrouble
from ansinh.notices import operations, queries
from ansinh.notices.operations import DueMessage, Result
from ansinh.notices.provider import Provider, Receipt
from ansinh.notices.states import DELIVERED, FAILED, QUEUED, REFUSED, SENT
from ansinh.notices.texts import rendered

ROUNDS_MAX = 1_000
# After so many troubles in a row the provider is taken to be down, and the rest waits.
TROUBLES_MAX = 3
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600))
GIVE_UP_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class Delivery:
    """What one pass did, in messages."""

    sent: int
    delivered: int
    failed: int
    refused: int
    waiting: int


def deliver_due(*, actor: Actor, reason: str, clock: Clock, provider: Provider) -> Delivery:
    """Send every message whose time has come and ask after those sent; returns what this pass did.

    Messages the provider could not take now wait longer each time and are given up after three days. When the provider seems down, the pass ends early.
    """
    counts = dict.fromkeys((SENT, DELIVERED, FAILED, REFUSED, None), 0)
    for _ in range(ROUNDS_MAX):
        if not queries.any_due(clock.now()):
            break  # Looking without taking leaves no line in the audit, so that one may look often.
        due = operations.take_due(actor=actor, reason=reason, clock=clock)
        results, down = _handle(due, provider)
        operations.record_results(actor=actor, reason=reason, clock=clock, results=results)
        for result in results:
            counts[result.state] += 1
        if down:
            break
    return Delivery(counts[SENT], counts[DELIVERED], counts[FAILED], counts[REFUSED], counts[None])


def _handle(due: tuple[DueMessage, ...], provider: Provider) -> tuple[list[Result], bool]:
    """Ask the provider about each message; the second value tells whether it seems down."""
    results: list[Result] = []
    troubles = 0
    for message in due:
        if troubles >= TROUBLES_MAX:
            results.append(Result(message.key, None, "provider_down", again_after=PAUSES[1]))
            continue
        try:
            results += _settled(message, _asked(message, provider))
            troubles = 0
        except PartnerTrouble as trouble:
            troubles += trouble.temporary
            results.append(_troubled(message, trouble))
    return results, troubles >= TROUBLES_MAX


def _asked(message: DueMessage, provider: Provider) -> Receipt:
    if message.state == QUEUED:
        text = rendered(message.template, message.parameters, message.language)
        return provider.send(str(message.key.message_id), message.kind, message.address, text, message.language)
    assert message.provider_reference is not None
    return provider.ask(message.provider_reference)


def _settled(message: DueMessage, receipt: Receipt) -> list[Result]:
    """Turn what the provider says into results: what arrives at once was sent first."""
    key, reference = message.key, receipt.reference
    if receipt.status == "accepted":
        if message.state == QUEUED:
            return [Result(key, SENT, receipt.reason, reference, PAUSES[0])]
        if message.waited > GIVE_UP_AFTER:
            return [Result(key, FAILED, "no_receipt")]
        return [Result(key, None, receipt.reason, again_after=_pause(message))]
    if receipt.status == "refused":
        return [Result(key, REFUSED, receipt.reason)]
    end = Result(key, DELIVERED if receipt.status == "delivered" else FAILED, receipt.reason)
    return [Result(key, SENT, "accepted", reference), end] if message.state == QUEUED else [end]


def _troubled(message: DueMessage, trouble: PartnerTrouble) -> Result:
    if not trouble.temporary:
        return Result(message.key, FAILED, "provider_refuses_message")
    if message.waited > GIVE_UP_AFTER:
        return Result(message.key, FAILED, "gave_up")
    return Result(message.key, None, "provider_trouble", again_after=_pause(message))


def _pause(message: DueMessage) -> timedelta:
    return PAUSES[min(message.attempts, len(PAUSES)) - 1]
