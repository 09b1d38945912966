"""Whatever dies, no answer was given without its one audit row, and no audit row lies."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections import Counter
from pathlib import Path

import httpx
import psycopg
import pytest

from ansinh.audit.queries import verify_chains
from tests.audit.standing import add_people, pin_of
from tests.gateway.clerks import Heard, live_through
from tests.gateway.running import free_port, running_gateway
from tests.support.database import OwnDatabase

PEOPLE = 500
CLERKS = 24


def prove(heard: Heard, database: OwnDatabase) -> None:
    """Every answer is about whom was asked, under an audit id of its own, whose one row says the same; every chain holds."""
    answers = []
    for pin, audit_id, body in heard.answers:
        answer = json.loads(body)
        assert answer["asked"]["key"] == answer["standing"]["pin"] == pin
        answers.append((int(pin[3:]), audit_id))
    prove_rows(answers, database)


def prove_rows(answers: list[tuple[int, int]], database: OwnDatabase) -> None:
    """Every answer (person, audit id) has an id of its own and one row, which says who was asked about and answered; no row lies, and every chain holds."""
    assert answers
    assert max(Counter(audit_id for _, audit_id in answers).values()) == 1
    with psycopg.connect(database.urls.app) as connection:
        rows = connection.execute("SELECT id, person_id, key_kind, result, officer FROM audit_access").fetchall()
    recorded = {row[0]: row[1:] for row in rows}
    assert len(recorded) == len(rows)
    for person, audit_id in answers:
        assert recorded[audit_id] == (person, 1, 1, "BS-17")
    found = verify_chains()
    assert found.whole, found.troubles
    assert (found.rows, found.rows_without_link) == (len(rows), 0)


def test_killed_gateway_loses_no_audit_row(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    add_people(fresh_database, PEOPLE)
    port = free_port()

    async def story(heard: Heard) -> None:
        with running_gateway(fresh_database, tmp_path, port=port) as gateway:
            await heard.until(400)
            gateway.kill()
        with running_gateway(fresh_database, tmp_path, port=port):
            await heard.until(400)

    with running_gateway(fresh_database, tmp_path, workers=1) as issuing:
        token = issuing.token()
    heard = asyncio.run(live_through(port, token, PEOPLE, CLERKS, story))
    assert heard.cut > 0
    assert set(heard.statuses) <= {200, 503}
    prove(heard, fresh_database)


def test_killed_worker_is_replaced_while_others_answer(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    add_people(fresh_database, PEOPLE)
    with running_gateway(fresh_database, tmp_path) as gateway:

        async def story(heard: Heard) -> None:
            await heard.until(200)
            before = set(gateway.worker_pids())
            victim = min(before)
            os.kill(victim, signal.SIGKILL)
            while len(set(gateway.worker_pids()) - before) < 1:
                await asyncio.sleep(0.01)
            await heard.until(400)

        port = int(gateway.base.rpartition(":")[2])
        heard = asyncio.run(live_through(port, gateway.token(), PEOPLE, CLERKS, story))
        assert set(heard.statuses) <= {200, 503}
    prove(heard, fresh_database)


def test_cut_database_connections_are_refused_honestly_and_mended(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    add_people(fresh_database, PEOPLE)
    with running_gateway(fresh_database, tmp_path) as gateway:

        async def story(heard: Heard) -> None:
            for _ in range(4):
                await heard.until(150)
                with psycopg.connect(fresh_database.urls.superuser or "", autocommit=True) as server:
                    server.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND usename = 'ansinh_gateway'"
                    )
            await heard.until(150)

        port = int(gateway.base.rpartition(":")[2])
        heard = asyncio.run(live_through(port, gateway.token(), PEOPLE, CLERKS, story))
        assert set(heard.statuses) <= {200, 503}
        assert heard.cut == 0
    prove(heard, fresh_database)


def test_stopped_gateway_answers_what_it_took(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    add_people(fresh_database, PEOPLE)
    with running_gateway(fresh_database, tmp_path) as gateway:

        async def story(heard: Heard) -> None:
            await heard.until(300)
            gateway.process.terminate()
            while gateway.process.poll() is None:
                await asyncio.sleep(0.01)

        port = int(gateway.base.rpartition(":")[2])
        heard = asyncio.run(live_through(port, gateway.token(), PEOPLE, CLERKS, story))
        assert gateway.process.returncode == 0, gateway.log.read_text()
        assert set(heard.statuses) <= {200, 503}
    prove(heard, fresh_database)
    with psycopg.connect(fresh_database.urls.app) as connection:
        ((rows,),) = connection.execute("SELECT count(*) FROM audit_access").fetchall()
    assert rows - len(heard.answers) == 0, "a look-up was recorded whose answer never left"


def test_orphaned_workers_end(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    with running_gateway(fresh_database, tmp_path) as gateway:
        workers = gateway.worker_pids()
        assert len(workers) == 2
        gateway.process.kill()
        gateway.process.wait()

        async def all_end() -> None:
            while any(Path(f"/proc/{pid}").exists() and "Z" not in _state(pid) for pid in workers):
                await asyncio.sleep(0.02)

        asyncio.run(asyncio.wait_for(all_end(), 15))


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_gateway_without_its_functions_refuses_to_start(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    with psycopg.connect(fresh_database.urls.owner) as owner:
        owner.execute("DROP FUNCTION published.standing_v1")
    with running_gateway(fresh_database, tmp_path, wait=False) as gateway:
        assert gateway.process.wait(20) == 2
    assert "does not publish standing_v1" in gateway.log.read_text()


def test_gateway_without_database_starts_and_says_so(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    away = OwnDatabase(fresh_database.name, fresh_database.urls.named("no_such_database"))
    with running_gateway(away, tmp_path, workers=1, wait=False, ample=False) as gateway:
        _wait_alive(gateway.base)
        response = gateway.ask({"key": pin_of(1), "purpose": "treatment", "officer": "x"})
        assert response.status_code == 503
        assert response.headers["retry-after"] == "2"
        assert httpx.get(f"{gateway.base}/readyz", trust_env=False).status_code == 503


def _wait_alive(base: str) -> None:
    for _ in range(1000):
        try:
            if httpx.get(f"{base}/livez", trust_env=False, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
    pytest.fail("the gateway is not alive")
