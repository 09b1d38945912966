"""What people do on the portal that no room below knows of: looking at their own pages, or at those of somebody they may act for."""

from __future__ import annotations

from ansinh.audit.operation import note, note_read, operation
from ansinh.foundation.actor import Actor
from ansinh.foundation.purpose import Purpose


@operation(permission="portal.read_own", reads="own page on the portal")
def read_page(*, actor: Actor, reason: str, person_id: int, page: str) -> None:
    """Leave a line for a page of somebody's that is about to be shown. Who acts for another stands in that person's list of who looked."""
    note_read(person_id, Purpose.OWN_RECORD)
    note(page=page)
