"""Overload at the gateway's own speed: several times as many ask at once as may wait, for a minute, from a load generator that is quicker than any gateway.

`test_overload.py` proves the same against a capacity that is the database's. Here processor time is what is short, so refusals cost answers; how many is
written down. Runs under `make campaign`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.audit.standing import add_people
from tests.gateway.load import run
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway.test_crashes import prove_rows
from tests.gateway.test_overload import GROWTH_MIB_MAX, RECOVERY_SECONDS_MAX, memory_mib, recovered_after
from tests.gateway.test_under_stress import permitted
from tests.support.campaign import CAMPAIGN, WriteDown
from tests.support.database import OwnDatabase

PEOPLE = 2_000
CALM_CONNECTIONS, CALM_SECONDS = 128, 10
CONNECTIONS, SECONDS = 6_400, 60
SCRIPT = Path(__file__).with_name("overload.lua")


def driven(gateway: RunningGateway, folder: Path, connections: int, seconds: int) -> dict[str, Any]:
    """Ask over so many connections for so long; returns counts, and keeps what was answered in the folder."""
    folder.mkdir()
    permitted(connections)
    command = ["wrk", "--threads=1", f"--connections={connections}", f"--duration={seconds}s", "--timeout=10s"]
    script = ["--script", str(SCRIPT), gateway.base, "--", gateway.token(), str(PEOPLE), str(folder)]
    done = subprocess.run([*command, *script], capture_output=True, text=True, check=True)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    found: dict[str, Any] = json.loads(line.removeprefix("RESULT "))
    return found


def told_in(folder: Path) -> list[tuple[int, int]]:
    """Return (person, audit id) of every answer; the last line may have been cut with its writer."""
    found = []
    for file in folder.glob("answers-*"):
        for line in file.read_text().splitlines():
            pin, _, audit_id = line.partition(" ")
            found.append((int(pin[3:]), int(audit_id)))
    return found


class Watch(threading.Thread):
    """Looks at a gateway's memory until told to stop."""

    def __init__(self, gateway: RunningGateway) -> None:
        super().__init__(daemon=True)
        self._gateway = gateway
        self.over = threading.Event()
        self.most_mib = 0.0

    def run(self) -> None:
        """Look twice a second."""
        while not self.over.wait(0.5):
            self.most_mib = max(self.most_mib, memory_mib(self._gateway))


@pytest.mark.campaign
@pytest.mark.skipif(not CAMPAIGN, reason="runs under make campaign")
@pytest.mark.skipif(shutil.which("wrk") is None, reason="needs wrk; cure: make test-packages")
def test_a_minute_of_more_than_may_wait_is_survived(
    fresh_database: OwnDatabase, tmp_path: Path, write_down: WriteDown
) -> None:
    add_people(fresh_database, PEOPLE)
    with running_gateway(fresh_database, tmp_path, workers=2) as gateway:
        before_mib = memory_mib(gateway)
        calm = driven(gateway, tmp_path / "calm", CALM_CONNECTIONS, CALM_SECONDS)
        watch = Watch(gateway)
        watch.start()
        hard = driven(gateway, tmp_path / "hard", CONNECTIONS, SECONDS)
        watch.over.set()
        recovery_seconds, after = run(recovered_after(gateway))
        assert "worker ended" not in gateway.log.read_text()
        assert httpx.get(f"{gateway.base}/readyz", trust_env=False).status_code == 200
    capacity, offered = calm["answered"] / calm["seconds"], (hard["answered"] + hard["refused"]) / hard["seconds"]
    write_down(
        capacity_per_second=round(capacity),
        connections=CONNECTIONS,
        asked_per_second=round(offered),
        times_capacity=round(offered / capacity, 2),
        answered=hard["answered"],
        refused=hard["refused"],
        cut=hard["cut"],
        goodput_percent=round(100 * hard["answered"] / hard["seconds"] / capacity),
        memory_mib_before=round(before_mib),
        memory_mib_most=round(watch.most_mib),
        recovery_ms=round(1000 * recovery_seconds),
    )
    for found in (calm, hard):
        assert (found["wrong"], found["silent"], found["other"]) == (0, 0, 0)
    assert watch.most_mib - before_mib < GROWTH_MIB_MAX
    assert recovery_seconds < RECOVERY_SECONDS_MAX
    answers = told_in(tmp_path / "calm") + told_in(tmp_path / "hard")
    assert len(answers) >= calm["answered"] + hard["answered"]
    prove_rows(answers + after.answers, fresh_database)
