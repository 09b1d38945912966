"""Programs started beside this one: watched until they answer, ended when the block ends."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

START_SECONDS_MAX = 30
END_SECONDS_MAX = 20


class DidNotStart(Exception):
    """A program ended or stayed silent instead of answering; the sentence names it and its log."""


@contextmanager
def running(
    name: str, command: Sequence[str], alive_url: str, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Start a program of ours with this Python, wait until `alive_url` answers 200, and end it with the block; yields its pid."""
    _require_free(name, alive_url)
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
            _end(process)


@contextmanager
def beside(command: str, log: Path) -> Iterator[int]:
    """Start one of our commands that listens nowhere, and end it with the block; yields its pid."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as words:
        process = subprocess.Popen(
            [sys.executable, "-c", "from ansinh.cli.main import main; main()", *command.split()],
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
        try:
            yield process.pid
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _require_free(name: str, alive_url: str) -> None:
    """Refuse to start where somebody else listens: their answers would be taken for ours."""
    place = urlsplit(alive_url)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.hostname or "127.0.0.1", place.port or 80))
        except OSError as error:
            raise DidNotStart(
                f"Cổng {place.port} đang có chương trình khác dùng; đổi cổng trong thiết lập (.env.example) hoặc dừng chương trình đó.\n"
                f"{name} cannot listen on port {place.port}: another program does. Choose another port (.env.example), or end that program."
            ) from error


def _wait_until_alive(name: str, process: subprocess.Popen[bytes], alive_url: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until:
        if process.poll() is not None:
            raise DidNotStart(f"{name} ended with {process.returncode} instead of answering; its words are in {log}")
        if _answers(alive_url):
            return
        time.sleep(0.05)
    raise DidNotStart(
        f"{name} did not answer at {alive_url} within {START_SECONDS_MAX} seconds; its words are in {log}"
    )


def _answers(alive_url: str) -> bool:
    place = urlsplit(alive_url)
    connection = HTTPConnection(place.hostname or "127.0.0.1", place.port, timeout=2)
    try:
        connection.request("GET", place.path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
