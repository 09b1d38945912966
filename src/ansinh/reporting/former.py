"""The former system's logs of submissions and of interlinked services, each taken in once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ansinh.audit.operation import note, operation
from ansinh.database.bulk import copy_arrow
from ansinh.database.sql import driver, execute, look_again_at, number, row
from ansinh.foundation.actor import Actor
from ansinh.healthbook.states import SubmissionKind

_TABLE = "reporting_formersubmission"
_KINDS = {
    "check_in": SubmissionKind.CHECK_IN,
    "encounter": SubmissionKind.ENCOUNTER_4750,
    "paper": SubmissionKind.PAPERS,
}
_SERVICE_COLUMNS = ["load_no", "row_no", "kind", "province", "received_at", "settled_at", "due_on", "days"]
_COLUMNS = ["facility", "load_no", "row_no", "sent_at", "kind", "accepted", "delay_hours"]


@operation(permission="reporting.load_former")
def load_former_submissions(*, actor: Actor, reason: str, source: str, file: Path) -> int:
    """Take in what facilities submitted to the former system, as its log tells; returns how many rows there are. A file taken in before changes nothing."""
    return _taken(source, _TABLE, _COLUMNS, lambda load_no: _batches(file, load_no))


@operation(permission="reporting.load_former")
def load_former_services(*, actor: Actor, reason: str, source: str, file: Path) -> int:
    """Take in which files of interlinked services the former system settled, as its log tells; returns how many rows there are.

    A file taken in before changes nothing.
    """
    return _taken(source, "reporting_formerservice", _SERVICE_COLUMNS, lambda load_no: _services(file, load_no))


def _taken(source: str, table: str, columns: list[str], batches: Callable[[int], Iterator[pa.RecordBatch]]) -> int:
    execute("SELECT pg_advisory_xact_lock(hashtext('reporting.load_former'))")
    known = row("SELECT row_count FROM reporting_formerload WHERE source = %s", [source])
    if known:
        note(already_loaded=1)
        return int(known[0])
    load_no = number("SELECT coalesce(max(load_no), 0) + 1 FROM reporting_formerload")
    taken = copy_arrow(driver(), table, columns, batches(load_no))
    execute(
        "INSERT INTO reporting_formerload (load_no, source, row_count) VALUES (%s, %s, %s)", [load_no, source, taken]
    )
    look_again_at(table)
    note(rows=taken)
    return taken


def _services(file: Path, load_no: int) -> Iterator[pa.RecordBatch]:
    row_no = 0
    for batch in pq.ParquetFile(file).iter_batches():
        numbered = [
            pa.repeat(pa.scalar(load_no, pa.int32()), len(batch)),
            pa.array(range(row_no + 1, row_no + 1 + len(batch)), pa.int64()),
        ]
        row_no += len(batch)
        yield pa.RecordBatch.from_arrays(
            [*numbered, *(batch.column(name) for name in _SERVICE_COLUMNS[2:])], _SERVICE_COLUMNS
        )


def _batches(file: Path, load_no: int) -> Iterator[pa.RecordBatch]:
    names = pa.array(list(_KINDS))
    numbers = pa.array([int(kind) for kind in _KINDS.values()], pa.int16())
    row_no = 0
    for batch in pq.ParquetFile(file).iter_batches():
        columns = [
            batch.column("facility"),
            pa.repeat(pa.scalar(load_no, pa.int32()), len(batch)),
            pa.array(range(row_no + 1, row_no + 1 + len(batch)), pa.int64()),
            batch.column("sent_at"),
            pc.take(numbers, pc.index_in(batch.column("kind"), names)),
            batch.column("accepted"),
            batch.column("delay_hours"),
        ]
        row_no += len(batch)
        yield pa.RecordBatch.from_arrays(columns, _COLUMNS)
