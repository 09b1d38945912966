"""`python -m ansinh_sandbox.banks`: serve the banks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ansinh_sandbox.banks.scenarios import faults_from
from ansinh_sandbox.banks.starting import serve


def main(arguments: list[str]) -> int:
    """Read the arguments and serve until told to stop; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ansinh_sandbox.banks", description="The sandbox banks.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8103)
    parser.add_argument("--store", type=Path, required=True, help="the banks' own folder")
    parser.add_argument("--secrets", type=Path, help="folder of signing keys; beside the store when left out")
    parser.add_argument("--faults", default="", help='such as "970436:lose_answer=0.2,answer_twice;970418:hole"')
    chosen = parser.parse_args(arguments)
    try:
        secrets = chosen.secrets or chosen.store / "secrets"
        serve(chosen.store, secrets, host=chosen.host, port=chosen.port, faults=faults_from(chosen.faults))
    except ValueError as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
