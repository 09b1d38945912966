"""What may be done about who sees a health book: a patient hides, shows, consents; officers read within the table of access, and judge emergencies."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from ansinh.audit.operation import note, note_read, operation
from ansinh.database.sql import execute, row
from ansinh.disclosure.finding import find_person
from ansinh.disclosure.looking import look_at
from ansinh.disclosure.queries import ReadBook
from ansinh.disclosure.states import CHAPTERS, What, Who
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.foundation.purpose import Purpose
from ansinh.people.queries import records_of, resolve
from ansinh.places.queries import facility as facility_of_code

__all__ = [
    "find_person",
    "give_consent",
    "hide_chapter",
    "judge_glass",
    "look_at",
    "read_book",
    "read_visit",
    "show_chapter",
    "withdraw_consent",
]

CONSENT_DAYS_MAX = 366
FINDINGS = ("justified", "unjustified")


@operation(permission="disclosure.decide")
def hide_chapter(*, actor: Actor, reason: str, clock: Clock, person_id: int, chapter: str) -> None:
    """Hide a chapter of a person's book from facilities; one hidden already stays so. An emergency still opens it (91/2025/QH15).

    Refuses an unknown chapter (`invalid_input`), and another's book to a person (`not_found`).
    """
    person, what = _owned(actor, person_id), _chapter(chapter)
    execute(
        "INSERT INTO disclosure_restriction (person_id, what, hidden_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        [person, what.value, clock.now()],
    )
    note(person=person, chapter=what.value)


@operation(permission="disclosure.decide")
def show_chapter(*, actor: Actor, reason: str, clock: Clock, person_id: int, chapter: str) -> None:
    """Show a hidden chapter again. Refuses what `hide_chapter` refuses."""
    person, what = _owned(actor, person_id), _chapter(chapter)
    execute(
        "UPDATE disclosure_restriction SET shown_at = greatest(%s, hidden_at) WHERE person_id = ANY(%s) AND what = %s AND shown_at IS NULL",
        [clock.now(), records_of(person), what.value],
    )
    note(person=person, chapter=what.value)


@operation(permission="disclosure.decide")
def give_consent(
    *, actor: Actor, reason: str, clock: Clock, person_id: int, facility: str, chapter: str, days: int
) -> None:
    """Let a facility see a chapter of a person's book for so many days (91/2025/QH15, consent); again: for so many days from now.

    Refuses an unknown facility (`not_found`), an unknown chapter or number of days (`invalid_input`), and another's book to a person (`not_found`).
    """
    person, what = _owned(actor, person_id), _chapter(chapter)
    if not 1 <= days <= CONSENT_DAYS_MAX:
        raise InvalidInput(
            f"Cho phép từ 1 đến {CONSENT_DAYS_MAX} ngày.", f"Consent for 1 to {CONSENT_DAYS_MAX} days.", field="days"
        )
    if facility_of_code(facility) is None:
        raise NotFound(f"Không có cơ sở KCB mã {facility}.", f"There is no facility {facility}.", facility=facility)
    now = clock.now()
    _withdraw(person, facility, what, now)
    execute(
        "INSERT INTO disclosure_consent (person_id, facility, what, given_at, valid_until) VALUES (%s, %s, %s, "
        "(SELECT greatest(%s, max(given_at) + interval '1 microsecond') FROM disclosure_consent WHERE person_id = %s AND facility = %s AND what = %s), %s)",
        [person, facility, what.value, now, person, facility, what.value, now + timedelta(days=days)],
    )
    note(person=person, facility=facility, chapter=what.value, days=days)


@operation(permission="disclosure.decide")
def withdraw_consent(*, actor: Actor, reason: str, clock: Clock, person_id: int, facility: str, chapter: str) -> None:
    """Take a consent back, from now on. Refuses what `hide_chapter` refuses."""
    person, what = _owned(actor, person_id), _chapter(chapter)
    _withdraw(person, facility, what, clock.now())
    note(person=person, facility=facility, chapter=what.value)


@operation(permission="disclosure.read_book", reads="health book")
def read_book(*, actor: Actor, reason: str, clock: Clock, person_id: int, purpose: Purpose) -> ReadBook:
    """Return what the actor may see of a person's book: a person the own one whole, an officer what the table of access says for the purpose.

    Refuses another's book to a person (`not_found`). An officer whose purpose opens nothing gets a book of nothing, and the look is recorded all the same.
    """
    person = _owned(actor, person_id)
    note_read(person, purpose)
    who, ground = _asking(actor, purpose)
    found = row(_READ, {"who": who.value, "ground": ground, "records": records_of(person), "now": clock.now()})
    may, *told = found or ([], *([None] * 4))
    note(may=",".join(sorted(may)))
    return ReadBook(person, tuple(sorted(may)), *(_told(one) for one in told))


@operation(permission="disclosure.read_book", reads="health book, visit")
def read_visit(
    *, actor: Actor, reason: str, clock: Clock, person_id: int, visit_id: int, purpose: Purpose
) -> dict[str, Any]:
    """Return one visit of a book, whole. Refuses what `read_book` refuses, and a visit that is not there or may not be seen (`not_found`)."""
    person = _owned(actor, person_id)
    note_read(person, purpose)
    who, ground = _asking(actor, purpose)
    found = row(
        "SELECT disclosure_visit(%s, disclosure_may(%s, ARRAY[%s], '{}', '{}'), '', %s, %s)",
        [records_of(person), who.value, ground, visit_id, clock.now()],
    )
    told = _told(found[0]) if found else None
    if told is None:
        raise NotFound(f"Không có lượt khám số {visit_id}.", f"There is no visit {visit_id}.", visit=visit_id)
    return dict(told)


@operation(permission="disclosure.judge")
def judge_glass(*, actor: Actor, reason: str, clock: Clock, person_id: int, opened_at: datetime, finding: str) -> None:
    """Judge an emergency afterwards: `justified` or `unjustified` (the data-protection officer, 91/2025/QH15). Judged the same again, nothing changes.

    Refuses an unknown one, or one judged otherwise (`not_found`), and another word (`invalid_input`).
    """
    if finding not in FINDINGS:
        raise InvalidInput("Chọn justified hoặc unjustified.", "Choose justified or unjustified.", field="finding")
    person = resolve(person_id)
    judged = execute(
        "UPDATE disclosure_glass SET judged_by = %s, judged_at = %s, finding = %s WHERE person_id = ANY(%s) AND opened_at = %s "
        "AND (finding IS NULL OR finding = %s)",
        [actor.named(), clock.now(), finding, records_of(person), opened_at, finding],
    )
    if not judged:
        raise NotFound("Không có lần mở khẩn cấp này.", "There is no such emergency to judge.", person=person)
    note(person=person, finding=finding)


def _owned(actor: Actor, person_id: int) -> int:
    person = resolve(person_id)
    if actor.kind is ActorKind.PERSON and str(person) != actor.reference:
        raise NotFound("Không tìm thấy hồ sơ.", "There is no such record.", person=person_id)
    return person


def _asking(actor: Actor, purpose: Purpose) -> tuple[Who, str]:
    """Return the row of the table of access: a person reads the own book, whoever else works here reads for a purpose."""
    return (Who.CITIZEN, "own") if actor.kind is ActorKind.PERSON else (Who.OFFICER, purpose.code)


def _chapter(word: str) -> What:
    known = {one.value: one for one in CHAPTERS}
    if word not in known:
        raise InvalidInput(
            f"Chọn một trong: {', '.join(known)}.", f"Choose one of: {', '.join(known)}.", field="chapter"
        )
    return known[word]


def _withdraw(person: int, facility: str, what: What, now: datetime) -> None:
    execute(
        "UPDATE disclosure_consent SET withdrawn_at = greatest(%s, given_at) WHERE person_id = ANY(%s) AND facility = %s AND what = %s "
        "AND withdrawn_at IS NULL",
        [now, records_of(person), facility, what.value],
    )


def _told(text: str | None) -> Any:
    return None if text is None else json.loads(text)


_READ = """
SELECT m.may, CASE WHEN 'book' = ANY (m.may) THEN disclosure_summary(%(records)s, m.may, '', 0, %(now)s) END,
    disclosure_referrals(%(records)s, m.may, '', 0, %(now)s), disclosure_appointments(%(records)s, m.may, '', 0, %(now)s),
    disclosure_papers(%(records)s, m.may, '', 0, %(now)s)
FROM (SELECT disclosure_may(%(who)s, ARRAY[%(ground)s], '{}', '{}') AS may) m
"""
