"""What applicants do: draft, submit, supplement, withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ansinh.access.queries import online_services
from ansinh.audit.operation import note, operation
from ansinh.foundation.actor import Actor, By
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import Refusal
from ansinh.notices.operations import Notice, send_message
from ansinh.places.queries import working_calendar
from ansinh.services.acting import own_record, the_applicants, way_of
from ansinh.services.catalogue import service
from ansinh.services.content import NotTheSame, about_person, checked
from ansinh.services.offices.deciding import carried_over, heard_of
from ansinh.services.offices.outcomes import Concluded
from ansinh.services.rows import (
    Application,
    clock_goes_on,
    digest_of,
    drafted,
    first_due,
    kept,
    moved,
    not_in_state,
    receipt_number,
    under_key,
)
from ansinh.services.states import CLOSED, ApplicationState, Happening


class KeyReused(Refusal):
    """The key of this form was used for another application."""

    code = "client_key_reused"


@dataclass(frozen=True, slots=True)
class Form:
    """A form as filled in: for whom, which service, the key made when the form was opened, the answers by the catalogue's keys; of an officer, why."""

    person_id: int
    service: str
    client_key: str
    answers: Mapping[str, Any]
    on_behalf_why: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an applicant gets in hand: number, moment, the working day it counts from, and the last day of the decision (None where no text sets one)."""

    reference: str
    number: str
    service: str
    submitted_at: datetime
    counts_from: date
    due_on: date | None


@operation(permission="services.apply")
def save_draft(*, actor: Actor, reason: str, clock: Clock, form: Form) -> str:
    """Keep a form as far as it is filled in and return its reference; the same key again keeps the newer answers. Papers are attached to it.

    Refuses answers nobody asks for or of the wrong form (`invalid_input`), somebody else's record (`not_found`), a key used for another service
    (`client_key_reused`), and a form submitted already (`application_not_in_state`).
    """
    by, of = By(actor, reason, clock.now()), service(form.service)
    plain = checked(of, form.answers, whole=False)
    one = _draft(form, by)
    if one.state is not ApplicationState.DRAFT:
        raise not_in_state(one)
    kept(one, content=plain)
    note(application=one.application_id)
    return one.reference


@operation(permission="services.apply")
def submit_application(*, actor: Actor, reason: str, clock: Clock, form: Form) -> Receipt:
    """Submit a form, with or without a draft before, and return its receipt; the same form again gives the same one.

    The legal clock starts, after 15:00 with the next working day (Decree 63/2024).

    Refuses what is missing or of the wrong form (`invalid_input`), a number and name that do not agree (`person_not_confirmed`), somebody else's record
    (`not_found`), and a key under which something else was submitted (`client_key_reused`).
    """
    by, of = By(actor, reason, clock.now()), service(form.service)
    plain = checked(of, form.answers, whole=True)
    digest = digest_of(plain)
    one = _draft(form, by)
    if one.submitted_at is not None and one.submitted_sha256 is not None:
        if one.submitted_sha256 != digest:
            raise _reused()
        note(application=one.application_id, already_submitted=1)
        return _receipt(one)
    about = about_person(of, plain)
    if about == one.person_id:
        raise NotTheSame("Ghi số của người khác, không phải của mình.", "Name the other person, not yourself.")
    due, number = first_due(one, by.moment), receipt_number(one.application_id, by.moment)
    one = moved(
        one,
        Happening.SUBMITTED,
        ("nộp hồ sơ", "submitted"),
        by,
        content=plain,
        about_person_id=about,
        submitted_at=by.moment,
        submitted_sha256=digest,
        receipt=number,
        due_on=due,
    )
    _tell_received(one, by, clock)
    return _receipt(one)


@operation(permission="services.apply")
def supplement_application(
    *, actor: Actor, reason: str, clock: Clock, reference: str, answers: Mapping[str, Any]
) -> date | None:
    """Answer a request for a supplement, in answers, attachments or both; the clock goes on. Returns the new last day.

    Refuses an application nothing is wanted of (`application_not_in_state`), one that is not theirs (`not_found`), and wrong answers (`invalid_input`).
    """
    by, one = By(actor, reason, clock.now()), the_applicants(actor, reference)
    if one.state is not ApplicationState.WAITING_SUPPLEMENT:
        raise not_in_state(one)
    one = kept(one, content=one.content | checked(one.told, answers, whole=False))
    checked(one.told, one.content, whole=True)
    happening = Happening.SUPPLEMENTED_THERE if one.forwarded_to else Happening.SUPPLEMENTED
    one = moved(one, happening, ("đã bổ sung", "supplement handed in"), by, due_on=clock_goes_on(one, by.moment))
    carried_over(one, {"actor": online_services(), "reason": reason, "clock": clock})
    return one.due_on


@operation(permission="services.apply")
def withdraw_application(*, actor: Actor, reason: str, clock: Clock, reference: str) -> None:
    """Withdraw a draft or an application that is not decided, here and where it was handed on.

    Refuses one that is decided (`application_not_in_state`) and one that is not theirs (`not_found`).
    """
    by, one = By(actor, reason, clock.now()), the_applicants(actor, reference)
    if one.state in CLOSED or (one.forwarded_to and isinstance(heard_of(one), Concluded)):
        raise not_in_state(one)
    clock_goes_on(one, by.moment)
    one = moved(one, Happening.WITHDRAWN, ("rút hồ sơ", "withdrawn"), by, carried_over=True)
    carried_over(one, {"actor": online_services(), "reason": reason, "clock": clock})


def _draft(form: Form, by: By) -> Application:
    """Return what was made of this form before, or a new draft."""
    person = own_record(by.actor, form.person_id)
    way = way_of(by.actor, form.client_key, form.on_behalf_why)
    one = under_key(person, way.client_key)
    if one is None:
        return drafted(person, service(form.service), way, by)
    if one.service != form.service:
        raise _reused()
    return one


def _reused() -> KeyReused:
    return KeyReused(
        "Biểu mẫu này đã nộp với nội dung khác. Mở biểu mẫu mới để nộp hồ sơ khác.",
        "This form was submitted with other answers. Open a new form for another application.",
        field="client_key",
    )


def _receipt(one: Application) -> Receipt:
    assert one.submitted_at is not None
    assert one.receipt is not None
    counts = working_calendar().counts_from(one.submitted_at)
    return Receipt(one.reference, one.receipt, one.service, one.submitted_at, counts, first_due(one, one.submitted_at))


def _tell_received(one: Application, by: By, clock: Clock) -> None:
    assert one.receipt is not None
    due = f"{one.due_on:%d/%m/%Y}" if one.due_on else "—"
    told = {"receipt": one.receipt, "due_on": due}
    notice = Notice(one.person_id, "application_received", told, f"services.application:{one.application_id}", by.today)
    send_message(actor=online_services(), reason=by.reason, clock=clock, notice=notice)
