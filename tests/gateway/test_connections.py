"""Connections as clients and networks really make them: split, pipelined, slow, half closed, dropped, too many."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from tests.audit.standing import add_people, pin_of
from tests.gateway.running import RunningGateway, running_gateway
from tests.support.database import OwnDatabase

PEOPLE = 40


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    add_people(fresh_database, PEOPLE)
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        yield running


@asynccontextmanager
async def connected(gateway: RunningGateway) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(gateway.base.rpartition(":")[2]))
    try:
        async with asyncio.timeout(20):
            yield reader, writer
    finally:
        writer.close()


def question(gateway: RunningGateway, person: int, *more: str) -> bytes:
    """A question about somebody, as bytes on the wire."""
    body = json.dumps({"key": pin_of(person), "purpose": "treatment", "officer": "BS-17"}).encode()
    lines = [
        "POST /v1/standing HTTP/1.1",
        "Host: x",
        f"Authorization: Bearer {gateway.token()}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *more,
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    """Read one answer: status, head, body."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return int(head.split(b" ", 2)[1]), head, await reader.readexactly(length)


def key_in(body: bytes) -> str:
    return str(json.loads(body)["asked"]["key"])


def test_requests_one_behind_another_are_answered_in_their_order(gateway: RunningGateway) -> None:
    async def story() -> None:
        async with connected(gateway) as (reader, writer):
            people = [1 + n % PEOPLE for n in range(100)]
            writer.write(b"".join(question(gateway, person) for person in people))
            for person in people:
                status, _, body = await answer(reader)
                assert (status, key_in(body)) == (200, pin_of(person))

    asyncio.run(story())


def test_a_refused_request_does_not_end_its_connection(gateway: RunningGateway) -> None:
    async def story() -> None:
        async with connected(gateway) as (reader, writer):
            writer.write(b"POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello" + question(gateway, 2))
            assert (await answer(reader))[0] == 404
            assert key_in((await answer(reader))[2]) == pin_of(2)

    asyncio.run(story())


def test_a_request_in_single_bytes_is_answered(gateway: RunningGateway) -> None:
    async def story() -> None:
        async with connected(gateway) as (reader, writer):
            for byte in question(gateway, 3):
                writer.write(bytes([byte]))
                await writer.drain()
            assert key_in((await answer(reader))[2]) == pin_of(3)

    asyncio.run(story())


def test_a_client_that_waits_for_continue_is_told_so(gateway: RunningGateway) -> None:
    async def story() -> None:
        async with connected(gateway) as (reader, writer):
            head, _, body = question(gateway, 4, "Expect: 100-continue").partition(b"\r\n\r\n")
            writer.write(head + b"\r\n\r\n")
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            writer.write(body)
            assert key_in((await answer(reader))[2]) == pin_of(4)

    asyncio.run(story())


def test_a_client_that_closes_its_side_still_hears_the_answer(gateway: RunningGateway) -> None:
    async def story() -> None:
        async with connected(gateway) as (reader, writer):
            writer.write(question(gateway, 5))
            writer.write_eof()
            assert key_in((await answer(reader))[2]) == pin_of(5)
            assert await reader.read() == b""

    asyncio.run(story())


def test_a_client_that_asks_to_close_is_closed_after_its_answer(gateway: RunningGateway) -> None:
    async def story() -> None:
        async with connected(gateway) as (reader, writer):
            writer.write(question(gateway, 6, "Connection: close"))
            status, head, _ = await answer(reader)
            assert status == 200
            assert b"connection: close" in head
            assert await reader.read() == b""

    asyncio.run(story())


def test_addresses_written_whole_or_with_codes_are_the_same(gateway: RunningGateway) -> None:
    async def story() -> None:
        async with connected(gateway) as (reader, writer):
            for path in ("http://x/livez", "/live%7A", "/livez"):
                writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                assert (await answer(reader))[0] == 200, path
            for path in ("//livez", "/livez/", "/./livez", "/livez;x", "/LIVEZ", "*"):
                writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                assert (await answer(reader))[0] == 404, path

    asyncio.run(story())


def test_head_has_no_body(gateway: RunningGateway) -> None:
    async def story() -> None:
        async with connected(gateway) as (reader, writer):
            writer.write(b"HEAD /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"content-length: 3" in await reader.readuntil(b"\r\n\r\n")
            assert (await answer(reader))[2] == b"ok\n"

    asyncio.run(story())


MEANS_TWO_THINGS = {
    "two tokens": b"Authorization: Bearer x\r\nAuthorization: Bearer y\r\n",
    "two hosts": b"Host: y\r\n",
    "a folded header": b"X-A: 1\r\n 2\r\n",
    "a space before the colon": b"X-A : 1\r\n",
    "no name": b": 1\r\n",
    "NUL": b"X-A: a\x00b\r\n",
    "a bare line feed in a value": b"X-A: a\rb\r\n",
    "length with a plus": b"Content-Length: +5\r\n",
    "lengths in a list": b"Content-Length: 5, 5\r\n",
    "an encoding nobody knows": b"Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n",
}


def test_requests_that_could_be_read_in_two_ways_are_refused(
    gateway: RunningGateway, fresh_database: OwnDatabase
) -> None:
    async def send(lines: bytes) -> int:
        async with connected(gateway) as (reader, writer):
            writer.write(b"POST /v1/standing HTTP/1.1\r\nHost: x\r\n" + lines + b"\r\nhello")
            return int((await reader.readline()).split()[1])

    for name, lines in MEANS_TWO_THINGS.items():
        assert asyncio.run(send(lines)) == 400, name
    with psycopg.connect(fresh_database.urls.app) as connection:
        assert connection.execute("SELECT count(*) FROM audit_access").fetchone() == (0,)


def test_clients_who_leave_do_not_disturb_the_others(gateway: RunningGateway) -> None:
    async def story() -> None:
        for person in range(1, PEOPLE):
            async with connected(gateway) as (_, writer):
                writer.write(question(gateway, person))
        async with connected(gateway) as (reader, writer):
            writer.write(question(gateway, PEOPLE))
            assert key_in((await answer(reader))[2]) == pin_of(PEOPLE)

    asyncio.run(story())


def test_counters_of_every_worker_are_told_by_any(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    add_people(fresh_database, 2)
    with running_gateway(fresh_database, tmp_path, workers=2) as gateway:

        async def story() -> None:
            lines: list[bytes] = []
            while not any(b'ansinh_gateway_ready{worker="1"} 1' in line for line in lines) or not any(
                b'ansinh_gateway_ready{worker="0"} 1' in line for line in lines
            ):
                async with connected(gateway) as (reader, writer):
                    writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
                    lines = (await answer(reader))[2].splitlines()
            kinds = [line for line in lines if line.startswith(b"# TYPE")]
            assert len(kinds) == len(set(kinds))

        asyncio.run(story())
