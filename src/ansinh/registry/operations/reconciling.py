"""Putting records right where the two sides differ, and keeping what was compared."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.registry.merging import heal
from ansinh.registry.record import Record


@dataclass(frozen=True)
class Compared:
    """What a comparison found: people and buckets looked at, the buckets that differ (province and last digits), records healed, and left.

    The digests are of everybody on either side, as found before anything was healed.
    """

    feed_no: int
    persons: int
    buckets: int
    differing: tuple[str, ...]
    healed: int
    left: int
    our_digest: int
    their_digest: int


@operation(permission="registry.reconcile")
def heal_records(*, actor: Actor, reason: str, clock: Clock, records: Sequence[Record], feed_no: int) -> int:
    """Put whole records from the register, read when its feed stood at `feed_no`, in the place of what differs; returns how many changed.

    The former record is kept, the names of the fields that differed are noted, higher rooms are told, and events the record shows are settled.
    """
    healed = heal(records, feed_no, clock.now(), cause="reconciliation")
    note(asked=len(records), healed=healed)
    return healed


@operation(permission="registry.reconcile")
def record_comparison(*, actor: Actor, reason: str, clock: Clock, compared: Compared) -> None:
    """Keep what a comparison of both sides found."""
    execute(
        'INSERT INTO registry_reconciliation (reconciliation_id, compared_at, feed_no, persons, buckets, differing, healed, "left",'
        " our_digest, their_digest) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            uuid.uuid4(),
            clock.now(),
            compared.feed_no,
            compared.persons,
            compared.buckets,
            json.dumps(compared.differing),
            compared.healed,
            compared.left,
            compared.our_digest,
            compared.their_digest,
        ],
    )
    note(buckets=compared.buckets, differing=len(compared.differing), healed=compared.healed, left=compared.left)
