"""A load of many visits through the real path, at growing sizes: bytes and receipts as the gateway commits them, then workers as an operator runs them.

Every size begins with empty tables and has the same people, so that what grows is only the visits. All that hospitals send about them is loaded: check-ins,
files, papers. Memory is the highest of each process by itself: of who submits, of the largest worker, and of the database server altogether.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import psycopg

from ansinh.cli.benchmarks.driving import Say
from ansinh.cli.benchmarks.intake import DATABASE, family_cpu
from ansinh.cli.benchmarks.own_database import environment_of, own_database
from ansinh.cli.benchmarks.submitting import AT_ONCE, add_people, empty, take
from ansinh.cli.benchmarks.watching import highest_mib, memory_of
from ansinh.cli.processes import DidNotStart
from ansinh.database.urls import DatabaseUrls
from ansinh.foundation.clock import VIET_NAM
from ansinh_synthetic.nation import create
from ansinh_synthetic.visits import Kind
from ansinh_synthetic.visits.patients import Patients, read_patients
from ansinh_synthetic.visits.sending import Sending
from ansinh_synthetic.visits.streaming import Period, stream_of

SIZES = (10_000, 100_000, 1_000_000)
PEOPLE, SEED = 200_000, 7
SINCE, UNTIL = "2025-01-01", "2025-07-01"
WORKERS = 2
SAMPLE_SECONDS = 5.0
PEOPLE_AT_ONCE = 20_000
# Some of the visits asked for come to nothing: the patient has died, or has no card on that day.
_ASKED_FOR_EACH = 1.3
_OURS = ("healthbook:", "referrals:")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load of one size took. CPU in seconds of workers and of the database while they worked."""

    visits: int
    submissions: int
    states: dict[str, int]
    bytes: int
    take_seconds: float
    seconds: float
    submissions_per_second: float
    worker_cpu: float
    database_cpu: float
    cpu_ms_each: float
    submitter_mib: int
    worker_mib: int
    database_mib: int
    check_seconds: float
    checks_hold: bool


def measure_visits(sizes: Sequence[int], say: Say, progress: Callable[[int], None]) -> dict[str, Any]:
    """Run the load at every size and return its figures. Refuses `no_bench_database`; raises DidNotStart when a worker ends badly."""
    urls = own_database(DATABASE)
    with tempfile.TemporaryDirectory(prefix="ansinh-bench-") as folder:
        create(Path(folder) / "nation", PEOPLE, SEED)
        patients = read_patients(Path(folder) / "nation", SINCE, UNTIL)
        loads = []
        for size in sizes:
            loads.append(_load(urls, patients, size, progress))
            say(_words(loads[-1]))
    return {
        "name": "visits",
        "n": loads[-1].visits,
        "people": len(patients),
        "workers": WORKERS,
        "seconds": loads[-1].seconds,
        "rate": loads[-1].submissions_per_second,
        "peak_mib": max(max(one.submitter_mib, one.worker_mib) for one in loads),
        "growth": grown(loads),
        "sizes": [asdict(one) for one in loads],
    }


def grown(loads: Sequence[Loaded]) -> list[dict[str, float]]:
    """Return by how much each load took more than the one before: times as many submissions, times as much CPU, times as many seconds."""
    found = []
    for before, after in pairwise(loads):
        cpu = (after.worker_cpu + after.database_cpu) / max(before.worker_cpu + before.database_cpu, 0.001)
        found.append(
            {
                "submissions": round(after.submissions / before.submissions, 2),
                "cpu": round(cpu, 2),
                "take_seconds": round(after.take_seconds / before.take_seconds, 2),
                "seconds": round(after.seconds / before.seconds, 2),
            }
        )
    return found


