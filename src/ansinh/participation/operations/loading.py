"""Take the agency's files in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ansinh.audit.operation import note, operation
from ansinh.database.bulk import copy_arrow
from ansinh.database.sql import driver, execute, look_again_at, number, row
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
    counted: str
    id_column: str | None
    plain: Sequence[str]
    owned: bool = True
    employed: bool = False
    known: bool = False


_EMPLOYER = _File(
    "employer.parquet",
    "participation_employer",
    "employers",
    None,
    ["code", "name", "kind", "province", "commune", "region"],
    owned=False,
    employed=True,
)
_SPAN = _File(
    "span.parquet",
    "participation_span",
    "spans",
    "span_id",
    ["scheme", "unemployment", "from_month", "until_month", "wage"],
    employed=True,
    known=True,
)
_COVERAGE = _File(
    "coverage.parquet",
    "participation_coverage",
    "coverages",
    "coverage_id",
    ["object_code", "area", "facility", "card_province", "valid_from", "valid_until", "continuous_since"],
)


@operation(permission="participation.load")
def load_participation(
    *, actor: Actor, reason: str, source: str, folder: Path, persons_before: int, known_since: datetime | None = None
) -> Loaded:
    """Take in employers, contribution spans and health-insurance participation of the people numbered from `persons_before` + 1.

    `known_since` is the recorded time of the spans, now unless told: an invented nation is taken over on a day of its own. Files taken in before (same
    `source`) change nothing.
    """
    execute("SELECT pg_advisory_xact_lock(hashtext('participation.load'))")
    known = row("SELECT employers, spans, coverages FROM participation_load WHERE source = %s", [source])
    if known:
        note(already_loaded=1)
        return Loaded(*known)
    employers_before = number("SELECT coalesce(max(employer_id), 0) FROM participation_employer")
    files = (_EMPLOYER, _SPAN, _COVERAGE)
    counts = [_take_in(folder, file, (persons_before, employers_before), known_since) for file in files]
    look_again_at(*(file.table for file in files))
    loaded = Loaded(*counts)
    execute(
        "INSERT INTO participation_load (source, employers, spans, coverages) VALUES (%s, %s, %s, %s)",
        [source, *counts],
    )
    note(employers=loaded.employers, spans=loaded.spans, coverages=loaded.coverages)
    return loaded


def _take_in(folder: Path, file: _File, before: tuple[int, int], known_since: datetime | None) -> int:
    path = folder / file.name
    if not path.exists():
        return 0
    columns = [
        *(["person_id"] if file.owned else []),
        *([file.id_column] if file.id_column else []),
        *(["employer_id"] if file.employed else []),
        *file.plain,
    ]
    since = known_since if file.known else None
    rows_before = number(f"SELECT coalesce(sum({file.counted}), 0) FROM participation_load")
    batches = _batches(path, file, columns, (*before, rows_before))
    if since is None:
        return copy_arrow(driver(), file.table, columns, batches)
    dated = (
        batch.append_column("recorded_at", pa.repeat(pa.scalar(since, pa.timestamp("us", "UTC")), len(batch)))
        for batch in batches
    )
    return copy_arrow(driver(), file.table, [*columns, "recorded_at"], dated)


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
