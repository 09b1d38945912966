"""Running a command of ours in a folder of its own, and watching how much memory it and its database take."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from ansinh.cli.processes import DidNotStart
from ansinh.database.folder import data_folder, folder_of
from ansinh.database.processes import postmaster_of
from ansinh.database.server import EmbeddedServer
from ansinh.foundation.settings import settings

# Reading the memory maps of a large database costs a core some tenths of a second.
SAMPLE_SECONDS = 2.0
_PORTS = (
    "ANSINH_REGISTER_URL",
    "ANSINH_MESSAGES_URL",
    "ANSINH_BANKS_URL",
    "ANSINH_CIVIL_STATUS_URL",
    "ANSINH_POLICE_URL",
    "ANSINH_SOCIAL_ASSISTANCE_URL",
    "ANSINH_EID_PHONE_URL",
    "ANSINH_GATEWAY_PORT",
    "ANSINH_SCREENS_PORT",
)


@dataclass(frozen=True, slots=True)
class Watched:
    """What a command took: seconds, peak memory of it and its database (proportional set size), and what it printed."""

    seconds: float
    peak_mib: int
    printed: str


@contextmanager
def own_home() -> Iterator[Path]:
    """A data folder of its own beside the agency's, with a database server of its own that is gone at the end."""
    place = data_folder(settings()) / "bench"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    home = Path(tempfile.mkdtemp(dir=place))
    try:
        yield home
    finally:
        EmbeddedServer(home).down()
        shutil.rmtree(folder_of(home).base, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


def environment_in(home: Path) -> dict[str, str]:
    """Return settings under which a command of ours lives in `home`, on ports nobody else uses."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSINH_", "DATABASE_URL"))}
    ports = _free_ports(len(_PORTS))
    addresses = {
        name: f"http://127.0.0.1:{port}" if name.endswith("_URL") else str(port)
        for name, port in zip(_PORTS, ports, strict=True)
    }
    return {**kept, **addresses, "ANSINH_DATA": str(home)}


def run_watched(arguments: Sequence[str], home: Path, environment: Mapping[str, str]) -> Watched:
    """Run `ansinh` with these arguments; raises DidNotStart with its last words when it fails."""
    command = [sys.executable, "-c", "from ansinh.cli.main import main; main()", *arguments]
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    peak = [0]
    over = threading.Event()
    sampler = threading.Thread(target=_sample, args=(process.pid, home, over, peak), daemon=True)
    sampler.start()
    printed, words = process.communicate()
    seconds = time.perf_counter() - began
    over.set()
    sampler.join()
    if process.returncode:
        raise DidNotStart(f"ansinh {' '.join(arguments)} ended with {process.returncode}: {words.strip()[-2000:]}")
    return Watched(seconds, peak[0] >> 20, printed)


def _sample(pid: int, home: Path, over: threading.Event, peak: list[int]) -> None:
    while not over.wait(SAMPLE_SECONDS):
        running = postmaster_of(folder_of(home).data)
        roots = [pid, *([running.pid] if running else [])]
        peak[0] = max(peak[0], sum(memory_of(root) for root in roots))


def memory_of(root: int) -> int:
    """Proportional set size of a process and all below it: what they share is counted once."""
    total = 0
    try:
        parent = psutil.Process(root)
        family = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for process in family:
        try:
            total += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total


def highest_mib() -> int:
    """Return the most memory this process has had resident; what its parent had before it does not count, as `getrusage` has it."""
    with contextlib.suppress(OSError), open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) >> 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def forget_highest() -> None:
    """Let `highest_mib` count from here on, where the system can."""
    with contextlib.suppress(OSError), open("/proc/self/clear_refs", "w", encoding="ascii") as counter:
        counter.write("5")


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
