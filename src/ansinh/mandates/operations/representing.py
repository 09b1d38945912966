"""Who may send in an employer's declarations: one officer records the employer's paper, another approves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, number, row
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import NotFound
from ansinh.mandates.keeping import (
    checked_paper,
    no_mandate,
    require_another,
    require_full_age,
    tell,
)
from ansinh.mandates.queries import may_declare
from ansinh.mandates.states import MandateEvent, MandateState, after
from ansinh.participation.operations import receive_declaration
from ansinh.participation.queries import Receipt, employer_of_code
from ansinh.people.queries import resolve


@dataclass(frozen=True)
class RepresentativePaper:
    """The employer's paper that names who may declare for it, and its days, half-open."""

    paper: str
    valid_from: date
    valid_until: date | None = None


@operation(permission="mandates.prepare")
def prepare_representative(
    *, actor: Actor, reason: str, clock: Clock, person_id: int, employer_code: str, decision: RepresentativePaper
) -> int:
    """Record who may send in an employer's declarations, from the employer's paper (69/2024/NĐ-CP, e-ID of organisations); another officer approves.

    Returns its number. Refuses an unknown record or employer (`not_found`), no paper or a minor (`invalid_input`), and one recorded already (`wrong_state`).
    """
    person, employer = resolve(person_id), _employer(employer_code)
    paper = checked_paper(decision.paper)
    require_full_age(person, legal_day(clock.now()))
    execute("SELECT pg_advisory_xact_lock(hashtext('mandates.employer'), (%s %% 2147483647)::integer)", [employer])
    if row(
        "SELECT FROM mandates_representative WHERE employer_id = %s AND person_id = %s AND state IN ('prepared', 'in_force')",
        [employer, person],
    ):
        after(MandateState.IN_FORCE, MandateEvent.APPROVED)
    mandate = number("SELECT nextval('mandates_mandate_number')")
    execute(
        "INSERT INTO mandates_representative (employer_id, mandate_id, person_id, paper, valid_from, valid_until, state, given_by, given_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, 'prepared', %s, %s)",
        [employer, mandate, person, paper, decision.valid_from, decision.valid_until, actor.named(), clock.now()],
    )
    note(person=person, employer=employer, mandate=mandate)
    return mandate


@operation(permission="mandates.decide")
def decide_representative(*, actor: Actor, reason: str, clock: Clock, mandate_id: int, approved: bool) -> None:
    """Approve a representative another officer recorded, or refuse. Refuses what `decide_guardian` refuses."""
    employer, person, state, maker = _representative(mandate_id)
    require_another(actor, maker)
    reached = after(state, MandateEvent.APPROVED if approved else MandateEvent.REFUSED)
    note(person=person, employer=employer, mandate=mandate_id)
    if not approved:
        _end_representative(employer, mandate_id, reached, actor, clock)
        return
    execute(
        "UPDATE mandates_representative SET state = %s, agreed_by = %s, agreed_at = %s WHERE employer_id = %s AND mandate_id = %s",
        [reached.value, actor.named(), clock.now(), employer, mandate_id],
    )
    tell(actor, reason, clock, person, "mandate_in_force", mandate_id)


@operation(permission="mandates.declare")
def declare_for_employer(
    *, actor: Actor, reason: str, clock: Clock, person_id: int, employer_code: str, content: bytes
) -> Receipt:
    """Take an employer's declaration in from its representative (`contracts/participation/README.md`) and return its receipt.

    Refuses whoever is no representative now, and a file about another employer (`not_found`), and what `participation` refuses; then nothing is kept.
    """
    person = resolve(person_id)
    own = actor.kind is ActorKind.PERSON and not actor.by and actor.reference == str(person)
    if not own or not may_declare(person, _employer(employer_code), clock.now()):
        raise _not_theirs()
    # The mandate is what permits it, for this one employer; the person's own roles do not.
    mandated = replace(actor, permissions=actor.permissions | {"participation.declare", "documents.receive"})
    receipt = receive_declaration(actor=mandated, reason=reason, clock=clock, content=content)
    if receipt.employer != employer_code:
        raise _not_theirs()
    note(person=person, employer=receipt.employer, month=receipt.month, version=receipt.version)
    return receipt


@operation(permission="mandates.prepare")
def end_representative(*, actor: Actor, reason: str, clock: Clock, mandate_id: int) -> None:
    """End a representative's mandate at once. Refuses an unknown one (`not_found`) and one that ended (`wrong_state`)."""
    employer, person, state, _ = _representative(mandate_id)
    _end_representative(employer, mandate_id, after(state, MandateEvent.REVOKED), actor, clock)
    tell(actor, reason, clock, person, "mandate_ended", mandate_id)
    note(person=person, employer=employer, mandate=mandate_id)


def _representative(mandate_id: int) -> tuple[int, int, MandateState, str]:
    found = row(
        "SELECT employer_id, person_id, state, given_by FROM mandates_representative WHERE mandate_id = %s FOR UPDATE",
        [mandate_id],
    )
    if found is None:
        raise no_mandate()
    return int(found[0]), int(found[1]), MandateState(found[2]), str(found[3])


def _end_representative(employer: int, mandate: int, state: MandateState, actor: Actor, clock: Clock) -> None:
    execute(
        "UPDATE mandates_representative SET state = %s, ended_by = %s, ended_at = %s WHERE employer_id = %s AND mandate_id = %s",
        [state.value, actor.named(), clock.now(), employer, mandate],
    )


def _employer(code: str) -> int:
    found = employer_of_code(code.strip()[:100])
    if found is None:
        raise NotFound("Không có đơn vị mang mã này.", "There is no employer with this code.", field="employer")
    return found


def _not_theirs() -> NotFound:
    return NotFound(
        "Tệp không phải của đơn vị này, hoặc bạn không còn là người đại diện. Xem cột “employer” của tệp.",
        "The file is not this employer's, or you do not represent it any more. Look at the column “employer”.",
        field="content",
    )
