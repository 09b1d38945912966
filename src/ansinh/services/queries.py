"""What others may ask: the catalogue, an application with its story, what registers tell already, the officers' queue. Frozen answers, ready to be shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ansinh.database.sql import rows
from ansinh.services.catalogue import TOPICS, Ask, Choice, PaperWanted, Service, catalogue, service
from ansinh.services.content import KINSHIP
from ansinh.services.pulled import Pulled, pulled
from ansinh.services.rows import COLUMNS, Application, application_of
from ansinh.services.states import APPLICATION_STATES, CHANNELS, CLOSED, ApplicationState, Channel, Office, held_by
from ansinh.services.telling import told_answer

PAGE_LENGTH_MAX = 200

__all__ = [
    "KINSHIP",
    "PAGE_LENGTH_MAX",
    "TOPICS",
    "ApplicationShown",
    "Ask",
    "AttachmentShown",
    "Choice",
    "LineShown",
    "PaperWanted",
    "PauseShown",
    "Pulled",
    "QueueLine",
    "ReadingShown",
    "Service",
    "application",
    "applications_of",
    "catalogue",
    "draft_of",
    "handed_on_of",
    "pulled",
    "queue",
    "service",
    "told_answer",
]


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of the story: when, what (a Happening, `answered`, …), by whom (`person:…`, `officer:…`, `system:…`), in words."""

    happened_at: datetime
    happening: str
    by: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class PauseShown:
    """What is, or was, wanted of the applicant, why, and until when; `wanted` has key, vi, en and, where known, which paper shows it and who gives it."""

    paused_at: datetime
    because_vi: str
    because_en: str
    wanted: tuple[dict[str, str], ...]
    until_on: date | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReadingShown:
    """Who opened an attachment, when, what for."""

    read_at: datetime
    reader: str
    purpose: str
    reason: str


@dataclass(frozen=True, slots=True)
class AttachmentShown:
    """A file handed in, without its bytes; `paper` is the key of the catalogue it was handed in as, or `other`."""

    attachment_id: int
    paper: str
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime
    added_by: str
    removed_at: datetime | None
    readings: tuple[ReadingShown, ...]


@dataclass(frozen=True, slots=True)
class ApplicationShown:
    """An application as its applicant sees it: where it is, who has it, until when, what came of it."""

    reference: str
    person_id: int
    client_key: str
    """The key of its form: a draft goes on under it."""
    receipt: str | None
    service: Service
    channel: Channel
    channel_vi: str
    channel_en: str
    on_behalf_why: str | None
    answers: dict[str, Any]
    state: ApplicationState
    state_vi: str
    state_en: str
    holder_vi: str
    holder_en: str
    drafted_at: datetime
    submitted_at: datetime | None
    due_on: date | None
    promised_on: date | None
    """The last day promised: `due_on`, or the later one an apology named."""
    late: bool
    """An apology was told."""
    wanted: PauseShown | None
    """What is wanted of the applicant now."""
    closed_on: date | None
    result_vi: str | None
    result_en: str | None
    result_facts: tuple[tuple[str, str, str], ...]
    """What the result says besides: Vietnamese name, English name, value."""
    paper: str | None
    """Number of the result's PDF, once issued (`operations.issue_result`)."""
    lines: tuple[LineShown, ...]
    pauses: tuple[PauseShown, ...]
    attachments: tuple[AttachmentShown, ...]


@dataclass(frozen=True, slots=True)
class QueueLine:
    """An application in an officer's queue: no names, no answers (`operations.show_application` shows these, and is audited)."""

    reference: str
    receipt: str
    person_id: int
    service: Service
    channel: Channel
    state: ApplicationState
    state_vi: str
    state_en: str
    holder_vi: str
    holder_en: str
    submitted_at: datetime
    due_on: date | None
    late: bool


def applications_of(person_id: int, *, closed: bool = True, length: int = 50) -> list[ApplicationShown]:
    """Return a person's applications, drafts included, the newest first; at most PAGE_LENGTH_MAX. `closed`: those decided or withdrawn too."""
    hidden = [] if closed else [one.value for one in CLOSED]
    found = rows(
        f"SELECT {COLUMNS} FROM services_application WHERE person_id = %s AND state <> ALL(%s) ORDER BY application_id DESC LIMIT %s",
        [person_id, hidden, min(length, PAGE_LENGTH_MAX)],
    )
    return [_shown(application_of(one)) for one in found]


def handed_on_of(person_id: int) -> frozenset[str]:
    """Return the records in deciding rooms (`room.record:number`) a person's applications lead to: such a file and its application are one to them."""
    found = rows(
        "SELECT forwarded_to FROM services_application WHERE person_id = %s AND forwarded_to IS NOT NULL", [person_id]
    )
    return frozenset(str(record) for (record,) in found)


def application(person_id: int, reference: str) -> ApplicationShown | None:
    """Return a person's application by its reference (what stands in URLs), or None: also where it is somebody else's."""
    found = rows(
        f"SELECT {COLUMNS} FROM services_application WHERE person_id = %s AND reference = %s", [person_id, reference]
    )
    return _shown(application_of(found[0])) if found else None


