"""Taking in the whole register, chunk by chunk; each chunk and its line in the ledger are one commit."""

from __future__ import annotations

import pyarrow as pa

from ansinh.audit.operation import note, operation
from ansinh.database.bulk import copy_arrow
from ansinh.database.sql import driver, execute, look_again_at, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.registry.exchange import ChunkReady, SnapshotStatus
from ansinh.registry.merging import merge_incoming, prepare_incoming

PARTNER = "population-register"
# What a chunk brings; the rest is ours to say.
_TOLD = (
    "pin", "old_number", "full_name", "sex", "birth_year", "birth_month", "birth_day", "commune", "province", "household",
    "father_pin", "mother_pin", "spouse_pin", "registered_on", "died_on", "cancelled_on", "replaced_by", "replaces", "version",
)  # fmt: skip


@operation(permission="registry.synchronise")
def begin_snapshot(*, actor: Actor, reason: str, clock: Clock, status: SnapshotStatus) -> None:
    """Note a snapshot that was asked for, so that whoever comes after a crash goes on with it; the first one says where our feed begins."""
    now = clock.now()
    execute(
        "INSERT INTO registry_snapshot (token, feed_no, people, chunks, asked_at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [status.token, status.feed_no, status.people, status.chunks, now],
    )
    execute(
        "INSERT INTO registry_feed (partner, begins_after, cursor, whole_until, head, read_at) VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [PARTNER, *[status.feed_no] * 4, now],
    )
    note(chunks=status.chunks, feed_no=status.feed_no)


@operation(permission="registry.synchronise")
def take_chunk(
    *, actor: Actor, reason: str, clock: Clock, token: str, chunk: ChunkReady, people: pa.RecordBatch
) -> int:
    """Take a chunk into the mirror and return how many records are new or changed; a chunk taken before changes nothing.

    A record already known at this version or a later one stays; one known differently at an earlier version is kept as former.
    """
    execute("SELECT pg_advisory_xact_lock(hashtext('registry.mirror'))")
    if row("SELECT 1 FROM registry_snapshot_chunk WHERE (token, number) = (%s, %s)", [token, chunk.number]):
        note(already_taken=1)
        return 0
    known = row(
        "SELECT 1 FROM registry_person WHERE pin > %s AND pin <= %s LIMIT 1", [chunk.after_pin, chunk.until_pin]
    )
    batch = _with_ours(people, clock, chunk.feed_no)
    if known is None:
        changed = copy_arrow(driver(), "registry_person", batch.schema.names, [batch])
    else:
        prepare_incoming()
        copy_arrow(driver(), "incoming", batch.schema.names, [batch])
        changed = merge_incoming(clock.now(), cause="snapshot")
    execute(
        "INSERT INTO registry_snapshot_chunk (token, number, sha256, persons, feed_no, changed, taken_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [token, chunk.number, chunk.sha256, chunk.persons, chunk.feed_no, changed, clock.now()],
    )
    look_again_at("registry_person", "registry_former_record")
    note(chunk=chunk.number, persons=chunk.persons, changed=changed)
    return changed


@operation(permission="registry.synchronise")
def finish_snapshot(*, actor: Actor, reason: str, clock: Clock, token: str) -> None:
    """Note that every chunk of a snapshot is in; anything missing leaves it open."""
    ended = execute(
        "UPDATE registry_snapshot s SET finished_at = %s WHERE token = %s AND finished_at IS NULL"
        " AND chunks = (SELECT count(*) FROM registry_snapshot_chunk c WHERE c.token = s.token)",
        [clock.now(), token],
    )
    note(finished=ended)


def _with_ours(people: pa.RecordBatch, clock: Clock, feed_no: int) -> pa.RecordBatch:
    """Add what the mirror says of its own: since when the record is true, when it was learned, and as of which event."""
    length, now = people.num_rows, clock.now()
    columns = {name: people.column(name) for name in _TOLD}
    columns["valid_from"] = pa.repeat(pa.scalar(legal_day(now)), length)
    columns["recorded_at"] = pa.repeat(pa.scalar(now.isoformat()), length)
    columns["feed_no"] = pa.repeat(pa.scalar(feed_no), length)
    return pa.RecordBatch.from_arrays(list(columns.values()), list(columns))
