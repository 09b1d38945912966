"""A file as gathering and deciding see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ansinh.benefits.file_states import Channel, FileKind, FileState


@dataclass(frozen=True, slots=True)
class File:
    """A file: who asks for what, from whose insurance, what they stated, and where it stands."""

    application_id: int
    person_id: int
    kind: FileKind
    channel: Channel
    insured_person_id: int
    filed_at: datetime
    filed_by: str
    state: FileState
    stated: dict[str, Any]
    missing: list[dict[str, str]]
    deadline_name: str
    deadline_days: int | None
    due_on: date | None
    decision_id: int | None
    closed_on: date | None
