"""Ceilings for tests: raised out of the way, or set low for one kind of subject."""

from __future__ import annotations

import psycopg

from tests.support.database import OwnDatabase

KINDS = ("officer", "facility", "client", "address", "app", "citizen")
AMPLE = {
    "rate_per_second": 1_000_000,
    "persons_an_hour": 10_000_000,
    "persons_a_day": 10_000_000,
    "misses_an_hour": 10_000_000,
    "neighbours_an_hour": 10_000_000,
}


def set_ceiling(database: OwnDatabase, kind: str, *, subject: str = "", **ceiling: int) -> None:
    """Have a ceiling hold from now on: for a kind, or one subject; what is left out is ample."""
    values = AMPLE | ceiling
    columns = ", ".join(values)
    with psycopg.connect(database.urls.owner) as owner:
        owner.execute(
            f"INSERT INTO ceilings_ceiling (kind, level, subject, {columns}, state, reason, prepared_by, prepared_at, approved_by, approved_at)"
            f" VALUES (%s, '*', %s, {', '.join(['%s'] * len(values))}, 'approved', 'test', 'one', now(), 'another', now())",
            [kind, subject, *values.values()],
        )


def raise_ceilings(database: OwnDatabase) -> None:
    """Put every ceiling out of the way, for tests of something else that ask faster than people do."""
    for kind in KINDS:
        set_ceiling(database, kind)
    for own in ("address 127.0.0.1", "address ::1"):
        set_ceiling(database, "address", subject=own)
