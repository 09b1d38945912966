"""What the agency does with the population register every day: hear what it told, let the rooms react, and compare both sides in the evening."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ansinh.config.partners import register_exchange
from ansinh.config.subscriptions import deliver_announcements
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.settings import Settings
from ansinh.registry.adapters.register_exchange import RegisterExchange
from ansinh.registry.operations import Compared
from ansinh.registry.procedures import Pulled, pull_events, reconcile


@dataclass(frozen=True)
class DayHeard:
    """A day with the register: what was pulled, how many announcements were acted on, and what the comparisons found, the last one last."""

    pulled: Pulled
    acted_on: int
    compared: tuple[Compared, ...]


@dataclass(frozen=True)
class DailyWork:
    """The day's work over a connection that stays open from one day to the next."""

    register: RegisterExchange

    def hear(self, *, actor: Actor, reason: str, clock: Clock) -> DayHeard:
        """Read the feed to its end, let people and cards follow, compare both sides; what differs is put right, followed, and compared once more.

        Safe to run twice a day. Raises PartnerTrouble; what was heard stays heard.
        """
        pulled = pull_events(actor=actor, reason=reason, clock=clock, source=self.register)
        acted_on = deliver_announcements(reason=reason, clock=clock)
        compared = [reconcile(actor=actor, reason=reason, clock=clock, source=self.register)]
        if compared[0].differing:
            acted_on += deliver_announcements(reason=reason, clock=clock)
            compared.append(reconcile(actor=actor, reason=reason, clock=clock, source=self.register))
        return DayHeard(pulled, acted_on, tuple(compared))


@contextmanager
def daily_work(settings: Settings) -> Iterator[DailyWork]:
    """Open the connection for the block."""
    with register_exchange(settings) as register:
        yield DailyWork(register)
