"""A database of the benchmark's own on the same server, with the same migrations, filled with as many cards as asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import psycopg
from psycopg import sql

from ansinh.database.folder import data_folder
from ansinh.database.roles import OWNER, database_privilege_statements, extension_statements, privilege_statements
from ansinh.database.server import EmbeddedServer
from ansinh.database.urls import DatabaseUrls, database_urls
from ansinh.foundation.errors import Refusal
from ansinh.foundation.settings import settings

DATABASE = "ansinh_bench"
CARDS_A_STEP = 100_000
FACILITIES = 1_200
_AUDIT = ("audit_access", "audit_link", "audit_head")


class NoBenchDatabase(Refusal):
    """The server is not ours, and the benchmark's database is not there."""

    code = "no_bench_database"


def own_database(name: str = DATABASE) -> DatabaseUrls:
    """Return the addresses of a benchmark's database, made and migrated when it is missing. Refuses `no_bench_database`."""
    urls = database_urls(settings()).named(name)
    if urls.superuser is not None:
        _make_on_our_server(urls, name)
    try:
        psycopg.connect(urls.owner, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        raise NoBenchDatabase(
            f"Máy chủ này chưa có cơ sở dữ liệu {name}. Nhờ quản trị viên chạy: CREATE DATABASE {name} OWNER …",
            f"This server has no database {name}. Ask its administrator to run: CREATE DATABASE {name} OWNER …",
        ) from error
    migrate(urls)
    return urls


def environment_of(urls: DatabaseUrls) -> dict[str, str]:
    """Return settings that make another process of ours use the benchmark's database."""
    return {
        "DATABASE_URL": urls.owner,
        "ANSINH_DATABASE_APP_URL": urls.app,
        "ANSINH_DATABASE_GATEWAY_URL": urls.gateway,
    }


def fill(urls: DatabaseUrls, cards: int, advance: Callable[[int], None]) -> None:
    """Give the database exactly the people 1 to `cards`, each with three numbers and a standing; keeps those it has."""
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("SET synchronous_commit = off")
        owner.execute(_LEVELS)
        owner.execute(_CEILINGS)
        owner.execute(_OFFICERS, {"facilities": FACILITIES})
        owner.execute("DELETE FROM people_identifier WHERE person_id > %s", [cards])
        owner.execute("DELETE FROM cards_standing WHERE person_id > %s", [cards])
        row = owner.execute("SELECT coalesce(max(person_id), 0) FROM cards_standing").fetchone()
        there = row[0] if row else 0
        advance(there)
        for first in range(there + 1, cards + 1, CARDS_A_STEP):
            last = min(first + CARDS_A_STEP - 1, cards)
            with owner.transaction():
                owner.execute(_PEOPLE, {"first": first, "last": last})
                owner.execute(_NUMBERS, {"first": first, "last": last})
            advance(last - first + 1)
        if there != cards:
            owner.execute("VACUUM (ANALYZE) people_identifier")
            owner.execute("VACUUM (ANALYZE) cards_standing")


def empty_audit(urls: DatabaseUrls) -> None:
    """Give every phase of a run the same empty audit; only here, where nothing was real."""
    with psycopg.connect(urls.owner) as owner:
        for table in _AUDIT:
            months = owner.execute(
                "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [table]
            )
            for (month,) in months.fetchall():
                owner.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(month)))
        owner.execute(
            "SELECT audit_ensure_months((now() - interval '1 month')::date, (now() + interval '1 month')::date)"
        )
    if urls.superuser is not None:
        with psycopg.connect(urls.superuser, autocommit=True) as server:
            server.execute("CHECKPOINT")


def open_chains(urls: DatabaseUrls, count: int) -> int:
    """Open chains with consecutive numbers and return the first."""
    with psycopg.connect(urls.owner) as owner:
        rows = owner.execute(
            "SELECT published.open_chain_v1(now(), 'bench') FROM generate_series(1, %s)", [count]
        ).fetchall()
    return int(min(rows)[0])


