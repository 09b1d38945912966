"""Cleaning that goes the other way: where the register looks wrong, the agency keeps its value and tells the register."""

from __future__ import annotations

from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import NotFound
from ansinh.people.operations import settle_discrepancy
from ansinh.people.queries import person_as_known, statements_about
from ansinh.registry.operations import report_error


def keep_ours(*, actor: Actor, reason: str, clock: Clock, person_id: int, field: str, evidence: str | None) -> None:
    """Keep the agency's value of a field that differs; with `evidence` (a word of the registry), report the register's as its error.

    Cut off between the two, it is run again: a report already open is not made twice. The register's reply comes with the next exchange: a correction is an
    event like any other, after which the difference is gone. Refuses (`not_found`) a field that does not differ and a record without a number.
    """
    open_states = {"open", "reported"}
    if not any(one.field == field and one.state in open_states for one in statements_about(person_id)):
        raise NotFound("Trường này không có sai lệch đang mở.", "The field has no open difference.", person=person_id)
    if evidence:
        known = person_as_known(person_id, clock.now())
        pin = known.fields["pin"] if known else None
        if known is None or pin is None:
            raise NotFound(
                "Hồ sơ chưa có số định danh nên chưa thể báo CSDL dân cư.",
                "The record has no number yet, so the register cannot be told.",
                person=person_id,
            )
        stated = known.fields.get(field) or ""
        report_error(actor=actor, reason=reason, clock=clock, pin=pin, field=field, stated=stated, evidence=evidence)
    state = "reported" if evidence else "refused"
    settle_discrepancy(actor=actor, reason=reason, clock=clock, person_id=person_id, field=field, state=state)
