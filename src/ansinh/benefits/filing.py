"""How a file is read, moved from state to state and its clock stopped and started; used by the operations, within their transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ansinh.audit.operation import note
from ansinh.benefits.deadlines.clock import Pause, due_on
from ansinh.benefits.deadlines.kinds import decision_deadline, pause_limit
from ansinh.benefits.file_states import (
    CLOSED,
    FILE_STATES,
    PAUSED,
    Channel,
    FileEvent,
    FileKind,
    FileState,
    PauseReason,
    after,
)
from ansinh.benefits.gathering.asked import File
from ansinh.benefits.gathering.found import Gathered
from ansinh.benefits.gathering.kinds import gather
from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import NotFound, Refusal
from ansinh.places.queries import working_calendar

COLUMNS = """application_id, person_id, kind, channel, insured_person_id, filed_at, filed_by, state, stated::text, missing::text, deadline_name,
deadline_days, due_on, decision_id, closed_on"""
_EVENT_OF_PAUSE = {
    PauseReason.PAPERS: FileEvent.PAPERS_ASKED,
    PauseReason.CONFIRMATION: FileEvent.CONFIRMATION_ASKED,
}


class FileNotInState(Refusal):
    """The file is in a state in which this cannot be done to it."""

    code = "file_not_in_state"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a new file asks for: for whom, from whose insurance (their own unless told), what is stated, and when it came in."""

    kind: FileKind
    person_id: int
    filed_at: datetime
    channel: Channel = Channel.OFFICER
    insured_person_id: int | None = None
    stated: dict[str, Any] | None = None


def file_of(found: Sequence[Any]) -> File:
    """Return a file from its columns."""
    told = list(found)
    told[2:4] = FileKind(found[2]), Channel(found[3])
    told[7:10] = FileState(found[7]), json.loads(found[8]), json.loads(found[9])
    return File(*told)


def locked(application_id: int) -> File:
    """Return a file, kept from others until this transaction ends; raises NotFound."""
    found = row(f"SELECT {COLUMNS} FROM benefits_application WHERE application_id = %s FOR UPDATE", [application_id])
    if found is None:
        raise NotFound(
            f"Không có hồ sơ số {application_id}. Xem danh sách: ansinh benefits files.",
            f"There is no file {application_id}. See the list: ansinh benefits files.",
            application=application_id,
        )
    return file_of(found)


def opened(asked: Asked, filed_by: str) -> int:
    """Write a new file with its deadline and return its number."""
    day = legal_day(asked.filed_at)
    limit = decision_deadline(asked.kind, asked.channel, day)
    due = due_on(working_calendar(), asked.filed_at, limit.days) if limit.days else None
    return number(
        """
        INSERT INTO benefits_application (application_id, person_id, kind, channel, filed_by, insured_person_id, filed_at, deadline_name, deadline_days,
            due_on, stated, missing)
        VALUES (nextval('benefits_application_numbers'), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '[]') RETURNING application_id
        """,
        [
            asked.person_id,
            asked.kind.value,
            asked.channel.value,
            filed_by,
            asked.insured_person_id or asked.person_id,
            asked.filed_at,
            limit.name,
            limit.days,
            due,
            json.dumps(asked.stated or {}, ensure_ascii=False),
        ],
    )


def moved(file: File, event: FileEvent, **columns: Any) -> File:
    """Move a file to the state after an event, writing further columns with it; raises FileNotInState."""
    state = after(event, file.state)
    if state is None:
        raise not_in_state(file)
    given = {"state": state.value, **columns}
    names = ", ".join(f"{name} = %s" for name in given)
    execute(
        f"UPDATE benefits_application SET {names} WHERE person_id = %s AND application_id = %s",
        [*given.values(), file.person_id, file.application_id],
    )
    note(application=file.application_id, state=state.value)
    kept = {name: value for name, value in columns.items() if name in {"due_on", "decision_id", "closed_on"}}
    return replace(file, state=state, **kept)


def not_in_state(file: File) -> FileNotInState:
    """Return the refusal that says where a file stands."""
    vi, en = FILE_STATES[file.state]
    return FileNotInState(
        f"Hồ sơ {file.application_id} {vi}; không làm được việc này ở bước đó.",
        f"File {file.application_id} is {en}; this cannot be done there.",
        application=file.application_id,
        state=file.state.value,
    )


def gathered_now(file: File, moment: datetime) -> tuple[File, Gathered]:
    """Gather a file's facts anew: what is missing stops its clock, what is complete lets it go on. Prepared and closed files stay as they are."""
    if file.state is FileState.FILED:
        file = moved(file, FileEvent.GATHERED)
    found = gather(file, moment)
    missing = [one.plain() for one in found.missing]
    execute(
        "UPDATE benefits_application SET missing = %s WHERE person_id = %s AND application_id = %s",
        [json.dumps(missing, ensure_ascii=False), file.person_id, file.application_id],
    )
    file = replace(file, missing=missing)
    if missing and file.state is FileState.GATHERING:
        file = paused(file, PauseReason.PAPERS, missing, moment)
    elif not missing and file.state is FileState.WAITING_PAPERS:
        file = resumed(file, moment)
    return file, found


def paused(file: File, reason: PauseReason, what: Sequence[dict[str, str]], moment: datetime) -> File:
    """Stop a file's clock and keep why, and until when whom we wait for has time."""
    file = moved(file, _EVENT_OF_PAUSE[reason])
    limit = pause_limit(reason, legal_day(moment))
    until = due_on(working_calendar(), moment, limit.days) if limit.days else None
    execute(
        "INSERT INTO benefits_pause (person_id, application_id, paused_at, reason, what, until_on) VALUES (%s, %s, %s, %s, %s, %s)",
        [file.person_id, file.application_id, moment, reason.value, json.dumps(list(what), ensure_ascii=False), until],
    )
    return file


def resumed(file: File, moment: datetime) -> File:
    """Let a file's clock go on, and set the day it is due anew; raises FileNotInState when it was not stopped."""
    if file.state not in PAUSED:
        raise not_in_state(file)
    _end_pause(file, moment)
    if file.deadline_days is None:
        return moved(file, FileEvent.ANSWERED)
    due = due_on(working_calendar(), file.filed_at, file.deadline_days, pauses_of(file))
    return moved(file, FileEvent.ANSWERED, due_on=due)


def closed(file: File, event: FileEvent, day: date, decision_id: int | None = None) -> File:
    """Close a file on a day."""
    return moved(file, event, decision_id=decision_id, closed_on=day)


def ended_by_applicant(file: File, moment: datetime) -> File:
    """Withdraw a file, ending a pause that lasts; raises FileNotInState for a closed one."""
    if file.state in CLOSED:
        raise not_in_state(file)
    _end_pause(file, moment)
    return closed(file, FileEvent.WITHDRAWN, legal_day(moment))


def pauses_of(file: File) -> list[Pause]:
    """Return the pauses of a file in order."""
    found = rows(
        "SELECT paused_at, ended_at FROM benefits_pause WHERE person_id = %s AND application_id = %s ORDER BY paused_at",
        [file.person_id, file.application_id],
    )
    return [Pause(*one) for one in found]


def _end_pause(file: File, moment: datetime) -> None:
    execute(
        "UPDATE benefits_pause SET ended_at = greatest(%s, paused_at) WHERE person_id = %s AND application_id = %s AND ended_at IS NULL",
        [moment, file.person_id, file.application_id],
    )
