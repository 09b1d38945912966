"""Programs started beside this one: watched until they answer, ended when the block ends."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

START_SECONDS_MAX = 30
END_SECONDS_MAX = 20


class DidNotStart(Exception):
    """A program ended or stayed silent instead of answering; the sentence names it and its log."""


@contextmanager
def running(
    name: str, command: Sequence[str], alive_url: str, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Start a program of ours with this Python, wait until `alive_url` answers 200, and end it with the block; yields its pid."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as words:
        process = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
        try:
            _wait_until_alive(name, process, alive_url, log)
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(END_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_alive(name: str, process: subprocess.Popen[bytes], alive_url: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until:
        if process.poll() is not None:
            raise DidNotStart(f"{name} ended with {process.returncode} instead of answering; its words are in {log}")
        try:
            if httpx.get(alive_url, timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise DidNotStart(
        f"{name} did not answer at {alive_url} within {START_SECONDS_MAX} seconds; its words are in {log}"
    )
