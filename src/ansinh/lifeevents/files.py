"""Files as rows: open one, lock it, move it, plan and ask its steps, write its story. Everything here runs inside an operation's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import NotFound, Refusal
from ansinh.lifeevents.clock import days_of, moved_by_pause
from ansinh.lifeevents.states import (
    CLOSED,
    ENDED,
    FILE_STATES,
    OVER,
    SERVICES,
    STEPS,
    FileState,
    Happening,
    Kind,
    Office,
    Step,
    StepState,
    after,
    planned,
)
from ansinh.places.queries import working_calendar

_COLUMNS = "file_id, kind, subject, person_id, applicant_person_id, province, state, content::text, received_at"


class NotInState(Refusal):
    """The file or step is not where this may happen."""

    code = "life_event_not_in_state"


@dataclass(frozen=True, slots=True)
class File:
    """A file as it stands."""

    file_id: int
    kind: Kind
    subject: str
    person_id: int | None
    applicant: int | None
    province: str
    state: FileState
    content: dict[str, Any]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class StepNow:
    """A step as it stands."""

    step: Step
    office: Office
    state: StepState
    due_on: date | None
    result: dict[str, Any]


def opened(
    kind: Kind, subject: str, state: FileState, content: Mapping[str, Any], at: datetime, picks: Iterable[Step] = ()
) -> File:
    """Open a file with its steps, or return the one that lives about this subject."""
    execute("SELECT pg_advisory_xact_lock(hashtextextended('lifeevents.subject', hashtext(%s)))", [f"{kind}:{subject}"])
    before = living(kind, subject)
    if before:
        return before
    file_id = number("SELECT nextval('lifeevents_file_numbers')")
    execute(
        "INSERT INTO lifeevents_file (file_id, kind, subject, state, content, received_at) VALUES (%s, %s, %s, %s, %s, %s)",
        [file_id, kind.value, subject, state.value, json.dumps(dict(content), ensure_ascii=False, default=str), at],
    )
    plan(file_id, kind, picks)
    return locked(file_id)


def living(kind: Kind, subject: str) -> File | None:
    """Return the file that lives about a subject, held until the transaction ends."""
    found = row(
        "SELECT file_id FROM lifeevents_file WHERE kind = %s AND subject = %s AND state <> ALL(%s)",
        [kind.value, subject, [one.value for one in OVER]],
    )
    return locked(int(found[0])) if found else None


def plan(file_id: int, kind: Kind, picks: Iterable[Step] = ()) -> None:
    """Add the steps every file of a kind has, and those picked; a step that is there stays as it is."""
    chosen = frozenset(picks)
    for one in STEPS[kind]:
        if not one.picked or one.step in chosen:
            execute(
                "INSERT INTO lifeevents_step (file_id, step, office) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                [file_id, one.step.value, one.office.value],
            )


def locked(file_id: int) -> File:
    """Return a file, held until the transaction ends; raises NotFound."""
    found = row(f"SELECT {_COLUMNS} FROM lifeevents_file WHERE file_id = %s FOR UPDATE", [file_id])
    if found is None:
        raise NotFound(
            f"Không có hồ sơ liên thông số {file_id}.", f"There is no life-event file {file_id}.", file=file_id
        )
    return file_of(found)


def file_of(found: tuple[Any, ...]) -> File:
    """Return a row of the file's columns under its names."""
    number_, kind, subject, person, applicant, province, state, content, received = found
    return File(
        number_, Kind(kind), subject, person, applicant, province, FileState(state), json.loads(content), received
    )


def moved(file: File, happening: Happening, at: datetime) -> File:
    """Move a file; raises NotInState where that may not happen."""
    following = after(happening, file.state)
    if following is None:
        raise not_in_state(file)
    closed = legal_day(at) if following in CLOSED else None
    execute(
        "UPDATE lifeevents_file SET state = %s, closed_on = %s WHERE file_id = %s",
        [following.value, closed, file.file_id],
    )
    return replace(file, state=following)


def not_in_state(file: File) -> NotInState:
    """Return the refusal of what may not happen to a file now."""
    vi, en = FILE_STATES[file.state]
    return NotInState(
        f"Hồ sơ {file.file_id} {vi}; việc này không làm được lúc này.",
        f"File {file.file_id} is {en}; this cannot be done now.",
        file=file.file_id,
        state=file.state.value,
    )


def kept(file: File, **columns: Any) -> File:
    """Keep something new about a file: `person_id`, `applicant`, `province`, `content`."""
    names = {"applicant": "applicant_person_id"}
    for name, value in columns.items():
        stored = json.dumps(value, ensure_ascii=False, default=str) if name == "content" else value
        execute(f"UPDATE lifeevents_file SET {names.get(name, name)} = %s WHERE file_id = %s", [stored, file.file_id])
    return replace(file, **columns)


def told(file_id: int, office: Office, words: tuple[str, str], at: datetime) -> None:
    """Add a line to a file's story."""
    execute(
        "INSERT INTO lifeevents_line (file_id, line_no, happened_at, office, words_vi, words_en)"
        " SELECT %s, coalesce(max(line_no), 0) + 1, %s, %s, %s, %s FROM lifeevents_line WHERE file_id = %s",
        [file_id, at, office.value, *words, file_id],
    )


def steps_of(file_id: int) -> dict[Step, StepNow]:
    """Return a file's steps in the order of the procedure."""
    found = rows(
        "SELECT f.kind, s.step, s.office, s.state, s.due_on, s.result::text FROM lifeevents_step s JOIN lifeevents_file f USING (file_id)"
        " WHERE s.file_id = %s",
        [file_id],
    )
    made = {
        Step(step): StepNow(Step(step), Office(office), StepState(state), due, json.loads(result))
        for _, step, office, state, due, result in found
    }
    order = [one.step for one in STEPS[Kind(found[0][0])]] if found else []
    return {step: made[step] for step in order if step in made}


