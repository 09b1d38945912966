"""The rounds of a day with the offices: send what is kept, hear what they say, carry files on, compare. Each may be run again at any moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Protocol

from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import PartnerTrouble
from ansinh.lifeevents import operations, queries
from ansinh.lifeevents.operations import Delivery, Item
from ansinh.lifeevents.states import PARTNERS, Office, Outcome, Step

MESSAGES_AT_ONCE = 500


class Line(Protocol):
    """What an office offers (`adapters.office_exchange`)."""

    def deliver(self, messages: Sequence[queries.Pending]) -> Sequence[date | str]:
        """Hand messages over; returns for each the day it was taken, or a word why it never will be."""

    def feed(self, after: int) -> Sequence[Any]:
        """Return the next items."""

    def books(self, day: date) -> Any:
        """Return the books of a day."""


@dataclass(frozen=True, slots=True)
class Round:
    """What a round did: messages delivered, items heard, and offices that could not be reached."""

    delivered: int = 0
    heard: int = 0
    away: tuple[str, ...] = ()

    def plus(self, other: Round) -> Round:
        """Return both together."""
        return Round(
            self.delivered + other.delivered, self.heard + other.heard, tuple(sorted({*self.away, *other.away}))
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at work on life events, with a line to each office."""

    actor: Actor
    reason: str
    clock: Clock
    lines: Mapping[Office, Line]

    @property
    def _said(self) -> dict[str, Any]:
        return {"actor": self.actor, "reason": self.reason, "clock": self.clock}

    def round(self) -> Round:
        """Send, hear and carry on, until nothing more happens now. An office that is away does not keep the others waiting."""
        done = Round()
        while True:
            now = Round()
            for office in PARTNERS:
                if office in self.lines and office.value not in done.away:
                    now = now.plus(self._exchange(office))
            self.carry_on()
            done = done.plus(now)
            if not (now.delivered or now.heard) and not self.let_parked_try_again():
                return done

    def carry_on(self) -> None:
        """Let every open file go on."""
        after: int | None = 0
        while after is not None:
            after = operations.carry_on(**self._said, after=after)

    def let_parked_try_again(self) -> int:
        """Let everything that is parked try once more, the oldest first; returns how much had its effect."""
        done, after = 0, ""
        while True:
            tried = operations.let_parked_try_again(**self._said, after=after)
            done += tried.applied
            if tried.last is None:
                return done
            after = tried.last

    def chase(self) -> tuple[int, int]:
        """Ask after what is overdue and raise alerts, a call at a time until nothing is left; returns how many of each."""
        return _until_none(partial(operations.ask_after, **self._said)), _until_none(
            partial(operations.raise_alerts, **self._said)
        )

    def compare(self, day: date) -> dict[str, bool]:
        """Hold a day's books against every office's; returns who agrees. Raises PartnerTrouble."""
        agreed = {}
        for office, line in self.lines.items():
            books = line.books(day)
            agreed[office.value] = operations.note_compared(
                **self._said,
                office=office,
                day=day,
                taken=(books.taken, books.taken_sha256),
                told_there=(books.told, books.told_sha256),
            )
        return agreed

    def _exchange(self, office: Office) -> Round:
        line, delivered, heard = self.lines[office], 0, 0
        try:
            delivered = self._deliver(office, line)
            while items := line.feed(queries.feed_position(office)):
                operations.hear_office(**self._said, office=office, items=[_item(one) for one in items])
                heard += len(items)
        except PartnerTrouble:
            return Round(delivered, heard, (office.value,))
        return Round(delivered, heard)

    def _deliver(self, office: Office, line: Line) -> int:
        """Send what is kept: no transaction is open while the office is asked, and what it refuses for good waits for a person."""
        after, delivered = 0, 0
        while waiting := queries.pending(office, after, MESSAGES_AT_ONCE):
            after = waiting[-1].message_no
            taken = line.deliver(waiting)
            operations.note_deliveries(
                **self._said,
                deliveries=[
                    Delivery(one.file_id, one.message_no, how) for one, how in zip(waiting, taken, strict=True)
                ],
            )
            delivered += len(waiting)
        return delivered


def _until_none(act: Callable[[], int]) -> int:
    done = 0
    while now := act():
        done += now
    return done


def _item(one: Any) -> Item:
    return Item(one.no, one.id, one.file, Step(one.kind), Outcome(one.outcome), one.result, one.told_on)
