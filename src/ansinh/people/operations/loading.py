"""Take the agency's files in, and let numbers given in bulk name their persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ansinh.audit.operation import note, operation
from ansinh.database.bulk import copy_arrow
from ansinh.database.sql import driver, execute, look_again_at, number, row
from ansinh.foundation.actor import Actor
from ansinh.people.deciding import OnlyPin
from ansinh.people.states import PIN_IS_THE_NUMBER_FROM

_PERSON_COLUMNS = [
    ("full_name", "full_name"),
    ("sex", "sex"),
    ("birth_year", "birth_year"),
    ("birth_month", "birth_month"),
    ("birth_day", "birth_day"),
    ("stated_number", "id_number"),
    ("commune", "commune"),
    ("province", "province"),
    ("household", "household"),
    ("excluded", "excluded"),
    ("recorded_on", "recorded_on"),
]


@operation(permission="people.load")
def load_insured(*, actor: Actor, reason: str, source: str, file: Path) -> int:
    """Take in the agency's insured records, one person each, and return the number of the person before the first.

    A file taken in before (same `source`, a digest of it) changes nothing. Person n of the file becomes that number plus n, so that the other files of
    the same source find their owners without a search. Refuses a file with an SI code given from `states.PIN_IS_THE_NUMBER_FROM` on (`only_pin`).
    """
    execute("SELECT pg_advisory_xact_lock(hashtext('people.load'))")
    known = row("SELECT first_person_id - 1 FROM people_load WHERE source = %s", [source])
    if known:
        note(persons=0, already_loaded=1)
        return int(known[0])
    before = number("SELECT coalesce(max(first_person_id + persons), 1) - 1 FROM people_load")
    parquet = pq.ParquetFile(file)
    persons = copy_arrow(
        driver(),
        "people_person",
        ["person_id", *(ours for ours, _ in _PERSON_COLUMNS)],
        _person_batches(parquet, before),
    )
    copy_arrow(
        driver(), "people_identifier", ["value", "scheme", "person_id", "valid_from"], _si_code_batches(parquet, before)
    )
    execute(
        "INSERT INTO people_load (source, first_person_id, persons) VALUES (%s, %s, %s)", [source, before + 1, persons]
    )
    look_again_at("people_person", "people_identifier")
    note(persons=persons)
    return before


def _person_batches(parquet: pq.ParquetFile, before: int) -> Iterable[pa.RecordBatch]:
    columns = ["record_no", *(theirs for _, theirs in _PERSON_COLUMNS)]
    for batch in parquet.iter_batches(columns=columns):
        ids = pc.add(batch.column("record_no"), before)
        yield pa.record_batch(
            [ids, *(batch.column(theirs) for _, theirs in _PERSON_COLUMNS)],
            names=["person_id", *(ours for ours, _ in _PERSON_COLUMNS)],
        )


def _si_code_batches(parquet: pq.ParquetFile, before: int) -> Iterable[pa.RecordBatch]:
    for batch in parquet.iter_batches(columns=["record_no", "si_code", "recorded_on"]):
        ids = pc.add(batch.column("record_no"), before)
        codes, days = batch.column("si_code"), batch.column("recorded_on")
        if pc.any(pc.and_(pc.is_valid(codes), pc.greater_equal(days, pa.scalar(PIN_IS_THE_NUMBER_FROM)))).as_py():
            raise OnlyPin()
        scheme = pa.array(["si_code"] * len(batch))
        coded = pa.record_batch([codes, scheme, ids, days], names=["value", "scheme", "person_id", "valid_from"])
        yield coded.filter(pc.is_valid(codes))


@operation(permission="people.give_numbers")
def give_numbers(
    *, actor: Actor, reason: str, scheme: str, numbered: str, named: Mapping[str, object] | None = None
) -> int:
    """Let numbers of a scheme name persons: rows (person_id, value, valid_from) of the query `numbered`, with its values; returns how many are new.

    The database refuses a number that names somebody else already.
    """
    if scheme not in {"card", "old_number"}:
        raise ValueError(f"numbers of the scheme {scheme} are not given in bulk")
    given = execute(
        "INSERT INTO people_identifier (value, scheme, person_id, valid_from)"
        f" SELECT n.value, %(scheme)s, n.person_id, n.valid_from FROM ({numbered}) n ORDER BY n.value",
        {**(named or {}), "scheme": scheme},
    )
    if given > 1:
        look_again_at("people_identifier")
    note(given=given, scheme=scheme)
    return given
