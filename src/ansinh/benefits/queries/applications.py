"""Files and decisions as they are kept: where a file stands, its pauses and alerts, and a decision exactly as it was taken."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ansinh.benefits.file_states import CLOSED, FileKind, FileState
from ansinh.benefits.filing import COLUMNS, file_of
from ansinh.benefits.gathering.asked import File
from ansinh.database.sql import row, rows
from ansinh.foundation.errors import NotFound

PAGE_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class PauseLine:
    """A time in which a file's clock stood still."""

    reason: str
    paused_at: datetime
    ended_at: datetime | None
    until_on: date | None
    what: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class AlertLine:
    """What was told about a file's deadline; `new_due_on` is the date the apology names."""

    application_id: int
    kind: str
    due_on: date
    raised_on: date
    because_vi: str
    because_en: str
    new_due_on: date | None


@dataclass(frozen=True, slots=True)
class DecisionKept:
    """A decision as it was taken: nothing here is worked out anew."""

    decision_id: int
    application_id: int
    person_id: int
    kind: FileKind
    insured_person_id: int
    outcome: str
    number: str
    effective_month: int
    amount: int
    awards: list[dict[str, Any]]
    because_vi: str
    because_en: str
    question: dict[str, Any]
    facts: list[dict[str, str]]
    explanation: dict[str, Any]
    prepared_by: str
    prepared_at: datetime
    approved_by: str | None
    decided_on: date | None
    returned_by: str | None
    returned_because: str | None


def files(*, state: FileState | None = None, kind: FileKind | None = None, length: int = 50) -> list[File]:
    """Return files that are open, or in one state, those due first first; at most PAGE_LENGTH_MAX."""
    wanted = {
        "state": state.value if state else None,
        "closed": [one.value for one in sorted(CLOSED)],
        "kind": kind.value if kind else None,
        "length": min(length, PAGE_LENGTH_MAX),
    }
    return [file_of(one) for one in rows(_FILES, wanted)]


def files_of(person_id: int) -> list[File]:
    """Return a person's files, and those about their death, the newest first; at most PAGE_LENGTH_MAX."""
    which = f"person_id = %s OR insured_person_id = %s ORDER BY application_id DESC LIMIT {PAGE_LENGTH_MAX}"
    return [
        file_of(one)
        for one in rows(f"SELECT {COLUMNS} FROM benefits_application WHERE {which}", [person_id, person_id])
    ]


def file_numbered(application_id: int) -> File:
    """Return a file; raises NotFound."""
    found = row(f"SELECT {COLUMNS} FROM benefits_application WHERE application_id = %s", [application_id])
    if found is None:
        raise NotFound(
            f"Không có hồ sơ số {application_id}.", f"There is no file {application_id}.", application=application_id
        )
    return file_of(found)


def pauses(application_id: int) -> list[PauseLine]:
    """Return when and why a file's clock stood still, in order."""
    found = rows(
        "SELECT reason, paused_at, ended_at, until_on, what::text FROM benefits_pause WHERE application_id = %s ORDER BY paused_at",
        [application_id],
    )
    return [
        PauseLine(*[json.loads(part) if place == _WHAT else part for place, part in enumerate(one)]) for one in found
    ]


def alerts(application_id: int | None = None, length: int = 50) -> list[AlertLine]:
    """Return what was told about a file's deadline, or about all files', the newest first; at most PAGE_LENGTH_MAX."""
    found = rows(
        """
        SELECT application_id, kind, due_on, raised_on, because_vi, because_en, new_due_on FROM benefits_alert
        WHERE application_id = %(file)s OR %(file)s IS NULL ORDER BY raised_on DESC, application_id DESC, kind LIMIT %(length)s
        """,
        {"file": application_id, "length": min(length, PAGE_LENGTH_MAX)},
    )
    return [AlertLine(*one) for one in found]


def decisions_on(application_id: int) -> list[DecisionKept]:
    """Return every decision prepared on a file, the one that stands first, then those sent back."""
    found = rows(
        f"SELECT {_DECISION} FROM benefits_decision WHERE application_id = %s ORDER BY returned_by IS NOT NULL, decision_id DESC",
        [application_id],
    )
    return [_kept(one) for one in found]


def decision(decision_id: int) -> DecisionKept:
    """Return a decision exactly as it was taken; raises NotFound."""
    found = row(f"SELECT {_DECISION} FROM benefits_decision WHERE decision_id = %s", [decision_id])
    if found is None:
        raise _no_decision(decision_id)
    return _kept(found)


def file_of_decision(decision_id: int) -> int:
    """Return the number of the file a decision was prepared on, and nothing about anybody; raises NotFound."""
    found = row("SELECT application_id FROM benefits_decision WHERE decision_id = %s", [decision_id])
    if found is None:
        raise _no_decision(decision_id)
    return int(found[0])


def _no_decision(decision_id: int) -> NotFound:
    return NotFound(
        f"Không có quyết định số {decision_id}.", f"There is no decision {decision_id}.", decision=decision_id
    )


def _kept(found: tuple[Any, ...]) -> DecisionKept:
    told = [json.loads(one) if place in _JSON_AT else one for place, one in enumerate(found)]
    told[3] = FileKind(told[3])
    return DecisionKept(*told)


_DECISION = """decision_id, application_id, person_id, kind, insured_person_id, outcome, number, effective_month, amount, awards::text, because_vi, because_en,
question::text, facts::text, explanation::text, prepared_by, prepared_at, approved_by, decided_on, returned_by, returned_because"""
_JSON_AT = {9, 12, 13, 14}
_WHAT = 4
_FILES = f"""
SELECT {COLUMNS} FROM benefits_application
WHERE CASE WHEN %(state)s::text IS NULL THEN state <> ALL(%(closed)s) ELSE state = %(state)s END AND (%(kind)s::text IS NULL OR kind = %(kind)s)
ORDER BY due_on NULLS LAST, application_id LIMIT %(length)s
"""
