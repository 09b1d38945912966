"""What may be done to participation here: take the agency's files in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import psycopg
from django.db import connection

from ansinh.audit.operation import note, operation
from ansinh.database.bulk import copy_arrow
from ansinh.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows came in."""

    employers: int
    spans: int
    coverages: int


@dataclass(frozen=True, slots=True)
class _File:
    """How a file's rows become a table's: columns taken as they are, owners found by adding to the number in the file."""

    name: str
    table: str
    id_column: str | None
    plain: Sequence[str]
    owned: bool = True
    employed: bool = False


_EMPLOYER = _File(
    "employer.parquet", "participation_employer", None, ["code", "name", "kind", "province", "commune", "region"], False, True
)
_SPAN = _File(
    "span.parquet",
    "participation_span",
    "span_id",
    ["scheme", "unemployment", "from_month", "until_month", "wage"],
    employed=True,
)
_COVERAGE = _File(
    "coverage.parquet",
    "participation_coverage",
    "coverage_id",
    ["object_code", "area", "facility", "card_province", "valid_from", "valid_until"],
)


@operation(permission="participation.load")
def load_participation(*, actor: Actor, reason: str, source: str, folder: Path, persons_before: int) -> Loaded:
    """Take in employers, contribution spans and health-insurance participation of the people numbered from `persons_before` + 1.

    Files taken in before (same `source`) change nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('participation.load'))")
        cursor.execute("SELECT employers, spans, coverages FROM participation_load WHERE source = %s", [source])
        known = cursor.fetchone()
        if known:
            note(already_loaded=1)
            return Loaded(*known)
        employers_before = _highest(cursor, "participation_employer", "employer_id")
        counts = [_take_in(cursor, folder, file, persons_before, employers_before) for file in (_EMPLOYER, _SPAN, _COVERAGE)]
        loaded = Loaded(*counts)
        cursor.execute("INSERT INTO participation_load (source, employers, spans, coverages) VALUES (%s, %s, %s, %s)", [source, *counts])
    note(employers=loaded.employers, spans=loaded.spans, coverages=loaded.coverages)
    return loaded


def _highest(cursor: psycopg.Cursor[tuple[int]], table: str, column: str) -> int:
    cursor.execute(f"SELECT coalesce(max({column}), 0) FROM {table}")
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _take_in(cursor: psycopg.Cursor[tuple[int]], folder: Path, file: _File, persons_before: int, employers_before: int) -> int:
    path = folder / file.name
    if not path.exists():
        return 0
    columns = [
        *(["person_id"] if file.owned else []),
        *([file.id_column] if file.id_column else []),
        *(["employer_id"] if file.employed else []),
        *file.plain,
    ]
    rows_before = 0
    if file.id_column:
        cursor.execute("SELECT coalesce(sum(spans), 0), coalesce(sum(coverages), 0) FROM participation_load")
        row = cursor.fetchone()
        assert row is not None
        rows_before = int(row[0] if file is _SPAN else row[1])  # type: ignore[misc]  # two columns asked for
    inner = connection.connection
    assert isinstance(inner, psycopg.Connection)
    return copy_arrow(inner, file.table, columns, _batches(path, file, columns, (persons_before, employers_before, rows_before)))


def _batches(path: Path, file: _File, columns: Sequence[str], before: tuple[int, int, int]) -> Iterator[pa.RecordBatch]:
    persons_before, employers_before, row_no = before
    wanted = [*(["record_no"] if file.owned else []), *(["employer_no"] if file.employed else []), *file.plain]
    batches: Iterable[pa.RecordBatch] = pq.ParquetFile(path).iter_batches(columns=wanted)
    for batch in batches:
        made = {name: batch.column(name) for name in file.plain}
        if file.owned:
            made["person_id"] = pc.add(batch.column("record_no"), persons_before)
        if file.employed:
            made["employer_id"] = pc.add(batch.column("employer_no"), employers_before)
        if file.id_column:
            made[file.id_column] = pa.array(range(row_no + 1, row_no + 1 + len(batch)), pa.int64())
            row_no += len(batch)
        yield pa.record_batch([made[name] for name in columns], names=list(columns))
