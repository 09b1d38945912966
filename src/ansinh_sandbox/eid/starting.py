"""Starting the provider: in this process, or as one of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from ansinh_sandbox.eid.accounts import Accounts
from ansinh_sandbox.eid.clients import Client
from ansinh_sandbox.eid.flows import Flows
from ansinh_sandbox.eid.keys import Keys
from ansinh_sandbox.eid.service import application
from ansinh_sandbox.serving import serve_until_told, started


def serve(
    store: Path, clients: Mapping[str, Client], accounts: Accounts, *, host: str, port: int, slow_seconds: float
) -> None:
    """Serve until told to stop."""
    keys = Keys(store)
    flows = Flows(f"http://{host}:{port}", clients, accounts, keys)
    serve_until_told(application(flows, slow_seconds), host=host, port=port)


def start(
    store: Path, *, port: int, clients: Path, invented: Path, slow_seconds: float, log: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start the provider on loopback as a process of its own, with clients and accounts from files; raises RuntimeError when it does not answer.

    The caller ends it with `terminate()` and `wait()`.
    """
    command = ["ansinh_sandbox.eid", "--store", str(store), "--clients", str(clients), "--invented", str(invented)]
    return started("the e-ID provider", [*command, "--slow-seconds", str(slow_seconds)], port, log)
