"""What may be done about referral papers and appointments: take them in from visits, use them, remind of them, hand them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path as FilePath
from typing import Any, TypeVar

from ansinh.access.keys import signing_keys
from ansinh.audit.operation import note, note_read, operation
from ansinh.database.sql import execute, row, rows
from ansinh.documents.operations import NewPaper, issue_paper
from ansinh.documents.queries import Paper
from ansinh.documents.setting import set_paper
from ansinh.documents.signatures import KEYS_NAME
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import NotFound
from ansinh.foundation.purpose import Purpose
from ansinh.notices.operations import Notice, send_message
from ansinh.people.queries import resolve, resolve_many
from ansinh.places.queries import facility as facility_of_code
from ansinh.referrals.keeping import apply_visits, lock, turns
from ansinh.referrals.printing import APPOINTMENT_TEMPLATE, REFERRAL_TEMPLATE, appointment_told, referral_told
from ansinh.referrals.queries import (
    Appointment,
    Found,
    PapersOf,
    Referral,
    Shown,
    papers_of,
    referral_shown,
    refused_words,
)
from ansinh.referrals.states import AppointmentState, PaperRefused, Verdict
from ansinh.referrals.taking import VisitPapers

P = TypeVar("P", Referral, Appointment)

REMINDERS_MAX = 1_000
REMIND_DAYS_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper handed out, with its bytes."""

    paper: Paper
    content: bytes


@operation(permission="referrals.take")
def take_papers(*, actor: Actor, reason: str, clock: Clock, visits: Sequence[VisitPapers]) -> None:
    """Let the papers of visits be what their current versions say: new ones are taken in, changed ones corrected, missing ones withdrawn.

    Of a withdrawn visit all are withdrawn, and the papers it was itself begun with may be used again. One that was used stays as it was used. The same
    visit again changes nothing. Visits of one person are taken in their order.
    """
    people = resolve_many([visit.person_id for visit in visits])
    told = [replace(visit, person_id=people[visit.person_id]) for visit in visits]
    lock(sorted(set(people.values())))
    done: Counter[str] = Counter(visits=len(told))
    for turn in turns(told):
        done.update(apply_visits(turn, clock.now()))
    # A claim of submissions bounds how many persons there are.
    note(**done, persons=" ".join(map(str, sorted(set(people.values())))))


@operation(permission="referrals.read", reads="referral papers and appointments")
def read_papers(*, actor: Actor, reason: str, clock: Clock, person_id: int, purpose: Purpose) -> PapersOf:
    """Return a person's referral papers and appointments, newest first. Refuses an unknown record (`not_found`) by returning none."""
    person = resolve(person_id)
    note_read(person, purpose)
    return papers_of(person, legal_day(clock.now()))


@operation(permission="referrals.read", reads="referral paper")
def check_referral(*, actor: Actor, reason: str, clock: Clock, shown: Shown) -> Found:
    """Return what a paper is found to be at a facility today, without using it."""
    note_read(resolve(shown.person_id), Purpose.REFERRAL)
    found = referral_shown(shown, legal_day(clock.now()))
    note(verdict=found.verdict.value)
    return found


@operation(permission="referrals.use", reads="referral paper")
def use_referral(*, actor: Actor, reason: str, clock: Clock, shown: Shown) -> Found:
    """Use a paper for a visit at a facility; again for the same visit changes nothing.

    Refuses (`paper_refused`) one that cannot be used, saying why, and of a used one when and where it was (Circular 01/2025/TT-BYT).
    """
    person = resolve(shown.person_id)
    note_read(person, Purpose.REFERRAL)
    lock([person])
    found = referral_shown(shown, legal_day(clock.now()), lock=True)
    note(verdict=found.verdict.value)
    if found.verdict is not Verdict.USABLE or found.referral is None:
        vi, en = refused_words(found)
        raise PaperRefused(vi, en, verdict=found.verdict.value)
    if not found.used_here:
        _put_use(found.referral, shown, actor, clock.now())
    return found


@operation(permission="referrals.use")
def keep_appointment(
    *, actor: Actor, reason: str, clock: Clock, person_id: int, appointment_id: int, episode: str
) -> None:
    """Note that a patient came to an appointment, with a visit; again for the same visit changes nothing.

    Refuses an unknown one (`not_found`) and one that is not booked, or outside its window (`paper_refused`; Decree 146/2018/ND-CP art. 15(5)).
    """
    person, today = resolve(person_id), legal_day(clock.now())
    lock([person])
    found = row(
        "SELECT state, kept_for, due_on, valid_until FROM referrals_appointment WHERE person_id = %s AND appointment_id = %s FOR UPDATE",
        [person, appointment_id],
    )
    if found is None:
        raise NotFound(
            f"Không có lịch hẹn số {appointment_id}.",
            f"There is no appointment {appointment_id}.",
            appointment=appointment_id,
        )
    state, kept_for, due_on, valid_until = found
    note(person=person, appointment=appointment_id)
    if state == AppointmentState.KEPT and kept_for == episode:
        return
    if state != AppointmentState.BOOKED or not due_on <= today <= valid_until:
        raise PaperRefused(
            f"Giấy hẹn chỉ dùng một lần, từ ngày {due_on:%d/%m/%Y} đến {valid_until:%d/%m/%Y}.",
            f"An appointment slip is good for one visit, from {due_on} to {valid_until}.",
            verdict="not_due",
        )
    execute(
        "UPDATE referrals_appointment SET state = 'kept', kept_for = %s, kept_at = %s WHERE person_id = %s AND appointment_id = %s",
        [episode, clock.now(), person, appointment_id],
    )


