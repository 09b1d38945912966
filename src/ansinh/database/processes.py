"""Whose process is it: the postmaster of a folder, its orphans, and the locks that tell.

A pid in a file proves nothing: it may be dead, not yet reaped, or another program's by now. So a running
server is known by a lock that all its processes inherit, and a pid is believed only if it works in the folder.
"""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from ansinh.database.progress import Say, Waiting
from ansinh.database.refusals import DatabaseRefusal

_READY = "ready"
ORPHANS_SECONDS_MAX = 30


@dataclass(frozen=True)
class Postmaster:
    """The living main process of a server, and whether it accepts connections yet."""

    pid: int
    ready: bool
    started_at_seconds: float


def postmaster_of(data: Path) -> Postmaster | None:
    """Return the living postmaster of a data directory, or None."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if not _works_in(pid, data):
        return None
    ready = len(lines) > 7 and lines[7].strip() == _READY
    return Postmaster(pid, ready, float(lines[2]) if len(lines) > 2 and lines[2].isdigit() else 0.0)


def processes_in(data: Path) -> list[int]:
    """Pids of every living PostgreSQL process that works in a data directory, orphans of a dead postmaster too."""
    return [pid for pid in psutil.pids() if _works_in(pid, data)]


def _works_in(pid: int, data: Path) -> bool:
    try:
        process = psutil.Process(pid)
        if not process.name().startswith("postgres") or process.status() == psutil.STATUS_ZOMBIE:
            return False
        return os.path.realpath(process.cwd()) == os.path.realpath(data)
    except (psutil.Error, OSError):
        return False


def open_lock(path: Path) -> int:
    """Open a lock file of ours, to be closed by the caller."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Take a lock if it is free now."""
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def one_at_a_time(lock: Path, say: Say) -> Iterator[None]:
    """Let one start, stop or restore of a folder run; others wait their turn."""
    descriptor = open_lock(lock)
    try:
        waiting = Waiting("đang chờ lệnh khác xong · another command is starting or stopping this database", say)
        while not try_lock(descriptor):
            waiting.go_on()
        yield
    finally:
        os.close(descriptor)


def lock_is_free(lock: Path) -> bool:
    """Tell whether no process of a server lives (the lock is only looked at)."""
    if not lock.exists():
        return True
    descriptor = open_lock(lock)
    try:
        return try_lock(descriptor, shared=True)
    finally:
        os.close(descriptor)


def take_server_lock(lock: Path, data: Path, say: Say) -> int:
    """Take the lock a new server will inherit, ending orphans of a killed postmaster; returns its descriptor.

    After SIGKILL the dead server's memory takes a moment to go, and a backend in a long statement does not notice
    that its postmaster died. Refuses `second_instance` when the holder is none of this machine's processes.
    """
    descriptor = open_lock(lock)
    waiting = Waiting(
        "đang chờ tiến trình cũ kết thúc · waiting for the killed server's last processes",
        say,
        seconds_max=ORPHANS_SECONDS_MAX,
    )
    while not try_lock(descriptor):
        if waiting.seconds > 2:
            sign = signal.SIGQUIT if waiting.seconds < 8 else signal.SIGKILL
            for pid in processes_in(data):
                with suppress(ProcessLookupError):
                    os.kill(pid, sign)
        if not waiting.go_on():
            os.close(descriptor)
            raise DatabaseRefusal(
                "second_instance",
                f"Another server, perhaps in another container, is using {data}. Stop it first.",
                f"Một máy chủ khác, có thể trong container khác, đang dùng {data}. Hãy dừng nó trước.",
            )
    return descriptor
