"""Contribution books read through the gateway, against pgbench reading the same books with the same audit row, one by one.

In a database of its own: so many persons with a personal number, a social-insurance code and five spans each, with many employers. The load is what the
citizens' app sends: one client, a citizen's number as key and as whom it asks for. The bare way is the best of two scripts over 8 to 64 clients, by turns
with ours: the shortest statement that reads, counts and records the same, and the gateway's own function.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from ansinh.cli.benchmarks.app_load import app_under_load, raise_ceilings
from ansinh.cli.benchmarks.driving import Say
from ansinh.cli.benchmarks.own_database import own_database
from ansinh.cli.benchmarks.standing import by_turns, require_wrk
from ansinh.database.urls import DatabaseUrls

DATABASE = "ansinh_bench_book"
PERSONS_A_STEP = 100_000
SPANS_A_PERSON = 5
EMPLOYERS = 50_000
_HERE = Path(__file__).parent
_SCRIPTS = {"plain": _HERE / "book_plain.pgbench", "published": _HERE / "book_published.pgbench"}


def measure_book(persons: int, seconds: int, say: Say, progress: Callable[[int], None]) -> dict[str, Any]:
    """Run the whole benchmark and return its figures. Refuses `no_load_generator`, `no_bench_database`."""
    require_wrk(say)
    urls = own_database(DATABASE)
    fill_books(urls, persons, progress)
    with app_under_load(urls, persons, ["/v1/eid/book"]) as served:
        found = by_turns("book", served, _SCRIPTS, persons, seconds, say)
    del found["facilities"]
    return found | {"spans": persons * SPANS_A_PERSON}


def fill_books(urls: DatabaseUrls, persons: int, advance: Callable[[int], None]) -> None:
    """Give the database exactly the persons 1 to `persons`, each with two numbers and a book; keeps those it has."""
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("SET synchronous_commit = off")
        raise_ceilings(owner)
        owner.execute(_EMPLOYERS, {"employers": EMPLOYERS})
        row = owner.execute("SELECT coalesce(max(person_id), 0) FROM people_identifier").fetchone()
        there = int(row[0]) if row else 0
        if there > persons:
            # Spans are never rewritten, so that fewer persons begin anew.
            owner.execute("TRUNCATE participation_span, people_identifier")
            there = 0
        advance(there)
        for first in range(there + 1, persons + 1, PERSONS_A_STEP):
            last = min(first + PERSONS_A_STEP - 1, persons)
            with owner.transaction():
                for statement in (_NUMBERS, _SPANS):
                    owner.execute(statement, {"first": first, "last": last, "employers": EMPLOYERS})
            advance(last - first + 1)
        if there != persons:
            for table in ("people_identifier", "participation_span", "participation_employer"):
                owner.execute(f"VACUUM (ANALYZE) {table}")


_EMPLOYERS = """
INSERT INTO participation_employer (employer_id, code, name, kind, province, commune, region)
SELECT n, 'E' || n, (ARRAY['Công ty TNHH Dệt may', 'Trường Tiểu học', 'Bệnh viện Đa khoa', 'Công ty cổ phần Xây dựng'])[1 + n %% 4] || ' số ' || n,
    'private', '01', '00001', 1 + n %% 4
FROM generate_series(1, %(employers)s) n ON CONFLICT DO NOTHING
"""
# The number of person n is 1000000000 + 7919 n: the load generators can make it up without a list.
_NUMBERS = """
INSERT INTO people_identifier (value, scheme, person_id, valid_from)
SELECT held.value, held.scheme, n, '2020-01-01' FROM generate_series(%(first)s::bigint, %(last)s::bigint) n,
    LATERAL (VALUES ('pin', lpad((1000000000 + n * 7919)::text, 12, '0')), ('si_code', '01' || lpad(n::text, 8, '0'))) AS held (scheme, value)
"""
# Thirty months each, a gap of six after the third, the last one running; every tenth person pays voluntarily in between.
_SPANS = """
INSERT INTO participation_span (person_id, span_id, employer_id, scheme, unemployment, from_month, until_month, wage)
SELECT n, k, CASE WHEN voluntary THEN NULL ELSE 1 + (n * 31 + k * 977) %% %(employers)s END, CASE WHEN voluntary THEN 'voluntary' ELSE 'compulsory' END,
    NOT voluntary, (since / 12) * 100 + since %% 12 + 1, CASE WHEN k < 5 THEN ((since + 30) / 12) * 100 + (since + 30) %% 12 + 1 END,
    4000000 + 1000000 * k + 1000 * (n %% 997)
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n, generate_series(1, 5) k,
    LATERAL (SELECT (2009 * 12 + n %% 24 + (k - 1) * 30 + CASE WHEN k > 3 THEN 6 ELSE 0 END)::integer AS since, k = 3 AND n %% 10 = 0 AS voluntary) s
"""
