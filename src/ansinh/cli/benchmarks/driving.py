"""Drivers of load: pgbench for the bare way, wrk for ours, and what the processes spent meanwhile."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg

from ansinh.cli.benchmarks.own_database import empty_audit, environment_of, open_chains
from ansinh.cli.processes import running
from ansinh.database.binaries import binaries
from ansinh.database.programs import client_environment
from ansinh.database.urls import DatabaseUrls

WARM_SECONDS = 2

Say = Callable[[str], None]
Level = dict[str, Any]


@dataclass(frozen=True)
class Served:
    """A gateway under load: its database, its address, its process, and the script of the load with its arguments."""

    urls: DatabaseUrls
    base: str
    pid: int
    script: Path
    arguments: Sequence[str]


def drive_bare(urls: DatabaseUrls, script: Path, clients: int, cards: int, seconds: int) -> float:
    """Return how many times a second pgbench ends a script, prepared, each client with a chain of its own."""
    empty_audit(urls)
    chain = open_chains(urls, clients)
    command = [
        binaries().path("pgbench"),
        *("--no-vacuum", "--protocol=prepared", f"--file={script}", f"--client={clients}", "--jobs=1"),
        *(f"--define=cards={cards}", f"--define=first_chain={chain}"),
    ]
    for span in (WARM_SECONDS, seconds):
        done = subprocess.run(
            [*command, f"--time={span}", urls.owner],
            env=client_environment(),
            capture_output=True,
            text=True,
            check=True,
        )
    return float(re.search(r"tps = ([0-9.]+)", done.stdout)[1])  # type: ignore[index]  # pgbench always says it


@contextmanager
def gateway_of(
    urls: DatabaseUrls, secrets: Path, workers: int, program: Sequence[str] = ("-m", "ansinh.gateway")
) -> Iterator[tuple[str, int]]:
    """Run a gateway on the benchmark's database; gives its address and process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = environment_of(urls) | {
        "ANSINH_SECRETS": str(secrets),
        "ANSINH_GATEWAY_HOST": "127.0.0.1",
        "ANSINH_GATEWAY_PORT": str(port),
        "ANSINH_GATEWAY_WORKERS": str(workers),
        "ANSINH_NATION_DAY": "",
    }
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="ansinh-bench-log-") as folder:
        log = Path(folder) / "gateway.log"
        with running("The gateway", program, f"{base}/readyz", log, environment) as pid:
            yield base, pid


def drive_http(served: Served, connections: int, seconds: int) -> Level:
    """Return what so many connections got in so many seconds, over an empty audit."""
    empty_audit(served.urls)
    before = _cpu_seconds(served)
    found = wrk(served, connections, seconds)
    after = _cpu_seconds(served)
    told, recorded = _count_told(served.urls)
    # The dialect says 200 whatever it answers, so what counts as answered is what the audit says was told.
    answered = min(found["requests"] - found["refused"], told)
    return {
        "connections": connections,
        "rate": round(answered / found["seconds"], 1),
        "p50_ms": found["p50_ms"],
        "p99_ms": found["p99_ms"],
        "answered": answered,
        "refused": found["refused"],
        "broken": found["broken"],
        "audit_rows": recorded,
        "gateway_mib": _memory_mib(served.pid),
        "cpu_us": {part: round(1e6 * (after[part] - before[part]) / max(answered, 1), 1) for part in before},
    }


def wrk(served: Served, connections: int, seconds: int) -> dict[str, Any]:
    """Run wrk and return the object its script writes."""
    command = ["wrk", "--threads=1", f"--connections={connections}", f"--duration={seconds}s", "--timeout=10s"]
    script = ["--latency", "--script", str(served.script), served.base, "--", *served.arguments, str(connections)]
    done = subprocess.run([*command, *script], capture_output=True, text=True, check=True)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    found: dict[str, Any] = json.loads(line.removeprefix("RESULT "))
    return found


def _count_told(urls: DatabaseUrls) -> tuple[int, int]:
    """Return how many look-ups were told something, and how many were recorded."""
    with psycopg.connect(urls.owner) as owner:
        row = owner.execute("SELECT count(*) FILTER (WHERE result = 1), count(*) FROM audit_access").fetchone()
    return row if row else (0, 0)


def _cpu_seconds(served: Served) -> dict[str, float]:
    """CPU spent so far by the gateway's processes and by the database's, those that have ended not counted."""
    with psycopg.connect(served.urls.owner) as owner:
        row = owner.execute("SELECT pg_backend_pid()").fetchone()
        postmaster = psutil.Process(row[0] if row else 0).parent() if served.urls.superuser else None
        families = {"gateway": psutil.Process(served.pid), "database": postmaster}
        return {part: _spent_by(family) for part, family in families.items()}


def _spent_by(parent: psutil.Process | None) -> float:
    if parent is None:
        return 0.0
    spent = 0.0
    for process in (parent, *parent.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent += times.user + times.system
    return spent


def _memory_mib(pid: int) -> int:
    parent = psutil.Process(pid)
    return sum(process.memory_info().rss for process in (parent, *parent.children(recursive=True))) >> 20
