"""Decide what another officer prepared."""

from __future__ import annotations

from ansinh.audit.operation import operation
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.people import deciding
from ansinh.people.deciding import Decided, require_officer


@operation(permission="people.approve_request")
def approve_request(*, actor: Actor, reason: str, clock: Clock, request: int) -> Decided:
    """Approve what another officer prepared and carry it out; returns which persons changed. Approving it twice changes nothing.

    Refuses whoever prepared it (`same_person`), an unknown request (`not_found`), one no longer waiting (`wrong_state`), a change to something that changed
    meanwhile (`not_as_seen`), and what has become impossible (`cannot_merge`, `number_taken`).
    """
    require_officer(actor)
    return deciding.approve(request, actor, clock.now())


@operation(permission="people.refuse_request")
def refuse_request(*, actor: Actor, reason: str, clock: Clock, request: int) -> None:
    """Refuse a request that waits; whoever prepared it may withdraw it. Refuses an unknown one (`not_found`) or one no longer waiting (`wrong_state`)."""
    require_officer(actor)
    deciding.refuse(request, actor, clock.now())
