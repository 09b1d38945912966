"""Workers of gateways that count, without gateways: real counting, real database functions, and a clock that stands until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg

from ansinh.access.tokens import STANDING_READ, Grant
from ansinh.gateway.guard import Counting
from ansinh.gateway.problems import Problem

MONDAY = datetime(2025, 6, 2, 1, 5, tzinfo=UTC).timestamp()
ADDRESS = "198.51.100.7"
_EXCHANGE = (
    "SELECT * FROM published.exchange_tallies_v1(%s, %s, %s::text[], %s::text[], %s::text[], "
    + ", ".join(["%s::bigint[]"] * 7)
    + ")"
)


class Clockwork:
    """Seconds since 1970, moved by hand."""

    def __init__(self, seconds: float = MONDAY) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        """Return the seconds now."""
        return self.seconds

    @property
    def moment(self) -> datetime:
        """Return the moment now."""
        return datetime.fromtimestamp(self.seconds, UTC)


class Counted:
    """One worker: `look` answers as a gateway does, about people who all exist unless told otherwise."""

    def __init__(self, database: psycopg.Connection, clock: Clockwork) -> None:
        self.guard = Counting(clock)
        self._clock = clock
        self._database = database
        opened = database.execute("SELECT * FROM published.open_tally_v1(%s)", [clock.moment]).fetchall()
        self._worker = self.guard.open(opened)
        self.exchange()

    def look(
        self, person: int, *, facility: str = "01001", officer: str = "BS-17", result: int = 1, number: str = ""
    ) -> Problem | None:
        """Ask about a person; return why not, or None when the answer left."""
        grant = grant_of(facility)
        refusal = self.guard.check(grant, officer, ADDRESS)
        if refusal is None:
            self.guard.note(grant, officer, ADDRESS, person, result, number)
        return refusal

    def exchange(self) -> None:
        """Speak with the others, whole."""
        self.answer(self.ask())

    def ask(self) -> list[tuple[Any, ...]]:
        """Say what was counted and have it recorded; the answer is on its way."""
        said = self.guard.say()
        columns = [list(column) for column in zip(*said, strict=True)] if said else [[] for _ in range(10)]
        return self._database.execute(_EXCHANGE, [self._worker, self._clock.moment, *columns]).fetchall()

    def answer(self, heard: list[tuple[Any, ...]]) -> None:
        """Hear what the others said."""
        self.guard.hear(heard)

    def second(self, seconds: float = 1) -> None:
        """Let time pass, then exchange."""
        self._clock.seconds += seconds
        self.guard.tick()
        self.exchange()


def grant_of(facility: str = "01001") -> Grant:
    """Return what the token of a facility's only client proves."""
    return Grant(f"{facility}-1", int(facility), facility, frozenset([STANDING_READ]), 2_000_000_000, 1_000)
