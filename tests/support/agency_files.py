"""Small files of the agency, in the form of `contracts/nation`, for tests that load them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_INSURED = {
    "record_no": pa.int64(),
    "si_code": pa.string(),
    "full_name": pa.string(),
    "sex": pa.string(),
    "birth_year": pa.int16(),
    "birth_month": pa.int16(),
    "birth_day": pa.int16(),
    "id_number": pa.string(),
    "commune": pa.string(),
    "province": pa.string(),
    "household": pa.int64(),
    "excluded": pa.string(),
    "recorded_on": pa.date32(),
}
_PLAIN_PERSON: dict[str, Any] = {
    "full_name": "Nguyễn Văn An",
    "sex": "M",
    "birth_year": 1980,
    "birth_month": 5,
    "birth_day": 4,
    "id_number": None,
    "commune": "00004",
    "province": "01",
    "household": None,
    "excluded": None,
    "recorded_on": date(2015, 1, 1),
}
_COVERAGE = {
    "record_no": pa.int64(),
    "object_code": pa.string(),
    "area": pa.string(),
    "facility": pa.string(),
    "card_province": pa.string(),
    "valid_from": pa.date32(),
    "valid_until": pa.date32(),
    "continuous_since": pa.date32(),
}
_PLAIN_COVERAGE: dict[str, Any] = {
    "object_code": "DN",
    "area": None,
    "facility": "01001",
    "card_province": "01",
    "valid_from": date(2025, 1, 1),
    "valid_until": date(2026, 1, 1),
    "continuous_since": None,
}
_EMPLOYER = {
    "employer_no": pa.int64(),
    "code": pa.string(),
    "name": pa.string(),
    "kind": pa.string(),
    "province": pa.string(),
    "commune": pa.string(),
    "region": pa.int16(),
}
_SPAN = {
    "record_no": pa.int64(),
    "employer_no": pa.int64(),
    "scheme": pa.string(),
    "unemployment": pa.bool_(),
    "from_month": pa.int32(),
    "until_month": pa.int32(),
    "wage": pa.int64(),
}


def si_code(record_no: int) -> str:
    """Return the social-insurance code that `write_insured` gives a record."""
    return f"01{record_no:08}"


def write_insured(folder: Path, records: Iterable[dict[str, Any]]) -> Path:
    """Write insured records; what a record leaves out is a plain person's."""
    rows = [
        {"record_no": number, "si_code": si_code(number), **_PLAIN_PERSON, **record}
        for number, record in enumerate(records, start=1)
    ]
    return _write(folder / "insured.parquet", rows, _INSURED)


def write_participation(
    folder: Path, coverages: Iterable[dict[str, Any]] = (), spans: Iterable[dict[str, Any]] = ()
) -> Path:
    """Write one employer, spans and coverages; what a coverage leaves out is a plain one's. Returns the folder."""
    employer = {"employer_no": 1, "code": f"U-{folder.name}", "name": "Công ty May An Bình", "kind": "enterprise"}
    _write(folder / "employer.parquet", [{**employer, "province": "01", "commune": "00004", "region": 1}], _EMPLOYER)
    _write(folder / "coverage.parquet", [{**_PLAIN_COVERAGE, **one} for one in coverages], _COVERAGE)
    plain = {"employer_no": 1, "scheme": "compulsory", "unemployment": True, "until_month": None, "wage": 8_000_000}
    _write(folder / "span.parquet", [{**plain, **one} for one in spans], _SPAN)
    return folder


def _write(file: Path, rows: list[dict[str, Any]], columns: dict[str, pa.DataType]) -> Path:
    pq.write_table(pa.Table.from_pylist(rows, pa.schema(list(columns.items()))), file)
    return file
