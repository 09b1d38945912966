"""What may be done to reference data: load it again from its sources, and take in the list of facilities."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq

from ansinh.audit.operation import note, operation
from ansinh.database.bulk import copy_arrow
from ansinh.database.sql import execute, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, RealClock, legal_day
from ansinh.foundation.errors import InvalidInput
from ansinh.places.loading import Changes, Target, fill_with, replace_rows
from ansinh.places.reference_sets import reference_sets

FACILITIES = "facilities"
_REAL_CLOCK = RealClock()
_FACILITY_COLUMNS = ("code", "name", "level", "province", "commune")
_FACILITIES = Target("places_facility", _FACILITY_COLUMNS, ("code",), closing="valid_until", opening="valid_from")


@dataclass(frozen=True)
class LoadedSet:
    """What loading one set did; `unchanged` when the set was there already, byte for byte."""

    name: str
    version: str
    unchanged: bool
    changes: Changes


@operation(permission="places.load")
def load_reference(*, actor: Actor, reason: str, clock: Clock) -> tuple[LoadedSet, ...]:
    """Bring units, banks, codes, diagnoses and the calendar to the packaged versions; sets that have not changed are left alone.

    Rows that a source no longer lists are closed on today's legal day. Refuses nothing; loading twice changes nothing.
    """
    _one_loader_at_a_time()
    today = legal_day(clock.now())
    loaded = []
    for one in reference_sets():
        sha256 = one.sha256()
        rows = _known(one.name, sha256)
        if rows is not None:
            loaded.append(LoadedSet(one.name, one.version, True, Changes(rows, 0, 0, 0)))
            continue
        changes = replace_rows(one.target, fill_with(one.rows()), on=today)
        _remember(one.name, one.version, one.origin, sha256, changes.rows, clock)
        loaded.append(LoadedSet(one.name, one.version, False, changes))
    note(sets=len(loaded), unchanged=sum(one.unchanged for one in loaded))
    return tuple(loaded)


@operation(permission="places.load")
def load_facilities(*, actor: Actor, reason: str, file: Path, clock: Clock = _REAL_CLOCK) -> int:
    """Bring the facilities to the list in a Parquet file (`agency/facility` of contracts/nation) and return how many it lists.

    Facilities that the list drops end on today's legal day; ones it adds begin then, but for those of the very first list, whose beginning is not
    known. The same file (by digest) changes nothing. Refuses a file that cannot be read (`invalid_input`).
    """
    _one_loader_at_a_time()
    with _opened(file) as parquet:
        sha256 = _digest(file)
        known = _known(FACILITIES, sha256)
        if known is not None:
            note(rows=known, unchanged=1)
            return known

        def fill(inner: psycopg.Connection[tuple[object, ...]], table: str, columns: Sequence[str]) -> int:
            return copy_arrow(inner, table, columns, parquet.iter_batches(columns=list(columns)))

        changes = replace_rows(_FACILITIES, fill, on=legal_day(clock.now()))
    _remember(
        FACILITIES, "list handed in", f"the agency's list of facilities, {file.name}", sha256, changes.rows, clock
    )
    note(rows=changes.rows, added=changes.added, changed=changes.changed, closed=changes.closed)
    return changes.rows


def _opened(file: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(file)
    except (OSError, pa.ArrowInvalid) as error:
        raise InvalidInput(
            "Không đọc được tệp danh sách cơ sở khám chữa bệnh; cần tệp Parquet theo contracts/nation.",
            "The list of facilities cannot be read; a Parquet file as in contracts/nation is needed.",
            field="file",
        ) from error


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _one_loader_at_a_time() -> None:
    row("SELECT pg_advisory_xact_lock(hashtext('places.load'))")


def _known(name: str, sha256: str) -> int | None:
    """Return the rows of a set that is loaded already with these very bytes."""
    found = row("SELECT row_count FROM places_source WHERE name = %s AND sha256 = %s", [name, sha256])
    return None if found is None else int(found[0])


def _remember(name: str, version: str, origin: str, sha256: str, count: int, clock: Clock) -> None:
    execute(
        "INSERT INTO places_source (name, version, origin, sha256, row_count, loaded_at) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (name) DO UPDATE SET (version, origin, sha256, row_count, loaded_at)"
        " = (excluded.version, excluded.origin, excluded.sha256, excluded.row_count, excluded.loaded_at)",
        [name, version, origin, sha256, count, clock.now()],
    )
