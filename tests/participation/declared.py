"""Declarations as employers write them, for tests."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from ansinh.database.sql import execute, rows
from ansinh.participation.declarations.files import COLUMNS
from ansinh.participation.operations import receive_declaration
from ansinh.participation.queries import Book, Receipt, book
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

EMPLOYER = "HH0100001"
PIN, SI_CODE, STRANGER = "001080000017", "0100000018", "001080999999"
PERSON, OTHER = 17, 18


def found_nation() -> None:
    """Two employers of region II, and two people: one with a PIN, one with an SI code."""
    for number, code, kind in ((1, EMPLOYER, "enterprise"), (2, "DD0100002", "state")):
        execute(
            "INSERT INTO participation_employer (employer_id, code, name, kind, province, commune, region) VALUES (%s, %s, %s, %s, '01', '00004', 2)",
            [number, code, f"Đơn vị {number}", kind],
        )
    for person, name in ((PERSON, "Nguyễn Văn An"), (OTHER, "Đặng Thị Quỳnh Như")):
        execute(
            "INSERT INTO people_person (person_id, full_name, sex, province, commune, recorded_on) VALUES (%s, %s, 'F', '01', '00004', '2015-01-01')",
            [person, name],
        )
    for person, scheme, value in ((PERSON, "pin", PIN), (OTHER, "si_code", SI_CODE)):
        execute(
            "INSERT INTO people_identifier (person_id, scheme, value, valid_from) VALUES (%s, %s, %s, '2015-01-01')",
            [person, scheme, value],
        )


def csv_of(*lines: dict[str, Any], employer: str = EMPLOYER, month: str = "2025-07", separator: str = ",") -> bytes:
    """Return a declaration's bytes; what a line leaves out is empty."""
    sink = io.StringIO()
    writer = csv.DictWriter(sink, COLUMNS, delimiter=separator)
    writer.writeheader()
    for line in lines:
        writer.writerow({"employer": employer, "month": month, "act": "new", "number": PIN, **line})
    return sink.getvalue().encode()


def declare(content: bytes) -> Receipt:
    """Take a declaration in on 31 July 2025."""
    return receive_declaration(actor=ANYBODY_WITH_RIGHTS, reason="kê khai tháng", clock=JULY, content=content)


def book_of(person: int = PERSON) -> Book:
    """Return the book as known on 31 July 2025."""
    return book(person, date(2025, 7, 31))


def spells(person: int = PERSON) -> list[tuple[int, int | None, int]]:
    """Return the months and wages of a book."""
    return [(line.from_month, line.until_month, line.wage) for line in book_of(person).lines]


def stored() -> list[tuple[Any, ...]]:
    """Return every span row, superseded ones too."""
    return rows(
        "SELECT person_id, span_id, from_month, until_month, wage, superseded_at IS NULL FROM participation_span ORDER BY 1, 2"
    )
