"""Correct a book: a person says what is wrong, an officer prepares the months, another approves them; or the request is refused with a reason."""

from __future__ import annotations

import json

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, number
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import NotFound
from ansinh.participation.corrections import (
    Months,
    SamePerson,
    book_says,
    carry_out,
    checked,
    checked_text,
    locked,
    require_officer,
    require_state,
    set_state,
    stored,
)
from ansinh.participation.declarations.applying import this_month
from ansinh.people.queries import person_as_known, resolve

OPEN_REQUESTS_MAX = 10


@operation(permission="participation.file_request")
def file_request(*, actor: Actor, reason: str, clock: Clock, person_id: int, wrong: str, evidence: str) -> int:
    """Keep what is wrong in a book, in the person's words, with the paper that shows it; returns the request's number. The same words still open are one.

    A person files about the own book only, an officer for anybody. Refuses an unknown record (`not_found`), empty or hidden text, and more than
    OPEN_REQUESTS_MAX open ones (`invalid_input`, `wrong_state`).
    """
    person = resolve(person_id)
    others = actor.kind is ActorKind.PERSON and actor.reference != str(person)
    if others or person_as_known(person, clock.now()) is None:
        raise NotFound(f"Không có hồ sơ #{person_id}.", f"There is no record #{person_id}.", person=person_id)
    words, paper = checked_text("wrong", wrong), checked_text("evidence", evidence)
    execute("SELECT pg_advisory_xact_lock(hashtext('participation.request'), (%s %% 2147483647)::integer)", [person])
    same = number(
        "SELECT coalesce(max(request_id), 0) FROM participation_correction "
        "WHERE person_id = %s AND state IN ('filed', 'prepared') AND wrong = %s AND evidence = %s",
        [person, words, paper],
    )
    if same:
        note(person=person, request=same, already_filed=1)
        return same
    waiting = number(
        "SELECT count(*) FROM participation_correction WHERE person_id = %s AND state IN ('filed', 'prepared')",
        [person],
    )
    if waiting >= OPEN_REQUESTS_MAX:
        require_state(f"{waiting} open", ["fewer than ten open"], "Hồ sơ · The record")
    request = number("SELECT nextval('participation_request_number')")
    execute(
        "INSERT INTO participation_correction (person_id, request_id, wrong, evidence, filed_by, filed_at) VALUES (%s, %s, %s, %s, %s, %s)",
        [person, request, words, paper, actor.named(), clock.now()],
    )
    note(person=person, request=request)
    return request


@operation(permission="participation.prepare_request")
def prepare_request(*, actor: Actor, reason: str, clock: Clock, request: int, months: Months) -> None:
    """Say which months a request puts into the book, or takes out of it; another officer approves. Preparing it again replaces what was prepared.

    Closed months may be changed this way. Refuses an unknown request or employer (`not_found`), one decided already (`wrong_state`), months no book can
    hold (`invalid_input`), the person the request is of (`same_person`), and an actor who is no officer (`same_person`).
    """
    require_officer(actor)
    found = locked(request)
    require_state(found.state, ["filed", "prepared"], f"Đề nghị · Request {request}")
    told = checked(months, this_month(clock.now()))
    before = stored(book_says(found.person_id, told))
    set_state(
        found,
        {
            "state": "prepared",
            "act": "clear" if told.wage is None else "set",
            "employer_id": told.employer_id,
            "scheme": told.scheme,
            "from_month": told.from_month,
            "until_month": told.until_month,
            "wage": told.wage,
            "unemployment": told.unemployment,
            "work": told.work,
            "before": json.dumps(before),
            "prepared_by": actor.named(),
            "prepared_at": clock.now(),
        },
    )
    note(person=found.person_id, request=request)


@operation(permission="participation.approve_request")
def approve_request(*, actor: Actor, reason: str, clock: Clock, request: int) -> int:
    """Approve prepared months: they supersede what the book said. Returns how many rows changed; approving twice changes nothing more.

    Refuses who prepared or filed the request (`same_person`), an unknown one (`not_found`), one not prepared (`wrong_state`), and one whose months the
    book tells otherwise by now (`not_as_seen`).
    """
    require_officer(actor)
    found, now = locked(request), clock.now()
    note(person=found.person_id, request=request)
    if found.state == "applied" and found.approved_by == actor.named():
        return 0
    require_state(found.state, ["prepared"], f"Đề nghị · Request {request}")
    if actor.named() in {found.prepared_by, found.filed_by}:
        raise SamePerson(
            "Người duyệt phải khác người lập và người nộp đề nghị.",
            "Whoever approves must be another than who filed or prepared it.",
            request=request,
        )
    set_state(found, {"state": "applied", "approved_by": actor.named(), "approved_at": now})
    changed = carry_out(found, now)
    note(changed=changed)
    return changed


@operation(permission="participation.refuse_request")
def refuse_request(*, actor: Actor, reason: str, clock: Clock, request: int) -> None:
    """Refuse an open request; `reason` is told to the person.

    Refuses an unknown one (`not_found`), a decided one (`wrong_state`), and the one who filed it (`same_person`).
    """
    require_officer(actor)
    found = locked(request)
    require_state(found.state, ["filed", "prepared"], f"Đề nghị · Request {request}")
    if actor.named() == found.filed_by:
        raise SamePerson(
            "Người nộp không tự từ chối đề nghị của mình.", "Whoever filed it does not refuse it.", request=request
        )
    set_state(
        found,
        {
            "state": "refused",
            "refused_by": actor.named(),
            "refused_at": clock.now(),
            "answer": checked_text("reason", reason),
        },
    )
    note(person=found.person_id, request=request)
