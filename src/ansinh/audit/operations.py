"""What may be done to the audit itself: make months, sign heads, show who looked at a person, take in what the former system logged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ansinh.audit.accesses import Access, Wanted, accesses
from ansinh.audit.heads import sign, signing_key
from ansinh.audit.kept_heads import DATABASE_MARK, KeptHead, keep_heads
from ansinh.audit.operation import note, note_read, operation
from ansinh.audit.queries import GROWN_CHAINS, Look, looks_at
from ansinh.database.bulk import copy_arrow
from ansinh.database.sql import driver, execute, look_again_at, number, row, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, RealClock, legal_day
from ansinh.foundation.identifiers import KeyKind
from ansinh.foundation.purpose import Purpose

# A server that nobody restarts for two years has other troubles.
DAYS_AHEAD = 731


@operation(permission="audit.ensure_months")
def ensure_months(*, actor: Actor, reason: str, clock: Clock) -> int:
    """Make the audit's months from this one up to two years ahead, by the agency's clock and by the machine's; returns how many were missing."""
    days = legal_day(clock.now()), legal_day(RealClock().now())
    first, last = min(days) - timedelta(days=31), max(days) + timedelta(days=DAYS_AHEAD)
    made = number("SELECT audit_ensure_months(%s, %s)", [first, last])
    note(partitions_made=made)
    return made


@operation(permission="audit.sign_heads")
def sign_heads(*, actor: Actor, reason: str, clock: Clock, secrets: Path) -> int:
    """Sign the head of every chain that has grown since it was signed last; returns how many.

    The key lies in the folder of secrets; the newest head of each chain is kept there too, out of the database's reach.
    """
    now, key = clock.now(), signing_key(secrets)
    grown = rows(GROWN_CHAINS)
    signed = [
        (chain_id, links, bytes(head), sign(key, chain_id, links, bytes(head), now)) for chain_id, links, head in grown
    ]
    if signed:
        columns = [list(column) for column in zip(*signed, strict=True)]
        execute(
            "INSERT INTO audit_head (signed_at, chain_id, links, head, signature) "
            "SELECT %s, * FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[], %s::text[])",
            [now, *columns],
        )
        mark = str((row(DATABASE_MARK) or ("",))[0])
        keep_heads(
            secrets,
            mark,
            [
                KeptHead(chain, links, head.hex(), now.isoformat(), signature)
                for chain, links, head, signature in signed
            ],
        )
    note(heads_signed=len(signed))
    return len(signed)


@operation(permission="audit.show_looks", reads="who looked")
def show_looks(*, actor: Actor, reason: str, person_id: int, limit: int = 100) -> list[Look]:
    """Return the newest looks at a person, newest first: of facilities, apps and officers. Who reads that reads about the person, so it is the next look."""
    note_read(person_id, Purpose.ADMINISTRATION)
    found = looks_at(person_id, limit)
    note(looks=len(found))
    return found


@operation(permission="audit.read")
def show_accesses(
    *, actor: Actor, reason: str, wanted: Wanted, before: tuple[datetime, int] | None = None, limit: int = 50
) -> list[Access]:
    """Return what officers read on a day, newest first. Whoever goes through it leaves a line of which day, officer and purpose they wanted."""
    found = accesses(wanted, before=before, limit=limit)
    note(day=wanted.day.isoformat(), of_officer=wanted.officer, of_room=wanted.room, lines=len(found))
    return found


_FORMER = ("asked_at", "row_no", "person_id", "key_kind", "facility", "officer", "call")
# What a call is in the audit: a card looked up by a facility, a contribution book read by the citizen whose it is.
STANDING_CALL, BOOK_CALL = 1, 7
# Rows kept in memory to be put in order, some 30 MiB.
FORMER_ROWS_SORTED = 500_000
_KINDS = {"pin": KeyKind.PIN, "si_code": KeyKind.SI_CODE, "card": KeyKind.CARD}


@operation(permission="audit.load_former")
def load_former_access(
    *, actor: Actor, reason: str, source: str, file: Path, persons_before: int, call: int = STANDING_CALL
) -> int:
    """Take in the look-ups the former system logged about the people numbered from `persons_before` + 1; returns how many there are.

    Of books read (`call` BOOK_CALL) a file says neither facility nor officer nor kind of key: citizens read their own, by personal number.

    A file taken in before (same `source`) changes nothing.
    """
    execute("SELECT pg_advisory_xact_lock(hashtext('audit.load_former'))")
    known = row("SELECT row_count FROM audit_former_load WHERE source = %s", [source])
    if known:
        note(already_loaded=1)
        return int(known[0])
    before = number("SELECT coalesce(sum(row_count), 0) FROM audit_former_load")
    batches = _by_person(_former_batches(file, persons_before, before, call))
    taken = copy_arrow(driver(), "audit_former_access", _FORMER, batches)
    execute("INSERT INTO audit_former_load (source, row_count) VALUES (%s, %s)", [source, taken])
    look_again_at("audit_former_access")
    note(rows=taken)
    return taken


def _by_person(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Put rows, so many at a time, in the order of the index that finds them: in the order of time each would go to another page of it."""
    kept: list[pa.RecordBatch] = []
    for batch in batches:
        kept.append(batch)
        if sum(map(len, kept)) >= FORMER_ROWS_SORTED:
            yield from _sorted(kept)
            kept = []
    if kept:
        yield from _sorted(kept)


def _sorted(batches: list[pa.RecordBatch]) -> list[pa.RecordBatch]:
    order = [("person_id", "ascending"), ("asked_at", "ascending")]
    found: list[pa.RecordBatch] = pa.Table.from_batches(batches).sort_by(order).combine_chunks().to_batches()
    return found


def _former_batches(file: Path, persons_before: int, row_no: int, call: int) -> Iterator[pa.RecordBatch]:
    # Made here, because the first array of a process loads pandas, where that is installed.
    names, kinds = pa.array(list(_KINDS)), pa.array(list(_KINDS.values()), pa.int16())
    said = ["facility", "officer", "key_kind"] if call == STANDING_CALL else []
    for batch in pq.ParquetFile(file).iter_batches(columns=["asked_at", "record_no", *said]):
        person = pc.fill_null(pc.add(batch.column("record_no"), persons_before), 0)
        nobody = pa.repeat("", len(batch))
        facility, officer = (batch.column(name) for name in said[:2]) if said else (nobody, nobody)
        kind = (
            pc.take(kinds, pc.index_in(batch.column("key_kind"), names))
            if said
            else pa.repeat(pa.scalar(int(KeyKind.PIN), pa.int16()), len(batch))
        )
        number_of_row = pa.array(range(row_no + 1, row_no + 1 + len(batch)), pa.int64())
        columns = [
            batch.column("asked_at"),
            number_of_row,
            person,
            kind,
            facility,
            officer,
            pa.repeat(pa.scalar(call, pa.int16()), len(batch)),
        ]
        yield pa.record_batch(columns, names=list(_FORMER))
        row_no += len(batch)
