"""Speaking with the other workers, through the database: at once when a subject is new or its lease is half used, each second otherwise."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from time import time
from typing import Any, Protocol

from ansinh.gateway.batching import QuestionRefused, StoreAway
from ansinh.gateway.guard.counting import Counting
from ansinh.gateway.store import Published, Store

OPEN = Published(
    "open_tally_v1",
    "p_now timestamp with time zone",
    "TABLE(worker bigint, kind text, subject text, first bigint, rate integer)",
    cold=True,
)
EXCHANGE = Published(
    "exchange_tallies_v1",
    "p_worker bigint, p_now timestamp with time zone, p_kinds text[], p_subjects text[], p_facilities text[], p_day bigint[], p_hour bigint[], "
    "p_kept bigint[], p_wanted bigint[], p_misses bigint[], p_neighbours bigint[], p_refused bigint[]",
    "TABLE(subject text, lease bigint, rate integer, misses integer, neighbours integer, step text, cause text, until timestamp with time zone)",
    cold=True,
)
BURY = Published(
    "bury_worker_v1", "p_worker bigint, p_now timestamp with time zone, p_opened_by text", "bigint", cold=True
)
PUBLISHED = (OPEN, EXCHANGE, BURY)
ARRAYS = 10

LOOK_SECONDS = 0.05
EXCHANGE_SECONDS = 1.0
LAST_WORDS_MAX = 20
# So often a successor tries to have a dead worker's leases given back; then they count as used.
BURIALS_MAX = 3
_log = logging.getLogger("ansinh.gateway")


class Succession(Protocol):
    """Where one worker follows another that is dead for certain."""

    def former(self) -> tuple[int, int]:
        """Return number and process of the worker that died, zeros when there is none."""

    def follow(self, worker: int) -> None:
        """Write down who is here now, 0: nobody who would have to be buried."""


class LiveGuard(Counting):
    """The guard of a running worker."""

    def __init__(self, now: Callable[[], float] = time) -> None:
        super().__init__(now)
        self._clock = now
        self._worker = 0
        self._keeper: asyncio.Task[None] | None = None
        self._succession: Succession | None = None
        self._burials = 0

    def succeed(self, succession: Succession) -> None:
        """Have the leases given back of whoever died where this worker lives now."""
        self._succession = succession

    async def start(self, store: Store) -> None:
        """Learn what was counted today before the first question is answered; go on trying while the database is away."""
        with contextlib.suppress(StoreAway):
            await self._meet(store)
        self._keeper = asyncio.get_running_loop().create_task(self._keep(store))

    async def stop(self, store: Store) -> None:
        """Give back what was leased and not used."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        if self._worker:
            self.end()
            with contextlib.suppress(StoreAway, QuestionRefused):
                for _ in range(LAST_WORDS_MAX):
                    if not self.waiting:
                        break
                    await self._speak(store)
        if self._succession is not None and not self.waiting:
            self._succession.follow(0)

    async def _keep(self, store: Store) -> None:
        spoke_at = 0.0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.tick()
            now = asyncio.get_running_loop().time()
            if not self.urgent and now - spoke_at < EXCHANGE_SECONDS:
                continue
            spoke_at = now
            try:
                await (self._speak(store) if self._worker else self._meet(store))
            except StoreAway:
                self.unheard()
                await asyncio.sleep(EXCHANGE_SECONDS)
            except Exception as trouble:  # whatever it is, leases run out and nobody is answered more than was leased
                self.unheard()
                _log.exception("the guard cannot speak", extra={"kind": type(trouble).__name__})
                await asyncio.sleep(EXCHANGE_SECONDS)

    async def _meet(self, store: Store) -> None:
        await self._bury(store)
        self._worker = self.open(await store.call(OPEN, self._moment()))
        if self._succession is not None:
            self._succession.follow(self._worker)
        await self._speak(store)

    async def _bury(self, store: Store) -> None:
        worker, pid = self._succession.former() if self._succession is not None else (0, 0)
        if not worker or self._burials >= BURIALS_MAX:
            return
        self._burials += 1
        with contextlib.suppress(QuestionRefused):
            # As the store signs a chain.
            await store.call(BURY, worker, self._moment(), f"{socket.gethostname()}/{pid}")

    async def _speak(self, store: Store) -> None:
        said = self.say()
        arrays: list[Any] = (
            [list(column) for column in zip(*said, strict=True)] if said else [[] for _ in range(ARRAYS)]
        )
        self.hear(await store.call(EXCHANGE, self._worker, self._moment(), *arrays))

    def _moment(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)
