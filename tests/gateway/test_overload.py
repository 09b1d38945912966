"""Three times what the gateway can answer: answers are right and recorded once, the rest is refused honestly, memory is bounded, and then all is as before.

The database takes a moment for each batch, as a disk does that is slower than ours; so the capacity is the database's, is measured here, and one process can
offer three times as much. `make campaign` offers it for a minute.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import perf_counter

import httpx
import psutil
import psycopg
import pytest

from tests.audit.standing import add_people
from tests.gateway.load import Offered, Told, as_answered, as_offered, run
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway.test_crashes import prove_rows
from tests.gateway.test_under_stress import permitted, port_of
from tests.support.campaign import CAMPAIGN, WriteDown
from tests.support.database import OwnDatabase

PEOPLE, SEED, TIMES = 2_000, 5, 3
BATCH_SECONDS = 0.4
MEASURED_SECONDS, OVERLOAD_SECONDS = (15, 60) if CAMPAIGN else (2, 2)
# `make test` runs beside other tests, whose load is not what is measured.
RECOVERY_SECONDS_MAX = 5 if CAMPAIGN else 30
GROWTH_MIB_MAX = 200
# A full batch and a full queue of each worker: nobody more can wait.
WORKERS = 2 if CAMPAIGN else 1
WAITING_MAX = WORKERS * (1_024 + 512)
_SLOW_DISK = f"""
CREATE FUNCTION slow_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep({BATCH_SECONDS}); RETURN NULL; END $$;
CREATE TRIGGER slow_disk AFTER INSERT ON audit_link FOR EACH STATEMENT EXECUTE FUNCTION slow_disk();
"""


def memory_mib(gateway: RunningGateway) -> float:
    """Return what the processes of a gateway hold in memory."""
    processes = [psutil.Process(pid) for pid in (gateway.process.pid, *gateway.worker_pids())]
    return sum(process.memory_info().rss for process in processes) / (1 << 20)


async def measured_capacity(gateway: RunningGateway) -> tuple[float, Told]:
    """Return how many a second are answered when as many ask as fill every batch."""
    answered = 0.0

    async def until(told: Told) -> None:
        nonlocal answered
        while len(told.answers) < 512:
            await asyncio.sleep(0.01)
        before, began = len(told.answers), perf_counter()
        await asyncio.sleep(MEASURED_SECONDS)
        answered = (len(told.answers) - before) / (perf_counter() - began)

    told = await as_answered(port_of(gateway), gateway.token(), PEOPLE, WAITING_MAX * 2 // 3, until, SEED)
    return answered, told


async def recovered_after(gateway: RunningGateway) -> tuple[float, Told]:
    """Return after how many seconds fifty in a row were answered, and what was told until then."""
    began, told = perf_counter(), Told()
    while perf_counter() - began < RECOVERY_SECONDS_MAX:
        offered = Offered(per_second=100_000, requests=50, connections=50)
        last, _ = await as_offered(port_of(gateway), gateway.token(), PEOPLE, offered, SEED)
        told.answers += last.answers
        told.wrong += last.wrong
        if set(last.statuses) == {200}:
            break
    return perf_counter() - began, told


async def overloaded(gateway: RunningGateway, capacity: float) -> tuple[Told, float, list[float]]:
    """Offer three times the capacity; return what was told, how many a second were really asked, and what memory was held meanwhile."""
    held: list[float] = []

    async def watch() -> None:
        while True:
            held.append(memory_mib(gateway))
            await asyncio.sleep(0.5)

    watching = asyncio.create_task(watch())
    offered = Offered(TIMES * capacity, int(TIMES * capacity * OVERLOAD_SECONDS), permitted(2 * WAITING_MAX))
    told, seconds = await as_offered(port_of(gateway), gateway.token(), PEOPLE, offered, SEED)
    watching.cancel()
    return told, offered.requests / seconds, [*held, memory_mib(gateway)]


@pytest.mark.campaign
def test_three_times_the_capacity_is_answered_as_far_as_it_goes(
    fresh_database: OwnDatabase, tmp_path: Path, write_down: WriteDown
) -> None:
    add_people(fresh_database, PEOPLE)
    permitted(2 * WAITING_MAX)
    with psycopg.connect(fresh_database.urls.owner) as owner:
        owner.execute(_SLOW_DISK)
    with running_gateway(fresh_database, tmp_path, workers=WORKERS) as gateway:
        before_mib = memory_mib(gateway)
        capacity, calm = run(measured_capacity(gateway))
        told, asked, held_mib = run(overloaded(gateway, capacity))
        recovery_seconds, after = run(recovered_after(gateway))
        assert gateway.process.poll() is None
        assert "worker ended" not in gateway.log.read_text()
        assert httpx.get(f"{gateway.base}/readyz", trust_env=False).status_code == 200
    write_down(
        capacity_per_second=round(capacity),
        asked_per_second=round(asked),
        seconds=OVERLOAD_SECONDS,
        answered=told.statuses[200],
        refused=told.statuses[503],
        goodput_percent=round(100 * told.statuses[200] * asked / told.statuses.total() / capacity),
        answered_p99_ms=told.percentile(99),
        refused_p99_ms=told.percentile(99, 503) if told.statuses[503] else 0,
        memory_mib_before=round(before_mib),
        memory_mib_most=round(max(held_mib)),
        recovery_ms=round(1000 * recovery_seconds),
        seed=SEED,
    )
    assert [one.wrong for one in (calm, told, after)] == [[], [], []]
    assert set(calm.statuses) | set(told.statuses) <= {200, 503}
    assert (calm.cut, told.cut) == (0, 0)
    # A machine so busy that it cannot even ask overloads nobody.
    if asked > 2 * capacity:
        assert told.statuses[503] > told.statuses[200] / 2
    assert max(held_mib) - before_mib < GROWTH_MIB_MAX
    assert recovery_seconds < RECOVERY_SECONDS_MAX
    prove_rows(calm.answers + told.answers + after.answers, fresh_database)
