"""The mirror's rows as records and back; called inside operations, under the mirror's lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from ansinh.database.sql import rows
from ansinh.registry.record import FIELDS, Record, birth_parts

# The mirror's columns that hold a record, in the order of FIELDS with the birth date in its parts.
COLUMNS = tuple(
    column
    for name in FIELDS
    for column in (("birth_year", "birth_month", "birth_day") if name == "birth_date" else (name,))
)
SELECTED = ", ".join(COLUMNS)


def columns_of(record: Record) -> dict[str, Any]:
    """Return a record as the mirror's columns."""
    values = {name: getattr(record, name) for name in FIELDS if name != "birth_date"}
    birth = birth_parts(record.birth_date)
    return values | {"birth_year": birth.year, "birth_month": birth.month, "birth_day": birth.day}


def record_from(columns: Mapping[str, Any]) -> Record:
    """Return the record in the mirror's columns, or in those of a former record as JSON wrote them."""
    parts = (columns["birth_year"], columns["birth_month"], columns["birth_day"])
    birth = "-".join(f"{part:0{4 if place == 0 else 2}d}" for place, part in enumerate(parts) if part is not None)
    values = {name: columns.get(name) for name in FIELDS if name != "birth_date"}
    return msgspec.convert(values | {"birth_date": birth}, Record)


def known_records(pins: Iterable[str]) -> dict[str, tuple[Record, int]]:
    """Return the records the mirror holds of these numbers, each with the feed number of what it last heard."""
    found = rows(f"SELECT {SELECTED}, feed_no FROM registry_person WHERE pin = ANY(%s)", [list(pins)])
    return {values[0]: (record_from(dict(zip(COLUMNS, values[:-1], strict=True))), int(values[-1])) for values in found}
