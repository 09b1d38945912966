"""What others may ask about life events: a file with its steps and story, what waits, and the books of a day."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ansinh.database.sql import row, rows, streamed
from ansinh.foundation.errors import NotFound
from ansinh.lifeevents.states import PARTNERS, FileState, Kind, Office, Step, StepState, Undo

PAGE_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file in a list: where it stands and until when."""

    file_id: int
    kind: Kind
    person_id: int | None
    province: str
    state: FileState
    received_at: datetime
    due_on: date | None
    waits_vi: str
    waits_en: str
    applicant_id: int | None

    @property
    def about(self) -> int | None:
        """Return whose record a look at the file is a look at: of a birth before the child has one, who filed it; None while it names nobody."""
        return self.person_id or self.applicant_id


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step: who has it, until when, what it waits for, what came of it."""

    step: Step
    office: Office
    state: StepState
    asked_at: datetime | None
    due_on: date | None
    ended_at: datetime | None
    waits_vi: str
    waits_en: str
    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A line of a file's story."""

    happened_at: datetime
    office: Office
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class EffectLine:
    """What a file did in another room, and how far its undoing has come."""

    kind: str
    reference: str
    done_at: datetime
    undo: Undo | None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """Something a person must settle, or has."""

    file_id: int
    case_no: int
    opened_at: datetime
    vi: str
    en: str
    settled_by: str | None


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file with all that is known of it."""

    line: FileLine
    steps: tuple[StepLine, ...]
    story: tuple[StoryLine, ...]
    effects: tuple[EffectLine, ...]
    cases: tuple[CaseLine, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """A message that is to be sent."""

    file_id: int
    message_no: int
    message_id: str
    action: str
    body: str


@dataclass(frozen=True, slots=True)
class Books:
    """What we sent and they acknowledged on a day, and what we heard of what they told on it; with digests as the office makes them."""

    sent: int
    sent_sha256: str
    heard: int
    heard_sha256: str


_LINE = """
SELECT f.file_id, f.kind, f.person_id, f.province, f.state, f.received_at,
       (SELECT min(s.due_on) FROM lifeevents_step s WHERE s.file_id = f.file_id AND s.ended_at IS NULL),
       coalesce(w.waits_vi, ''), coalesce(w.waits_en, ''), f.applicant_person_id
FROM lifeevents_file f
LEFT JOIN LATERAL (
    SELECT waits_vi, waits_en FROM lifeevents_step s WHERE s.file_id = f.file_id AND s.ended_at IS NULL AND waits_vi <> '' ORDER BY due_on LIMIT 1) w ON true
