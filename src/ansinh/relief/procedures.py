"""An emergency applied to a run step by step: lists asked back from the post, then everything that may move moved at once. Every step may run twice.

The post is never called with a transaction open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import PartnerTrouble
from ansinh.payments import operations as payments
from ansinh.payments.operations import Bank, Recalled
from ansinh.payments.queries import run_of
from ansinh.relief import operations
from ansinh.relief.emergency import read_emergency
from ansinh.relief.operations import Diverted
from ansinh.relief.ways import lists_to_recall


@dataclass(frozen=True)
class Desk:
    """Who decides what moves, who asks the post (a machine may), by which clock, and how each province's post is reached."""

    officer: Actor
    machine: Actor
    reason: str
    clock: Clock
    posts: Mapping[str, Bank]


@dataclass(frozen=True)
class Applied:
    """What one pass came to: lists by what the post said to their recall, and who is paid another way now."""

    recalls: dict[str, int]
    diverted: Diverted


def apply(desk: Desk, emergency_id: int, run_id: int) -> Applied:
    """Recall the lists the post has, and send what is not handed over the emergency's way; what the post does not give back stays with it.

    Refuses `not_found`, `not_in_force`, `not_in_state`.
    """
    recalls: dict[str, int] = {}
    emergency = read_emergency(emergency_id)
    for batch_id, partner, message_id in lists_to_recall(emergency, run_of(run_id)):
        outcome = _recall(desk, emergency_id, run_id, (batch_id, partner, message_id))
        recalls[outcome] = recalls.get(outcome, 0) + 1
    diverted = operations.divert_run(
        actor=desk.officer, reason=desk.reason, clock=desk.clock, emergency_id=emergency_id, run_id=run_id
    )
    return Applied(recalls, diverted)


def _recall(desk: Desk, emergency_id: int, run_id: int, asked: tuple[int, str, str]) -> str:
    batch_id, name, message_id = asked
    operations.recall_list(
        actor=desk.machine,
        reason=desk.reason,
        clock=desk.clock,
        emergency_id=emergency_id,
        batch_id=batch_id,
        run_id=run_id,
    )
    post = desk.posts.get(name)
    try:
        recalled = post.recall(message_id) if post else Recalled.UNKNOWN
    except PartnerTrouble:
        recalled = Recalled.UNKNOWN
    payments.tell_recall(
        actor=desk.machine, reason=desk.reason, clock=desk.clock, batch_id=batch_id, outcome=recalled.value
    )
    return recalled.value
