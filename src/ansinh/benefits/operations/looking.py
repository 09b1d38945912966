"""Read a person's entitlements, which leaves a line saying who did and why."""

from __future__ import annotations

from datetime import datetime

from ansinh.audit.operation import note, operation
from ansinh.benefits.queries.entitlements import (
    EntitlementShown,
    entitlements_of,
)
from ansinh.foundation.actor import Actor
from ansinh.foundation.purpose import Purpose


@operation(permission="benefits.show")
def show_entitlements(
    *, actor: Actor, reason: str, person_id: int, known_on: datetime | None = None
) -> list[EntitlementShown]:
    """Return a person's entitlements with versions, changes and corrections, as known now or at a moment.

    Who reads that reads about the person's income, so it leaves a line with its purpose.
    """
    found = entitlements_of(person_id, known_on)
    note(person=person_id, entitlements=len(found), purpose=Purpose.ADMINISTRATION.code)
    return found
