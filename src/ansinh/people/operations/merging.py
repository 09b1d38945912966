"""Let two records be one person, and take that back."""

from __future__ import annotations

from collections.abc import Sequence

from ansinh.audit.operation import operation
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.people import aliases
from ansinh.people.deciding import Decided, Proposed, propose, require_officer
from ansinh.people.queries.effects import EffectQuery, effects_on
from ansinh.people.queries.persons import records_of
from ansinh.people.states import RequestKind


@operation(permission="people.merge")
def prepare_merge(
    *, actor: Actor, reason: str, clock: Clock, alias: int, survivor: int, effects: Sequence[EffectQuery] = ()
) -> Decided:
    """Propose that the record `alias` stand for the person `survivor`; another officer approves. What both touch is listed with the request.

    The record that carries the PIN survives. Refuses records that cannot become one (`cannot_merge`), an unknown one (`not_found`), and an actor who is no
    officer (`same_person`).
    """
    require_officer(actor)
    root = aliases.check_merge(alias, survivor)
    touched = effects_on([*records_of(alias), *records_of(root)], effects)
    return propose(Proposed(RequestKind.MERGE, alias, True, other_person_id=root), actor, reason, clock.now(), touched)


@operation(permission="people.merge")
def prepare_unmerge(
    *, actor: Actor, reason: str, clock: Clock, alias: int, effects: Sequence[EffectQuery] = ()
) -> Decided:
    """Propose that a merged record stand for itself again, with all that was merged into it; another officer approves.

    Every card, span and payment is still with the record it was made for, so nothing has to move. Refuses a record not merged (`cannot_merge`).
    """
    require_officer(actor)
    root = aliases.check_unmerge(alias)
    touched = effects_on(records_of(root), effects)
    return propose(
        Proposed(RequestKind.UNMERGE, alias, True, other_person_id=root), actor, reason, clock.now(), touched
    )
