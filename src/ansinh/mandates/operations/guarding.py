"""Guardians by decision of a court or commune: one officer records, another approves; one is enough to end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, number, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.mandates.keeping import (
    checked_paper,
    end,
    lock,
    no_mandate,
    require_another,
    require_full_age,
    tell,
)
from ansinh.mandates.queries import circumstance_of, of_age_on
from ansinh.mandates.states import GRANTABLE, Circumstance, MandateEvent, MandateState, after
from ansinh.people.queries import resolve


@dataclass(frozen=True)
class Decision:
    """What an authority decided: who acts for whom, by which paper, from which day, and until which where it says so."""

    person_id: int
    for_person_id: int
    paper: str
    valid_from: date
    valid_until: date | None = None


@operation(permission="mandates.prepare")
def prepare_guardian(*, actor: Actor, reason: str, clock: Clock, decision: Decision) -> int:
    """Record who is a person's guardian by a court's or commune's decision (91/2015/QH13 art. 46-54); another officer approves. Returns its number.

    Refuses an unknown record (`not_found`), no paper, a guardian who is not of full age, or the person themselves (`invalid_input`), and one recorded
    already (`wrong_state`).
    """
    guardian, ward = resolve(decision.person_id), resolve(decision.for_person_id)
    paper, today = checked_paper(decision.paper), legal_day(clock.now())
    if guardian == ward:
        raise InvalidInput("Người giám hộ phải là người khác.", "A guardian is somebody else.", field="person")
    require_full_age(guardian, today)
    if circumstance_of(ward, today) in {None, Circumstance.DEAD}:
        raise NotFound("Không có người được giám hộ này.", "There is no such ward.", person=ward)
    # The law ends a child's guardian when it is of age (91/2015/QH13 art. 62); for an adult an authority decides anew.
    grown, until = of_age_on(ward), decision.valid_until
    if grown is not None and max(decision.valid_from, today) < grown:
        until = grown if until is None else min(until, grown)
    lock(ward)
    if row(
        "SELECT FROM mandates_mandate WHERE for_person_id = %s AND person_id = %s AND kind = 'guardian' AND state IN ('prepared', 'in_force')",
        [ward, guardian],
    ):
        after(MandateState.IN_FORCE, MandateEvent.APPROVED)
    mandate, scopes = number("SELECT nextval('mandates_mandate_number')"), [one.value for one in GRANTABLE]
    execute(
        "INSERT INTO mandates_mandate (for_person_id, mandate_id, person_id, kind, scopes, valid_from, valid_until, paper, state, given_by, given_at)"
        " VALUES (%s, %s, %s, 'guardian', %s, %s, %s, %s, 'prepared', %s, %s)",
        [ward, mandate, guardian, scopes, decision.valid_from, until, paper, actor.named(), clock.now()],
    )
    note(person=ward, other=guardian, mandate=mandate)
    return mandate


@operation(permission="mandates.decide")
def decide_guardian(*, actor: Actor, reason: str, clock: Clock, mandate_id: int, approved: bool) -> None:
    """Approve a guardian another officer recorded, or refuse.

    Refuses an unknown one (`not_found`), the same officer (`same_person`), and one decided (`wrong_state`).
    """
    found = row(
        "SELECT for_person_id, person_id, state, given_by FROM mandates_mandate WHERE mandate_id = %s AND kind = 'guardian' FOR UPDATE",
        [mandate_id],
    )
    if found is None:
        raise no_mandate()
    ward, guardian = int(found[0]), int(found[1])
    require_another(actor, str(found[3]))
    reached = after(MandateState(found[2]), MandateEvent.APPROVED if approved else MandateEvent.REFUSED)
    note(person=ward, other=guardian, mandate=mandate_id)
    if not approved:
        end(ward, mandate_id, reached, actor, clock)
        return
    execute(
        "UPDATE mandates_mandate SET state = %s, agreed_by = %s, agreed_at = %s WHERE for_person_id = %s AND mandate_id = %s",
        [reached.value, actor.named(), clock.now(), ward, mandate_id],
    )
    for one in (ward, guardian):
        tell(actor, reason, clock, one, "mandate_in_force", mandate_id)


@operation(permission="mandates.prepare")
def end_guardian(*, actor: Actor, reason: str, clock: Clock, mandate_id: int) -> None:
    """End a guardianship by an authority's word; one officer is enough to take a right away.

    Refuses an unknown one (`not_found`) and one that ended (`wrong_state`).
    """
    found = row(
        "SELECT for_person_id, person_id, state FROM mandates_mandate WHERE mandate_id = %s AND kind = 'guardian' FOR UPDATE",
        [mandate_id],
    )
    if found is None:
        raise no_mandate()
    ward, guardian = int(found[0]), int(found[1])
    end(ward, mandate_id, after(MandateState(found[2]), MandateEvent.REVOKED), actor, clock)
    for one in (ward, guardian):
        tell(actor, reason, clock, one, "mandate_ended", mandate_id)
    note(person=ward, other=guardian, mandate=mandate_id)
