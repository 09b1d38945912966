"""Load that counts: many connections from one process, each answer looked at when it comes; as many requests as are answered, or as many as a rate says."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from time import perf_counter
from typing import Any, TypeVar

import uvloop

from tests.audit.standing import pin_of

T = TypeVar("T")
PACE_SECONDS = 0.005
OFFICER = "BS-17"


def run(story: Coroutine[Any, Any, T]) -> T:
    """Live a story on a loop that is quick enough for load."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(story)


@dataclass
class Told:
    """What was answered: (person, audit id) of each 200, statuses, seconds each took by kind, and what was wrong with any."""

    answers: list[tuple[int, int]] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: dict[int, list[float]] = field(default_factory=lambda: {200: [], 503: []})
    wrong: list[str] = field(default_factory=list)
    cut: int = 0

    def hear(self, person: int, head: bytes, body: bytes, seconds: float) -> None:
        """Look at one answer: a 200 is about whom was asked, a refusal says when to come again."""
        status = int(head[9:12])
        self.statuses[status] += 1
        self.seconds.setdefault(status, []).append(seconds)
        if status == 200:
            answer, pin = json.loads(body), pin_of(person)
            if not answer["asked"]["key"] == answer["standing"]["pin"] == pin:
                self.wrong.append(f"asked about person {person}, told of another")
            self.answers.append((person, int(answer["audit_id"])))
        elif status == 503 and b"\r\nretry-after: " not in head.lower():
            self.wrong.append("503 without Retry-After")

    def percentile(self, percent: float, status: int = 200) -> float:
        """Return within how many milliseconds so many of a hundred answers came."""
        times = sorted(self.seconds[status])
        return round(1000 * times[min(int(len(times) * percent / 100), len(times) - 1)], 2)


class Line(asyncio.Protocol):
    """One connection with at most one request under way."""

    def __init__(self, told: Told, token: str, freed: Callable[[Line], None]) -> None:
        self._told, self._freed, self._token = told, freed, token
        self._transport: Any = None
        self._person, self._began, self._heard = 0, 0.0, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be ready."""
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        """Count a request that was cut."""
        self._transport = None
        if self._began:
            self._told.cut += 1

    def ask(self, person: int) -> None:
        """Ask about a person."""
        if self._transport is None:
            return
        self._person, self._began, self._heard = person, perf_counter(), b""
        body = b'{"key":"%b","purpose":"treatment","officer":"%b"}' % (pin_of(person).encode(), OFFICER.encode())
        self._transport.write(
            b"POST /v1/standing HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
            % (self._token.encode(), len(body), body)
        )

    def data_received(self, data: bytes) -> None:
        """Hear an answer, whole."""
        self._heard += data
        head, ended, body = self._heard.partition(b"\r\n\r\n")
        if not ended or len(body) < int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]):
            return
        began, self._began = self._began, 0.0
        self._told.hear(self._person, head, body, perf_counter() - began)
        self._freed(self)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()


async def lines(port: int, token: str, count: int, told: Told, freed: Callable[[Line], None]) -> list[Line]:
    """Open so many connections."""
    loop, opened = asyncio.get_running_loop(), []
    for _ in range(count):
        _, line = await loop.create_connection(lambda: Line(told, token, freed), "127.0.0.1", port)
        opened.append(line)
    return opened


async def as_answered(
    port: int, token: str, people: int, connections: int, until: Callable[[Told], Awaitable[None]], seed: int
) -> Told:
    """Have each connection ask again as soon as it is answered, until `until` ends; returns what was told once the last is answered."""
    told, chance, over = Told(), Random(seed), False
    busy, quiet = connections, asyncio.Event()

    def freed(line: Line) -> None:
        nonlocal busy
        if not over:
            line.ask(chance.randint(1, people))
            return
        busy -= 1
        if not busy:
            quiet.set()

    opened = await lines(port, token, connections, told, freed)
    for line in opened:
        line.ask(chance.randint(1, people))
    await until(told)
    over = True
    with suppress(TimeoutError):
        await asyncio.wait_for(quiet.wait(), 30)
    for line in opened:
        line.close()
    return told


@dataclass(frozen=True)
class Offered:
    """Load by a rate: requests a second, how many in all, over how many connections at most."""

    per_second: float
    requests: int
    connections: int


async def as_offered(port: int, token: str, people: int, offered: Offered, seed: int) -> tuple[Told, float]:
    """Ask as often as offered, whether answered or not; returns what was told, and in how many seconds the last request was sent.

    Who finds no free connection waits for one, so that a slow machine offers less and never something else.
    """
    told, chance, free = Told(), Random(seed), deque[Line]()
    free.extend(opened := await lines(port, token, offered.connections, told, free.append))
    began, sent = perf_counter(), 0
    while sent < offered.requests:
        due = min(int((perf_counter() - began) * offered.per_second) + 1, offered.requests) - sent
        for _ in range(min(due, len(free))):
            free.popleft().ask(chance.randint(1, people))
            sent += 1
        await asyncio.sleep(PACE_SECONDS)
    seconds = perf_counter() - began
    async with asyncio.timeout(60):
        while told.statuses.total() + told.cut < sent:
            await asyncio.sleep(PACE_SECONDS)
    for line in opened:
        line.close()
    return told, seconds
