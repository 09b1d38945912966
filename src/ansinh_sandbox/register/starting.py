"""Starting the register: in this process, or as one of its own."""

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

from ansinh_sandbox.register.faults import HONEST, Faults
from ansinh_sandbox.register.service import Register
from ansinh_sandbox.register.store import Store
from ansinh_sandbox.signed_messages import own_key

KEY_NAME = "population-register"
START_SECONDS_MAX = 20.0


def serve(store: Path, secrets: Path, *, host: str, port: int, faults: Faults = HONEST) -> None:
    """Serve until told to stop; raises NotLoaded when the store is empty."""
    register = Register(Store(store), secrets, own_key(secrets, KEY_NAME), faults)
    asyncio.run(_serve(register, host, port))
    register.close()


async def _serve(register: Register, host: str, port: int) -> None:
    server = Server(register, address=host, port=port, interface=Interfaces.ASGINL, websockets=False, log_enabled=False)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, server.stop)
    await server.serve()


def start(
    store: Path, secrets: Path, *, port: int, log: IO[bytes] | None = None, faults: str = ""
) -> subprocess.Popen[bytes]:
    """Start the register on loopback as a process of its own and wait until it answers; raises RuntimeError when it does not.

    The caller ends it with `terminate()` and `wait()`. `log` takes what it prints.
    """
    command = [
        sys.executable,
        "-m",
        "ansinh_sandbox.register",
        "--port",
        str(port),
        "--store",
        str(store),
        "--secrets",
        str(secrets),
        "--faults",
        faults,
    ]
    process = subprocess.Popen(command, stdout=log, stderr=log)
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the population register ended at once with exit code {process.returncode}")
        if _alive(port):
            return process
        time.sleep(0.05)
    process.terminate()
    process.wait()
    raise RuntimeError(f"the population register did not answer on port {port} within {START_SECONDS_MAX:.0f} seconds")


def _alive(port: int) -> bool:
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/livez", timeout=1
        ) as reply:  # an address of our own making
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
