"""Cleaning that goes the other way: where the register looks wrong, the agency keeps its value and tells the register."""

from __future__ import annotations

from uuid import UUID

from ansinh.access.queries import operator
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import NotFound
from ansinh.people.operations import reopen_discrepancies, settle_discrepancy
from ansinh.people.queries import differences_reported, person_as_known, statements_about
from ansinh.registry.operations import report_error
from ansinh.registry.queries import report_states
from ansinh.registry.states import CONFIRMED, UNKNOWN

REPORTED_AT_ONCE = 1_000


def keep_ours(*, actor: Actor, reason: str, clock: Clock, person_id: int, field: str, evidence: str | None) -> None:
    """Keep the agency's value of a field that differs; with `evidence` (a word of the registry), report the register's as its error.

    Cut off between the two, it is run again: a report already open is not made twice. The register's reply comes with the next exchange: a correction is an
    event like any other, after which the difference is gone; where it stands by its word, `follow_replies` opens the difference again. Refuses
    (`not_found`) a field that does not differ and a record without a number.
    """
    open_states = {"open", "reported"}
    if not any(one.field == field and one.state in open_states for one in statements_about(person_id)):
        raise NotFound("Trường này không có sai lệch đang mở.", "The field has no open difference.", person=person_id)
    report = None if not evidence else _reported(actor, reason, clock, person_id, field, evidence)
    settle_discrepancy(actor=actor, reason=reason, clock=clock, person_id=person_id, field=field, report=report)


def follow_replies(*, reason: str, clock: Clock) -> int:
    """Let officers decide again where the register, told of its error, stands by its word or knows nobody; returns about how many differences."""
    reopened, after = 0, (0, "")
    while waiting := differences_reported(after, REPORTED_AT_ONCE):
        states = report_states([one.pin for one in waiting])
        stood = [
            (one.person_id, one.field) for one in waiting if states.get((one.pin, one.field)) in {CONFIRMED, UNKNOWN}
        ]
        if stood:
            reopened += reopen_discrepancies(actor=operator(), reason=reason, clock=clock, differing=stood)
        after = (waiting[-1].person_id, waiting[-1].field)
    return reopened


def _reported(actor: Actor, reason: str, clock: Clock, person_id: int, field: str, evidence: str) -> UUID:
    known = person_as_known(person_id, clock.now())
    pin = known.fields["pin"] if known else None
    if known is None or pin is None:
        raise NotFound(
            "Hồ sơ chưa có số định danh nên chưa thể báo CSDL dân cư.",
            "The record has no number yet, so the register cannot be told.",
            person=person_id,
        )
    stated = known.fields.get(field) or ""
    return report_error(actor=actor, reason=reason, clock=clock, pin=pin, field=field, stated=stated, evidence=evidence)
