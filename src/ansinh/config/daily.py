"""What the agency does every day: let what was planned take effect, hear the population register, let the rooms react, compare both sides in the evening."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ansinh.benefits.operations import end_for_deaths
from ansinh.cards.operations import project_due
from ansinh.config.partners import register_exchange
from ansinh.config.subscriptions import deliver_announcements
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.settings import Settings
from ansinh.lifeevents.operations import carry_on, find_events, look_again, raise_alerts
from ansinh.lifeevents.states import FOUND
from ansinh.registry.adapters.register_exchange import RegisterExchange
from ansinh.registry.operations import Compared
from ansinh.registry.procedures import Pulled, pull_events, reconcile
from ansinh.rights.operations import watch_requests

# On the first of January everybody's standing is due; a call takes some thousands.
DUE_CALLS_MAX = 50_000


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
        """Bring up the standings due today, read the feed to its end, let people, cards and benefits follow, compare both sides.

        What differs is put right, followed, and compared once more.

        Safe to run twice a day. Raises PartnerTrouble; what was heard stays heard.
        """
        for _ in range(DUE_CALLS_MAX):
            if not project_due(actor=actor, reason=reason, clock=clock):
                break
        pulled = pull_events(actor=actor, reason=reason, clock=clock, source=self.register)
        acted_on = deliver_announcements(reason=reason, clock=clock)
        compared = [reconcile(actor=actor, reason=reason, clock=clock, source=self.register)]
        if compared[0].differing:
            acted_on += deliver_announcements(reason=reason, clock=clock)
            compared.append(reconcile(actor=actor, reason=reason, clock=clock, source=self.register))
        for _ in range(DUE_CALLS_MAX):
            if not end_for_deaths(actor=actor, reason=reason, clock=clock).entitlements:
                break
        find_life_events(actor=actor, reason=reason, clock=clock)
        carry_life_events_on(actor=actor, reason=reason, clock=clock)
        watch_requests(actor=actor, reason=reason, clock=clock)
        return DayHeard(pulled, acted_on, tuple(compared))


def carry_life_events_on(*, actor: Actor, reason: str, clock: Clock) -> None:
    """Do what the agency itself can do for every open birth and death, and raise alerts; offices are spoken to by `life_events_desk`."""
    after: int | None = 0
    while after is not None:
        after = carry_on(actor=actor, reason=reason, clock=clock, after=after, waiting_too=True)
    raise_alerts(actor=actor, reason=reason, clock=clock)


def find_life_events(*, actor: Actor, reason: str, clock: Clock) -> None:
    """Open the files of what rows show (retirement next month, children's cards that end, ends of work), and undo those whose ground is gone."""
    for kind in FOUND:
        after: int | None = 0
        while after is not None:
            after = find_events(actor=actor, reason=reason, clock=clock, kind=kind, after=after)
    after = 0
    while after is not None:
        after = look_again(actor=actor, reason=reason, clock=clock, after=after)


@contextmanager
def daily_work(settings: Settings) -> Iterator[DailyWork]:
    """Open the connection for the block."""
    with register_exchange(settings) as register:
        yield DailyWork(register)
