"""Files: take one in, hear what the applicant states, wait for somebody's confirmation, withdraw it, and watch its deadline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ansinh.audit.operation import note, operation
from ansinh.benefits.deadlines.watching import Late, watch
from ansinh.benefits.file_states import OF_A_DEATH, FileState, PauseReason
from ansinh.benefits.filing import (
    Asked,
    ended_by_applicant,
    gathered_now,
    locked,
    not_in_state,
    opened,
    paused,
    resumed,
)
from ansinh.benefits.gathering.asked import File
from ansinh.benefits.gathering.registers import person_known
from ansinh.benefits.gathering.standing import refuse_what_is_drawn
from ansinh.benefits.gathering.statements import checked
from ansinh.database.sql import execute, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput
from ansinh.notices.operations import Notice, send_message

CONFIRMATION_LENGTH_MAX = 300


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a file stands now, and what is missing."""

    file: File

    @property
    def application_id(self) -> int:
        """Return the number of the file."""
        return self.file.application_id

    @property
    def state(self) -> FileState:
        """Return its state."""
        return self.file.state


@operation(permission="benefits.file")
def file_application(*, actor: Actor, reason: str, clock: Clock, asked: Asked) -> Filed:
    """Take in a file, gather what registers know, and name what is missing; its clock starts with receipt (after 15:00 the next working day).

    The same person's open file of the same kind is returned as it is. Refuses an unknown person (`not_found`), statements nobody asks for (`invalid_input`),
    a benefit that is drawn already (`already_drawn`), and a file dated after the clock (`invalid_input`).
    """
    now = clock.now()
    person = person_known(asked.person_id, now)
    insured = person_known(asked.insured_person_id or asked.person_id, now)
    if asked.filed_at > now or (asked.kind in OF_A_DEATH) != (insured.person_id != person.person_id):
        raise InvalidInput(
            "Hồ sơ mai táng, tử tuất do người khác nộp cho người đã chết; hồ sơ khác do chính người hưởng; ngày nộp không ở tương lai.",
            "Files about a death are filed by somebody else, others by the insured; and no file comes in later than now.",
            field="insured_person_id" if asked.filed_at <= now else "filed_at",
        )
    # Of two that come in at once, the second finds the first.
    execute("SELECT pg_advisory_xact_lock(hashtextextended('benefits.file', %s))", [person.person_id])
    open_file = _open_file(asked, person.person_id, insured.person_id)
    if open_file:
        note(application=open_file, already_open=1)
        return Filed(locked(open_file))
    refuse_what_is_drawn(asked.kind, person.person_id, insured.person_id, now)
    stated = checked(asked.kind, asked.stated or {})
    application_id = opened(
        Asked(asked.kind, person.person_id, asked.filed_at, asked.channel, insured.person_id, stated), actor.named()
    )
    file, _ = gathered_now(locked(application_id), now)
    note(application=application_id, kind=asked.kind.value, missing=len(file.missing))
    return Filed(file)


@operation(permission="benefits.file")
def state_facts(
    *,
    actor: Actor,
    reason: str,
    clock: Clock,
    application: int,
    stated: Mapping[str, Any],
    awaiting: str | None = None,
) -> Filed:
    """Add what the applicant states, with papers, to an open file; when nothing is missing any more its clock goes on.

    With `awaiting`, wait for somebody's confirmation, such as relatives' by e-ID (Decree 63/2024): it says whose, without their name, and the time is not
    counted. On a file that waited for one, this says that it came. Refuses statements nobody asks for (`invalid_input`), an unknown file (`not_found`), one
    prepared or closed (`file_not_in_state`).
    """
    now, file = clock.now(), locked(application)
    if file.state is FileState.WAITING_CONFIRMATION:
        file = resumed(file, now)
    if file.state not in {FileState.GATHERING, FileState.WAITING_PAPERS}:
        raise not_in_state(file)
    both = file.stated | checked(file.kind, stated)
    execute(
        "UPDATE benefits_application SET stated = %s WHERE person_id = %s AND application_id = %s",
        [json.dumps(both, ensure_ascii=False), file.person_id, file.application_id],
    )
    file, _ = gathered_now(locked(application), now)
    if awaiting is not None:
        file = paused(file, PauseReason.CONFIRMATION, [_awaited(awaiting)], now)
    note(application=application, missing=len(file.missing))
    return Filed(file)


@operation(permission="benefits.file")
def withdraw_application(*, actor: Actor, reason: str, clock: Clock, application: int) -> Filed:
    """Close a file because the applicant wants it no more; refuses an unknown one (`not_found`) and one closed already (`file_not_in_state`)."""
    return Filed(ended_by_applicant(locked(application), clock.now()))


@operation(permission="benefits.watch")
def watch_deadlines(*, actor: Actor, reason: str, clock: Clock) -> dict[str, int]:
    """Raise what alerts are due: near the last day, after it with the reason, and where no answer came in time. Applicants of late files are told with an
    apology and a new date (Decree 63/2024).

    Returns how many of each kind are new. Twice on a day raises nothing more.
    """
    watched = watch(clock.now())
    for late in watched.late:
        if late.new_due_on is not None:
            send_message(actor=actor, reason=reason, clock=clock, notice=_apology(late, late.new_due_on))
    note(**watched.raised)
    return watched.raised


def _apology(late: Late, new_due_on: date) -> Notice:
    days = {"due_on": f"{late.due_on:%d/%m/%Y}", "new_due_on": f"{new_due_on:%d/%m/%Y}"}
    told = {"file": str(late.application_id), **days}
    return Notice(late.person_id, "file_late", told, f"benefits.application:{late.application_id}", late.due_on)


def _awaited(whom: str) -> dict[str, str]:
    if not 0 < len(whom.strip()) <= CONFIRMATION_LENGTH_MAX:
        raise InvalidInput("Nêu chờ ai xác nhận.", "Say whose confirmation is awaited.", field="awaiting")
    return {"key": "confirmation", "vi": whom, "en": whom}


def _open_file(asked: Asked, person: int, insured: int) -> int | None:
    found = row(
        """
        SELECT application_id FROM benefits_application
        WHERE person_id = %s AND kind = %s AND insured_person_id = %s AND closed_on IS NULL
        """,
        [person, asked.kind.value, insured],
    )
    return int(found[0]) if found else None
