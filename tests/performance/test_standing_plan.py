"""The hot call's plan does not depend on statistics or luck: every table is entered by an index, however small or stale it looks to the planner."""

from __future__ import annotations

import psycopg

from tests.audit.standing import add_people, ask, open_chain, pin_of
from tests.support.database import OwnDatabase

TABLES = ("people_identifier", "people_alias", "cards_standing")


def scans(database: OwnDatabase) -> dict[str, tuple[int, int]]:
    """Return how often each table was read whole and by an index."""
    with psycopg.connect(database.urls.owner) as owner:
        rows = owner.execute(
            "SELECT relname, seq_scan, coalesce(idx_scan, 0) FROM pg_stat_user_tables WHERE relname = ANY(%s)",
            [list(TABLES)],
        ).fetchall()
    return {name: (whole, by_index) for name, whole, by_index in rows}


def test_standing_never_reads_a_table_whole(fresh_database: OwnDatabase) -> None:
    add_people(fresh_database, 3)
    with psycopg.connect(fresh_database.urls.gateway, autocommit=True) as gateway:
        chain = open_chain(gateway)
        ask(gateway, chain, [pin_of(1)])
    add_people(fresh_database, 2_000, first=4)
    before = scans(fresh_database)
    with psycopg.connect(fresh_database.urls.gateway, autocommit=True) as gateway:
        for size in (1, 2, 100, 1_024):
            ask(gateway, chain, [pin_of(1 + n % 2_000) for n in range(size)])
    after = scans(fresh_database)
    for table in TABLES:
        assert after[table][0] == before[table][0], f"{table} was read whole"
        assert after[table][1] >= before[table][1] + 1_127, f"{table} was not entered by an index for each question"
