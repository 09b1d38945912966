"""Confirm or refuse that a person is somebody of the register, as a machine could not tell."""

from __future__ import annotations

from collections.abc import Sequence

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import Refusal
from ansinh.people.deciding import REFUSE_CANDIDATE, Decided, Proposed, decide, propose, require_officer, require_record
from ansinh.people.queries.candidates import candidates_of
from ansinh.people.queries.effects import EffectQuery, effects_on
from ansinh.people.states import RequestKind

ALL_REFUSED = "an officer refused every candidate"


class NotOffered(Refusal):
    """The number is not among those offered for the person now."""

    code = "not_offered"


@operation(permission="people.decide_candidate")
def confirm_candidate(
    *, actor: Actor, reason: str, clock: Clock, person_id: int, register_pin: str, effects: Sequence[EffectQuery] = ()
) -> Decided:
    """Confirm that a person is the one of the register with this number, and give the number, or mark a duplicate where another record carries it.

    One officer decides, unless somebody's money depends on it: then another approves. Refuses a number not offered now (`not_offered`), an unknown record
    (`not_found`), a merged one or one about which a request waits (`wrong_state`), and an actor who is no officer (`same_person`).
    """
    require_officer(actor)
    require_record(person_id)
    _must_be_offered(person_id, register_pin)
    touched = effects_on([person_id], effects)
    asked = Proposed(RequestKind.CONFIRM, person_id, any(effect.money for effect in touched), register_pin=register_pin)
    return propose(asked, actor, reason, clock.now(), touched)


@operation(permission="people.decide_candidate")
def refuse_candidate(*, actor: Actor, reason: str, clock: Clock, person_id: int, register_pin: str) -> int:
    """Say that a person is not the one of the register with this number; it is never offered again. Returns how many candidates are left.

    With none left, nobody is found. Refuses as `confirm_candidate` does.
    """
    require_officer(actor)
    require_record(person_id)
    _must_be_offered(person_id, register_pin)
    now = clock.now()
    execute(REFUSE_CANDIDATE, [person_id, register_pin, actor.reference, now])
    left = len(candidates_of(person_id))
    if not left:
        decide(person_id, ("not_found", ALL_REFUSED, None), None, now)
    note(person=person_id, left=left)
    return left


def _must_be_offered(person_id: int, register_pin: str) -> None:
    if register_pin not in {one.register_pin for one in candidates_of(person_id)}:
        raise NotOffered(
            "Số này không nằm trong các ứng viên đang chờ của hồ sơ; tải lại danh sách.",
            "The number is not among the candidates now offered for the record; look at the list again.",
            person=person_id,
        )
