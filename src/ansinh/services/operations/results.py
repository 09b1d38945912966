"""An application shown to officers, and its result as a signed paper that anybody can check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from ansinh.access.keys import signing_keys
from ansinh.audit.operation import note, note_read, operation
from ansinh.database.sql import row
from ansinh.documents.operations import NewPaper, issue_paper
from ansinh.documents.queries import Paper
from ansinh.documents.setting import set_paper
from ansinh.documents.signatures import KEYS_NAME
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import VIET_NAM, Clock
from ansinh.foundation.purpose import Purpose
from ansinh.services.acting import the_applicants
from ansinh.services.printing import PREFIX, TEMPLATE, code_of, told
from ansinh.services.queries import ApplicationShown, application
from ansinh.services.rows import COLUMNS, application_of, kept, locked, not_in_state
from ansinh.services.states import ApplicationState


@dataclass(frozen=True, slots=True)
class Issued:
    """A result's paper with its bytes."""

    paper: Paper
    content: bytes


@operation(permission="services.read", reads="application")
def show_application(
    *, actor: Actor, reason: str, clock: Clock, reference: str, purpose: Purpose = Purpose.ADMINISTRATION
) -> ApplicationShown:
    """Return an application with its answers and story, for an officer who says what for. Refuses an unknown one (`not_found`)."""
    one = locked(reference)
    note_read(one.person_id, purpose)
    note(application=one.application_id)
    found = application(one.person_id, reference)
    assert found is not None
    return found


@operation(permission="services.issue_result", reads="result of an application")
def issue_result(*, actor: Actor, reason: str, clock: Clock, reference: str, secrets: Path) -> Issued:
    """Issue the result of a decided application as a signed PDF with a QR code; asked for again, it is the same paper.

    Refuses one that is not decided (`application_not_in_state`), and of a person somebody else's (`not_found`).
    """
    own = actor.kind is ActorKind.PERSON
    one = the_applicants(actor, reference) if own else locked(reference)
    note_read(one.person_id, Purpose.OWN_RECORD if own else Purpose.ADMINISTRATION)
    if one.state not in {ApplicationState.GRANTED, ApplicationState.REFUSED} or one.closed_on is None:
        raise not_in_state(one)
    # The same words at the moment of the decision's day are the same bytes, and so the same paper.
    day = datetime.combine(one.closed_on, time(0), VIET_NAM)
    content = set_paper(TEMPLATE, told(one, clock.now()), day)
    new = NewPaper("application result", PREFIX, "application/pdf", content)
    key = signing_keys(secrets, KEYS_NAME).signing
    paper = issue_paper(actor=actor, reason=reason, clock=clock, person_id=one.person_id, new=new, key=key)
    if one.paper is None:
        kept(one, paper=paper.number)
    return Issued(paper, content)


@operation(permission="services.verify_result")
def verify_result(*, actor: Actor, reason: str, code: str) -> bool:
    """Tell whether the code of a paper (`ANSINH|KQ|receipt|digest`) is that of a result as it stands; nothing else is told, least of all whose it is."""
    parts = code.strip().split("|")
    if len(parts) != len(("ANSINH", PREFIX, "receipt", "digest")) or parts[:2] != ["ANSINH", PREFIX]:
        return False
    found = row(
        f"SELECT {COLUMNS} FROM services_application WHERE application_id = %s AND receipt = %s",
        [int(parts[2][-8:]) if parts[2][-8:].isdecimal() and parts[2].isascii() else -1, parts[2]],
    )
    true = found is not None and code_of(application_of(found)) == code.strip()
    note(true=int(true))
    return true
