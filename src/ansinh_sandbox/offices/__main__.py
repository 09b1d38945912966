"""`python -m ansinh_sandbox.offices civil-status`: serve one office."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ansinh_sandbox.offices.office import WORK
from ansinh_sandbox.offices.scenarios import faults_from
from ansinh_sandbox.offices.starting import serve

PORTS = {"civil-status": 8104, "police": 8105, "social-assistance": 8106}


def main(arguments: list[str]) -> int:
    """Read the arguments and serve until told to stop; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ansinh_sandbox.offices", description="A sandbox office.")
    parser.add_argument("office", choices=sorted(WORK))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, help="8104, 8105 or 8106 when left out")
    parser.add_argument("--store", type=Path, required=True, help="the office's own folder")
    parser.add_argument("--secrets", type=Path, help="folder of signing keys; beside the store when left out")
    parser.add_argument(
        "--register", type=Path, help="the register's folder, in which civil status enters births and deaths"
    )
    parser.add_argument("--faults", default="", help='such as "refuse=0.05,withdraw=0.02,silent=0.01,seed=7"')
    chosen = parser.parse_args(arguments)
    try:
        serve(
            chosen.office,
            chosen.store,
            chosen.secrets or chosen.store / "secrets",
            host=chosen.host,
            port=chosen.port or PORTS[chosen.office],
            register=chosen.register,
            faults=faults_from(chosen.faults),
        )
    except ValueError as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
