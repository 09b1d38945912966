"""Handing due messages to the provider, outside any transaction: the key makes a repeat harmless, so a crash at any point loses and doubles nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import PartnerTrouble
from ansinh.notices import operations, queries
from ansinh.notices.operations import DueMessage, Result
from ansinh.notices.provider import Letter, Post, Provider, Receipt
from ansinh.notices.states import DELIVERED, FAILED, LETTER, QUEUED, REFUSED, SENT
from ansinh.notices.texts import LANGUAGES, rendered

ROUNDS_MAX = 1_000
# After so many troubles in a row the provider is taken to be down, and the rest waits.
TROUBLES_MAX = 3
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600))
# How long a channel may stay silent, or refuse to take a message, before the next one's turn; the post takes its days.
PATIENCE = {"app": timedelta(days=1), "email": timedelta(days=2), "letter": timedelta(days=14)}
GIVE_UP_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class Delivery:
    """What one pass did, in messages."""

    sent: int
    delivered: int
    failed: int
    refused: int
    waiting: int


def deliver_due(*, actor: Actor, reason: str, clock: Clock, provider: Provider, post: Post | None = None) -> Delivery:
    """Send every message whose time has come and ask after those sent; returns what this pass did.

    Messages the provider could not take now wait longer each time; a channel silent beyond its PATIENCE is given up, and the next one that is left has its
    turn, a letter last. Without a `post` nobody is written to. When the provider seems down, the pass ends early.
    """
    home_of = post.home_of if post else None
    counts = dict.fromkeys((SENT, DELIVERED, FAILED, REFUSED, None), 0)
    for _ in range(ROUNDS_MAX):
        if not queries.any_due(clock.now()):
            break  # Looking without taking leaves no line in the audit, so that one may look often.
        due = operations.take_due(actor=actor, reason=reason, clock=clock, home_of=home_of)
        results, down = _handle(due, provider, post)
        operations.record_results(actor=actor, reason=reason, clock=clock, results=results, home_of=home_of)
        for result in results:
            counts[result.state] += 1
        if down:
            break
    return Delivery(counts[SENT], counts[DELIVERED], counts[FAILED], counts[REFUSED], counts[None])


def _handle(due: tuple[DueMessage, ...], provider: Provider, post: Post | None) -> tuple[list[Result], bool]:
    """Ask the provider about each message; the second value tells whether it seems down."""
    results: list[Result] = []
    troubles = 0
    for message in due:
        if troubles >= TROUBLES_MAX:
            results.append(Result(message.key, None, "provider_down", again_after=PAUSES[1]))
            continue
        try:
            results += _settled(message, _asked(message, provider, post))
            troubles = 0
        except PartnerTrouble as trouble:
            troubles += trouble.temporary
            results.append(_troubled(message, trouble))
    return results, troubles >= TROUBLES_MAX


def _asked(message: DueMessage, provider: Provider, post: Post | None) -> Receipt:
    if message.state == QUEUED:
        vi, en = (rendered(message.template, message.parameters, language) for language in LANGUAGES)
        letter = None
        if message.kind == LETTER:
            if post is None:
                raise PartnerTrouble("post", "nobody here sets letters", temporary=True)
            reference = str(message.key.message_id)[:8].upper()
            letter = post.letter(Letter(message.address, vi, en, reference, message.queued_on))
        text = vi if message.language == "vi" else en
        return provider.send(message.handed_out_as, message.kind, message.address, text, message.language, letter)
    assert message.provider_reference is not None
    return provider.ask(message.provider_reference)


def _settled(message: DueMessage, receipt: Receipt) -> list[Result]:
    """Turn what the provider says into results: what arrives at once was sent first."""
    key, reference = message.key, receipt.reference
    if receipt.status == "accepted":
        if message.state == QUEUED:
            return [Result(key, SENT, receipt.reason, reference, PAUSES[0])]
        if message.waited > PATIENCE.get(message.kind, GIVE_UP_AFTER):
            return [Result(key, FAILED, "no_receipt")]
        return [Result(key, None, receipt.reason, again_after=_pause(message))]
    if receipt.status == "refused":
        return [Result(key, REFUSED, receipt.reason)]
    end = Result(key, DELIVERED if receipt.status == "delivered" else FAILED, receipt.reason)
    return [Result(key, SENT, "accepted", reference), end] if message.state == QUEUED else [end]


def _troubled(message: DueMessage, trouble: PartnerTrouble) -> Result:
    if not trouble.temporary:
        return Result(message.key, FAILED, "provider_refuses_message")
    if message.waited > PATIENCE.get(message.kind, GIVE_UP_AFTER):
        return Result(message.key, FAILED, "gave_up")
    return Result(message.key, None, "provider_trouble", again_after=_pause(message))


def _pause(message: DueMessage) -> timedelta:
    return PAUSES[min(message.attempts, len(PAUSES)) - 1]
