"""A gateway of the test's own: real processes, real HTTP, a database that can be thrown away."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil

from ansinh.access.tokens import RATE_PER_SECOND_MAX, STANDING_READ, Holder, issue_token, token_keys
from tests.guard.ceilings import raise_ceilings
from tests.support.database import OwnDatabase

START_SECONDS_MAX = 30
NATION_DAY = "2025-06-03"


@dataclass
class RunningGateway:
    """Address, keys and processes of a gateway under test."""

    base: str
    secrets: Path
    log: Path
    process: subprocess.Popen[bytes]
    owner_url: str

    def token(
        self,
        facility: str = "01001",
        client_no: int = 7,
        *,
        scopes: frozenset[str] = frozenset([STANDING_READ]),
        rate: int = RATE_PER_SECOND_MAX,
        now: datetime | None = None,
    ) -> str:
        """Issue a token as the access room does."""
        holder = Holder(f"{facility}-1", client_no, facility, scopes, rate)
        return issue_token(token_keys(self.secrets), holder, now=now or datetime.now(UTC), lifetime=timedelta(hours=1))

    def ask(self, body: Any, token: str | None = None, **headers: str) -> httpx.Response:
        """Make one call; a body that is not bytes is sent as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"content-type": "application/json", "authorization": f"Bearer {token or self.token()}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return httpx.post(f"{self.base}/v1/standing", content=content, headers=sent, trust_env=False, timeout=20)

    def worker_pids(self) -> list[int]:
        """Return the processes that answer."""
        return [child.pid for child in psutil.Process(self.process.pid).children()]

    def kill(self) -> None:
        """Kill supervisor and workers at once, as a power cut would."""
        pids = [self.process.pid, *self.worker_pids()]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_gateway(
    database: OwnDatabase,
    folder: Path,
    *,
    workers: int = 2,
    port: int | None = None,
    wait: bool = True,
    ample: bool = True,
) -> Iterator[RunningGateway]:
    """Run `python -m ansinh.gateway` on a database for the block; `ample`: nobody meets a ceiling."""
    if ample:
        raise_ceilings(database)
    port = port or free_port()
    log = folder / "gateway.log"
    environment = os.environ | {
        "ANSINH_DATABASE_GATEWAY_URL": database.urls.gateway,
        "ANSINH_SECRETS": str(folder / "secrets"),
        "ANSINH_GATEWAY_PORT": str(port),
        "ANSINH_GATEWAY_WORKERS": str(workers),
        "ANSINH_NATION_DAY": NATION_DAY,
    }
    token_keys(folder / "secrets")
    with log.open("ab") as words:
        process = subprocess.Popen(
            [sys.executable, "-m", "ansinh.gateway"],
            env=environment,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
        gateway = RunningGateway(f"http://127.0.0.1:{port}", folder / "secrets", log, process, database.urls.owner)
        try:
            if wait:
                _wait_until_ready(gateway)
            yield gateway
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(20)


def _wait_until_ready(gateway: RunningGateway) -> None:
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until:
        assert gateway.process.poll() is None, gateway.log.read_text()
        try:
            if httpx.get(f"{gateway.base}/readyz", trust_env=False, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise AssertionError(f"the gateway is not ready: {gateway.log.read_text()}")
