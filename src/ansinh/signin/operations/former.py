"""The former system's log of sign-ins, taken in once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ansinh.audit.operation import note, operation
from ansinh.database.bulk import copy_arrow
from ansinh.database.sql import driver, execute, look_again_at, row
from ansinh.foundation.actor import Actor
from ansinh.signin.states import Channel, EntryKind

_COLUMNS = ("person_id", "entered_at", "entry_id", "kind", "channel", "level", "device")


@operation(permission="signin.load_former")
def load_former_entries(*, actor: Actor, reason: str, source: str, file: Path, persons_before: int) -> int:
    """Take in the sign-ins the former system logged of the people numbered from `persons_before` + 1; returns how many there are.

    It knew one level and no devices. A log taken in before (same `source`) changes nothing.
    """
    execute("SELECT pg_advisory_xact_lock(hashtext('signin.load_former'))")
    known = row("SELECT row_count FROM signin_formerentrylog WHERE source = %s", [source])
    if known:
        note(already_loaded=1)
        return int(known[0])
    taken = copy_arrow(driver(), "signin_citizenentry", _COLUMNS, _batches(file, persons_before))
    execute("INSERT INTO signin_formerentrylog (source, row_count) VALUES (%s, %s)", [source, taken])
    look_again_at("signin_citizenentry")
    note(rows=taken)
    return taken


def _batches(file: Path, persons_before: int) -> Iterator[pa.RecordBatch]:
    row_no = 0
    for batch in pq.ParquetFile(file).iter_batches():
        many = len(batch)
        columns = [
            pc.add(batch.column("record_no"), persons_before),
            batch.column("entered_at"),
            pa.array(str(uuid.UUID(int=row_no + number)) for number in range(1, many + 1)),
            pa.repeat(EntryKind.SIGN_IN.value, many),
            pc.if_else(batch.column("app"), Channel.APP.value, Channel.PORTAL.value),
            pa.repeat(pa.scalar(1, pa.int16()), many),
            pa.repeat("", many),
        ]
        yield pa.record_batch(columns, names=list(_COLUMNS))
        row_no += many