@operation(permission="referrals.remind")
def send_reminders(*, actor: Actor, reason: str, clock: Clock, days_ahead: int = REMIND_DAYS_AHEAD) -> int:
    """Tell people of appointments due within so many days, each once; returns how many were told. At most REMINDERS_MAX a call."""
    now = clock.now()
    today = legal_day(now)
    due = rows(
        "SELECT person_id, appointment_id, facility, due_on, valid_until FROM referrals_appointment "
        "WHERE state = 'booked' AND reminded_at IS NULL AND due_on BETWEEN %s AND %s ORDER BY due_on, person_id LIMIT %s FOR UPDATE SKIP LOCKED",
        [today, today + timedelta(days=days_ahead), REMINDERS_MAX],
    )
    for person_id, appointment_id, facility, due_on, valid_until in due:
        place = facility_of_code(facility)
        told = {
            "facility": place.name if place else facility,
            "due_on": f"{due_on:%d/%m/%Y}",
            "valid_until": f"{valid_until:%d/%m/%Y}",
        }
        fact = f"referrals.appointment:{person_id}-{appointment_id}"
        notice = Notice(person_id, "appointment_due", told, fact, due_on)
        send_message(actor=actor, reason=reason, clock=clock, notice=notice)
        execute(
            "UPDATE referrals_appointment SET reminded_at = %s WHERE person_id = %s AND appointment_id = %s",
            [now, person_id, appointment_id],
        )
    note(told=len(due))
    return len(due)


@operation(permission="referrals.print", reads="referral paper, printed")
def print_referral(
    *, actor: Actor, reason: str, clock: Clock, person_id: int, referral_id: int, purpose: Purpose, secrets: FilePath
) -> Printed:
    """Issue a referral paper as a signed PDF with a QR code. Refuses an unknown one (`not_found`)."""
    person, now = resolve(person_id), clock.now()
    note_read(person, purpose)
    found = papers_of(person, legal_day(now))
    told = _the(found.referrals, "referral_id", referral_id)
    new = NewPaper("referral", "GCT", "application/pdf", _set(REFERRAL_TEMPLATE, referral_told(person, told, now), now))
    return _issued(actor, reason, clock, person, new, secrets)


@operation(permission="referrals.print", reads="appointment slip, printed")
def print_appointment(
    *, actor: Actor, reason: str, clock: Clock, person_id: int, appointment_id: int, purpose: Purpose, secrets: FilePath
) -> Printed:
    """Issue an appointment slip as a signed PDF with a QR code. Refuses an unknown one (`not_found`)."""
    person, now = resolve(person_id), clock.now()
    note_read(person, purpose)
    found = papers_of(person, legal_day(now))
    told = _the(found.appointments, "appointment_id", appointment_id)
    new = NewPaper(
        "appointment", "GHK", "application/pdf", _set(APPOINTMENT_TEMPLATE, appointment_told(person, told, now), now)
    )
    return _issued(actor, reason, clock, person, new, secrets)


def _put_use(paper: Referral, shown: Shown, actor: Actor, now: datetime) -> None:
    execute(
        "INSERT INTO referrals_use (person_id, referral_id, use_no, reach, facility, episode, officer, used_at) "
        "SELECT %(person)s, %(referral)s, coalesce(max(use_no), 0) + 1, %(reach)s, %(facility)s, %(episode)s, %(officer)s, %(now)s "
        "FROM referrals_use WHERE person_id = %(person)s AND referral_id = %(referral)s",
        {
            "person": paper.person_id,
            "referral": paper.referral_id,
            "reach": paper.reach,
            "facility": shown.facility,
            "episode": shown.episode,
            "officer": actor.named(),
            "now": now,
        },
    )
    execute(
        "UPDATE referrals_referral SET state = 'used' WHERE person_id = %s AND referral_id = %s AND state = 'issued'",
        [paper.person_id, paper.referral_id],
    )


def _the(papers: Sequence[P], field: str, number: int) -> P:
    found = next((one for one in papers if getattr(one, field) == number), None)
    if found is None:
        raise NotFound(f"Không có giấy số {number}.", f"There is no paper {number}.", paper=number)
    return found


def _set(template: FilePath, told: dict[str, Any], now: datetime) -> bytes:
    """The same words on one day are one paper."""
    return set_paper(template, told, now.replace(hour=0, minute=0, second=0, microsecond=0))


def _issued(actor: Actor, reason: str, clock: Clock, person: int, new: NewPaper, secrets: FilePath) -> Printed:
    key = signing_keys(secrets, KEYS_NAME).signing
    paper = issue_paper(actor=actor, reason=reason, clock=clock, person_id=person, new=new, key=key)
    return Printed(paper, new.content)
