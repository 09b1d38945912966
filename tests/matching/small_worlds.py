"""A few invented people and the records about them, for tests of the matching engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ansinh.people.matching import Resources, Source, match

_TEXT, _SHORT, _LONG = pa.string(), pa.int16(), pa.int64()
_INSURED = {
    "record_no": _LONG, "si_code": _TEXT, "full_name": _TEXT, "sex": _TEXT, "birth_year": _SHORT, "birth_month": _SHORT,
    "birth_day": _SHORT, "id_number": _TEXT, "commune": _TEXT, "province": _TEXT, "household": _LONG, "excluded": _TEXT,
}  # fmt: skip
_REGISTER = {
    "pin": _TEXT, "old_number": _TEXT, "full_name": _TEXT, "sex": _TEXT, "birth_year": _SHORT, "birth_month": _SHORT,
    "birth_day": _SHORT, "born_in_province": _TEXT, "commune": _TEXT, "province": _TEXT, "household": _LONG,
}  # fmt: skip
_PLAIN = {
    "full_name": "Đặng Thị Quỳnh Như", "sex": "F", "birth_year": 1984, "birth_month": 7, "birth_day": 21,
    "commune": "00004", "province": "01", "household": None,
}  # fmt: skip
SMALL = Resources(memory_limit="512MiB", threads=1)


def registered(pin: str, **about: Any) -> dict[str, Any]:
    """Return a person of the register; unless told otherwise all are one and the same woman."""
    return {**_PLAIN, "old_number": None, "born_in_province": "01", "household": int(pin), **about, "pin": pin}


def recorded(record_no: int, **about: Any) -> dict[str, Any]:
    """Return a record of the agency about the same woman, without a number."""
    return {**_PLAIN, "si_code": "0100000000", "id_number": None, "excluded": None, **about, "record_no": record_no}


def write(folder: Path, people: list[dict[str, Any]], records: list[dict[str, Any]]) -> tuple[Source, Source]:
    """Write both sides and return them as sources, the agency's first."""
    folder.mkdir(parents=True, exist_ok=True)
    sides = (("insured", records, _INSURED), ("register", people, _REGISTER))
    for name, rows, columns in sides:
        pq.write_table(pa.Table.from_pylist(rows, pa.schema(list(columns.items()))), folder / f"{name}.parquet")
    return Source.of(folder / "insured.parquet"), Source.of(folder / "register.parquet")


def decide(
    folder: Path, people: list[dict[str, Any]], records: list[dict[str, Any]], settled: Source | None = None
) -> dict[int, dict[str, Any]]:
    """Match a small world and return the decision about each record."""
    insured, register = write(folder, people, records)
    return decisions(insured, register, folder / "work", settled)


def decisions(
    insured: Source, register: Source, work: Path, settled: Source | None = None
) -> dict[int, dict[str, Any]]:
    """Match two sources and return the decision about each record."""
    batches = match(insured, register, work, settled=settled, resources=SMALL)
    return {row["record"]: row for batch in batches for row in batch.to_pylist()}


def sources(nation: Path) -> tuple[Source, Source]:
    """Return both sides of an invented nation, the agency's first."""
    return Source.of(nation / "agency/insured.parquet"), Source.of(nation / "register/person.parquet")


def crowd(count: int = 60) -> list[dict[str, Any]]:
    """Return people who are nobody else in these tests, so that shares and rarity mean something."""
    surnames, given = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng"), ("Hùng", "Dũng", "Sơn", "Long", "Tuấn", "Phúc")
    return [
        registered(
            f"0790840{n:05d}",
            full_name=f"{surnames[n % 5]} Văn {given[n % 6]}",
            sex="M",
            birth_month=n % 12 + 1,
            birth_day=n % 28 + 1,
            commune=f"{26734 + n % 7 * 3:05d}",
            province="79",
        )
        for n in range(count)
    ]
