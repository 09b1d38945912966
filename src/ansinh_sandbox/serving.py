"""Serving a partner: in this process until it is told to stop, or as a process of its own."""

from __future__ import annotations

import asyncio
import atexit
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import IO, Any

from granian.constants import Interfaces
from granian.server.embed import Server

START_SECONDS_MAX = 60.0


def serve_until_told(application: Any, *, host: str, port: int) -> None:
    """Serve an ASGI application until SIGTERM or SIGINT; the process then has nothing more to do than to close what it keeps."""
    # Before other things that end with the process are registered, so that it comes after them.
    leave = atexit.register(_leave)
    try:
        asyncio.run(_serve(application, host, port))
    except BaseException:
        atexit.unregister(leave)
        raise


def _leave() -> None:
    """End without taking the interpreter down: threads of the server still look at it then, and now and again abort the process."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1 if hasattr(sys, "last_value") else 0)


async def _serve(application: Any, host: str, port: int) -> None:
    server = Server(
        application, address=host, port=port, interface=Interfaces.ASGINL, websockets=False, log_enabled=False
    )
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, server.stop)
    await server.serve()


def started(name: str, command: Sequence[str], port: int, log: IO[bytes] | None) -> subprocess.Popen[bytes]:
    """Start `python -m` with this command and wait until it answers on loopback; raises RuntimeError when it does not. The caller ends it."""
    process = subprocess.Popen([sys.executable, "-m", *command, "--port", str(port)], stdout=log, stderr=log)
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended at once with exit code {process.returncode}")
        if _alive(port):
            return process
        time.sleep(0.05)
    process.terminate()
    process.wait()
    raise RuntimeError(f"{name} did not answer on port {port} within {START_SECONDS_MAX:.0f} seconds")


def _alive(port: int) -> bool:
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/livez", timeout=1
        ) as reply:  # an address of our own making
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
