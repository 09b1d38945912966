"""Starting an office: in this process, or as one of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import IO

from ansinh_sandbox.offices.office import Office
from ansinh_sandbox.offices.registrations import ByItself, InRegister
from ansinh_sandbox.offices.scenarios import HONEST, Faults
from ansinh_sandbox.offices.service import Service
from ansinh_sandbox.offices.store import Store
from ansinh_sandbox.serving import serve_until_told, started
from ansinh_sandbox.signed_messages import own_key


def serve(
    name: str,
    store: Path,
    secrets: Path,
    *,
    host: str,
    port: int,
    register: Path | None = None,
    faults: Faults = HONEST,
) -> None:
    """Serve an office until told to stop; `register` is the store of the register that civil status enters births and deaths in."""
    office = Office(name, Store(store, name), faults, InRegister(register) if register else ByItself())
    serve_until_told(Service(office, secrets, own_key(secrets, name)).application(), host=host, port=port)
    office.store.close()


def start(
    name: str, store: Path, secrets: Path, *, port: int, faults: str = "", log: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start an office on loopback as a process of its own and wait until it answers; raises RuntimeError when it does not.

    The caller ends it with `terminate()` and `wait()`.
    """
    command = ["ansinh_sandbox.offices", name, "--store", str(store), "--secrets", str(secrets), "--faults", faults]
    return started(f"the office {name}", command, port, log)
