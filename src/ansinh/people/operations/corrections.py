"""Correct a field of a person, with evidence, and take a correction back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ansinh.audit.operation import operation
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput
from ansinh.people import facts
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
from ansinh.people.queries.effects import EffectQuery, effects_on
from ansinh.people.queries.requests import request_line
from ansinh.people.states import GUARDED_FIELDS, RequestKind, RequestState

EVIDENCE_LENGTH_MAX = 200


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
def undo_correction(
    *, actor: Actor, reason: str, clock: Clock, request: int, effects: Sequence[EffectQuery] = ()
) -> Decided:
    """Ask that a correction be taken back: the field gets its earlier value again, decided by as many officers as the correction was.

    Refuses a request that is no applied correction (`wrong_state`), or a field that changed since (`not_as_seen`).
    """
    require_officer(actor)
    done = request_line(request)
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
