"""Serving the banks."""

from __future__ import annotations

import csv
from pathlib import Path

from ansinh_sandbox.banks.bank import Bank
from ansinh_sandbox.banks.scenarios import HONEST, Faults
from ansinh_sandbox.banks.service import Banks
from ansinh_sandbox.serving import serve_until_told
from ansinh_sandbox.signed_messages import own_key

KEY_NAME = "banks"


def bank_codes() -> dict[str, str]:
    """Return the clearing number (BIN) of each bank's short code."""
    lines = (Path(__file__).parent / "banks.csv").read_text(encoding="utf-8").splitlines()
    return {row["code"]: row["bin"] for row in csv.DictReader(line for line in lines if not line.startswith("#"))}


def serve(folder: Path, secrets: Path, *, host: str, port: int, faults: dict[str, Faults]) -> None:
    """Serve every bank until told to stop."""
    banks = {code: Bank(folder, code, faults.get(code, HONEST)) for code in sorted(set(bank_codes().values()))}
    service = Banks(banks, secrets, own_key(secrets, KEY_NAME))
    serve_until_told(service.application(), host=host, port=port)
    service.close()
