"""`python -m ansinh_sandbox.messages --port 8102 --store FILE`: serve the message provider."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server

from ansinh_sandbox.messages.service import provider
from ansinh_sandbox.messages.store import Store


def main(arguments: list[str]) -> int:
    """Read the arguments and serve until told to stop; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m ansinh_sandbox.messages", description="The sandbox message provider."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8102)
    parser.add_argument("--store", type=Path, required=True, help="the provider's own file")
    parser.add_argument("--slow-seconds", type=float, default=10.0, help="how long a slow answer takes")
    chosen = parser.parse_args(arguments)
    asyncio.run(_serve(chosen))
    return 0


async def _serve(chosen: argparse.Namespace) -> None:
    application = provider(Store(chosen.store), chosen.slow_seconds)
    server = Server(
        application,
        address=chosen.host,
        port=chosen.port,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_enabled=False,
    )
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, server.stop)
    await server.serve()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
