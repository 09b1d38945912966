"""Large bodies that never come to their end, from many at once and without any token: memory stays bounded, and who is honest is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ansinh.gateway.server.connection import HELD_BYTES_MAX
from tests.audit.standing import add_people, pin_of
from tests.gateway.clerks import ask
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway.test_under_stress import QUESTION, permitted, port_of
from tests.support.database import OwnDatabase

CONNECTIONS, SENT_BYTES = 400, 690_000
GROWTH_MIB_MAX = 200
HEAD = (
    b"POST /v1/standing:batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 700000\r\n\r\n"
)


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    add_people(fresh_database, 5)
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        yield running


async def send_part(port: int) -> tuple[bytes, asyncio.StreamWriter]:
    """Send nearly all of a large body; returns the beginning of what is answered, nothing when nothing is while the rest is missing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(HEAD + b"x" * SENT_BYTES)
        await writer.drain()
        return await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 3), writer
    except TimeoutError:
        return b"", writer
    except (OSError, EOFError):
        return b"cut", writer


def test_bodies_that_never_end_fill_no_memory(gateway: RunningGateway) -> None:
    assert CONNECTIONS * SENT_BYTES > 4 * HELD_BYTES_MAX
    (worker,) = gateway.worker_pids()
    before = psutil.Process(worker).memory_info().rss

    async def story() -> tuple[list[bytes], int]:
        answered = await asyncio.gather(*(send_part(port_of(gateway)) for _ in range(permitted(CONNECTIONS))))
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(gateway))
        status, _ = await ask(reader, writer, gateway.token(), {"key": pin_of(1), **QUESTION})
        writer.close()
        for _, line in answered:
            line.close()
        return [head for head, _ in answered], status

    heads, status = asyncio.run(story())
    grown_mib = (psutil.Process(worker).memory_info().rss - before) / (1 << 20)
    assert status == 200
    assert grown_mib < GROWTH_MIB_MAX
    refused = [head for head in heads if head not in {b"", b"cut"}]
    assert refused, "nobody was refused"
    assert all(head.startswith(b"HTTP/1.1 503 ") and b"retry-after: 1" in head for head in refused)
    assert heads.count(b"") <= HELD_BYTES_MAX // SENT_BYTES + 1
    response = gateway.ask({"key": pin_of(2), **QUESTION})
    assert response.status_code == 200
