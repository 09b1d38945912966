"""Serving the banks."""

from __future__ import annotations

import asyncio
import csv
import signal
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server

from ansinh_sandbox.banks.bank import Bank
from ansinh_sandbox.banks.scenarios import HONEST, Faults
from ansinh_sandbox.banks.service import Banks
from ansinh_sandbox.signed_messages import own_key

KEY_NAME = "banks"


def bank_codes() -> dict[str, str]:
    """Return the clearing number (BIN) of each bank's short code."""
    lines = (Path(__file__).parent / "banks.csv").read_text(encoding="utf-8").splitlines()
    return {row["code"]: row["bin"] for row in csv.DictReader(line for line in lines if not line.startswith("#"))}


def serve(folder: Path, secrets: Path, *, host: str, port: int, faults: dict[str, Faults]) -> None:
    """Serve every bank until told to stop."""
    banks = {code: Bank(folder, code, faults.get(code, HONEST)) for code in sorted(set(bank_codes().values()))}
    asyncio.run(_serve(Banks(banks, secrets, own_key(secrets, KEY_NAME)), host, port))


async def _serve(banks: Banks, host: str, port: int) -> None:
    server = Server(
        banks.application(), address=host, port=port, interface=Interfaces.ASGINL, websockets=False, log_enabled=False
    )
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, server.stop)
    await server.serve()
    banks.close()
