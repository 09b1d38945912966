"""Births and deaths through offices over the wire have one effect each: told twice and out of order, refused, taken back, unanswered, the worker killed."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from ansinh.benefits import operations as benefits
from ansinh.config.partners import life_events_desk
from ansinh.database.folder import project_root
from ansinh.database.sql import number, rows
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.foundation.settings import settings
from ansinh.lifeevents import queries
from ansinh.lifeevents.checks import checks
from ansinh.lifeevents.states import PARTNERS
from ansinh.places.operations import load_reference
from ansinh_sandbox.offices.starting import start
from tests.lifeevents.worker import DAYS, DEAD, FIRST_DAY, MOTHERS, WIDOWS
from tests.lifeevents.world import FACILITY, REASON, SYSTEM, pension_of
from tests.support.campaign import CAMPAIGN, WriteDown
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY
from tests.support.database import OwnDatabase

DEATHS, BIRTHS, KILLS, SEED = (1_500, 1_500, 10, 11) if CAMPAIGN else (8, 8, 1, 11)
FAULTS = "refuse=0.05,withdraw=0.02,silent=0.03,slow=0.05,correct=0.05,twice=0.1,lose_answer=0.05"
AFTER = FixedClock(datetime(2025, 7, 25, 17, tzinfo=VIET_NAM))


@pytest.fixture
def offices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The three offices as programs of their own."""
    with ExitStack() as running:
        for office in PARTNERS:
            port = _free_port()
            monkeypatch.setenv(f"ANSINH_{office.name}_URL", f"http://127.0.0.1:{port}")
            process = start(
                office.value, tmp_path / "offices", tmp_path / "secrets", port=port, faults=f"{FAULTS},seed={SEED}"
            )
            running.callback(_end, process)
        monkeypatch.setenv("ANSINH_SECRETS", str(tmp_path / "secrets"))
        settings.cache_clear()
        yield
    settings.cache_clear()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def settle(database: OwnDatabase) -> None:
    """Let the people live: pensioners who die, their widows, mothers; July and August are frozen."""
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO places_facility (code, name, level, province, commune) VALUES (%s, 'Bệnh viện Thử', 'basic', '01', '00004')",
            [FACILITY],
        )
        cursor.execute("INSERT INTO people_load (source, first_person_id, persons) VALUES ('test', 1, 5000000)")
        for base, count, name, born, sex in (
            (DEAD, DEATHS, "Người Mất", "1950, 3, 2", "M"),
            (WIDOWS, DEATHS, "Người Vợ", "1955, 6, 1", "F"),
            (MOTHERS, BIRTHS, "Người Mẹ", "1995, 5, 6", "F"),
        ):
            cursor.execute(
                f"""
                INSERT INTO people_person (person_id, full_name, sex, birth_year, birth_month, birth_day, commune, province, recorded_on)
                SELECT {base} + n, '{name}', '{sex}', {born}, '00004', '01', '2020-01-01' FROM generate_series(0, {count - 1}) n
                """
            )
            cursor.execute(
                f"""
                INSERT INTO people_identifier (value, scheme, person_id, valid_from)
                SELECT '001{base // 1_000_000}' || lpad(n::text, 8, '0'), 'pin', {base} + n, '2020-01-01' FROM generate_series(0, {count - 1}) n
                """
            )
    for one in range(DEATHS):
        pension_of(DEAD + one)
    for month in (202507, 202508):
        benefits.freeze_month(actor=SYSTEM, reason=REASON, clock=AFTER, month=month)


def worker(progress: Path) -> subprocess.Popen[bytes]:
    """Start the days' worker."""
    asked = json.dumps({"deaths": DEATHS, "births": BIRTHS, "seed": SEED, "progress": str(progress)})
    here = str(project_root())
    environment = {**os.environ, "PYTHONPATH": f"{here}/src:{here}"}
    return subprocess.Popen([sys.executable, "-m", "tests.lifeevents.worker", asked], env=environment, cwd=here)


@contextmanager
def timed() -> Iterator[list[float]]:
    """Tell how long a block took."""
    seconds = [time.perf_counter()]
    yield seconds
    seconds[0] = time.perf_counter() - seconds[0]


@pytest.mark.campaign
def test_births_and_deaths_have_one_effect_each(
    fresh_database: OwnDatabase, offices: None, tmp_path: Path, write_down: WriteDown
) -> None:
    settle(fresh_database)
    progress, chance, kills = tmp_path / "day", random.Random(SEED), 0
    with timed() as seconds:
        while True:
            process = worker(progress)
            try:
                process.wait(chance.uniform(2, 12) if kills < KILLS else None)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
                continue
            assert process.returncode == 0
            break
    files = number("SELECT count(*) FROM lifeevents_file")
    states = {str(one): int(count) for one, count in rows("SELECT state, count(*) FROM lifeevents_file GROUP BY 1")}
    write_down(
        deaths=DEATHS, births=BIRTHS, kills=kills, seconds=round(seconds[0]), files=files, seed=SEED, states=str(states)
    )
    assert [one for one in checks(AFTER.now().date()) if not one.ok] == []
    _nothing_is_open_without_a_reason()
    _one_effect_each()
    _books_agree()


def _nothing_is_open_without_a_reason() -> None:
    """What is not over waits for an officer, an applicant or an office that was asked; and the pages say for what."""
    hanging = rows(
        """
        SELECT f.file_id, f.state FROM lifeevents_file f
        WHERE f.closed_on IS NULL AND f.state NOT IN ('noticed', 'waiting_papers')
          AND NOT EXISTS (SELECT FROM lifeevents_step s WHERE s.file_id = f.file_id AND s.state IN ('asked', 'correction'))
          AND NOT EXISTS (SELECT FROM lifeevents_effect e WHERE e.file_id = f.file_id AND e.undo IN ('prepared', 'person'))
        """
    )
    assert hanging == []


def _one_effect_each() -> None:
    one_file = """
        SELECT count(*) FROM (SELECT 1 FROM lifeevents_file WHERE state NOT IN ('refused', 'withdrawn', 'undone')
        GROUP BY kind, subject HAVING count(*) > 1) x
    """
    assert number(one_file) == 0
    # Nobody has two cards or two allowances, and no dead person is paid for August.
    assert (
        number(
            "SELECT count(*) FROM (SELECT 1 FROM cards_card WHERE state = 'issued' GROUP BY person_id HAVING count(*) > 1) x"
        )
        == 0
    )
    twice = """
        SELECT count(*) FROM (SELECT 1 FROM benefits_application WHERE state <> 'withdrawn' GROUP BY kind, insured_person_id HAVING count(*) > 1) x
    """
    assert number(twice) == 0
    paid_beyond = """
        SELECT count(*) FROM people_person p JOIN lifeevents_file f ON f.person_id = p.person_id AND f.kind = 'death' AND f.state IN ('registered', 'done')
        WHERE (SELECT sum(amount) FROM (SELECT amount FROM benefits_frozen b WHERE b.person_id = p.person_id AND correction = 0
               UNION ALL SELECT amount FROM benefits_correction c WHERE c.person_id = p.person_id) AS told) <> 5000000
    """
    assert number(paid_beyond) == 0
    assert all(sent == done + pending + refused for _, sent, done, pending, refused in queries.exchanged())


def _books_agree() -> None:
    with life_events_desk(settings(), AFTER, REASON, SYSTEM) as desk:
        for day in range(DAYS):
            assert set(desk.compare(FIRST_DAY + timedelta(days=day)).values()) == {True}, day
