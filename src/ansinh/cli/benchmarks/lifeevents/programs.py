"""The partners of the campaign, each a program of its own on a port of its own; whoever was killed is started again over its own store."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import ansinh_sandbox.register.loading as register_loading
from ansinh.cli.nation import FIRST_DAY_LIVED
from ansinh_sandbox.register.living import live
from ansinh_sandbox.serving import started

REGISTER = "register"
OFFICES = ("civil-status", "police", "social-assistance")
_SETTINGS = {
    REGISTER: "ANSINH_REGISTER_URL",
    "civil-status": "ANSINH_CIVIL_STATUS_URL",
    "police": "ANSINH_POLICE_URL",
    "social-assistance": "ANSINH_SOCIAL_ASSISTANCE_URL",
}


class Programs:
    """Register and offices over the stores of a folder."""

    def __init__(self, folder: Path, faults: str, log: IO[bytes]) -> None:
        self._folder, self._faults, self._log = folder, faults, log
        self._ports = dict(zip(_SETTINGS, _free_ports(len(_SETTINGS)), strict=True))
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def environment(self) -> dict[str, str]:
        """Settings under which the agency finds them."""
        return {_SETTINGS[name]: f"http://127.0.0.1:{port}" for name, port in self._ports.items()}

    def start(self) -> None:
        """Start all at once; the register's store is there first, for civil status enters births and deaths in it."""
        register_loading.load(self._folder / "nation", self._folder / REGISTER)
        live(self._folder / REGISTER, begin=FIRST_DAY_LIVED, until=FIRST_DAY_LIVED)
        with ThreadPoolExecutor(len(self._ports)) as several:
            list(several.map(self._start, self._ports))

    def mend(self) -> None:
        """Start again whoever was killed."""
        for name, process in list(self._running.items()):
            if process.poll() is not None:
                self._start(name)

    def end(self) -> None:
        """End all."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.wait()

    def _start(self, name: str) -> None:
        secrets = ["--secrets", str(self._folder / "secrets")]
        if name == REGISTER:
            command = ["ansinh_sandbox.register", "--store", str(self._folder / REGISTER), *secrets]
        else:
            store = ["--store", str(self._folder / "offices"), "--faults", self._faults]
            beside = ["--register", str(self._folder / REGISTER)] if name == "civil-status" else []
            command = ["ansinh_sandbox.offices", name, *store, *beside, *secrets]
        self._running[name] = started(name, command, self._ports[name], self._log)
        (self._folder / f"{name}.pid").write_text(str(self._running[name].pid))


@contextmanager
def programs(folder: Path, faults: str, log: IO[bytes]) -> Iterator[Programs]:
    """Have the partners run for the block."""
    made = Programs(folder, faults, log)
    try:
        made.start()
        yield made
    finally:
        made.end()


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
