"""Suspend, end and move an entitlement, and prepare and approve what lets money flow: resuming, reinstating, recalculating."""

from __future__ import annotations

from datetime import date

from ansinh.audit.operation import note, operation
from ansinh.benefits.changing import (
    Changed,
    Content,
    On,
    heard_before,
    permitted,
    record,
    take_effect,
)
from ansinh.benefits.states import BY_TWO, ChangeKind, EndedBecause, NotInState, SameOfficer, SuspendedBecause
from ansinh.database.sql import execute, row
from ansinh.foundation.actor import Actor, By
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.places.queries import add_working_days
from ansinh.rules.law import amount as law_amount


@operation(permission="benefits.change")
def change_entitlement(*, actor: Actor, reason: str, clock: Clock, on: On, content: Content) -> Changed:
    """Do at once what one officer may: suspend, end, or move an entitlement from a month on (Law 41/2024/QH15 art. 75).

    Suspend: the amount is kept and goes on being adjusted. End: the month of effect is the first not paid, after death the month after it; months suspended
    until death are due to relatives unless the person was missing. Transfer: another province or commune pays. Months frozen already become corrections.

    Refusals of each operation here: `not_found`, `entitlement_not_in_state`, `effect_month_out_of_order`, `request_key_used`, `invalid_input`. A request
    heard before changes nothing and is answered as before.
    """
    _require_words(content)
    return _at_once(on, content, By(actor, reason, clock.now()))


@operation(permission="benefits.prepare_change")
def prepare_change(
    *, actor: Actor, reason: str, clock: Clock, on: On, content: Content, requested_on: date | None = None
) -> Changed:
    """Prepare what lets money flow, for another officer to approve.

    Resume: with arrears for the months suspended; after renunciation from the request, without (Law 41/2024/QH15 art. 75); within 10 working days of
    `requested_on`, which is kept as `due_on`. Reinstate: take back an end that was wrong. Recalculate: another amount from a month on, before a general
    adjustment of that month, with its explanation. Refuses now what could not be done now.
    """
    if content.kind not in BY_TWO or (content.kind is ChangeKind.RECALCULATE) != (content.amount is not None):
        raise InvalidInput(
            "Biến động này không cần người thứ hai duyệt, hoặc thiếu mức hưởng mới.",
            "This change takes no second officer, or its new amount is missing.",
            field="kind",
        )
    if content.amount is not None and content.amount < 0:
        raise InvalidInput("Mức hưởng không thể âm.", "An amount is never negative.", field="amount")
    by = By(actor, reason, clock.now())
    before = heard_before(on, content)
    if before:
        note(already=before.change_id)
        return before
    permitted(on, content, by)
    due_on = None
    if content.kind is ChangeKind.RESUME:
        asked = requested_on or legal_day(clock.now())
        due_on = add_working_days(asked, law_amount("deadlines.resume", asked))
    due = Content(content.kind, content.because, content.amount, content.facts, due_on=due_on)
    change_id = record(on, due, by, done=False)
    note(change=change_id, person_id=on.person_id)
    return Changed(change_id, done=False)


@operation(permission="benefits.approve_change")
def approve_change(*, actor: Actor, reason: str, clock: Clock, person_id: int, change_id: int) -> Changed:
    """Approve a prepared change, which takes effect at once; refuses `same_officer` to whoever prepared it. Approving twice changes nothing."""
    by = By(actor, reason, clock.now())
    on, content, done = _waiting(person_id, change_id, actor)
    if done:
        note(already=change_id)
        return Changed(change_id, done=True, already=True)
    held, life = permitted(on, content, by)
    execute(
        "UPDATE benefits_change SET approved_by = %s, done_at = %s WHERE person_id = %s AND change_id = %s",
        [actor.named(), by.moment, person_id, change_id],
    )
    written = take_effect(held, life, change_id, on, content, by)
    note(change=change_id, person_id=person_id, versions=written.versions, corrections=written.settled.corrections)
    return Changed(change_id, True, written.versions, written.settled.corrections, written.settled.amount)


@operation(permission="benefits.approve_change")
def refuse_change(*, actor: Actor, reason: str, clock: Clock, person_id: int, change_id: int) -> Changed:
    """Refuse a prepared change, or withdraw one's own; it never takes effect. The reason stays in the audit."""
    _, _, done = _waiting(person_id, change_id, None)
    if done:
        raise NotInState("Biến động đã có hiệu lực.", "The change has taken effect.", change=change_id)
    execute(
        "UPDATE benefits_change SET refused_at = %s WHERE person_id = %s AND change_id = %s",
        [clock.now(), person_id, change_id],
    )
    note(change=change_id, person_id=person_id)
    return Changed(change_id, done=False)


def _require_words(content: Content) -> None:
    """Refuse a change that takes two officers, one without a word of law, and a place that is none."""
    if content.kind in BY_TWO:
        raise InvalidInput(
            "Biến động này cần hai người: một người lập, một người duyệt.",
            "This change takes two officers: prepare it, and have another approve it.",
            field="kind",
        )
    words = _WORDS.get(content.kind, [])
    if words and content.because not in words:
        known = ", ".join(words)
        raise InvalidInput(f"Lý do là một trong: {known}.", f"The reason of law is one of: {known}.", field="because")
    place = content.place
    if content.kind is ChangeKind.TRANSFER and not (place and len(place.province) == 2 and place.province.isdigit()):
        raise InvalidInput("Mã tỉnh gồm 2 chữ số.", "A province is two digits.", field="province")


_WORDS: dict[ChangeKind, list[str]] = {
    ChangeKind.SUSPEND: [word.value for word in SuspendedBecause],
    ChangeKind.END: [word.value for word in EndedBecause],
}


def _at_once(on: On, content: Content, by: By) -> Changed:
    before = heard_before(on, content)
    if before:
        note(already=before.change_id)
        return before
    held, life = permitted(on, content, by)
    change_id = record(on, content, by, done=True)
    written = take_effect(held, life, change_id, on, content, by)
    note(change=change_id, person_id=on.person_id, versions=written.versions, corrections=written.settled.corrections)
    return Changed(change_id, True, written.versions, written.settled.corrections, written.settled.amount)


def _waiting(person_id: int, change_id: int, approver: Actor | None) -> tuple[On, Content, bool]:
    """Return a prepared change, locked, and whether it was done; raises NotFound, NotInState, SameOfficer."""
    execute("SELECT pg_advisory_xact_lock(hashtextextended('benefits.change', %s))", [change_id])
    found = row(_PREPARED, [person_id, change_id])
    if found is None:
        raise NotFound("Không có biến động này.", "There is no such change.", person_id=person_id)
    entitlement_id, kind, month, act, key, because, amount, facts, prepared_by, done, refused = found
    if refused:
        raise NotInState("Biến động đã bị từ chối.", "The change was refused.", change=change_id)
    if approver is not None and prepared_by == approver.named() and not done:
        raise SameOfficer(
            "Người lập không được tự duyệt. Nhờ người khác duyệt.",
            "Who prepared may not approve. Ask another officer.",
            change=change_id,
        )
    return On(person_id, entitlement_id, month, act, key), Content(ChangeKind(kind), because, amount, facts), bool(done)


_PREPARED = """
SELECT entitlement_id, kind, effect_month, act, request_key, because, amount, facts::text, prepared_by, done_at IS NOT NULL, refused_at IS NOT NULL
FROM benefits_change WHERE person_id = %s AND change_id = %s
"""
