"""An engine of durable work under a clock of the simulation's: workflows are replayed from what their steps returned, and may crash at every turn."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from ansinh.database.sql import execute, rows
from ansinh.durable.verbs import Facts, declared, run_under

TURNS_MAX = 2_000


class Crash(BaseException):
    """The worker is gone: nothing after this happens, and what was not committed is not."""


class Paused(BaseException):
    """The workflow waits."""


@dataclass
class SimulatedClock:
    """The agency's clock: goes on when told, and may jump."""

    moment: datetime

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment.astimezone(UTC)


@dataclass
class Work:
    """A workflow as the engine knows it: what its steps returned, which waits are over, until when it waits."""

    key: str
    name: str
    arguments: dict[str, Any]
    results: list[tuple[str, Facts]] = field(default_factory=list)
    waits_over: int = 0
    until: datetime | None = None
    over: bool = False


@dataclass
class SimulatedEngine:
    """Carries out what was enqueued, one workflow after another, in an order the seed draws."""

    clock: SimulatedClock
    chance: random.Random
    crash_rate: float
    works: dict[str, Work] = field(default_factory=dict)
    crashes: int = 0
    steps: int = 0
    _now: Work | None = None
    _place: int = 0
    _waits: int = 0

    def turn(self) -> int:
        """Let every workflow that is due go as far as it can; returns how many went."""
        self._take_in()
        due = [
            one for one in self.works.values() if not one.over and (one.until is None or one.until <= self.clock.now())
        ]
        self.chance.shuffle(due)
        for one in due:
            self._carry(one)
        return len(due)

    def unfinished(self) -> bool:
        """Tell whether something could go on now."""
        self._take_in()
        return any(not one.over and (one.until is None or one.until <= self.clock.now()) for one in self.works.values())

    def step(self, name: str, function: Callable[[], Facts]) -> Facts:
        """Do a step unless its result is known; the worker may be lost before it, in it, and before its result is kept."""
        work = self._now
        if work is None:
            return function()
        place, self._place = self._place, self._place + 1
        if place < len(work.results):
            known, kept = work.results[place]
            assert known == name, f"{work.key} replays {name} where it did {known}: it reads more than its steps"
            return kept
        self._maybe_crash()
        facts: Facts = json.loads(json.dumps(dict(function())))
        self._maybe_crash()
        work.results.append((name, facts))
        self.steps += 1
        assert len(work.results) < TURNS_MAX, f"{work.key} goes round: {work.results[-6:]}"
        return facts

    def wait(self, seconds: float) -> None:
        """Let the workflow wait; when it is carried on, the waits it has behind it are over at once."""
        work = self._now
        if work is None:
            return
        self._waits += 1
        if self._waits > work.waits_over:
            work.until = self.clock.now() + timedelta(seconds=seconds)
            raise Paused

    def _carry(self, work: Work) -> None:
        (function,) = [one.function for one in declared()[0] if one.name == work.name]
        if work.until is not None:
            work.waits_over, work.until = work.waits_over + 1, None
        self._now, self._place, self._waits = work, 0, 0
        try:
            function(**work.arguments)
        except Paused:
            pass
        except Crash:
            self.crashes += 1
        else:
            work.over = True
        finally:
            self._now = None
        if work.over:
            execute("UPDATE durable.workflow_status SET status = 'SUCCESS' WHERE workflow_uuid = %s", [work.key])

    def _take_in(self) -> None:
        for key, name, inputs in rows(
            "SELECT w.workflow_uuid, w.name, i.inputs FROM durable.workflow_status w JOIN durable.workflow_input i USING (workflow_uuid)"
            " WHERE w.status = 'ENQUEUED' ORDER BY w.created_at, 1"
        ):
            self.works[key] = Work(key, name, json.loads(inputs)["namedArgs"])
        execute("UPDATE durable.workflow_status SET status = 'PENDING' WHERE status = 'ENQUEUED'")
        for (key,) in rows("DELETE FROM durable.notifications RETURNING destination_uuid"):
            if (work := self.works.get(key)) and work.until is not None:
                work.until = self.clock.now()

    def _maybe_crash(self) -> None:
        if self.chance.random() < self.crash_rate:
            raise Crash

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Be this process's engine for the block, and lose the worker between any two statements of a step now and then."""

        def between(statement: Callable[..., Any], sql: Any, parameters: Any, many: bool, context: Any) -> Any:
            if self._now is not None and self.chance.random() < self.crash_rate / 30:
                raise Crash
            return statement(sql, parameters, many, context)

        before = run_under(self)
        try:
            with connection.execute_wrapper(between):
                yield
        finally:
            run_under(before)
