"""A file on a desk: read, judged and measured without a database."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from ansinh.healthbook.formats.bounded_xml import BYTES_MAX
from ansinh.healthbook.formats.line_errors import LineError
from ansinh.healthbook.formats.package import Known, Package
from ansinh.healthbook.formats.reading import read_package
from ansinh.healthbook.formats.validating import validate
from ansinh.healthbook.states import SubmissionKind


@dataclass(frozen=True, slots=True)
class Checked:
    """A file's package and what is wrong with it."""

    package: Package
    errors: list[LineError]

    @property
    def accepted(self) -> bool:
        """Tell whether nothing rejects."""
        return not any(error.rejects for error in self.errors)


def check_file(path: Path, kind: SubmissionKind | None = None, known: Known | None = None) -> Checked:
    """Read and judge a file; one that is too large is refused by its first bytes beyond the bound, and never loaded whole."""
    with path.open("rb") as opened:
        raw = opened.read(BYTES_MAX + 1)
    return check(raw, kind, known)


def check(raw: bytes, kind: SubmissionKind | None = None, known: Known | None = None) -> Checked:
    """Read and judge bytes; without `known`, codes of facilities are judged by their form only."""
    package = read_package(raw, kind)
    return Checked(package, validate(package, known or Known()))


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU for the same files: read and judged, and only parsed by lxml (envelope, then each decoded table)."""

    ours_seconds: float
    bare_seconds: float
    files: int

    @property
    def ratio(self) -> float:
        """Return our cost as a multiple of bare parsing."""
        return self.ours_seconds / self.bare_seconds


def cost(files: Sequence[bytes], kind: SubmissionKind, known: Known, rounds: int = 3) -> Cost:
    """Measure the CPU of reading and judging against bare parsing of the same bytes, best of `rounds`, in turns."""
    ours, bare = [], []
    for _ in range(rounds):
        bare.append(_cpu_of(lambda: [parse_bare(raw) for raw in files]))
        ours.append(_cpu_of(lambda: [validate(read_package(raw, kind), known) for raw in files]))
    return Cost(min(ours), min(bare), len(files))


def parse_bare(raw: bytes) -> int:
    """Parse the envelope and each decoded table with lxml alone; return how many tables there were. For measuring, not for strangers' bytes."""
    tables = 0
    for content in etree.fromstring(raw).iter("NOIDUNGFILE"):
        etree.fromstring(base64.b64decode(content.text or ""))
        tables += 1
    return tables


def _cpu_of(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
