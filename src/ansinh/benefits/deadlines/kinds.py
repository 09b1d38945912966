"""Which deadline holds for which file: the values and their sources are the law's (`src/ansinh/rules/parameters`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ansinh.benefits.file_states import Channel, FileKind, PauseReason
from ansinh.rules.explanations.citing import cited_vi
from ansinh.rules.law import parameters

_DECISIONS: dict[FileKind, str] = {
    FileKind.RETIREMENT: "deadlines.pension",
    FileKind.RETIREMENT_EXTRA: "deadlines.pension",
    FileKind.ONE_OFF: "deadlines.one_off",
    FileKind.FUNERAL: "funeral.decision_days",
    FileKind.SURVIVORS: "deadlines.survivors",
    FileKind.UNEMPLOYMENT: "unemployment.decision_days",
    FileKind.SOCIAL_PENSION: "social_pension.decision_days",
    FileKind.BRIDGE: "deadlines.bridge",
}
# What came with a death told electronically is decided sooner (Decree 63/2024).
_INTERLINKED = dict.fromkeys((FileKind.FUNERAL, FileKind.SURVIVORS), "funeral.interlinked_days")
_PAUSES = {PauseReason.PAPERS: "deadlines.papers", PauseReason.CONFIRMATION: "deadlines.confirmation"}
NEW_DATE = "deadlines.new_date"

# Before so many working days from the last one an alert is raised. A habit of the agency, not law.
NEAR_DAYS = 2


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline in working days with its source; `days` is None where the text that sets it is not known."""

    name: str
    days: int | None
    vi: str
    en: str
    reference: str
    reference_vi: str
    confidence: str


def decision_deadline(kind: FileKind, channel: Channel, day: date) -> Deadline:
    """Return the time for the decision on a file received on `day`."""
    named = _INTERLINKED.get(kind) if channel is Channel.EVENT else None
    return deadline(named or _DECISIONS[kind], day)


def pause_limit(reason: PauseReason, day: date) -> Deadline:
    """Return the time whom we wait for has; it is not counted towards the decision."""
    return deadline(_PAUSES[reason], day)


def deadline(name: str, day: date) -> Deadline:
    """Return a deadline by its parameter's name as in force on `day`; raises KeyError for an unknown name."""
    parameter = parameters()[name]
    in_force = [one for one in parameter.history if one.day <= day]
    dated = in_force[-1] if in_force else None
    value = dated.value if dated else None
    reference = dated.reference if dated else "no text before this day is held here"
    return Deadline(
        name,
        value if isinstance(value, int) else None,
        parameter.vi,
        parameter.description,
        reference,
        cited_vi(reference),
        dated.confidence if dated else "derived",
    )


def all_deadlines(day: date) -> list[tuple[FileKind | None, Deadline]]:
    """Return every deadline in force on `day`: of files by kind, then of the rest."""
    found: list[tuple[FileKind | None, Deadline]] = [
        (kind, decision_deadline(kind, Channel.PERSON, day)) for kind in FileKind
    ]
    interlinked = [(kind, deadline(name, day)) for kind, name in _INTERLINKED.items()]
    others = ("deadlines.resume", "deadlines.move", *_PAUSES.values(), NEW_DATE)
    return found + interlinked + [(None, deadline(name, day)) for name in others]
