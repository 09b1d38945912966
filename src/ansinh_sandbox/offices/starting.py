"""Starting an office: in this process, or as one of its own."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO

from granian.constants import Interfaces
from granian.server.embed import Server

from ansinh_sandbox.offices.office import Office
from ansinh_sandbox.offices.registrations import ByItself, InRegister
from ansinh_sandbox.offices.scenarios import HONEST, Faults
from ansinh_sandbox.offices.service import Service
from ansinh_sandbox.offices.store import Store
from ansinh_sandbox.signed_messages import own_key

START_SECONDS_MAX = 20.0


def serve(
    name: str,
    store: Path,
    secrets: Path,
    *,
    host: str,
    port: int,
    register: Path | None = None,
    faults: Faults = HONEST,
) -> None:
    """Serve an office until told to stop; `register` is the store of the register that civil status enters births and deaths in."""
    office = Office(name, Store(store, name), faults, InRegister(register) if register else ByItself())
    asyncio.run(_serve(Service(office, secrets, own_key(secrets, name)), host, port))
    office.store.close()


async def _serve(service: Service, host: str, port: int) -> None:
    server = Server(
        service.application(), address=host, port=port, interface=Interfaces.ASGINL, websockets=False, log_enabled=False
    )
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, server.stop)
    await server.serve()


def start(
    name: str,
    store: Path,
    secrets: Path,
    *,
    port: int,
    register: Path | None = None,
    faults: str = "",
    log: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Start an office on loopback as a process of its own and wait until it answers; raises RuntimeError when it does not.

    The caller ends it with `terminate()` and `wait()`.
    """
    command = [sys.executable, "-m", "ansinh_sandbox.offices", name, "--port", str(port), "--store", str(store)]
    command += ["--secrets", str(secrets), "--faults", faults, *(["--register", str(register)] if register else [])]
    process = subprocess.Popen(command, stdout=log, stderr=log)
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the office {name} ended at once with exit code {process.returncode}")
        if _alive(port):
            return process
        time.sleep(0.05)
    process.terminate()
    process.wait()
    raise RuntimeError(f"the office {name} did not answer on port {port} within {START_SECONDS_MAX:.0f} seconds")


def _alive(port: int) -> bool:
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/livez", timeout=1
        ) as reply:  # an address of our own making
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
