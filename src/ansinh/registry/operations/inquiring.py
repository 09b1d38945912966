"""Asking the register about many numbers at once; each inquiry is noted before it is sent, so that whoever comes after a crash goes on with it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.registry.merging import heal
from ansinh.registry.record import Record

PINS_AN_INQUIRY = 5_000


@operation(permission="registry.synchronise")
def note_inquiries(*, actor: Actor, reason: str, clock: Clock, pins: Sequence[str]) -> int:
    """Note that the register is to be asked about these numbers, in inquiries of at most PINS_AN_INQUIRY; returns how many inquiries that makes."""
    wanted = sorted(set(pins))
    parts = [wanted[start : start + PINS_AN_INQUIRY] for start in range(0, len(wanted), PINS_AN_INQUIRY)]
    for part in parts:
        execute(
            "INSERT INTO registry_inquiry (transaction_id, pins, numbers, noted_at) VALUES (%s, %s, %s, %s)",
            [uuid.uuid4(), json.dumps(part), len(part), clock.now()],
        )
    note(numbers=len(wanted), inquiries=len(parts))
    return len(parts)


@operation(permission="registry.synchronise")
def take_answer(
    *, actor: Actor, reason: str, clock: Clock, transaction_id: uuid.UUID, records: Sequence[Record], feed_no: int
) -> int:
    """Take the answer to an inquiry into the mirror and return how many records that changed; an inquiry answered before changes nothing."""
    taken = execute(
        "UPDATE registry_inquiry SET pins = '[]', answered_at = %s, known = %s WHERE transaction_id = %s AND answered_at IS NULL",
        [clock.now(), len(records), transaction_id],
    )
    changed = heal(records, feed_no, clock.now(), cause="inquiry") if taken else 0
    if taken:
        execute("UPDATE registry_inquiry SET changed = %s WHERE transaction_id = %s", [changed, transaction_id])
    note(inquiry=str(transaction_id), known=len(records), changed=changed)
    return changed
