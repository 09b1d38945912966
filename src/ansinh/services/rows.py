"""Applications as rows: open one, lock it, move it, stop and start its clock, write its story. Everything here runs inside an operation's transaction."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ansinh.audit.operation import note
from ansinh.benefits.deadlines.clock import Pause, due_on
from ansinh.benefits.deadlines.kinds import deadline
from ansinh.database.sql import execute, row, rows
from ansinh.foundation.actor import ActorKind, By
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import NotFound, Refusal
from ansinh.places.queries import working_calendar
from ansinh.services.catalogue import Service, service
from ansinh.services.states import (
    APPLICATION_STATES,
    CLOSED,
    ApplicationState,
    Channel,
    Happening,
    after,
)

COLUMNS = """person_id, application_id, reference, service, channel, filed_by, on_behalf_why, about_person_id, content::text, state, submitted_at, receipt,
submitted_sha256, deadline_days, due_on, forwarded_to, result_vi, result_en, result_facts::text, paper, drafted_at, closed_on,
client_key"""
SUPPLEMENT_TIME = "deadlines.papers"


class NotInState(Refusal):
    """The application is in a state in which this cannot be done to it."""

    code = "application_not_in_state"


@dataclass(frozen=True, slots=True)
class Application:
    """An application as it stands."""

    person_id: int
    application_id: int
    reference: str
    service: str
    channel: Channel
    filed_by: str
    on_behalf_why: str | None
    about_person_id: int | None
    content: dict[str, Any]
    state: ApplicationState
    submitted_at: datetime | None
    receipt: str | None
    submitted_sha256: str | None
    deadline_days: int | None
    due_on: date | None
    forwarded_to: str | None
    result_vi: str | None
    result_en: str | None
    result_facts: list[list[str]] | None
    paper: str | None
    drafted_at: datetime
    closed_on: date | None
    client_key: str

    @property
    def told(self) -> Service:
        """Return what the catalogue says of its service."""
        return service(self.service)


def application_of(found: Sequence[Any]) -> Application:
    """Return a row of COLUMNS under its names."""
    told = list(found)
    told[4], told[8], told[9] = Channel(found[4]), json.loads(found[8]), ApplicationState(found[9])
    told[18] = json.loads(found[18]) if found[18] else None
    return Application(*told)


@dataclass(frozen=True, slots=True)
class From:
    """Where an application comes from: the key of its form, by which way, and, of an officer, why for somebody else."""

    client_key: str
    channel: Channel
    on_behalf_why: str | None


def drafted(person_id: int, of: Service, way: From, by: By) -> Application:
    """Write a new draft and return it, locked."""
    limit = deadline(of.deadline, by.today)
    found = row(
        f"""
        INSERT INTO services_application (person_id, application_id, reference, service, name_vi, name_en, client_key, channel, filed_by, on_behalf_why,
            content, state, drafted_at, deadline_name, deadline_days)
        VALUES (%s, nextval('services_application_numbers'), %s, %s, %s, %s, %s, %s, %s, %s, '{{}}', 'draft', %s, %s, %s) RETURNING {COLUMNS}
        """,
        [
            person_id,
            uuid.uuid4().hex[:20],
            of.code,
            of.vi,
            of.en,
            way.client_key,
            way.channel.value,
            by.actor.named(),
            way.on_behalf_why,
            by.moment,
            limit.name,
            limit.days,
        ],
    )
    assert found is not None
    return application_of(found)


def under_key(person_id: int, client_key: str) -> Application | None:
    """Return what was made of a form before; of two that come at once, the second waits for the first."""
    execute("SELECT pg_advisory_xact_lock(hashtextextended('services.application', %s))", [person_id])
    found = row(
        f"SELECT {COLUMNS} FROM services_application WHERE person_id = %s AND client_key = %s FOR UPDATE",
        [person_id, client_key],
    )
    return application_of(found) if found else None


def locked(reference: str, person_id: int | None = None) -> Application:
    """Return an application, of one person or of anybody, held until the transaction ends; raises NotFound."""
    found = row(
        f"SELECT {COLUMNS} FROM services_application WHERE reference = %s AND (%s::bigint IS NULL OR person_id = %s) FOR UPDATE",
        [reference, person_id, person_id],
    )
    if found is None:
        raise NotFound(
            "Không có hồ sơ này. Xem lại danh sách hồ sơ.",
            "There is no such application. See the list.",
            field="reference",
        )
    return application_of(found)


def kept(one: Application, **columns: Any) -> Application:
    """Write columns of an application and return it with them."""
    stored = {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
        for name, value in columns.items()
    }
    names = ", ".join(f"{name} = %s" for name in stored)
    execute(
        f"UPDATE services_application SET {names} WHERE person_id = %s AND application_id = %s",
        [*stored.values(), one.person_id, one.application_id],
    )
    return replace(one, **{name: value for name, value in columns.items() if name != "carried_over"})


def moved(one: Application, happening: Happening, words: tuple[str, str], by: By, **columns: Any) -> Application:
    """Move an application, with what is known besides, and write a line of its story; raises NotInState."""
    following = after(happening, one.state)
    if following is None:
        raise not_in_state(one)
    closed = {"closed_on": by.today} if following in CLOSED else {}
    changed = kept(one, state=following, **closed, **columns)
    lined(one, happening.value, words, by)
    note(application=one.application_id, state=following.value)
    return changed


def not_in_state(one: Application) -> NotInState:
    """Return the refusal that says where an application stands."""
    vi, en = APPLICATION_STATES[one.state]
    return NotInState(
        f"Hồ sơ {vi}; không làm được việc này ở bước đó.",
        f"The application is {en}; this cannot be done there.",
        application=one.application_id,
        state=one.state.value,
    )


def lined(one: Application, happening: str, words: tuple[str, str], by: By) -> None:
    """Write a line of the story."""
    execute(
        """
        INSERT INTO services_line (person_id, application_id, line_no, happened_at, happening, by, words_vi, words_en)
        SELECT %(person)s, %(application)s, coalesce(max(line_no), 0) + 1, %(at)s, %(happening)s, %(by)s, %(vi)s, %(en)s
        FROM services_line WHERE person_id = %(person)s AND application_id = %(application)s
        """,
        {
            "person": one.person_id,
            "application": one.application_id,
            "at": by.moment,
            "happening": happening,
            "by": by.actor.named(),
            "vi": words[0],
            "en": words[1],
        },
    )


def digest_of(answers: Mapping[str, Any]) -> str:
    """Return the SHA-256 of answers in their plain form."""
    return hashlib.sha256(json.dumps(dict(answers), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def receipt_number(application_id: int, submitted_at: datetime) -> str:
    """Return the number of the receipt, which follows from the application's."""
    return f"TN-{legal_day(submitted_at).year}-{application_id:08}"