def step_begun(file: File, step: Step, at: datetime) -> date | None:
    """Let a step's clock run from a moment; returns its last day, None where the law sets none."""
    days = days_of(planned(file.kind, step).deadline, legal_day(at))
    due = None if days is None else working_calendar().due_on(at, days)
    execute(
        "UPDATE lifeevents_step SET state = %s, asked_at = %s, due_on = %s, waits_vi = '', waits_en = '' WHERE file_id = %s AND step = %s",
        [StepState.ASKED.value, at, due, file.file_id, step.value],
    )
    return due


def step_due(file: File, step: Step, day: date) -> None:
    """Set a step's last day where no number of working days does."""
    execute("UPDATE lifeevents_step SET due_on = %s WHERE file_id = %s AND step = %s", [day, file.file_id, step.value])


def step_waits(file: File, step: Step, words: tuple[str, str]) -> None:
    """Say what a step waits for."""
    execute(
        "UPDATE lifeevents_step SET waits_vi = %s, waits_en = %s WHERE file_id = %s AND step = %s",
        [*words, file.file_id, step.value],
    )


def step_ended(file: File, step: Step, state: StepState, at: datetime, result: Mapping[str, Any] | None = None) -> None:
    """End a step, with what came of it; the first time a service is settled stays on record."""
    if step in SERVICES and state in {StepState.DONE, StepState.REFUSED}:
        _settled(file, step, state, at)
    execute(
        "UPDATE lifeevents_step SET state = %s, ended_at = %s, waits_vi = '', waits_en = '', result = coalesce(%s, result) WHERE file_id = %s AND step = %s",
        [
            state.value,
            at if state in ENDED else None,
            None if result is None else json.dumps(dict(result), ensure_ascii=False),
            file.file_id,
            step.value,
        ],
    )


def _settled(file: File, step: Step, state: StepState, at: datetime) -> None:
    begun = row(
        "SELECT coalesce(asked_at, %s), due_on FROM lifeevents_step WHERE file_id = %s AND step = %s",
        [at, file.file_id, step.value],
    )
    if begun is None:
        return
    received, calendar = min(begun[0], at), working_calendar()
    days = calendar.working_days_between(calendar.counts_from(received), legal_day(at))
    execute(
        "INSERT INTO lifeevents_result (file_id, step, kind, province, received_at, settled_at, due_on, days, granted)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [
            file.file_id,
            step.value,
            SERVICES[step],
            file.province,
            received,
            at,
            begun[1],
            days,
            state is StepState.DONE,
        ],
    )


def asked(file: File, step: Step, action: str, content: Mapping[str, Any], at: datetime) -> None:
    """Keep a message to the office of a step; the exchange sends it, and again until it is acknowledged."""
    office = planned(file.kind, step).office
    number_ = number("SELECT nextval('lifeevents_message_numbers')")
    body = json.dumps({"file": _name(file.file_id), "content": dict(content)}, ensure_ascii=False, default=str)
    execute(
        "INSERT INTO lifeevents_message (file_id, message_no, message_id, partner, action, step, body, made_at, made_on)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            file.file_id,
            number_,
            f"life-{file.file_id}-{number_}",
            office.value,
            action,
            step.value,
            body,
            at,
            legal_day(at),
        ],
    )


def paused(file: File, words: tuple[str, str], until: date | None, at: datetime) -> None:
    """Stop a file's clock."""
    execute(
        "INSERT INTO lifeevents_pause (file_id, paused_at, because_vi, because_en, until_on) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [file.file_id, at, *words, until],
    )


def resumed(file: File, at: datetime) -> None:
    """Let a file's clock go on: the days it stood still are added to each step that runs."""
    stopped = row("SELECT paused_at FROM lifeevents_pause WHERE file_id = %s AND ended_at IS NULL", [file.file_id])
    if stopped is None:
        return
    execute("UPDATE lifeevents_pause SET ended_at = %s WHERE file_id = %s AND ended_at IS NULL", [at, file.file_id])
    calendar = working_calendar()
    running = rows(
        "SELECT step, due_on FROM lifeevents_step WHERE file_id = %s AND due_on IS NOT NULL AND ended_at IS NULL",
        [file.file_id],
    )
    for step, due in running:
        execute(
            "UPDATE lifeevents_step SET due_on = %s WHERE file_id = %s AND step = %s",
            [moved_by_pause(calendar, due, stopped[0], at), file.file_id, step],
        )


def case_opened(file: File, words: tuple[str, str], at: datetime) -> None:
    """Ask a person to settle something; the same words again are the same case while it is open."""
    execute(
        "INSERT INTO lifeevents_case (file_id, case_no, opened_at, what_vi, what_en)"
        " SELECT %(file)s, coalesce(max(case_no), 0) + 1, %(at)s, %(vi)s, %(en)s FROM lifeevents_case WHERE file_id = %(file)s"
        " HAVING NOT coalesce(bool_or(settled_at IS NULL AND what_en = %(en)s), false)",
        {"file": file.file_id, "at": at, "vi": words[0], "en": words[1]},
    )


def _name(file_id: int) -> str:
    """Return what partners call a file of ours."""
    return f"LT-{file_id}"


def number_of(name: str) -> int | None:
    """Return our number behind a partner's name of a file; None when it is none of ours."""
    digits = name.removeprefix("LT-")
    return (
        int(digits) if name.startswith("LT-") and digits.isascii() and digits.isdigit() and len(digits) < 19 else None
    )
