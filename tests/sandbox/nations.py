"""A small register of people who never lived, as `contracts/nation` writes it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

SCHEMA = pa.schema(
    [
        ("pin", pa.string()),
        ("old_number", pa.string()),
        ("full_name", pa.string()),
        ("sex", pa.string()),
        ("birth_year", pa.int16()),
        ("birth_month", pa.int16()),
        ("birth_day", pa.int16()),
        ("born_in_province", pa.string()),
        ("commune", pa.string()),
        ("province", pa.string()),
        ("household", pa.int64()),
        ("father_pin", pa.string()),
        ("mother_pin", pa.string()),
        ("spouse_pin", pa.string()),
        ("ethnicity", pa.string()),
        ("registered_on", pa.date32()),
        ("died_on", pa.date32()),
    ]
)


def pin_of(number: int) -> str:
    """Return the PIN of the person with this number here: scattered, so that neighbours are strangers."""
    return f"{number * 7919 % 1_000_000_000_000:012d}"


def old_number_of(number: int) -> str | None:
    """Return the old number; every third person has none, and those ending in 00 share it with the person before."""
    if number % 3 == 0:
        return None
    return f"{100_000_000 + (number - 1 if number % 100 == 0 else number):09d}"


def write_register(nation: Path, people: int, *, row_group: int = 65_536) -> Path:
    """Write `people` persons to `nation`/register/person.parquet; return the nation's folder."""
    folder = nation / "register"
    folder.mkdir(parents=True)
    with pq.ParquetWriter(folder / "person.parquet", SCHEMA) as writer:
        for start in range(1, people + 1, row_group):
            numbers = range(start, min(start + row_group, people + 1))
            writer.write_table(_table(numbers))
    return nation


def _table(numbers: range) -> pa.Table:
    columns = [
        [pin_of(n) for n in numbers],
        [old_number_of(n) for n in numbers],
        [f"Nguyễn Thị Số {n}" for n in numbers],
        ["F" if n % 2 else "M" for n in numbers],
        [1930 + n % 90 for n in numbers],
        [None if n % 50 == 0 else n % 12 + 1 for n in numbers],
        [None if n % 50 == 0 else n % 28 + 1 for n in numbers],
        ["01" for _ in numbers],
        ["00004" for _ in numbers],
        ["01" for _ in numbers],
        [n // 4 + 1 for n in numbers],
        [pin_of(n + 1) if n % 5 == 0 else None for n in numbers],
        [pin_of(n + 2) if n % 5 == 0 else None for n in numbers],
        [None for _ in numbers],
        ["Kinh" for _ in numbers],
        [date(2000, 1, 1) for _ in numbers],
        [date(2020, 2, 29) if n % 40 == 0 else None for n in numbers],
    ]
    return pa.Table.from_arrays(
        [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
    )
