"""What one worker has one of, and what its calls are made from."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from ansinh.access.tokens import TokenVerifier
from ansinh.gateway.batching import BATCH_LENGTH_MAX, Batcher
from ansinh.gateway.configuration import Configuration
from ansinh.gateway.grants import TokenCache
from ansinh.gateway.guard import LiveGuard
from ansinh.gateway.limits import Limits
from ansinh.gateway.metrics import Metrics
from ansinh.gateway.store import Published, Store


class Worker:
    """Its settings, its connections, its counters, the tokens it knows, and a batcher for each hot function its calls ask."""

    def __init__(
        self, configuration: Configuration, functions: Sequence[Published], guard: LiveGuard | None = None
    ) -> None:
        self.configuration = configuration
        self.metrics = Metrics()
        self.store = Store(configuration.database_url, configuration.clock, functions)
        self.tokens = TokenCache(TokenVerifier(configuration.secrets))
        self.limits = Limits(configuration.workers)
        self.guard = guard
        if guard is not None:
            self.metrics.steps = guard.steps
        self._batchers: list[Batcher[Any, Any]] = []

    def batcher(self, function: Published, *, batch_length_max: int = BATCH_LENGTH_MAX) -> Batcher[Any, Any]:
        """Return a new batcher whose questions are the arrays' elements of a published function, and whose answers are its rows.

        All batchers share the worker's connection and its chain: batches of different functions take turns.
        """
        spent = self.metrics.batches_of(function.name)

        async def ask(questions: list[Any]) -> list[Any]:
            began = time.perf_counter()
            answers = await self.store.ask(function, questions)
            spent.count(len(questions), time.perf_counter() - began)
            return answers

        turn = self.store.wide_turn if function.wide else self.store.turn
        batcher: Batcher[Any, Any] = Batcher(ask, turn=turn, batch_length_max=batch_length_max)
        self._batchers.append(batcher)
        return batcher

    @property
    def waiting(self) -> int:
        """Tell how many questions wait, those in the database not counted."""
        return sum(len(batcher) for batcher in self._batchers)

    async def start(self) -> None:
        """Connect and begin to answer; raises Mismatch when the database publishes something else than the calls need."""
        await self.store.start()
        if self.guard is not None:
            await self.guard.start(self.store)
        for batcher in self._batchers:
            batcher.start()

    async def stop(self) -> None:
        """Answer what waits, then let go of the database."""
        for batcher in self._batchers:
            await batcher.drain()
        if self.guard is not None:
            await self.guard.stop(self.store)
        await self.store.stop()
