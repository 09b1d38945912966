"""A few invented people to look up, and the published call as the gateway makes it."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg

from tests.support.database import OwnDatabase

MORNING = datetime(2025, 6, 3, 1, 30, tzinfo=UTC)

Answer = tuple[int, int, bytes]
OFFICERS = ["BS-17", "officer-1", "TD-02", "GD-05", "x"]


def pin_of(person_id: int) -> str:
    """Return the personal number of an invented person."""
    return f"001{person_id:09d}"


def add_people(database: OwnDatabase, count: int, first: int = 1) -> None:
    """Insert people with all three numbers and a standing; every one has the same dates."""
    with psycopg.connect(database.urls.owner) as connection:
        connection.execute(
            """
            INSERT INTO places_benefitlevel (level, share_percent, ceiling, beyond_scope, vi, en)
            VALUES (4, 80, true, false, 'Mức 4', 'Level 4') ON CONFLICT DO NOTHING
            """
        )
        list_officers(connection, OFFICERS)
        connection.execute(
            """
            INSERT INTO cards_standing (person_id, pin, si_code, card_number, full_name, sex, birth_year, birth_month, birth_day,
                object_code, level, area, facility, valid_from, valid_until, status, five_years_on)
            SELECT n, '001' || lpad(n::text, 9, '0'), '01' || lpad(n::text, 8, '0'), 'DN40101' || lpad(n::text, 8, '0'),
                'Đặng Thị "Quỳnh Như" ' || n, 'F', 1980, NULL, NULL, 'DN', 4, 'K1', '01001', '2025-01-01', '2026-01-01', 'active', NULL
            FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
            """,
            {"first": first, "last": first + count - 1},
        )
        connection.execute(
            """
            INSERT INTO people_identifier (value, scheme, person_id, valid_from)
            SELECT value, scheme, person_id, '2020-01-01' FROM cards_standing,
                LATERAL (VALUES ('pin', pin), ('si_code', si_code), ('card', card_number)) AS held (scheme, value)
            WHERE person_id >= %(first)s
            """,
            {"first": first},
        )


def list_officers(owner: psycopg.Connection, officers: list[str], facility: str = "01001") -> None:
    """Put officers on a facility's list."""
    owner.execute(
        "INSERT INTO access_facilityofficer (facility, officer, name, active) SELECT %s, o, 'Người thử', true FROM unnest(%s::text[]) o "
        "ON CONFLICT DO NOTHING",
        [facility, officers],
    )


def open_chain(gateway: psycopg.Connection) -> int:
    """Open a chain as a gateway worker does."""
    row = gateway.execute("SELECT published.open_chain_v1(%s, 'test')", [MORNING]).fetchone()
    assert row is not None
    return int(row[0])


def ask(gateway: psycopg.Connection, chain: int, keys: list[str], officer: str = "officer-1") -> list[Answer]:
    """Ask for personal numbers in one batch."""
    count = len(keys)
    return gateway.execute(
        "SELECT * FROM published.standing_v1(%s, %s, %s::smallint[], %s::smallint[], %s::smallint[], %s, %s, %s, %s, %s::smallint[])",
        [
            chain,
            MORNING,
            [1] * count,
            [0] * count,
            [1] * count,
            keys,
            [7] * count,
            ["01001"] * count,
            [officer] * count,
            [1] * count,
        ],
    ).fetchall()
