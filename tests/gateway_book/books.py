"""Books of a few invented people, and the published call as the gateway makes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg

from tests.audit.standing import pin_of
from tests.support.database import OwnDatabase

MORNING = datetime(2025, 6, 3, 1, 30, tzinfo=UTC)
OWN_RECORD = 6
EMPLOYERS = ('Công ty "May Mười"', "Trường Tiểu học Ba Đình", "Bệnh viện Mẫu")

# Employer (None: none), scheme, insured against unemployment, first month, month after the last (None: running), wage.
Told = tuple[int | None, str, bool, int, int | None, int]
CAREER: tuple[Told, ...] = (
    (1, "compulsory", True, 201001, 201501, 4_000_000),
    (2, "compulsory", True, 201501, 202001, 6_500_000),
    (None, "voluntary", False, 202007, 202101, 2_000_000),
    (3, "compulsory", True, 202101, None, 9_000_000),
)


def add_book(database: OwnDatabase, person_id: int, spans: Sequence[Told] = CAREER, *, number: bool = True) -> None:
    """Give a person a personal number, a social-insurance code and a book."""
    with psycopg.connect(database.urls.owner) as owner:
        for employer, name in enumerate(EMPLOYERS, start=1):
            owner.execute(
                "INSERT INTO participation_employer (employer_id, code, name, kind, province, commune, region)"
                " VALUES (%s, %s, %s, 'private', '01', '00001', 1) ON CONFLICT DO NOTHING",
                [employer, f"E{employer}", name],
            )
        if number:
            owner.execute(
                "INSERT INTO people_identifier (value, scheme, person_id, valid_from)"
                " VALUES (%s, 'pin', %s, '2020-01-01'), (%s, 'si_code', %s, '2020-01-01')",
                [pin_of(person_id), person_id, code_of(person_id), person_id],
            )
        for place, span in enumerate(spans, start=1):
            owner.execute(
                "INSERT INTO participation_span"
                " (person_id, span_id, employer_id, scheme, unemployment, from_month, until_month, wage)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                [person_id, place, *span],
            )


def code_of(person_id: int) -> str:
    """Return the social-insurance code of an invented person."""
    return f"01{person_id:08d}"


def read(
    gateway: psycopg.Connection,
    chain: int,
    asked: Sequence[tuple[str, str]],
    *,
    refused: int = 0,
    at: datetime = MORNING,
) -> list[tuple[int, int, Any]]:
    """Read books in one batch: (number asked for, personal number of who asks) each; return result, person and answer as bytes."""
    count = len(asked)
    return gateway.execute(
        "SELECT * FROM published.book_v1(%s, %s, %s::smallint[], %s::smallint[], %s, %s, %s, %s::smallint[])",
        [
            chain,
            at,
            [refused] * count,
            [2 if len(key) == 10 else 1 for key, _ in asked],
            [key for key, _ in asked],
            [7] * count,
            [citizen for _, citizen in asked],
            [OWN_RECORD] * count,
        ],
    ).fetchall()
