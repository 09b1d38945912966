"""`python -m ansinh_sandbox.messages --port 8102 --store FILE`: serve the message provider."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ansinh_sandbox.messages.service import provider
from ansinh_sandbox.messages.store import Store
from ansinh_sandbox.serving import serve_until_told


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
    serve_until_told(provider(Store(chosen.store), chosen.slow_seconds), host=chosen.host, port=chosen.port)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
