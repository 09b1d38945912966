"""One client in five is slow: sends a head or a body byte by byte, or never reads its answers. The others notice nothing.

How quickly the fast ones are answered is measured with and without slow neighbours, by turns, and written down; a machine that does other things too is slow
by itself, so only a generous factor is asserted.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.audit.standing import add_people
from tests.gateway.load import Told, as_answered, run
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway.test_crashes import prove_rows
from tests.gateway.test_under_stress import permitted, port_of
from tests.support.campaign import CAMPAIGN, WriteDown
from tests.support.database import OwnDatabase

PEOPLE, SEED = 500, 6
FAST, SLOW = (800, 200) if CAMPAIGN else (80, 20)
TURNS, ANSWERS_A_TURN = (6, 20_000) if CAMPAIGN else (2, 600)
BYTE_SECONDS = 0.02
HEAD = b"POST /v1/standing HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
P99_FACTOR_MAX, P99_MS_ALWAYS_RIGHT = 4, 250


async def slow_head(port: int) -> None:
    """Send a head, byte by byte, and never come to its end."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    await _drip(writer, HEAD)


async def slow_body(port: int) -> None:
    """Promise a body and send it byte by byte."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    await _drip(writer, HEAD + b"Content-Length: 8000\r\n\r\n")


async def unread(port: int) -> None:
    """Ask for the longest answer there is, again and again, and read none."""
    loop = asyncio.get_running_loop()
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        line.setblocking(False)
        await loop.sock_connect(line, ("127.0.0.1", port))
        while True:
            await loop.sock_sendall(line, b"GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n")
            await asyncio.sleep(BYTE_SECONDS)


async def _drip(writer: asyncio.StreamWriter, beginning: bytes) -> None:
    try:
        writer.write(beginning)
        while True:
            writer.write(b"X")
            await writer.drain()
            await asyncio.sleep(BYTE_SECONDS)
    finally:
        writer.close()


KINDS: list[Callable[[int], Coroutine[Any, Any, None]]] = [slow_head, slow_body, unread]


async def _again(kind: Callable[[int], Coroutine[Any, Any, None]], port: int) -> None:
    """Be slow anew whenever the gateway hung up."""
    while True:
        with contextlib.suppress(OSError):
            await kind(port)


@contextlib.asynccontextmanager
async def neighbours(port: int, count: int) -> AsyncIterator[None]:
    """So many slow clients for the block, of all kinds."""
    slow = [asyncio.create_task(_again(KINDS[n % len(KINDS)], port)) for n in range(count)]
    try:
        yield
        assert not any(task.done() for task in slow)
    finally:
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)


async def answered(gateway: RunningGateway, slow: int, seed: int) -> Told:
    """Answer the fast ones, with so many slow neighbours."""

    async def until(told: Told) -> None:
        while len(told.answers) < ANSWERS_A_TURN:
            await asyncio.sleep(0.005)

    async with neighbours(port_of(gateway), slow):
        return await as_answered(port_of(gateway), gateway.token(), PEOPLE, FAST, until, seed)


async def by_turns(gateway: RunningGateway) -> tuple[list[Told], list[Told]]:
    """Measure without and with slow neighbours, one after the other, so that what the machine does besides falls on both."""
    alone, among = [], []
    for turn in range(TURNS):
        alone.append(await answered(gateway, 0, SEED + turn))
        among.append(await answered(gateway, SLOW, SEED + turn))
    return alone, among


def together(told: list[Told]) -> Told:
    """Return the times of several turns as one."""
    sum_of = Told()
    for one in told:
        sum_of.seconds[200] += one.seconds[200]
    return sum_of


@pytest.mark.campaign
def test_slow_clients_do_not_hurt_the_others(
    fresh_database: OwnDatabase, tmp_path: Path, write_down: WriteDown
) -> None:
    add_people(fresh_database, PEOPLE)
    permitted(FAST + SLOW)
    with running_gateway(fresh_database, tmp_path) as gateway:
        alone, among = run(by_turns(gateway))
        assert "worker ended" not in gateway.log.read_text()
    calm, slowed = together(alone), together(among)
    write_down(
        fast_clients=FAST,
        slow_clients=SLOW,
        answers=len(calm.seconds[200]) + len(slowed.seconds[200]),
        p50_ms_alone=calm.percentile(50),
        p50_ms_among_slow=slowed.percentile(50),
        p99_ms_alone=calm.percentile(99),
        p99_ms_among_slow=slowed.percentile(99),
        seed=SEED,
    )
    for told in (*alone, *among):
        assert (told.wrong, set(told.statuses), told.cut) == ([], {200}, 0)
    assert slowed.percentile(99) < P99_FACTOR_MAX * calm.percentile(99) + P99_MS_ALWAYS_RIGHT
    prove_rows([answer for told in (*alone, *among) for answer in told.answers], fresh_database)