def _load(urls: DatabaseUrls, patients: Patients, visits: int, progress: Callable[[int], None]) -> Loaded:
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("SET synchronous_commit = off")
        empty(owner)
        add_people(owner, (batch.to_pylist() for batch in patients.rows.to_batches(PEOPLE_AT_ONCE)))
        began = time.perf_counter()
        counts, size = _submit(owner, patients, visits, progress)
        take_seconds = time.perf_counter() - began
        submitter_mib = highest_mib()
        for table in ("healthbook_submission", "people_person", "people_identifier"):
            owner.execute(f"ANALYZE {table}")
        row = owner.execute("SELECT pg_backend_pid()").fetchone()
        server = psutil.Process(row[0] if row else 0).parent() if urls.superuser else None
        before = family_cpu(server)
        with _watched(server) as peak:
            began = time.perf_counter()
            told = _settle(urls)
            seconds = time.perf_counter() - began
        database_cpu = family_cpu(server) - before
    states: Counter[str] = Counter()
    for one in told:
        states.update(one["states"])
    worker_cpu = sum(one["cpu_seconds"] for one in told)
    submissions = sum(counts.values())
    began = time.perf_counter()
    hold = _checks_hold(urls)
    return Loaded(
        visits=counts[Kind.ENCOUNTER],
        submissions=submissions,
        states=dict(states),
        bytes=size,
        take_seconds=round(take_seconds, 1),
        seconds=round(seconds, 1),
        submissions_per_second=round(submissions / seconds, 1),
        worker_cpu=round(worker_cpu, 1),
        database_cpu=round(database_cpu, 1),
        cpu_ms_each=round(1000 * (worker_cpu + database_cpu) / submissions, 3),
        submitter_mib=submitter_mib,
        worker_mib=max(one["peak_mib"] for one in told),
        database_mib=peak[0] >> 20,
        check_seconds=round(time.perf_counter() - began, 1),
        checks_hold=hold,
    )


def _submit(
    owner: psycopg.Connection[Any], patients: Patients, visits: int, progress: Callable[[int], None]
) -> tuple[Counter[Kind], int]:
    """Put what is sent about so many visits into the queue, in the order of sending, in lots that have the moment of their last."""
    counts: Counter[Kind] = Counter()
    size = 0
    lot: list[Sending] = []
    for sending in stream_of(patients, Period(SINCE, UNTIL, int(visits * _ASKED_FOR_EACH))):
        counts[sending.kind] += 1
        size += len(sending.content)
        lot.append(sending)
        enough = counts[Kind.ENCOUNTER] == visits
        if len(lot) == AT_ONCE or enough:
            take(owner, lot, datetime.strptime(sending.sent_at, "%Y%m%d%H%M").replace(tzinfo=VIET_NAM))
            progress(sum(one.kind is Kind.ENCOUNTER for one in lot))
            lot = []
        if enough:
            break
    return counts, size


def _settle(urls: DatabaseUrls) -> list[dict[str, Any]]:
    """Run workers beside one another until nothing waits; returns what each told."""
    command = [sys.executable, "-c", _MAIN, "healthbook", "work", "--once", "--json"]
    with tempfile.TemporaryFile() as words:
        workers = [
            subprocess.Popen(command, env=os.environ | environment_of(urls), stdout=subprocess.PIPE, stderr=words)
            for _ in range(WORKERS)
        ]
        printed = [worker.communicate()[0] for worker in workers]
        if any(worker.returncode for worker in workers):
            words.seek(0)
            raise DidNotStart(f"ansinh healthbook work ended badly: {words.read().decode()[-2000:]}")
    return [json.loads(one) for one in printed]


def _checks_hold(urls: DatabaseUrls) -> bool:
    """Prove receipts and books as `ansinh check` does; other rooms have nothing in this database."""
    command = [sys.executable, "-c", _MAIN, "check", "--json"]
    done = subprocess.run(command, env=os.environ | environment_of(urls), capture_output=True, check=False)
    checks = [one for one in json.loads(done.stdout)["checks"] if one["name"].startswith(_OURS)]
    return bool(checks) and all(one["ok"] for one in checks)


@contextmanager
def _watched(server: psutil.Process | None) -> Iterator[list[int]]:
    """Keep the highest memory of the database server while the block runs."""
    peak, over = [0], threading.Event()

    def watch() -> None:
        while server is not None and not over.wait(SAMPLE_SECONDS):
            peak[0] = max(peak[0], memory_of(server.pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def _words(one: Loaded) -> str:
    return (
        f"{one.visits:,} visits, {one.submissions:,} submissions: taken in {one.take_seconds:.1f} s, settled in {one.seconds:.1f} s "
        f"({one.submissions_per_second:,.0f}/s, {one.cpu_ms_each:.2f} ms CPU each); MiB: submitter {one.submitter_mib}, worker {one.worker_mib}, "
        f"database {one.database_mib}; {one.states}; checks {'hold' if one.checks_hold else 'DO NOT HOLD'}"
    )


_MAIN = "from ansinh.cli.main import main; main()"