def count_looks(urls: DatabaseUrls) -> int:
    """Return how many look-ups the audit holds."""
    with psycopg.connect(urls.owner) as owner:
        row = owner.execute("SELECT count(*) FROM audit_access").fetchone()
    return int(row[0]) if row else 0


def _make_on_our_server(urls: DatabaseUrls, name: str) -> None:
    server = EmbeddedServer(data_folder(settings()))
    server.up()
    with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        made = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
        connection.execute(made)
        for statement in database_privilege_statements(name):
            connection.execute(statement)
    assert urls.superuser is not None
    with psycopg.connect(urls.superuser, autocommit=True) as inside:
        for statement in extension_statements() + privilege_statements(OWNER, name):
            inside.execute(statement)


def migrate(urls: DatabaseUrls) -> None:
    """Bring a database to the newest migrations, as a process of its own."""
    command = [sys.executable, "-m", "django", "migrate", "--database", "owner", "--no-input", "--verbosity", "0"]
    environment = os.environ | environment_of(urls) | {"DJANGO_SETTINGS_MODULE": "ansinh.config.django"}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


_OFFICERS = """
INSERT INTO access_facilityofficer (facility, officer, name, active)
SELECT lpad(n::text, 5, '0'), '001090123456', 'Trần Thị Hòa', true FROM generate_series(1, %(facilities)s) n ON CONFLICT DO NOTHING
"""
# One officer here stands for all of a facility, and a second for an hour: nobody may be slowed, and everybody is still counted.
_CEILINGS = """
INSERT INTO ceilings_ceiling (kind, level, subject, rate_per_second, persons_an_hour, persons_a_day, misses_an_hour, neighbours_an_hour,
    state, reason, prepared_by, prepared_at, approved_by, approved_at)
SELECT kind, '*', subject, 1000000, 1000000000, 1000000000, 1000000000, 1000000000, 'approved', 'bench', 'bench', now(), 'bench of two', now()
FROM (VALUES ('officer', ''), ('facility', ''), ('client', ''), ('address', ''), ('address', 'address 127.0.0.1')) k (kind, subject)
WHERE NOT EXISTS (SELECT FROM ceilings_ceiling c WHERE c.reason = 'bench')
"""
_LEVELS = """
INSERT INTO places_benefitlevel (level, share_percent, ceiling, beyond_scope, vi, en)
VALUES (4, 80, true, false, 'Mức 4', 'Level 4') ON CONFLICT DO NOTHING
"""
# The number of person n is 1000000000 + 7919 n: the load generators can make it up without a list.
_PEOPLE = """
INSERT INTO cards_standing (person_id, pin, si_code, card_number, full_name, sex, birth_year, birth_month, birth_day, object_code, level, area,
    facility, valid_from, valid_until, status, five_years_on, address, issuing_office)
SELECT n, lpad((1000000000 + n * 7919)::text, 12, '0'), '01' || lpad(n::text, 8, '0'), 'DN401' || '01' || lpad(n::text, 8, '0'),
    (ARRAY['Nguyễn Thị', 'Trần Văn', 'Lê Hoàng', 'Phạm Thị Quỳnh'])[1 + n %% 4] || ' ' || (ARRAY['Như', 'Đức', 'Hạnh', 'Ứng'])[1 + n / 4 %% 4],
    CASE WHEN n %% 2 = 0 THEN 'M' ELSE 'F' END, 1950 + n %% 70, 1 + n %% 12, 1 + n %% 28, 'DN', 4, CASE WHEN n %% 10 = 0 THEN 'K1' END,
    lpad((n %% 13000)::text, 5, '0'), '2024-01-01', '2030-01-01', 'active', '2028-01-01',
    'Phường số ' || n %% 300 || ', thành phố Hà Nội', 'Bảo hiểm xã hội cơ sở số ' || n %% 100
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""
_NUMBERS = """
INSERT INTO people_identifier (value, scheme, person_id, valid_from)
SELECT held.value, held.scheme, person_id, '2020-01-01'
FROM cards_standing, LATERAL (VALUES ('pin', pin), ('si_code', si_code), ('card', card_number)) AS held (scheme, value)
WHERE person_id BETWEEN %(first)s AND %(last)s
"""
