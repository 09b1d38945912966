"""The plan of reading books does not depend on statistics or luck: every table is entered by an index, however small or stale it looks to the planner."""

from __future__ import annotations

import psycopg

from tests.audit.standing import open_chain, pin_of
from tests.gateway_book.books import add_book, code_of, read
from tests.support.database import OwnDatabase

TABLES = ("people_identifier", "people_alias", "participation_span", "participation_employer")
PEOPLE = 2_000


def whole_readings(database: OwnDatabase) -> dict[str, int]:
    """Return how often each table, or a month of the audit, was read whole."""
    with psycopg.connect(database.urls.owner) as owner:
        rows = owner.execute(
            "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname = ANY(%s) OR relname LIKE 'audit\\_access\\_%%'",
            [list(TABLES)],
        ).fetchall()
    return dict(rows)


def add_crowd(database: OwnDatabase) -> None:
    """Add many persons with a number and a span each, whom no statistics know."""
    with psycopg.connect(database.urls.owner) as owner:
        owner.execute(
            "INSERT INTO people_identifier (value, scheme, person_id, valid_from)"
            " SELECT '001' || lpad(n::text, 9, '0'), 'pin', n, '2020-01-01' FROM generate_series(4, %s) n",
            [PEOPLE],
        )
        owner.execute(
            "INSERT INTO participation_span (person_id, span_id, employer_id, scheme, unemployment, from_month, wage)"
            " SELECT n, 1, 1 + n %% 3, 'compulsory', true, 202001, 1 FROM generate_series(4, %s) n",
            [PEOPLE],
        )


def test_reading_books_never_reads_a_table_whole(fresh_database: OwnDatabase) -> None:
    for person in (1, 2, 3):
        add_book(fresh_database, person)
    with psycopg.connect(fresh_database.urls.gateway, autocommit=True) as gateway:
        chain = open_chain(gateway)
        read(gateway, chain, [(pin_of(1), pin_of(1)), (code_of(2), pin_of(2)), (pin_of(3), pin_of(1))])
    add_crowd(fresh_database)
    before = whole_readings(fresh_database)
    with psycopg.connect(fresh_database.urls.gateway, autocommit=True) as gateway:
        for size in (1, 2, 100, 1_024):
            asked = [pin_of(1 + n % PEOPLE) for n in range(size)]
            answers = read(gateway, chain, [(number, number) for number in asked])
            assert {result for result, _, _ in answers} == {1}
    assert whole_readings(fresh_database) == before
