"""Audited look-ups over HTTP against the bare way: pgbench doing the same look-up with the same audit row, one by one.

Everything runs on this machine at once: database, gateway and load generator. The bare way is the best of two scripts (the shortest statement that does
the job, and the gateway's own function) over 8 to 64 clients; ours is the best of 64 to 256 connections whose p99 is within the limit.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from ansinh.access.tokens import STANDING_READ, Holder, issue_token, token_keys
from ansinh.cli.benchmarks.own_database import count_looks, empty_audit, environment_of, fill, open_chains, own_database
from ansinh.cli.processes import running
from ansinh.database.binaries import binaries
from ansinh.database.programs import client_environment
from ansinh.database.urls import DatabaseUrls
from ansinh.foundation.errors import Refusal

CLIENTS = (8, 16, 32, 64)
CONNECTIONS = (64, 128, 192, 256)
FACILITIES = 1_200
P99_MS_MAX = 25.0
WARM_SECONDS = 2
WORKERS = 2
_HERE = Path(__file__).parent
_SCRIPTS = {"plain": _HERE / "lookup_plain.pgbench", "published": _HERE / "lookup_published.pgbench"}

Say = Callable[[str], None]
Level = dict[str, Any]


@dataclass(frozen=True)
class Load:
    """Where the load goes, and what it is made of: a file of tokens, and so many cards."""

    base: str
    tokens: Path
    cards: int


class NoLoadGenerator(Refusal):
    """wrk is not installed and cannot be installed from here."""

    code = "no_load_generator"


def measure_standing(cards: int, seconds: int, say: Say, progress: Callable[[int], None]) -> dict[str, Any]:
    """Run the whole benchmark and return its figures. Refuses `no_load_generator`, `no_bench_database`."""
    require_wrk(say)
    urls = own_database()
    fill(urls, cards, progress)
    bare = [_bare(urls, name, clients, cards, seconds, say) for name in _SCRIPTS for clients in CLIENTS]
    ours = _over_http(urls, cards, seconds, say)
    quick = [level for level in ours if level["p99_ms"] <= P99_MS_MAX]
    best = max(ours, key=lambda level: level["rate"])
    quick_rate = max((level["rate"] for level in quick), default=0.0)
    limit = max(bare, key=lambda level: level["rate"])
    return {
        "name": "standing",
        "n": cards,
        "seconds": seconds,
        "rate": best["rate"],
        "limit_rate": limit["rate"],
        "ratio": round(best["rate"] / limit["rate"], 3),
        "ratio_within_p99": round(quick_rate / limit["rate"], 3),
        "p99_ms_max": P99_MS_MAX,
        "p50_ms": best["p50_ms"],
        "p99_ms": best["p99_ms"],
        "peak_mib": max(level["gateway_mib"] for level in ours),
        "connections": best["connections"],
        "facilities": FACILITIES,
        "levels": ours,
        "bare": bare,
    }


def require_wrk(say: Say) -> None:
    """Install wrk from the distribution when root may, else refuse."""
    if shutil.which("wrk"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("apt-get install wrk")
        subprocess.run(["apt-get", "install", "--yes", "--quiet", "wrk"], check=False, stdout=subprocess.DEVNULL)
    if not shutil.which("wrk"):
        raise NoLoadGenerator(
            "Cần chương trình wrk để tạo tải. Cài bằng: sudo apt-get install wrk",
            "The load generator wrk is needed. Install it: sudo apt-get install wrk",
        )


def _bare(urls: DatabaseUrls, name: str, clients: int, cards: int, seconds: int, say: Say) -> Level:
    empty_audit(urls)
    chain = open_chains(urls, clients)
    command = [
        binaries().path("pgbench"),
        *("--no-vacuum", "--protocol=prepared", f"--file={_SCRIPTS[name]}", f"--client={clients}", "--jobs=1"),
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
    rate = float(re.search(r"tps = ([0-9.]+)", done.stdout)[1])  # type: ignore[index]  # pgbench always says it
    say(f"pgbench {name}, {clients} clients: {rate:,.0f}/s")
    return {"script": name, "clients": clients, "rate": round(rate, 1)}


def _over_http(urls: DatabaseUrls, cards: int, seconds: int, say: Say) -> list[Level]:
    with tempfile.TemporaryDirectory(prefix="ansinh-bench-") as folder:
        secrets = Path(folder) / "secrets"
        tokens = Path(folder) / "tokens"
        tokens.write_text("".join(f"{token}\n" for token in _tokens(secrets)), encoding="ascii")
        port = _free_port()
        environment = environment_of(urls) | {
            "ANSINH_SECRETS": str(secrets),
            "ANSINH_GATEWAY_HOST": "127.0.0.1",
            "ANSINH_GATEWAY_PORT": str(port),
            "ANSINH_GATEWAY_WORKERS": str(WORKERS),
            "ANSINH_NATION_DAY": "",
        }
        base = f"http://127.0.0.1:{port}"
        log = Path(folder) / "gateway.log"
        levels = []
        with running("The gateway", ["-m", "ansinh.gateway"], f"{base}/readyz", log, environment) as pid:
            load = Load(base, tokens, cards)
            _wrk(load, CONNECTIONS[-1], WARM_SECONDS)
            for connections in CONNECTIONS:
                empty_audit(urls)
                level = _level(urls, pid, load, connections, seconds)
                say(
                    f"gateway, {connections} connections: {level['rate']:,.0f}/s, p50 {level['p50_ms']:.1f}, p99 {level['p99_ms']:.1f} ms"
                )
                levels.append(level)
    return levels


def _level(urls: DatabaseUrls, pid: int, load: Load, connections: int, seconds: int) -> Level:
    before = _cpu_seconds(pid)
    found = _wrk(load, connections, seconds)
    after = _cpu_seconds(pid)
    answered = found["requests"] - found["refused"]
    return {
        "connections": connections,
        "rate": round(answered / found["seconds"], 1),
        "p50_ms": found["p50_ms"],
        "p99_ms": found["p99_ms"],
        "answered": answered,
        "refused": found["refused"],
        "broken": found["broken"],
        "audit_rows": count_looks(urls),
        "gateway_mib": _memory_mib(pid),
        "cpu_us": {part: round(1e6 * (after[part] - before[part]) / max(answered, 1), 1) for part in before},
    }


def _tokens(secrets: Path) -> list[str]:
    keys, now = token_keys(secrets), datetime.now(UTC)
    return [
        issue_token(
            keys,
            Holder(f"{number:05d}-1", number, f"{number:05d}", frozenset([STANDING_READ])),
            now=now,
            lifetime=timedelta(hours=2),
        )
        for number in range(1, FACILITIES + 1)
    ]


def _wrk(load: Load, connections: int, seconds: int) -> dict[str, Any]:
    command = [
        "wrk",
        "--threads=1",
        f"--connections={connections}",
        f"--duration={seconds}s",
        "--timeout=10s",
        "--latency",
    ]
    script = [
        "--script",
        str(_HERE / "lookups.lua"),
        load.base,
        "--",
        str(load.tokens),
        str(load.cards),
        str(connections),
    ]
    done = subprocess.run([*command, *script], capture_output=True, text=True, check=True)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    found: dict[str, Any] = json.loads(line.removeprefix("RESULT "))
    return found


def _cpu_seconds(pid: int) -> dict[str, float]:
    """CPU spent so far by the gateway's processes and by the database's."""
    spent = {"gateway": 0.0, "database": 0.0}
    ours = {pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))}
    for process in psutil.process_iter(["pid", "name", "cpu_times"]):
        part = "gateway" if process.info["pid"] in ours else "database" if process.info["name"] == "postgres" else None
        if part and process.info["cpu_times"]:
            spent[part] += process.info["cpu_times"].user + process.info["cpu_times"].system
    return spent


def _memory_mib(pid: int) -> int:
    parent = psutil.Process(pid)
    return sum(process.memory_info().rss for process in (parent, *parent.children(recursive=True))) >> 20


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
