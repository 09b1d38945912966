"""Calls that are not hot: so many at once, so many waiting, the rest hears 503 at once. So none of them can take the worker from the hot ones."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from ansinh.gateway import problems

P = ParamSpec("P")
T = TypeVar("T")

AT_ONCE_MAX = 4
WAITING_MAX = 64
WAIT_SECONDS_MAX = 5.0


class Bounded:
    """A gate for one kind of cold call."""

    def __init__(
        self,
        at_once_max: int = AT_ONCE_MAX,
        *,
        waiting_max: int = WAITING_MAX,
        wait_seconds_max: float = WAIT_SECONDS_MAX,
    ) -> None:
        self._free = asyncio.Semaphore(at_once_max)
        self._waiting = 0
        self._waiting_max = waiting_max
        self._wait_seconds_max = wait_seconds_max

    async def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do the work when its turn comes; raises Problem (overloaded) when too many wait, or when one waited too long."""
        if self._waiting >= self._waiting_max:
            raise problems.OVERLOADED
        self._waiting += 1
        try:
            async with asyncio.timeout(self._wait_seconds_max):
                await self._free.acquire()
        except TimeoutError as late:
            raise problems.OVERLOADED from late
        finally:
            self._waiting -= 1
        try:
            return await work()
        finally:
            self._free.release()

    async def in_thread(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run something that takes long without giving way (a password's digest) beside the loop, under the same bounds."""
        return await self.run(lambda: asyncio.to_thread(function, *args, **kwargs))
