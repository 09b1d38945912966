"""Thousands of events told twice, out of order, with gaps and poison, while worker and register are killed: each has its effect once, in order."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from ansinh.database.sql import number, rows
from ansinh.registry import procedures, queries
from ansinh_sandbox.register.faults import Faults, faults_from
from ansinh_sandbox.register.starting import start
from tests.architecture.project import ROOT
from tests.registry.registers import Known, SmallRegister, broken, copied, in_states, mirrored, reconciled
from tests.sandbox.partners import free_port
from tests.support.database import OwnDatabase

KNOWN = Known()
BOUNDARIES = ("asked", "kept-open", "kept", "applied-open", "applied")
FAULTS = "duplicate=0.4,reorder,gap=0.05,poison=0.05"


class Partner:
    """The register's process on one port, started again when it was killed."""

    def __init__(self, register: SmallRegister, faults: str) -> None:
        self.register, self.faults, self.port = register, faults, free_port()
        self.starts = 0
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        self.starts += 1
        return start(self.register.store, self.register.secrets, port=self.port, faults=self.faults)

    def ensure(self) -> int:
        """Start it unless it lives; return its process number."""
        if self.process.poll() is not None:
            self.process = self._started()
        return self.process.pid

    def work(self, verb: str, *deaths: str) -> int:
        """Let a worker do a round; return its exit code, below zero when it was killed."""
        self.ensure()
        command = [sys.executable, "-m", "tests.registry.worker", f"http://127.0.0.1:{self.port}"]
        ran = subprocess.run(
            [*command, str(self.register.secrets), verb, *deaths],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
            check=False,
            timeout=300,
        )
        return ran.returncode


@contextmanager
def partner(register: SmallRegister, faults: str) -> Iterator[Partner]:
    """Run the register for the block."""
    running = Partner(register, faults)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()


def in_order() -> bool:
    """Tell whether each person's events were announced in the order of their places."""
    return not rows(
        "SELECT 1 FROM (SELECT sequence < lag(sequence) OVER (PARTITION BY a.pin ORDER BY announcement_no) AS back"
        " FROM registry_announcement a JOIN registry_event e ON e.event_id = a.event_id AND e.pin = a.pin) x WHERE back"
    )


def prove_parked(told: int, faults: Faults) -> None:
    """After reading everything, what is spoilt is parked and nothing else, and what waits, waits behind it."""
    states = in_states()
    assert sum(states.values()) == told
    spoilt = {n for n in range(1, told + 1) if faults.falls("poison", n)}
    parked = {event.feed_no for event in queries.parked_events(100_000)}
    # What was jumped over came whole when it was asked for by its number, unless it had come beside another event.
    assert {n for n in spoilt if not faults.falls("gap", n)} <= parked <= spoilt
    assert len(parked) > told * 0.03
    assert not broken()


def prove_whole(register: SmallRegister, told: int) -> None:
    """Both sides are equal, every event has had its effect once and in order, and both hashes agree."""
    states = in_states()
    assert set(states) <= {"applied", "undone"}
    assert sum(states.values()) == told
    assert mirrored() == register.people()
    assert number("SELECT count(*) FROM registry_announcement") == told
    assert number("SELECT count(DISTINCT event_id) FROM registry_announcement") == told
    assert in_order()
    assert not broken()
    compared = reconciled(register, KNOWN)
    assert (compared.differing, compared.healed, compared.left) == ((), 0, 0)


def campaign(folder: Path, people: int, intensity: float, seed: int) -> int:
    """Live, kill the worker twice and the register once at boundaries drawn by the seed, and prove what must hold; returns how many events there were."""
    chance, began = random.Random(seed), time.perf_counter()
    register, faults = SmallRegister.of(folder, people, seed=seed), f"{FAULTS},seed={seed}"
    copied(register, KNOWN)
    told = register.live(date(2025, 8, 1), intensity=intensity)
    with partner(register, faults) as running:
        workers_killed = 0
        for first, name in enumerate(chance.sample(BOUNDARIES, 2)):
            workers_killed += running.work("pull", f"{name}:{1 + chance.randrange(1 + first)}") == -9
        assert workers_killed == 2
        assert running.work("pull", f"asked:1:{running.ensure()}") in {0, 3}
        assert running.process.wait(10) == -9
        running.ensure()
        assert running.starts == 2
        source = register.over_the_wire(running.port)
        procedures.pull_events(actor=KNOWN.actor, reason=KNOWN.reason, clock=KNOWN.clock, source=source)
        prove_parked(told, faults_from(faults))
        parked, delivered = in_states()["parked"], number("SELECT sum(events) FROM registry_feed_message")
        procedures.retry_parked(actor=KNOWN.actor, reason=KNOWN.reason, clock=KNOWN.clock, source=source)
        source.close()
    prove_whole(register, told)
    last = queries.last_comparison()
    assert last is not None
    print(  # noqa: T201 - what a campaign records: shown under -s, and when it fails
        f"seed {seed}: {told:,} events, delivered {delivered:,} times, {parked:,} parked at first, workers killed {workers_killed}, register killed 1,"
        f" both sides hash {last.persons:,} people to {last.our_digest}, {time.perf_counter() - began:.0f} s"
    )
    return told


def test_a_campaign_of_some_hundred_events(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    assert campaign(tmp_path, people=500, intensity=90, seed=20250601) > 300


@pytest.mark.campaign
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_campaign_of_ten_thousand_events(fresh_database: OwnDatabase, tmp_path: Path, seed: int) -> None:
    if "CAMPAIGN" not in os.environ:
        pytest.skip("runs under make campaign")
    assert campaign(tmp_path, people=6_000, intensity=260, seed=seed) > 10_000


@pytest.mark.campaign
@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_a_worker_killed_at_each_boundary_in_turn(fresh_database: OwnDatabase, tmp_path: Path, boundary: str) -> None:
    if "CAMPAIGN" not in os.environ:
        pytest.skip("runs under make campaign")
    register = SmallRegister.of(tmp_path, 500)
    copied(register, KNOWN)
    told = register.live(date(2025, 8, 1), intensity=60)
    with partner(register, FAULTS) as running:
        kills = 0
        while running.work("pull", f"{boundary}:{1 + kills % 3}") == -9:
            kills += 1
            assert kills < 60
        assert kills
        assert running.work("retry") == 0
    prove_whole(register, told)
