"""Which facts are gathered for which kind of file, and which step of the law's answer says why nothing is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ansinh.benefits.file_states import FileKind
from ansinh.benefits.gathering.asked import File
from ansinh.benefits.gathering.deaths import gather_funeral, gather_survivors
from ansinh.benefits.gathering.found import Gathered
from ansinh.benefits.gathering.insured import gather_bridge, gather_retirement, gather_withdrawal
from ansinh.benefits.gathering.others import gather_social_pension, gather_unemployment

_GATHERERS: dict[FileKind, Callable[[File, datetime], Gathered]] = {
    FileKind.RETIREMENT: gather_retirement,
    FileKind.RETIREMENT_EXTRA: gather_retirement,
    FileKind.ONE_OFF: gather_withdrawal,
    FileKind.FUNERAL: gather_funeral,
    FileKind.SURVIVORS: gather_survivors,
    FileKind.UNEMPLOYMENT: gather_unemployment,
    FileKind.SOCIAL_PENSION: gather_social_pension,
    FileKind.BRIDGE: gather_bridge,
}


def gather(file: File, moment: datetime) -> Gathered:
    """Return what is known for a file at a moment, what is missing, and the question for the law.

    Raises NotFound for an unknown person, InvalidInput for facts the law cannot be asked about, ParameterUnknown for a value of law nobody loaded.
    """
    return _GATHERERS[file.kind](file, moment)
