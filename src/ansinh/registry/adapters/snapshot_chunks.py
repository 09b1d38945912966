"""Reading a snapshot's chunk: an Arrow stream whose every value is checked before anything is stored. No Django here."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from ansinh.registry.adapters.signed_calls import refused
from ansinh.registry.exchange import ChunkReady
from ansinh.registry.record import FIELDS, NAME_PATTERN

_PIN, _DAY = "^[0-9]{12}$", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
# RE2, which Arrow uses, writes code points differently from Python.
_NAME = r"^\pL[^\x00-\x1f\x7f-\x{9f}<>{}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}]{0,199}$"
assert NAME_PATTERN.endswith("{0,199}$")
# Column → (the form of its values, may it be empty).
_FORMS = {
    "pin": (_PIN, False), "old_number": ("^[0-9]{9}$", True), "full_name": (_NAME, False), "sex": ("^[MF]$", False),
    "birth_date": ("^[12][0-9]{3}(-[0-9]{2}(-[0-9]{2})?)?$", False), "commune": ("^[0-9]{5}$", False),
    "province": ("^[0-9]{2}$", False), "father_pin": (_PIN, True), "mother_pin": (_PIN, True),
    "spouse_pin": (_PIN, True), "registered_on": (_DAY, False), "died_on": (_DAY, True), "cancelled_on": (_DAY, True),
    "replaced_by": (_PIN, True), "replaces": (_PIN, True),
}  # fmt: skip
_WHOLE = {"household": pa.int64(), "version": pa.int32()}
SCHEMA = pa.schema([(name, _WHOLE.get(name, pa.string())) for name in FIELDS])
_DAYS = ("registered_on", "died_on", "cancelled_on")


def read_chunk(body: bytes, expected: ChunkReady) -> pa.RecordBatch:
    """Return a chunk's people as columns of the mirror; raises PartnerTrouble (permanent) when anything is not as agreed."""
    try:
        table = pa.ipc.open_stream(body).read_all().combine_chunks()
        table.validate(full=True)
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError) as error:
        raise refused(f"gave a chunk {expected.number} that cannot be read") from error
    if not table.schema.equals(SCHEMA) or table.num_rows != expected.persons:
        raise refused(f"gave a chunk {expected.number} of other columns or length than agreed")
    columns = {name: _only(table.column(name)) for name in FIELDS}
    for name, column in columns.items():
        if not _well_formed(name, column):
            raise refused(f"gave a chunk {expected.number} with {name} that is none")
    pins = columns["pin"]
    if table.num_rows:
        ascending = pc.all(pc.less(pins.slice(0, len(pins) - 1), pins.slice(1))).as_py() in {True, None}
        if not ascending or pins[0].as_py() <= expected.after_pin or pins[-1].as_py() > expected.until_pin:
            raise refused(f"gave a chunk {expected.number} of other people than it said")
    try:
        for name in _DAYS:
            columns[name] = pc.cast(columns[name], pa.date32())
        columns |= _birth_columns(columns.pop("birth_date"))
    except pa.ArrowInvalid as error:
        raise refused(f"gave a chunk {expected.number} with a day that never was") from error
    return pa.RecordBatch.from_arrays(list(columns.values()), list(columns))


def _only(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)


def _well_formed(name: str, column: pa.Array) -> bool:
    form, may_be_empty = _FORMS.get(name, (None, False))
    if column.null_count and not may_be_empty:
        return False
    if form is not None:
        return pc.all(pc.match_substring_regex(column, form)).as_py() is not False
    least = 1 if name == "version" else 0
    return pc.all(pc.greater_equal(column, least)).as_py() is not False


def _birth_columns(text: pa.Array) -> dict[str, pa.Array]:
    """Take birth dates apart; raises ArrowInvalid for a day that never was."""
    length = pc.binary_length(text)
    pc.cast(_completed(text, length), pa.date32())
    year = pc.cast(pc.utf8_slice_codeunits(text, 0, 4), pa.int16())
    month = pc.if_else(pc.greater(length, 4), pc.utf8_slice_codeunits(text, 5, 7), None)
    day = pc.if_else(pc.greater(length, 7), pc.utf8_slice_codeunits(text, 8, 10), None)
    return {"birth_year": year, "birth_month": pc.cast(month, pa.int16()), "birth_day": pc.cast(day, pa.int16())}


def _completed(text: pa.Array, length: pa.Array) -> pa.Array:
    """Write every date in full, with 01 where month or day is not known."""
    rest = pc.if_else(pc.equal(length, 4), "-01-01", pc.if_else(pc.equal(length, 7), "-01", ""))
    return pc.binary_join_element_wise(text, rest, "")
