"""PostgreSQL killed whole, under load: nobody is answered without a row, everybody else is told when to come again, and the gateway goes on by itself."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import httpx
import pytest

from ansinh.database.processes import postmaster_of, processes_in
from ansinh.database.server import EmbeddedServer
from tests.audit.standing import add_people, pin_of
from tests.gateway.clerks import Heard, live_through
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway.test_crashes import CLERKS, PEOPLE, prove
from tests.gateway.test_under_stress import QUESTION, port_of
from tests.support.campaign import CAMPAIGN, WriteDown
from tests.support.database import OwnDatabase, migrate_with_django, own_server, point_settings_at

KILLS, SEED = (12, 7) if CAMPAIGN else (2, 7)
RECOVERY_SECONDS_MAX = 30


@dataclass(frozen=True)
class Killable:
    """A server of the test's own, and its database."""

    server: EmbeddedServer
    database: OwnDatabase

    def kill(self) -> int:
        """Kill every process of the server at once; returns how many."""
        pids = processes_in(self.server.folder.data)
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return len(pids)

    def kill_postmaster(self) -> int:
        """Kill the main process alone; the others notice, some later than others."""
        found = postmaster_of(self.server.folder.data)
        assert found is not None
        os.kill(found.pid, signal.SIGKILL)
        return 1


@pytest.fixture
def killable(fresh_database: OwnDatabase) -> Iterator[Killable]:
    """A migrated server of the test's own. `fresh_database` puts Django and the settings back."""
    with own_server() as server:
        server.up()
        database = OwnDatabase("ansinh", server.urls())
        migrate_with_django(database.urls)
        point_settings_at(database)
        add_people(database, PEOPLE)
        yield Killable(server, database)


async def refused_while_away(gateway: RunningGateway) -> None:
    """See that a question is refused and when to come again, and that the gateway says it lives and is not ready.

    With the postmaster alone killed, the session of one worker may end a moment after the other's.
    """
    headers = {"authorization": f"Bearer {gateway.token()}"}
    async with httpx.AsyncClient(base_url=gateway.base, trust_env=False, timeout=20) as line:
        async with asyncio.timeout(RECOVERY_SECONDS_MAX):
            while (
                told := await line.post("/v1/standing", json={"key": pin_of(1), **QUESTION}, headers=headers)
            ).status_code == 200:
                await asyncio.sleep(0.01)
            assert (told.status_code, told.json()["code"]) == (503, "unavailable")
            assert int(told.headers["retry-after"]) >= 1
            while (await line.get("/readyz")).status_code == 200:
                await asyncio.sleep(0.01)
        assert (await line.get("/livez")).status_code == 200


@pytest.mark.campaign
def test_killed_database_is_missed_honestly_and_found_again(
    killable: Killable, tmp_path: Path, write_down: WriteDown
) -> None:
    chance, back_after = random.Random(SEED), list[float]()
    with running_gateway(killable.database, tmp_path) as gateway:
        workers = set(gateway.worker_pids())

        async def story(heard: Heard) -> None:
            for turn in range(KILLS):
                await heard.until(chance.randint(50, 300))
                (killable.kill_postmaster if turn % 2 else killable.kill)()
                refused = heard.statuses[503]
                while heard.statuses[503] == refused:
                    await asyncio.sleep(0.01)
                await refused_while_away(gateway)
                await asyncio.to_thread(killable.server.up)
                began = monotonic()
                await heard.until(1)
                back_after.append(monotonic() - began)
            await heard.until(300)

        heard = asyncio.run(live_through(port_of(gateway), gateway.token(), PEOPLE, CLERKS, story, SEED))
        assert set(gateway.worker_pids()) == workers, "a worker had to be replaced"
        assert httpx.get(f"{gateway.base}/readyz", trust_env=False).status_code == 200
        assert "our mistake" not in gateway.log.read_text()
    write_down(
        kills=KILLS,
        answered=heard.statuses[200],
        refused=heard.statuses[503],
        answers_again_after_ms_most=round(1000 * max(back_after)),
        seed=SEED,
    )
    assert set(heard.statuses) == {200, 503}
    assert heard.cut == 0
    assert max(back_after) < RECOVERY_SECONDS_MAX
    prove(heard, killable.database)
