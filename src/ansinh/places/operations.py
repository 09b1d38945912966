"""What may be done to reference data: load it again from its sources, and take in the list of facilities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import psycopg
import pyarrow as pa

from ansinh.audit.operation import note, operation
from ansinh.database.bulk import copy_arrow
from ansinh.database.sql import execute, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.places.loading import Changes, Target, fill_with, replace_rows
from ansinh.places.reference_sets import reference_sets

FACILITIES = "facilities"
_FACILITY_COLUMNS = ("code", "name", "level", "province", "commune")
_FACILITIES = Target("places_facility", _FACILITY_COLUMNS, ("code",), closing="valid_until", opening="valid_from")


@dataclass(frozen=True)
class FileSource:
    """Where a list of facilities comes from: its version in words, its origin, and the digest of its bytes."""

    version: str
    origin: str
    sha256: str


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
        _remember(one.name, FileSource(one.version, one.origin, sha256), changes.rows, clock)
        loaded.append(LoadedSet(one.name, one.version, False, changes))
    note(sets=len(loaded), unchanged=sum(one.unchanged for one in loaded))
    return tuple(loaded)


@operation(permission="places.load")
def load_facilities(
    *, actor: Actor, reason: str, clock: Clock, source: FileSource, batches: Iterable[pa.RecordBatch]
) -> LoadedSet:
    """Bring the facilities to the list in `batches` (columns code, name, level, province, commune).

    Facilities that the list drops end on today's legal day; ones it adds begin then, but for those of the very first list, whose beginning is not
    known. The same list (by digest) changes nothing.
    """
    _one_loader_at_a_time()
    rows = _known(FACILITIES, source.sha256)
    if rows is not None:
        note(unchanged=1)
        return LoadedSet(FACILITIES, source.version, True, Changes(rows, 0, 0, 0))
    today = legal_day(clock.now())

    def fill(inner: psycopg.Connection[tuple[object, ...]], table: str, columns: Sequence[str]) -> int:
        return copy_arrow(inner, table, columns, batches)

    changes = replace_rows(_FACILITIES, fill, on=today)
    _remember(FACILITIES, source, changes.rows, clock)
    note(rows=changes.rows, added=changes.added, changed=changes.changed, closed=changes.closed)
    return LoadedSet(FACILITIES, source.version, False, changes)


def _one_loader_at_a_time() -> None:
    row("SELECT pg_advisory_xact_lock(hashtext('places.load'))")


def _known(name: str, sha256: str) -> int | None:
    """Return the rows of a set that is loaded already with these very bytes."""
    found = row("SELECT row_count FROM places_source WHERE name = %s AND sha256 = %s", [name, sha256])
    return None if found is None else int(found[0])


def _remember(name: str, source: FileSource, count: int, clock: Clock) -> None:
    execute(
        "INSERT INTO places_source (name, version, origin, sha256, row_count, loaded_at) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (name) DO UPDATE SET (version, origin, sha256, row_count, loaded_at)"
        " = (excluded.version, excluded.origin, excluded.sha256, excluded.row_count, excluded.loaded_at)",
        [name, source.version, source.origin, source.sha256, count, clock.now()],
    )
