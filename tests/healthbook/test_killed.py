"""Workers and the database killed while a load is settled: afterwards every receipt resolves, every accepted visit is in the book once.

`make test` kills a few times within some hundred files; a campaign within twenty thousand.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest

from ansinh.database.processes import processes_in
from ansinh.database.server import EmbeddedServer
from ansinh.healthbook.checks import checks
from tests.healthbook.inbox import SOUND, Inbox, changed, field, with_episode
from tests.support.campaign import CAMPAIGN, WriteDown
from tests.support.database import OwnDatabase, migrate_with_django, own_server, point_django_at, point_settings_at

FILES, KILLS, SEED = (20_000, 30, 11) if CAMPAIGN else (96, 2, 11)
WORKERS = 2
LOOK_SECONDS = 0.1
WORK = [
    sys.executable,
    "-c",
    "from ansinh.cli.main import main; main()",
    "healthbook",
    "work",
    "--once",
    "--length",
    "16",
]


@pytest.fixture
def killable(fresh_database: OwnDatabase) -> Iterator[tuple[EmbeddedServer, Inbox]]:
    """A migrated server of the test's own, with the sound visit's patient. `fresh_database` puts Django and the settings back."""
    from django.db import connections  # noqa: PLC0415 - Django may not be imported before pytest-django sets it up

    with own_server() as server:
        server.up()
        database = OwnDatabase("ansinh", server.urls())
        point_settings_at(database)
        migrate_with_django(database.urls)
        point_django_at(database.urls)
        inbox = Inbox(database)
        inbox.add_patient()
        yield server, inbox
        connections.close_all()


def files() -> Iterator[bytes]:
    """Yield files: each episode once, every tenth amended, every seventh wrong."""
    for number in range(FILES):
        content = with_episode(SOUND, f"kill.{number - 1 if number % 10 == 9 else number}")
        if number % 10 == 9:
            content = changed(content, (field(SOUND, "CHAN_DOAN_RV"), "đã sửa"))
        if number % 7 == 6:
            content = changed(content, (field(SOUND, "MA_BENH_CHINH"), "ZZ9"))
        yield content


def settled(inbox: Inbox) -> int:
    with suppress(psycopg.OperationalError):
        ((count,),) = inbox.rows("SELECT count(*) FROM healthbook_submission WHERE state <> 'received'")
        return int(count)
    return -1


def test_killed_workers_and_database_lose_and_double_nothing(
    killable: tuple[EmbeddedServer, Inbox], write_down: WriteDown
) -> None:
    server, inbox = killable
    receipts = [inbox.submit(content) for content in files()]
    chance = random.Random(SEED)
    at = sorted(chance.sample(range(1, FILES * 9 // 10), KILLS))
    environment = os.environ | inbox.database.environment
    workers = [start(environment) for _ in range(WORKERS)]
    killed = {"worker": 0, "database": 0}
    try:
        for turn, count in enumerate(at):
            while settled(inbox) < count and any(worker.poll() is None for worker in workers):
                with suppress(subprocess.TimeoutExpired):
                    workers[0].wait(LOOK_SECONDS)
            if turn % 2:
                for pid in processes_in(server.folder.data):
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                server.up()
                killed["database"] += 1
            else:
                victim = chance.choice(workers)
                victim.kill()
                victim.wait()
                killed["worker"] += 1
            workers = [worker if worker.poll() is None else start(environment) for worker in workers]
        for worker in workers:
            worker.wait()
        start(environment).wait()
    finally:
        for worker in workers:
            if worker.poll() is None:
                worker.kill()
                worker.wait()
    write_down(files=FILES, seed=SEED, **killed)
    states = dict(inbox.rows("SELECT state, count(*) FROM healthbook_submission GROUP BY 1"))
    assert sum(states.values()) == len(set(receipts))
    assert set(states) <= {"accepted", "rejected"}, states
    wrong = sum(number % 7 == 6 for number in range(FILES))
    assert states["rejected"] == wrong
    assert inbox.rows("SELECT count(*), count(DISTINCT receipt) FROM healthbook_visit") == [
        (states["accepted"], states["accepted"])
    ]
    assert {one.name: list(one.offending) for one in checks(None) if not one.ok} == {}


def start(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(WORK, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