def draft_of(person_id: int, code: str) -> ApplicationShown | None:
    """Return the newest draft of a service a person began and has not submitted, or None."""
    found = rows(
        f"SELECT {COLUMNS} FROM services_application WHERE person_id = %s AND service = %s AND state = 'draft' ORDER BY application_id DESC LIMIT 1",
        [person_id, code],
    )
    return _shown(application_of(found[0])) if found else None


def queue(*, state: ApplicationState | None = None, office: Office | None = None, length: int = 50) -> list[QueueLine]:
    """Return open applications for officers, those due first first; at most PAGE_LENGTH_MAX."""
    codes = [code for code, one in catalogue().items() if office is None or one.office is office]
    found = rows(
        _QUEUE,
        {"state": state.value if state else None, "services": codes, "length": min(length, PAGE_LENGTH_MAX)},
    )
    return [_line(one) for one in found]


def _line(one: tuple[Any, ...]) -> QueueLine:
    reference, receipt, person, code, channel, at, submitted, due, late = one
    state, of = ApplicationState(at), service(code)
    return QueueLine(
        reference,
        receipt,
        person,
        of,
        Channel(channel),
        state,
        *APPLICATION_STATES[state],
        *held_by(state, of.office),
        submitted,
        due,
        late,
    )


def _shown(one: Application) -> ApplicationShown:
    key = [one.person_id, one.application_id]
    pauses = tuple(
        PauseShown(at, vi, en, tuple(what), until, end) for at, vi, en, what, until, end in _of(_PAUSES, key)
    )
    promised = rows(
        "SELECT max(new_due_on), count(*) FROM services_alert WHERE person_id = %s AND application_id = %s AND kind = 'late'",
        key,
    )[0]
    return ApplicationShown(
        reference=one.reference,
        person_id=one.person_id,
        client_key=one.client_key,
        receipt=one.receipt,
        service=one.told,
        channel=one.channel,
        channel_vi=CHANNELS[one.channel][0],
        channel_en=CHANNELS[one.channel][1],
        on_behalf_why=one.on_behalf_why,
        answers=one.content,
        state=one.state,
        state_vi=APPLICATION_STATES[one.state][0],
        state_en=APPLICATION_STATES[one.state][1],
        holder_vi=held_by(one.state, one.told.office)[0],
        holder_en=held_by(one.state, one.told.office)[1],
        drafted_at=one.drafted_at,
        submitted_at=one.submitted_at,
        due_on=one.due_on,
        promised_on=max((day for day in (promised[0], one.due_on) if day), default=None),
        late=bool(promised[1]),
        wanted=next((each for each in pauses if each.ended_at is None), None),
        closed_on=one.closed_on,
        result_vi=one.result_vi,
        result_en=one.result_en,
        result_facts=tuple((vi, en, value) for vi, en, value in one.result_facts or ()),
        paper=one.paper,
        lines=tuple(LineShown(*each) for each in rows(_LINES, key)),
        pauses=pauses,
        attachments=_attachments(one),
    )


def _of(query: str, key: list[int]) -> list[tuple[Any, ...]]:
    return [(*each[:3], json.loads(each[3]), *each[4:]) for each in rows(query, key)]


def _attachments(one: Application) -> tuple[AttachmentShown, ...]:
    readings: dict[int, list[ReadingShown]] = {}
    for number, *reading in rows(_READINGS, [one.person_id, one.application_id]):
        readings.setdefault(number, []).append(ReadingShown(*reading))
    return tuple(
        AttachmentShown(*(*each, tuple(readings.get(each[0], ()))))
        for each in rows(_ATTACHMENTS, [one.person_id, one.application_id])
    )


_LINES = "SELECT happened_at, happening, by, words_vi, words_en FROM services_line WHERE person_id = %s AND application_id = %s ORDER BY line_no"
_PAUSES = """
SELECT paused_at, because_vi, because_en, wanted::text, until_on, ended_at FROM services_pause
WHERE person_id = %s AND application_id = %s ORDER BY paused_at
"""
_ATTACHMENTS = """
SELECT attachment_id, paper, name, media_type, size, encode(sha256, 'hex'), added_at, added_by, removed_at FROM services_attachment
WHERE person_id = %s AND application_id = %s ORDER BY attachment_id
"""
_READINGS = """
SELECT r.attachment_id, r.read_at, r.reader, r.purpose, r.reason FROM services_reading r
WHERE r.person_id = %s AND r.attachment_id IN (
    SELECT attachment_id FROM services_attachment t WHERE t.person_id = r.person_id AND t.application_id = %s) ORDER BY r.read_at
"""
_QUEUE = """
SELECT a.reference, a.receipt, a.person_id, a.service, a.channel, a.state, a.submitted_at, a.due_on, EXISTS (
    SELECT FROM services_alert w WHERE w.person_id = a.person_id AND w.application_id = a.application_id AND w.kind = 'late')
FROM services_application a
WHERE a.closed_on IS NULL AND a.state <> 'draft' AND (%(state)s::text IS NULL OR a.state = %(state)s) AND a.service = ANY(%(services)s)
ORDER BY a.due_on NULLS LAST, a.application_id LIMIT %(length)s
"""