def first_due(one: Application, submitted_at: datetime) -> date | None:
    """Return the last day of an application submitted at a moment; None where no text sets one."""
    return due_on(working_calendar(), submitted_at, one.deadline_days) if one.deadline_days is not None else None


def paused(one: Application, because: tuple[str, str], wanted: Sequence[Mapping[str, str]], by: By) -> date | None:
    """Stop the clock and return until when the applicant has time."""
    days = deadline(SUPPLEMENT_TIME, by.today).days
    until = due_on(working_calendar(), by.moment, days) if days else None
    execute(
        "INSERT INTO services_pause (person_id, application_id, paused_at, because_vi, because_en, wanted, until_on) VALUES (%s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (person_id, application_id, paused_at) DO UPDATE SET ended_at = NULL, because_vi = excluded.because_vi,"
        " because_en = excluded.because_en, wanted = excluded.wanted, until_on = excluded.until_on",
        [
            one.person_id,
            one.application_id,
            by.moment,
            *because,
            json.dumps([dict(each) for each in wanted], ensure_ascii=False),
            until,
        ],
    )
    return until


def clock_goes_on(one: Application, moment: datetime) -> date | None:
    """End a pause that lasts and return the last day as it is now."""
    execute(
        "UPDATE services_pause SET ended_at = greatest(%s, paused_at) WHERE person_id = %s AND application_id = %s AND ended_at IS NULL",
        [moment, one.person_id, one.application_id],
    )
    if one.deadline_days is None or one.submitted_at is None:
        return one.due_on
    found = rows(
        "SELECT paused_at, ended_at FROM services_pause WHERE person_id = %s AND application_id = %s ORDER BY paused_at",
        [one.person_id, one.application_id],
    )
    return due_on(working_calendar(), one.submitted_at, one.deadline_days, [Pause(*each) for each in found])


def forwarded_after(application_id: int, at_most: int) -> list[Application]:
    """Return applications that other rooms have, in order of their numbers."""
    found = rows(
        f"SELECT {COLUMNS} FROM services_application WHERE forwarded_to IS NOT NULL AND application_id > %s"
        " AND NOT carried_over ORDER BY application_id LIMIT %s",
        [application_id, at_most],
    )
    return [application_of(one) for one in found]


def asked_by_officer(one: Application) -> bool:
    """Tell whether the supplement awaited was asked for by an officer here, and not by the room that decides."""
    found = row(
        "SELECT by FROM services_line WHERE person_id = %s AND application_id = %s AND happening = %s ORDER BY line_no DESC LIMIT 1",
        [one.person_id, one.application_id, Happening.SUPPLEMENT_ASKED.value],
    )
    return found is not None and str(found[0]).startswith(f"{ActorKind.OFFICER.value}:")
