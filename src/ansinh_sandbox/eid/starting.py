"""Starting the provider as a process of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from ansinh_sandbox.serving import started


def start(store: Path, *options: str, port: int, log: IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    """Start the provider on loopback with options of the command line; raises RuntimeError when it does not answer.

    The caller ends it with `terminate()` and `wait()`.
    """
    command: Sequence[str] = ["ansinh_sandbox.eid", "--store", str(store), *options]
    return started("the e-ID provider", command, port, log)
