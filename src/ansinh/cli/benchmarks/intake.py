"""Taking and settling what facilities submit, against the bare ways: lxml alone parsing the same files, and pgbench inserting the same bytes one by one.

In a database of its own: patients of an invented nation, and their visits as hospitals send them. CPU is of the worker's
settling (without the start of its process) and of the database together; the bare way parses the envelope and every decoded table, and does nothing with them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import psycopg
import zstandard
from lxml import etree

from ansinh.access.tokens import RATE_PER_SECOND_MAX, SUBMISSION_WRITE, Holder, issue_token, token_keys
from ansinh.cli.benchmarks.driving import WARM_SECONDS, Say, Served, gateway_of, wrk
from ansinh.cli.benchmarks.own_database import environment_of, own_database
from ansinh.cli.benchmarks.standing import CLIENTS, CONNECTIONS, WORKERS, require_wrk
from ansinh.cli.benchmarks.submitting import AT_ONCE, add_people, empty, take
from ansinh.cli.processes import DidNotStart
from ansinh.database.binaries import binaries
from ansinh.database.programs import client_environment
from ansinh.database.urls import DatabaseUrls
from ansinh_synthetic.nation import create
from ansinh_synthetic.visits import Kind
from ansinh_synthetic.visits.patients import read_patients
from ansinh_synthetic.visits.sending import Sending
from ansinh_synthetic.visits.streaming import Period, stream_of

DATABASE = "ansinh_bench_intake"
SAMPLES = 24
PARSED_MAX = 2_000
SINCE, UNTIL = "2025-06-01", "2025-07-01"
_RECEIVED_AT = datetime(2025, 7, 31, tzinfo=UTC)
_HERE = Path(__file__).parent
_CONTENT = re.compile(rb"<NOIDUNGFILE>([^<]*)</NOIDUNGFILE>")


@dataclass(frozen=True, slots=True)
class Spent:
    """What settling took: seconds, CPU of worker and database, memory of the worker at its highest."""

    seconds: float
    worker: float
    database: float
    peak_mib: int
    states: dict[str, int]


def measure_intake(visits: int, seconds: int, say: Say, progress: Callable[[int], None]) -> dict[str, Any]:
    """Run the whole benchmark and return its figures. Refuses `no_load_generator`, `no_bench_database`."""
    require_wrk(say)
    urls = own_database(DATABASE)
    with tempfile.TemporaryDirectory(prefix="ansinh-bench-") as folder:
        submitted = _submit(urls, Path(folder), visits, progress)
        # Before and after, so that what else the machine does meets both.
        before = bare_seconds(submitted.parsed)
        spent = _settle(urls)
        after = bare_seconds(submitted.parsed)
        cpu_bare = (before + after) / 2 * submitted.encounters / len(submitted.parsed)
        worker = spent.worker
        say(
            f"settled {sum(spent.states.values()):,} in {spent.seconds:.1f} s; worker {worker:.1f}, database {spent.database:.1f}, lxml {cpu_bare:.2f} s CPU"
        )
        found = _taken(urls, Path(folder), submitted.samples, seconds, say)
    total = sum(spent.states.values())
    return {
        "name": "intake",
        "n": total,
        "encounters": submitted.encounters,
        "seconds": round(spent.seconds, 2),
        "settled_per_second": round(total / spent.seconds, 1),
        "states": spent.states,
        "cpu_ratio": round((worker + spent.database) / cpu_bare, 2),
        "cpu_ratio_worker": round(worker / cpu_bare, 2),
        "bytes_mean": submitted.size // max(total, 1),
        "peak_mib": spent.peak_mib,
        **found,
    }


@dataclass(slots=True)
class Submitted:
    """What was put into the queue, and some of it."""

    encounters: int
    size: int
    samples: list[Sending]
    parsed: list[bytes]
    """What lxml alone parses: as many files as there are, at most PARSED_MAX."""


def _submit(urls: DatabaseUrls, folder: Path, visits: int, progress: Callable[[int], None]) -> Submitted:
    """Invent people and their visits, and take the visits as the gateway does."""
    create(folder / "nation", max(10_000, visits // 4), 7)
    patients = read_patients(folder / "nation", SINCE, UNTIL)
    found = Submitted(0, 0, [], [])
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("SET synchronous_commit = off")
        empty(owner)
        add_people(owner, [patients.rows.to_pylist()])
        lot: list[Sending] = []
        for sending in stream_of(patients, Period(SINCE, UNTIL, visits)):
            if sending.kind is not Kind.ENCOUNTER:
                continue
            found.encounters += 1
            found.size += len(sending.content)
            if len(found.parsed) < PARSED_MAX:
                found.parsed.append(sending.content)
            if found.encounters % max(visits // SAMPLES, 1) == 0 and len(found.samples) < SAMPLES:
                found.samples.append(sending)
            lot.append(sending)
            if len(lot) == AT_ONCE:
                take(owner, lot, _RECEIVED_AT)
                progress(len(lot))
                lot = []
        if lot:
            take(owner, lot, _RECEIVED_AT)
        for table in ("healthbook_submission", "people_person", "people_identifier"):
            owner.execute(f"ANALYZE {table}")
    return found


def bare_seconds(files: Sequence[bytes]) -> float:
    """Return the CPU seconds lxml takes to parse these files once: envelope and decoded tables."""
    began = time.process_time()
    for content in files:
        etree.fromstring(content)
        for inner in _CONTENT.findall(content):
            etree.fromstring(base64.b64decode(inner))
    return time.process_time() - began


def _settle(urls: DatabaseUrls) -> Spent:
    """Run the worker as an operator does, until nothing waits."""
    command = [
        sys.executable,
        "-c",
        "from ansinh.cli.main import main; main()",
        "healthbook",
        "work",
        "--once",
        "--json",
    ]
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        row = owner.execute("SELECT pg_backend_pid()").fetchone()
        postmaster = psutil.Process(row[0] if row else 0).parent() if urls.superuser else None
        before, began = family_cpu(postmaster), time.perf_counter()
        process = subprocess.Popen(
            command, env=os.environ | environment_of(urls), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        printed, words = process.communicate()
        seconds = time.perf_counter() - began
        if process.returncode:
            raise DidNotStart(f"ansinh healthbook work ended with {process.returncode}: {words.decode()[-2000:]}")
        database = family_cpu(postmaster) - before
    told = json.loads(printed)
    return Spent(seconds, told["cpu_seconds"], database, told["peak_mib"], told["states"])


def family_cpu(postmaster: psutil.Process | None) -> float:
    """CPU of a database server: its processes now, and those it has had."""
    if postmaster is None:
        return 0.0
    times = postmaster.cpu_times()
    spent = times.user + times.system + times.children_user + times.children_system
    for process in postmaster.children(recursive=True):
        try:
            own = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent += own.user + own.system
    return spent


def _taken(urls: DatabaseUrls, folder: Path, samples: Sequence[Sending], seconds: int, say: Say) -> dict[str, Any]:
    """Measure by turns how many submissions the gateway commits a second, and how many pgbench does."""
    bare: list[dict[str, Any]] = []
    ours: list[dict[str, Any]] = []
    scripts = _scripts(folder, samples)
    with _under_load(urls, folder, samples) as served:
        for clients, connections in zip(CLIENTS, CONNECTIONS, strict=True):
            bare.append({"clients": clients, "rate": _pgbench(urls, scripts, clients, seconds)})
            say(f"pgbench, {clients} clients: {bare[-1]['rate']:,.0f}/s")
            ours.append(_level(served, connections, seconds, len(ours)))
            say(f"gateway, {connections} connections: {ours[-1]['rate']:,.0f}/s, p99 {ours[-1]['p99_ms']:.1f} ms")
    best = max(ours, key=lambda one: float(one["rate"]))
    limit = max(bare, key=lambda one: float(one["rate"]))
    return {
        "rate": best["rate"],
        "limit_rate": limit["rate"],
        "ratio": round(best["rate"] / limit["rate"], 3),
        "p50_ms": best["p50_ms"],
        "p99_ms": best["p99_ms"],
        "levels": ours,
        "bare": bare,
    }


@contextmanager
def _under_load(urls: DatabaseUrls, folder: Path, samples: Sequence[Sending]) -> Iterator[Served]:
    secrets, files = folder / "secrets", folder / "files"
    files.mkdir()
    keys, now = token_keys(secrets), datetime.now(UTC)
    for number, one in enumerate(samples, start=1):
        holder = Holder(f"{one.facility}-1", number, one.facility, frozenset([SUBMISSION_WRITE]), RATE_PER_SECOND_MAX)
        (files / f"{number}.xml").write_bytes(one.content)
        (files / f"{number}.token").write_text(issue_token(keys, holder, now=now, lifetime=timedelta(hours=2)))
    with gateway_of(urls, secrets, WORKERS) as (base, pid):
        served = Served(urls, base, pid, _HERE / "intake.lua", [str(files), str(len(samples))])
        _level(served, CONNECTIONS[0], WARM_SECONDS, 9)
        yield served


def _level(served: Served, connections: int, seconds: int, turn: int) -> dict[str, Any]:
    """Submit for so long, and count what is there afterwards."""
    _empty(served.urls)
    where = Served(served.urls, served.base, served.pid, served.script, [*served.arguments, str(turn * 10**9)])
    found = wrk(where, connections, seconds)
    with psycopg.connect(served.urls.owner) as owner:
        row = owner.execute("SELECT count(*) FROM healthbook_submission").fetchone()
    kept = int(row[0]) if row else 0
    return {
        "connections": connections,
        "rate": round(min(kept, found["requests"] - found["refused"]) / found["seconds"], 1),
        "p50_ms": found["p50_ms"],
        "p99_ms": found["p99_ms"],
        "refused": found["refused"],
        "broken": found["broken"],
    }


def _scripts(folder: Path, samples: Sequence[Sending]) -> list[Path]:
    """Write a script a file: the same columns and indexes, the bytes as they are stored; prepared, they are sent once."""
    scripts = []
    compressor = zstandard.ZstdCompressor(1)
    for number, one in enumerate(samples, start=1):
        digest = hashlib.sha256(one.content).hexdigest()
        content = compressor.compress(one.content).hex()
        script = folder / f"{number}.pgbench"
        script.write_text(
            "INSERT INTO healthbook_submission (facility, month, receipt, received_at, kind, client_no, sha256, size, content) VALUES "
            f"('{one.facility}', 202506, 'HS_KCB{one.facility}_' || gen_random_uuid(), now(), 3176, 1, '\\x{digest}', {len(one.content)}, '\\x{content}')"
            ";\n"
        )
        scripts.append(script)
    return scripts


def _pgbench(urls: DatabaseUrls, scripts: Sequence[Path], clients: int, seconds: int) -> float:
    _empty(urls)
    command = [binaries().path("pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=1"]
    command += [f"--file={script}" for script in scripts]
    for span in (WARM_SECONDS, seconds):
        done = subprocess.run(
            [*command, f"--time={span}", urls.owner],
            env=client_environment(),
            capture_output=True,
            text=True,
            check=True,
        )
    return float(re.search(r"tps = ([0-9.]+)", done.stdout)[1])  # type: ignore[index]  # pgbench always says it


def _empty(urls: DatabaseUrls) -> None:
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("TRUNCATE healthbook_submission")
