"""The gateway where it hurts: workers killed again and again, a full queue, a database that hangs.

A sample of each always runs; `make campaign` runs them long.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import resource
import signal
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import httpx
import psycopg
import pytest

from tests.audit.standing import add_people, pin_of
from tests.gateway.clerks import Heard, ask_whole, live_through
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway.test_crashes import PEOPLE, prove
from tests.support.campaign import CAMPAIGN, WriteDown
from tests.support.database import OwnDatabase

SEED = int(os.environ.get("CAMPAIGN_SEED", "4"))
QUESTION = {"purpose": "treatment", "officer": "BS-17"}
# A campaign has the machine to itself; `make test` does not.
SILENCE_SECONDS_MAX = 5 if CAMPAIGN else 60


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    add_people(fresh_database, PEOPLE)
    with running_gateway(fresh_database, tmp_path) as running:
        yield running


def port_of(gateway: RunningGateway) -> int:
    return int(gateway.base.rpartition(":")[2])


def lived(gateway: RunningGateway, clerks: int, story: object) -> Heard:
    return asyncio.run(live_through(port_of(gateway), gateway.token(), PEOPLE, clerks, story, SEED))  # type: ignore[arg-type]


def by_status(heard: Heard) -> dict[str, int]:
    """Return how often each status came, by names for the record."""
    return {f"status_{status}": count for status, count in sorted(heard.statuses.items())}


def permitted(connections: int) -> int:
    """Return so many connections, or as many as this process may open."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = connections + 500 if hard == resource.RLIM_INFINITY else min(connections + 500, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(most, resource.getrlimit(resource.RLIMIT_NOFILE)[0]), hard))
    return min(connections, most - 500)


@pytest.mark.campaign
def test_workers_killed_again_and_again_never_take_the_gateway_down(
    gateway: RunningGateway, fresh_database: OwnDatabase, write_down: WriteDown
) -> None:
    chance = random.Random(SEED)
    kills = 45 if CAMPAIGN else 6

    async def story(heard: Heard) -> None:
        for _ in range(kills):
            pids: list[int] = []
            while not pids:
                pids = gateway.worker_pids()
                await asyncio.sleep(0.005)
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(pids), signal.SIGKILL)
            began = monotonic()
            await heard.until(chance.randint(20, 150))
            assert monotonic() - began < SILENCE_SECONDS_MAX, "nobody answered for long after a worker died"

    heard = lived(gateway, 24, story)
    # 429: leases of the address died with their workers, so the next one asks for one before it answers.
    write_down(kills=kills, cut=heard.cut, seed=SEED, **by_status(heard))
    assert set(heard.statuses) <= {200, 429, 503}
    assert gateway.process.poll() is None
    prove(heard, fresh_database)


def test_refusals_of_a_full_queue_say_when_to_come_again(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    add_people(fresh_database, PEOPLE)
    with running_gateway(fresh_database, tmp_path, workers=1) as gateway:
        statuses, retry = asyncio.run(_rush(gateway, permitted(2_500)))
    # How many fit before their deadline is the machine's to say; that a full batch and a full queue are answered is asked of the batcher alone.
    assert set(statuses) == {200, 503}
    assert retry == {b"1"}


async def _rush(gateway: RunningGateway, count: int) -> tuple[list[int], set[bytes]]:
    """Ask all at once, many behind each other's back, while the database is held up."""
    token = gateway.token()
    retry: set[bytes] = set()

    async def one(person: int) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(gateway))
        try:
            status, head, _ = await ask_whole(reader, writer, token, {"key": pin_of(person), **QUESTION})
            if status == 503:
                retry.update(line.split(b": ")[1] for line in head.split(b"\r\n") if line.startswith(b"retry-after"))
            return status
        finally:
            writer.close()

    with psycopg.connect(gateway.owner_url) as holder:
        holder.execute("LOCK TABLE audit_chain IN ACCESS EXCLUSIVE MODE")
        asking = [asyncio.create_task(one(1 + n % PEOPLE)) for n in range(count)]
        # The first refusal tells that the queue is full; holding on would let those who wait run into their deadline.
        while not any(task.done() for task in asking):
            await asyncio.sleep(0.005)
        holder.rollback()
    return [await task for task in asking], retry


def test_a_hanging_database_is_answered_503_in_time_and_forgotten(
    gateway: RunningGateway, fresh_database: OwnDatabase
) -> None:
    """The gateway's sessions are stopped by a signal: they neither answer nor close."""
    with psycopg.connect(fresh_database.urls.superuser or "", autocommit=True) as server:
        rows = server.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = 'ansinh_gateway'"
        ).fetchall()
    pids = [pid for (pid,) in rows]
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        statuses = []
        for person in range(1, 4):
            began = monotonic()
            response = gateway.ask({"key": pin_of(person), **QUESTION})
            statuses.append(response.status_code)
            assert monotonic() - began < 5
            assert response.status_code == 200 or "retry-after" in response.headers
        assert 503 in statuses
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    until = monotonic() + 15
    while gateway.ask({"key": pin_of(1), **QUESTION}).status_code != 200:
        assert monotonic() < until, "the gateway does not find its database again"
    assert httpx.get(f"{gateway.base}/readyz", trust_env=False).status_code == 200
