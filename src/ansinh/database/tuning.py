"""Server settings for the machine that is found. Every value has its reason beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import psutil

MIB = 1024 * 1024
GIB = 1024 * MIB
_CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


@dataclass(frozen=True)
class Machine:
    """What the server may use: bytes of memory, processors, free bytes of disk, free bytes of /dev/shm."""

    memory_bytes: int
    processors: int
    free_disk_bytes: int
    shared_memory_bytes: int


def machine(place: Path) -> Machine:
    """Look at this machine, within the limits of its container."""
    disk = os.statvfs(place)
    return Machine(
        memory_bytes=min([psutil.virtual_memory().total, *_container_limits()]),
        processors=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        free_disk_bytes=disk.f_bavail * disk.f_frsize,
        shared_memory_bytes=_shared_memory_bytes(),
    )


def server_settings(found: Machine) -> dict[str, str]:
    """Settings of the server for a machine, as postgresql.conf names and values."""
    shared = _between(found.memory_bytes // 4, 128 * MIB, 4 * GIB)  # beyond 4 GiB the system's cache serves as well
    wal = _between(found.free_disk_bytes // 8, 1 * GIB, 8 * GIB)  # bulk loads checkpoint by time, not by volume
    return {
        "shared_buffers": _mib(shared),
        "effective_cache_size": _mib(max(found.memory_bytes * 5 // 8, 256 * MIB)),
        "maintenance_work_mem": _mib(_between(found.memory_bytes // 24, 64 * MIB, 1 * GIB)),
        "work_mem": _mib(_between(found.memory_bytes // 768, 4 * MIB, 64 * MIB)),
        "wal_buffers": _mib(64 * MIB if shared >= 1 * GIB else 16 * MIB),
        "huge_pages": "try",
        "dynamic_shared_memory_type": "posix" if found.shared_memory_bytes >= 256 * MIB else "mmap",
        "max_connections": "200",
        # Durability is never traded for speed.
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "wal_level": "replica",  # backups of a running server need it
        "max_wal_size": _mib(wal),
        "min_wal_size": _mib(min(1 * GIB, wal // 4)),
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        "wal_compression": "off",  # the wheel knows only pglz, which costs more processor than it saves disk
        # Plans.
        "random_page_cost": "1.1",  # solid-state disks
        "jit": "off",  # short statements lose by it, and the wheel has no LLVM
        "max_worker_processes": str(max(8, found.processors * 2)),
        "max_parallel_workers": str(found.processors),
        "max_parallel_workers_per_gather": str(_between(found.processors // 2, 1, 4)),
        "max_parallel_maintenance_workers": str(_between(found.processors // 2, 1, 4)),
        "timezone": "'UTC'",
    }


def quick_settings(found: Machine) -> dict[str, str]:
    """Settings of a throw-away server for tests: a crash of the machine may lose it, a kill of the server may not."""
    return server_settings(found) | {
        "fsync": "off",
        "full_page_writes": "off",
        "shared_buffers": _mib(_between(found.memory_bytes // 32, 64 * MIB, 256 * MIB)),
        "wal_buffers": _mib(16 * MIB),
        "huge_pages": "off",
        "max_wal_size": _mib(1 * GIB),
        "min_wal_size": _mib(80 * MIB),
    }


def log_settings(log: Path) -> dict[str, str]:
    """Log to seven files, one a weekday, in which no personal data can stand.

    An error message may quote a value (`invalid input syntax … "…"`, `Key (…)=(…) already exists`), so errors go
    to the client only; the server's log keeps its own life: starts, stops, checkpoints, locks, crashes.
    """
    return {
        "logging_collector": "on",
        "log_destination": "'stderr'",
        "log_directory": _quoted(str(log)),
        "log_filename": "'postgresql-%a.log'",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
        "log_file_mode": "0600",
        "log_timezone": "'UTC'",
        "log_line_prefix": "'%m [%p] %q%a '",
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_checkpoints": "on",
        "log_lock_waits": "on",
        "log_connections": "''",
    }


def door_settings(run: Path) -> dict[str, str]:
    """No network: one socket in a private folder, so no two servers can meet on a port."""
    return {
        "listen_addresses": "''",
        "port": "5432",
        "unix_socket_directories": _quoted(str(run)),
        "unix_socket_permissions": "0700",
        "password_encryption": "'scram-sha-256'",
    }


def as_configuration(settings: dict[str, str]) -> str:
    """The text of a configuration file that holds these settings."""
    lines = [f"{name} = {value}" for name, value in settings.items()]
    return "\n".join(
        ["# Written at each start from what the machine has; put your own settings into local.conf.", *lines, ""]
    )


def _between(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))


def _mib(size_bytes: int) -> str:
    return f"{size_bytes // MIB}MB"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _container_limits() -> list[int]:
    limits = []
    for name in _CGROUP_LIMITS:
        try:
            text = Path(name).read_text(encoding="ascii").strip()
        except OSError:
            continue
        if text.isdigit():
            limits.append(int(text))
    return limits


def _shared_memory_bytes() -> int:
    try:
        place = os.statvfs("/dev/shm")  # noqa: S108 - looked at, not written to
    except OSError:
        return 0
    return place.f_bavail * place.f_frsize
