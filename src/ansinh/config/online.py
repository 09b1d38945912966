"""What goes on by itself with people's applications, and with what they are told: hear the deciding rooms, watch deadlines, deliver notices."""

from __future__ import annotations

from ansinh.config.letters import PaperPost
from ansinh.config.partners import message_provider
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.settings import Settings
from ansinh.notices.procedures import Delivery, deliver_due
from ansinh.services.operations import carry_on, watch_deadlines


def carry_services_on(*, actor: Actor, reason: str, clock: Clock) -> dict[str, int]:
    """Carry every application on that another room has, and raise what alerts are due; returns how many of each kind are new."""
    after: int | None = 0
    while after is not None:
        after = carry_on(actor=actor, reason=reason, clock=clock, after=after)
    return watch_deadlines(actor=actor, reason=reason, clock=clock)


def deliver_notices(settings: Settings, *, actor: Actor, reason: str, clock: Clock) -> Delivery:
    """Hand out every notice whose time has come, by the channel whose turn it is, letters included."""
    with message_provider(settings) as provider:
        return deliver_due(actor=actor, reason=reason, clock=clock, provider=provider, post=PaperPost())
