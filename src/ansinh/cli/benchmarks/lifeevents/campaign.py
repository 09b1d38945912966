"""Births and deaths by the ten thousand: everything is told twice and out of order, offices refuse, take back and keep silent, and worker, database and
offices are killed on the way; then both sides' books are read and held against one another."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from ansinh.cli.benchmarks.lifeevents.cast import write_cast
from ansinh.cli.benchmarks.lifeevents.days import Told
from ansinh.cli.benchmarks.lifeevents.programs import Programs, programs
from ansinh.cli.benchmarks.lifeevents.proof import prove
from ansinh.cli.benchmarks.lifeevents.story import FIRST_DAY
from ansinh.cli.benchmarks.own_database import environment_of, migrate
from ansinh.cli.processes import DidNotStart
from ansinh.database.processes import postmaster_of
from ansinh.database.server import EmbeddedServer
from ansinh.database.urls import DatabaseUrls

FAULTS = "refuse=0.05,withdraw=0.02,silent=0.03,slow=0.05,correct=0.05,twice=0.1"
POLL_SECONDS = 0.2
WORDS_KEPT = 3_000
_MAIN = "import django, sys; django.setup(); from ansinh.cli.benchmarks.lifeevents.days import main; main(sys.argv[1])"
_PART_SUMS = ("seconds", "cpu", "database", "statements")


@dataclass(frozen=True, slots=True)
class Database:
    """Where the campaign is lived; `server` is the server when it is the campaign's own and may be killed."""

    urls: DatabaseUrls
    server: EmbeddedServer | None = None

    def postmaster(self) -> int:
        """Return whom to kill; 0 for nobody."""
        running = postmaster_of(self.server.folder.data) if self.server is not None else None
        return running.pid if running else 0


def own_database_of(server: EmbeddedServer) -> Database:
    """Return a database of a server that is the campaign's own, started and migrated."""
    server.up()
    migrate(server.urls())
    return Database(server.urls(), server)


@dataclass(frozen=True, slots=True)
class Campaign:
    """How large, by which seed, how often worker and database are killed, and how often an office is besides."""

    deaths: int
    births: int
    seed: int = 11
    days: int = 12
    kills: Sequence[str] = ("worker", "database") * 5
    offices_killed: int = 2
    answers_lost: float = 0.02

    def schedule(self) -> list[tuple[str, int]]:
        """Return who is killed, and how many statements after the one before."""
        chance = random.Random(self.seed)  # noqa: S311 - a schedule
        whom = list(self.kills)
        for n in range(self.offices_killed):
            whom.insert(1 + 3 * n, ("police", "civil-status", "social-assistance")[n % 3])
        most = max(200, (self.deaths + self.births) * 8)
        return [(one, chance.randrange(50, most)) for one in whom]


def measure_campaign(asked: Campaign, database: Database, folder: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Live a campaign in an empty folder and a database without people, and return what came of it: `offending` counts what must not be."""
    write_cast(folder / "nation", asked.deaths, asked.births, FIRST_DAY)
    began = time.perf_counter()
    faults = f"{FAULTS},lose_answer={asked.answers_lost},seed={asked.seed}"
    with (folder / "log").open("ab") as log, programs(folder, faults, log) as partners:
        environment = {**environment_of(database.urls), **partners.environment, "ANSINH_DATA": str(folder)}
        lives = _live(asked, database, folder, (partners, environment, log))
    say(f"{lives} lần khởi động · worker starts")
    parts = _parts(folder)
    worked = sum(one["seconds"] for name, one in parts.items() if name != "settle")
    proved = prove(database.urls, folder)
    events = asked.deaths + asked.births
    return {
        "name": "lifeevents",
        "n": events,
        "deaths": asked.deaths,
        "births": asked.births,
        "seed": asked.seed,
        "seconds": round(time.perf_counter() - began, 1),
        "worked_seconds": round(worked, 1),
        "rate": round(events / worked, 1),
        "kills": [whom for whom, _ in asked.schedule()][: _number(folder / "kills")],
        "worker_starts": lives,
        "parts": parts,
        "peak_mib": max(int(one["peak_mib"]) for one in parts.values()),
        **proved,
    }


def _live(asked: Campaign, database: Database, folder: Path, beside: tuple[Programs, dict[str, str], IO[bytes]]) -> int:
    """Start the worker until it lived all days, and whoever was killed again; returns how often it was started."""
    partners, environment, log = beside
    lives = 0
    while True:
        lives += 1
        schedule = asked.schedule()
        told = Told(asked.deaths, asked.births, asked.seed, asked.days, str(folder), schedule, database.postmaster())
        kills = _number(folder / "kills")
        process = subprocess.Popen(
            [sys.executable, "-c", _MAIN, json.dumps(asdict(told))],
            env=os.environ | environment | {"DJANGO_SETTINGS_MODULE": "ansinh.config.django"},
            stdout=log,
            stderr=log,
        )
        while process.poll() is None:
            _wait(process)
            partners.mend()
        if process.returncode == 0:
            return lives
        if _number(folder / "kills") == kills:
            raise DidNotStart(f"the worker ended with {process.returncode}: {_last_words(folder)}")
        if database.server is not None:
            database.server.up()


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(POLL_SECONDS)
    except subprocess.TimeoutExpired:
        return


def _last_words(folder: Path) -> str:
    return (folder / "log").read_text("utf-8", "replace")[-WORDS_KEPT:]


def _number(file: Path) -> int:
    return int(file.read_text()) if file.exists() else 0


def _parts(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what the parts of the days took together, by name."""
    sums: dict[str, dict[str, Any]] = {}
    for line in (folder / "took").read_text().splitlines():
        took = json.loads(line)
        one = sums.setdefault(took["part"], dict.fromkeys(_PART_SUMS, 0) | {"peak_mib": 0, "times": 0})
        for name in _PART_SUMS:
            one[name] = round(one[name] + took[name], 3)
        one["times"] += 1
        one["peak_mib"] = max(one["peak_mib"], took["peak_mib"])
    return sums