"""


def file_shown(file_id: int) -> FileShown:
    """Return a file with its steps, story, effects and cases; raises NotFound."""
    found = row(f"{_LINE} WHERE f.file_id = %s", [file_id])
    if found is None:
        raise NotFound(
            f"Không có hồ sơ liên thông số {file_id}.", f"There is no life-event file {file_id}.", file=file_id
        )
    steps = rows(
        "SELECT step, office, state, asked_at, due_on, ended_at, waits_vi, waits_en, result::text FROM lifeevents_step"
        " WHERE file_id = %s ORDER BY asked_at NULLS LAST, step",
        [file_id],
    )
    story = rows(
        "SELECT happened_at, office, words_vi, words_en FROM lifeevents_line WHERE file_id = %s ORDER BY line_no",
        [file_id],
    )
    effects = rows(
        "SELECT kind, reference, done_at, undo FROM lifeevents_effect WHERE file_id = %s ORDER BY done_at, kind",
        [file_id],
    )
    return FileShown(
        _line(found),
        tuple(
            StepLine(Step(a), Office(b), StepState(c), d, e, f, g, h, json.loads(i))
            for a, b, c, d, e, f, g, h, i in steps
        ),
        tuple(StoryLine(at, Office(office), vi, en) for at, office, vi, en in story),
        tuple(EffectLine(kind, reference, at, Undo(undo) if undo else None) for kind, reference, at, undo in effects),
        tuple(cases(file_id=file_id)),
    )


def files(state: FileState | None = None, person_id: int | None = None, limit: int = 50) -> list[FileLine]:
    """Return files, the newest first, at most PAGE_LENGTH_MAX: of a state, or of a person and by them."""
    which: str = "true"
    values: list[Any] = []
    if state is not None:
        which, values = "f.state = %s", [state.value]
    if person_id is not None:
        which, values = f"{which} AND (f.person_id = %s OR f.applicant_person_id = %s)", [*values, person_id, person_id]
    found = rows(f"{_LINE} WHERE {which} ORDER BY f.file_id DESC LIMIT %s", [*values, min(limit, PAGE_LENGTH_MAX)])
    return [_line(one) for one in found]


@dataclass(frozen=True, slots=True)
class AtOffice:
    """A step an office has in hand, of which file, and until when."""

    due_on: date
    file_id: int
    step: Step
    kind: Kind
    province: str
    waits_vi: str
    waits_en: str

    @property
    def key(self) -> tuple[date, int, str]:
        """Return what orders the list, from which it goes on."""
        return self.due_on, self.file_id, self.step.value


def at_office(office: Office, *, after: tuple[date, int, str] | None = None, limit: int = 50) -> list[AtOffice]:
    """Return the open steps of an office whose clock runs, the first to fall due first, at most PAGE_LENGTH_MAX; `after`: the last key of the page before."""
    which, values = "", list[Any]()
    if after is not None:
        which, values = "AND (s.due_on, s.file_id, s.step) > (%s, %s, %s)", [*after]
    found = rows(
        f"""
        SELECT s.due_on, s.file_id, s.step, f.kind, f.province, s.waits_vi, s.waits_en FROM lifeevents_step s JOIN lifeevents_file f USING (file_id)
        WHERE s.office = %s AND s.ended_at IS NULL AND s.due_on IS NOT NULL {which} ORDER BY s.due_on, s.file_id, s.step LIMIT %s
        """,
        [office.value, *values, min(limit, PAGE_LENGTH_MAX)],
    )
    return [AtOffice(due, file, Step(step), Kind(kind), *rest) for due, file, step, kind, *rest in found]


def cases(*, file_id: int | None = None, limit: int = PAGE_LENGTH_MAX) -> list[CaseLine]:
    """Return what a person must settle, the oldest first; of one file also what was settled."""
    which = "settled_at IS NULL" if file_id is None else "file_id = %s"
    found = rows(
        f"SELECT file_id, case_no, opened_at, what_vi, what_en, settled_by FROM lifeevents_case WHERE {which} ORDER BY opened_at LIMIT %s",
        [*([] if file_id is None else [file_id]), limit],
    )
    return [CaseLine(*one) for one in found]


def counts() -> dict[str, dict[str, int]]:
    """Return how many files of each kind are in each state."""
    made: dict[str, dict[str, int]] = {}
    for kind, state, files_ in rows("SELECT kind, state, count(*) FROM lifeevents_file GROUP BY 1, 2 ORDER BY 1, 2"):
        made.setdefault(kind, {})[state] = files_
    return made


def exchanged() -> list[tuple[str, int, int, int, int]]:
    """Return for each office: messages sent, acknowledged, pending, refused. Sent is always the sum of the rest."""
    found = rows(
        "SELECT partner, count(*), count(acknowledged_at), count(*) FILTER (WHERE acknowledged_at IS NULL AND refused IS NULL), count(refused)"
        " FROM lifeevents_message GROUP BY 1 ORDER BY 1"
    )
    return [(str(a), int(b), int(c), int(d), int(e)) for a, b, c, d, e in found]


def heard_by_day(since: date, until: date) -> list[tuple[str, date, int, int, int]]:
    """Return for each partner and day, from `since` to before `until`, what was received, applied and parked by now. Received is the sum of the rest."""
    found = rows(
        """
        SELECT teller, (received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, count(*), count(applied_at), count(*) FILTER (WHERE state = 'parked')
        FROM lifeevents_told WHERE received_at >= %s::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AND received_at < %s::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
        GROUP BY 1, 2 ORDER BY 2, 1
        """,
        [since, until],
    )
    return [(str(a), b, int(c), int(d), int(e)) for a, b, c, d, e in found]


def late_receipts() -> list[tuple[int, datetime, datetime | None]]:
    """Return files whose receipt was not given within two working hours, the newest first: the file, by when it was due, when it was given."""
    found = rows(
        "SELECT file_id, due_at, given_at FROM lifeevents_receipt WHERE late_at IS NOT NULL ORDER BY due_at DESC LIMIT %s",
        [PAGE_LENGTH_MAX],
    )
    return [(int(a), b, c) for a, b, c in found]


@dataclass(frozen=True, slots=True)
class DayCompared:
    """A day's books as they were held against an office's last: what we sent and they took, what they told and we heard."""

    on_day: date
    compared_at: datetime
    sent: int
    taken: int
    heard: int
    told: int
    equal: bool


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """An office: what was sent is what it acknowledged, refused, and has pending, and since when; the days compared, and those that differ."""

    office: Office
    sent: int
    acknowledged: int
    pending: int
    refused: int
    pending_since: datetime | None
    days_compared: int
    last_compared: date | None
    differing: tuple[DayCompared, ...]


def partners() -> list[PartnerLine]:
    """Return every office with what stands between it and us; of the days that differ the PAGE_LENGTH_MAX newest."""
    counted = {office: counts for office, *counts in exchanged()}
    waiting = dict(
        rows(
            "SELECT partner, min(made_at) FROM lifeevents_message WHERE acknowledged_at IS NULL AND refused IS NULL GROUP BY 1"
        )
    )
    compared: dict[str, tuple[int, date]] = {
        office: (days, last)
        for office, days, last in rows(
            "SELECT partner, count(DISTINCT on_day), max(on_day) FROM lifeevents_comparison GROUP BY 1"
        )
    }
    differing: dict[str, list[DayCompared]] = {}
    for office, on_day, at, sent, taken, heard, told in rows(_DIFFERING, [PAGE_LENGTH_MAX]):
        differing.setdefault(office, []).append(DayCompared(on_day, at, sent, taken, heard, told, equal=False))
    made = []
    for office in PARTNERS:
        sent, acknowledged, pending_, refused = counted.get(office.value, (0, 0, 0, 0))
        days, last = compared.get(office.value, (0, None))
        made.append(
            PartnerLine(
                office,
                sent,
                acknowledged,
                pending_,
                refused,
                waiting.get(office.value),
                days,
                last,
                tuple(differing.get(office.value, ())),
            )
        )
    return made


_DIFFERING = """
SELECT partner, on_day, compared_at, sent, taken, heard, told FROM (
    SELECT DISTINCT ON (partner, on_day) * FROM lifeevents_comparison ORDER BY partner, on_day, compared_at DESC) last
WHERE NOT equal ORDER BY on_day DESC, partner LIMIT %s
"""


def parked_items() -> list[tuple[str, str, str, datetime, str]]:
    """Return what was told and waits for a person: teller, what, why, since when, and under which name."""
    return [
        (str(a), str(b), str(c), d, str(e))
        for a, b, c, d, e in rows(
            "SELECT teller, what, because, received_at, told_key FROM lifeevents_told WHERE state = 'parked' ORDER BY received_at LIMIT %s",
            [PAGE_LENGTH_MAX],
        )
    ]


def pending(office: Office, after: int, limit: int) -> list[Pending]:
    """Return messages to be sent after a number; of a file only its first, so that an office hears of a person in order."""
    found = rows(
        """
        SELECT m.file_id, m.message_no, m.message_id, m.action, m.body FROM lifeevents_message m
        WHERE m.partner = %s AND m.acknowledged_at IS NULL AND m.refused IS NULL AND m.message_no > %s AND NOT EXISTS (
            SELECT FROM lifeevents_message b
            WHERE b.file_id = m.file_id AND b.partner = m.partner AND b.message_no < m.message_no AND b.acknowledged_at IS NULL AND b.refused IS NULL)
        ORDER BY m.message_no LIMIT %s
        """,
        [office.value, after, limit],
    )
    return [Pending(*one) for one in found]


def feed_position(office: Office) -> int:
    """Return the number of the last item of an office's feed that was taken in."""
    found = row("SELECT after_no FROM lifeevents_position WHERE partner = %s", [office.value])
    return int(found[0]) if found else 0


def books_of(office: Office, day: date) -> Books:
    """Return our side of a day's books with an office; belongs into a transaction."""
    return Books(*_digested(_SENT, [office.value, day]), *_digested(_HEARD, [office.value, day]))


# In the order of their bytes, whatever language the database sorts in.
_SENT = """
SELECT line FROM (
    SELECT message_id || ' ' || encode(sha256(convert_to(body, 'UTF8')), 'hex') AS line FROM lifeevents_message
    WHERE partner = %s AND acknowledged_on = %s) sent
ORDER BY line COLLATE "C"
"""
_HEARD = 'SELECT told_key FROM lifeevents_told WHERE teller = %s AND told_on = %s ORDER BY told_key COLLATE "C"'


def _digested(query: str, values: list[Any]) -> tuple[int, str]:
    """Return how many lines a query gives, and the digest of them all."""
    count, digest = 0, hashlib.sha256()
    for (line,) in streamed(query, values):
        digest.update(f"{line}\n".encode())
        count += 1
    return count, digest.hexdigest()


def _line(found: tuple[Any, ...]) -> FileLine:
    number, kind, person, province, state, *rest = found
    return FileLine(number, Kind(kind), person, province, FileState(state), *rest)
