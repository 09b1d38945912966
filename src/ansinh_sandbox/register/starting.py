"""Starting the register: in this process, or as one of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import IO

from ansinh_sandbox.register.faults import HONEST, Faults
from ansinh_sandbox.register.service import Register
from ansinh_sandbox.register.store import Store
from ansinh_sandbox.serving import serve_until_told, started
from ansinh_sandbox.signed_messages import own_key

KEY_NAME = "population-register"


def serve(store: Path, secrets: Path, *, host: str, port: int, faults: Faults = HONEST) -> None:
    """Serve until told to stop; raises NotLoaded when the store is empty."""
    register = Register(Store(store), secrets, own_key(secrets, KEY_NAME), faults)
    serve_until_told(register, host=host, port=port)
    register.close()


def start(
    store: Path, secrets: Path, *, port: int, log: IO[bytes] | None = None, faults: str = ""
) -> subprocess.Popen[bytes]:
    """Start the register on loopback as a process of its own and wait until it answers; raises RuntimeError when it does not.

    The caller ends it with `terminate()` and `wait()`. `log` takes what it prints.
    """
    command = ["ansinh_sandbox.register", "--store", str(store), "--secrets", str(secrets), "--faults", faults]
    return started("the population register", command, port, log)
