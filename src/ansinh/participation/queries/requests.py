"""Corrections people asked for, and closings that wait for a second officer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ansinh.database.sql import row, rows

PAGE_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class BookRequest:
    """A correction request: what is wrong, what an officer prepared, and what became of it. Months are YYYYMM; `act` is set or clear."""

    request: int
    person_id: int
    state: str
    wrong: str
    evidence: str
    filed_by: str
    filed_at: datetime
    act: str | None
    employer: str | None
    scheme: str | None
    from_month: int | None
    until_month: int | None
    wage: int | None
    prepared_by: str | None
    approved_by: str | None
    refused_by: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class BookClosing:
    """The closing of a person's book with an employer before a month, waiting for a second officer."""

    person_id: int
    closing: int
    employer: str
    employer_name: str
    until_month: int
    paper: str
    prepared_by: str
    prepared_at: datetime


_COLUMNS = """
SELECT c.request_id, c.person_id, c.state, c.wrong, c.evidence, c.filed_by, c.filed_at, c.act, e.code, c.scheme, c.from_month, c.until_month, c.wage,
       c.prepared_by, c.approved_by, c.refused_by, c.answer
FROM participation_correction c LEFT JOIN participation_employer e USING (employer_id)
"""


def book_request(request: int) -> BookRequest | None:
    """Return a request, or None."""
    found = row(f"{_COLUMNS} WHERE c.request_id = %s", [request])
    return BookRequest(*found) if found else None


def book_requests_open(length: int = 50) -> list[BookRequest]:
    """Return requests that wait, the oldest first; at most PAGE_LENGTH_MAX."""
    query = f"{_COLUMNS} WHERE c.state IN ('filed', 'prepared') ORDER BY c.filed_at, c.request_id LIMIT %s"
    return [BookRequest(*one) for one in rows(query, [min(length, PAGE_LENGTH_MAX)])]


def book_requests_of(person_id: int) -> list[BookRequest]:
    """Return the newest requests about a person, newest first; at most PAGE_LENGTH_MAX."""
    query = f"{_COLUMNS} WHERE c.person_id = %s ORDER BY c.request_id DESC LIMIT %s"
    return [BookRequest(*one) for one in rows(query, [person_id, PAGE_LENGTH_MAX])]


def closings_open(length: int = 50) -> list[BookClosing]:
    """Return closings that wait for a second officer, the oldest first; at most PAGE_LENGTH_MAX."""
    found = rows(
        """
        SELECT a.person_id, a.attestation_id, e.code, e.name, a.until_month, a.paper, a.prepared_by, a.prepared_at
        FROM participation_attestation a JOIN participation_employer e USING (employer_id)
        WHERE a.state = 'prepared' ORDER BY a.prepared_at, a.person_id LIMIT %s
        """,
        [min(length, PAGE_LENGTH_MAX)],
    )
    return [BookClosing(*one) for one in found]


def employer_of_code(code: str) -> int | None:
    """Return the number of the employer with a code, or None."""
    found = row("SELECT employer_id FROM participation_employer WHERE code = %s", [code])
    return int(found[0]) if found else None
