"""A person's whole record as it goes into snapshots, events and answers: flat, with the version the last event left."""

from __future__ import annotations

from typing import Any

# In this order everywhere: in the snapshot's columns, in answers, and in the text that is hashed.
FIELDS = (
    "pin", "old_number", "full_name", "sex", "birth_date", "commune", "province", "household", "father_pin",
    "mother_pin", "spouse_pin", "registered_on", "died_on", "cancelled_on", "replaced_by", "replaces", "version",
)  # fmt: skip
COLUMNS = ", ".join(FIELDS)

RecordRow = tuple[Any, ...]


def as_record(row: RecordRow) -> dict[str, Any]:
    """Return a row of COLUMNS under its names."""
    return dict(zip(FIELDS, row, strict=True))
