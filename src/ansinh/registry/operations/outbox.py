"""Remembering how far a subscriber has read what was announced."""

from __future__ import annotations

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock


@operation(permission="registry.consume")
def advance_consumer(*, actor: Actor, reason: str, clock: Clock, name: str, announcement_no: int) -> None:
    """Note that a subscriber has acted on the announcements up to a number; call it in the transaction of its own acts. It never goes back."""
    execute(
        "INSERT INTO registry_consumer (name, announcement_no, read_at) VALUES (%(name)s, %(no)s, %(now)s)"
        " ON CONFLICT (name) DO UPDATE SET announcement_no = greatest(registry_consumer.announcement_no, excluded.announcement_no),"
        " read_at = excluded.read_at",
        {"name": name, "no": announcement_no, "now": clock.now()},
    )
    note(consumer=name, announcement=announcement_no)
