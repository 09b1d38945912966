"""Suspend, restore, withdraw and reduce a card: each a line of history that takes effect on its day."""

from __future__ import annotations

from ansinh.audit.operation import operation
from ansinh.cards.recording import Change, Changed, OnCard, by, record
from ansinh.cards.states import REDUCTIONS, CardEvent, CardState
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput


@operation(permission="cards.suspend")
def suspend_card(*, actor: Actor, reason: str, clock: Clock, on: OnCard) -> Changed:
    """Make a card unusable for a time.

    Refusals of each operation here: `not_found`, `card_not_in_state`, `effect_out_of_order`, `request_key_used`, `invalid_input`. A request heard before
    changes nothing and is answered as before.
    """
    return record(on, Change(CardEvent.SUSPENDED, CardState.SUSPENDED), by(actor, reason, clock))


@operation(permission="cards.suspend")
def restore_card(*, actor: Actor, reason: str, clock: Clock, on: OnCard) -> Changed:
    """Make a suspended card usable again, or one that had been reported as reduced by mistake or for a time."""
    return record(on, Change(CardEvent.RESTORED, CardState.ISSUED), by(actor, reason, clock))


@operation(permission="cards.withdraw")
def withdraw_card(*, actor: Actor, reason: str, clock: Clock, on: OnCard) -> Changed:
    """End a card for good (Law 25/2008/QH12 art. 20)."""
    return record(on, Change(CardEvent.WITHDRAWN, CardState.WITHDRAWN), by(actor, reason, clock))


@operation(permission="cards.reduce")
def reduce_card(*, actor: Actor, reason: str, clock: Clock, on: OnCard, kind: CardState) -> Changed:
    """Report the holder of a card as reduced (báo giảm): moved out of the province, moved inside it, re-added in the same unit, stopped, or unspecified.

    Refuses (`invalid_input`) a state that is no kind of reduction.
    """
    if kind not in REDUCTIONS:
        kinds = ", ".join(REDUCTIONS)
        raise InvalidInput(
            f"Loại báo giảm phải là một trong: {kinds}.", f"The kind of reduction is one of: {kinds}.", field="kind"
        )
    return record(on, Change(CardEvent.REDUCED, kind), by(actor, reason, clock))
