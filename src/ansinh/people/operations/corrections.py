"""Correct a field of a person, with evidence, and take a correction back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.people import adopting, facts
from ansinh.people.deciding import (
    Decided,
    NumberTaken,
    Proposed,
    WrongState,
    holder_of,
    not_as_seen,
    propose,
    require_officer,
    require_record,
)
from ansinh.people.queries.effects import Effect, EffectQuery, effects_on
from ansinh.people.queries.requests import request_line
from ansinh.people.states import GUARDED_FIELDS, RequestKind, RequestState

EVIDENCE_LENGTH_MAX = 200
MANY = 0
"""Stands where a request is about many persons."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A field of `states.FIELDS`, its value as the officer saw it, the right one, who says so, and the paper that shows it."""

    field: str
    old_value: str | None
    new_value: str | None
    source: str
    evidence: str


@operation(permission="people.correct")
def request_correction(
    *,
    actor: Actor,
    reason: str,
    clock: Clock,
    person_id: int,
    correction: Correction,
    effects: Sequence[EffectQuery] = (),
) -> Decided:
    """Ask that a field be corrected. An address changes at once; name, birth date, sex, number and death wait for another officer.

    Refuses an old value that is no longer there (`not_as_seen`), a value the field cannot hold or no evidence (`invalid_input`), a number that names somebody
    else (`number_taken`), an unknown record (`not_found`), a merged one or one with another request waiting about the field (`wrong_state`).
    """
    require_officer(actor)
    require_record(person_id)
    _must_have_evidence(correction)
    new_value = facts.checked(correction.field, correction.new_value, legal_day(clock.now()))
    if facts.value_of(person_id, correction.field) != correction.old_value:
        raise not_as_seen(person_id)
    if new_value == correction.old_value:
        raise InvalidInput("Giá trị mới giống giá trị cũ.", "The new value is the old one.", field="new_value")
    if correction.field == "pin" and new_value and holder_of(new_value) not in {None, person_id}:
        raise NumberTaken(
            "Số định danh này đang là của hồ sơ khác; xem xét gộp hồ sơ.",
            "The number names another record; consider merging the two.",
            person=person_id,
        )
    asked = Proposed(
        RequestKind.CORRECT,
        person_id,
        correction.field in GUARDED_FIELDS,
        field=correction.field,
        old_value=correction.old_value,
        new_value=new_value,
        source=correction.source,
        evidence=correction.evidence,
    )
    return propose(asked, actor, reason, clock.now(), effects_on([person_id], effects))


@operation(permission="people.correct")
def prepare_adoption(*, actor: Actor, reason: str, clock: Clock, field: str, rule: str) -> Decided:
    """Propose that the register's word hold for everyone on whose `field` it differs, as `rule` found it; another officer approves.

    At most `adopting.ADOPTED_A_REQUEST_MAX` persons a request; differences found later wait for another one. Refuses a field that cannot be adopted
    (`invalid_input`), when nothing differs (`not_found`), and while another adoption of the field waits (`wrong_state`).
    """
    require_officer(actor)
    if field not in adopting.ADOPTABLE:
        raise InvalidInput(
            f"Chỉ nhận hàng loạt được: {', '.join(adopting.ADOPTABLE)}.",
            f"Only these can be adopted: {', '.join(adopting.ADOPTABLE)}.",
            field="field",
        )
    now = clock.now()
    persons = adopting.count_open(field, rule, now)
    if not persons:
        raise NotFound("Không có sai lệch nào như vậy.", "Nothing differs like that.", field=field)
    touched = Effect("people", MANY, f"{persons} hồ sơ", f"{persons} records")
    return propose(Proposed(RequestKind.ADOPT, MANY, True, field=field, source=rule), actor, reason, now, [touched])


@operation(permission="people.correct")
def settle_discrepancy(
    *, actor: Actor, reason: str, clock: Clock, person_id: int, field: str, report: UUID | None = None
) -> None:
    """Say that the agency's own value stays; with the reference of a `report`, the register was told of its error and its reply is awaited.

    A settled one stays as it is. Refuses (`not_found`) when the field does not differ. The register's value is adopted by correcting ours.
    """
    require_officer(actor)
    state = "refused" if report is None else "reported"
    settled = execute(
        """
        UPDATE people_discrepancy SET state = %(state)s, settled_at = CASE WHEN %(state)s = 'refused' THEN %(now)s END
        WHERE person_id = %(person)s AND field = %(field)s AND state IN ('open', 'reported')
        """,
        {"state": state, "now": clock.now(), "person": person_id, "field": field},
    )
    note(person=person_id, field=field, **({} if report is None else {"report": str(report)}))
    if not settled:
        raise NotFound("Trường này không có sai lệch đang mở.", "The field has no open difference.", person=person_id)


@operation(permission="people.correct")
def undo_correction(
    *, actor: Actor, reason: str, clock: Clock, request: int, effects: Sequence[EffectQuery] = ()
) -> Decided:
    """Ask that a correction be taken back: the field gets its earlier value again, decided by as many officers as the correction was.

    Taken back for many, an adoption leaves alone whoever changed since. Refuses a request that is no applied correction (`wrong_state`), or a field that
    changed since (`not_as_seen`).
    """
    require_officer(actor)
    done = request_line(request)
    if done.kind == RequestKind.ADOPT and done.state == RequestState.APPLIED:
        asked = Proposed(RequestKind.ADOPT, MANY, True, field=done.field, source=done.source, undoes=request)
        return propose(asked, actor, reason, clock.now(), [])
    if done.kind != RequestKind.CORRECT or done.state != RequestState.APPLIED or done.field is None:
        raise WrongState(
            f"Đề nghị số {request} không phải điều chỉnh đã thực hiện.",
            f"The request {request} is not an applied correction.",
            request=request,
        )
    require_record(done.person_id)
    if facts.value_of(done.person_id, done.field) != done.new_value:
        raise not_as_seen(done.person_id)
    asked = Proposed(
        RequestKind.CORRECT,
        done.person_id,
        done.needs_second,
        field=done.field,
        old_value=done.new_value,
        new_value=done.old_value,
        source=done.source,
        evidence=done.evidence,
        undoes=request,
    )
    return propose(asked, actor, reason, clock.now(), effects_on([done.person_id], effects))


def _must_have_evidence(correction: Correction) -> None:
    for name, text in (("source", correction.source), ("evidence", correction.evidence)):
        if not text.strip() or len(text) > EVIDENCE_LENGTH_MAX or not text.isprintable():
            raise InvalidInput(
                "Cần nêu nguồn và số giấy tờ chứng minh.",
                "The source and the paper that shows it are needed.",
                field=name,
            )
