"""Card look-ups as older hospital software makes them, over HTTP, against pgbench doing the same look-up with the same audit row, one by one.

The load is what hospitals send: credentials of 1,200 facilities in the query, a JSON body with number, name, birth date and officer. The bare way is the
best of two scripts over 8 to 64 clients, by turns with ours: the shortest statement that reads, compares and records the same, and the gateway's own function.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from ansinh.access.tokens.dialect import Account, dialect_keys, issue_pair
from ansinh.cli.benchmarks.driving import WARM_SECONDS, Say, Served, gateway_of, wrk
from ansinh.cli.benchmarks.own_database import FACILITIES, fill, own_database
from ansinh.cli.benchmarks.standing import CONNECTIONS, WORKERS, by_turns, require_wrk
from ansinh.database.urls import DatabaseUrls

# Client numbers of the accounts here, far from any other's.
FIRST_CLIENT = 1_000_000
_HERE = Path(__file__).parent
_SCRIPTS = {"plain": _HERE / "dialect_plain.pgbench", "published": _HERE / "dialect_published.pgbench"}
_PASSWORD_MD5 = hashlib.md5(b"bench", usedforsecurity=False).hexdigest().upper()


def measure_dialect(cards: int, seconds: int, say: Say, progress: Callable[[int], None]) -> dict[str, Any]:
    """Run the whole benchmark and return its figures. Refuses `no_load_generator`, `no_bench_database`."""
    require_wrk(say)
    urls = own_database()
    fill(urls, cards, progress)
    open_doors(urls)
    with _under_load(urls, cards) as served:
        return by_turns("dialect", served, _SCRIPTS, cards, seconds, say)


def open_doors(urls: DatabaseUrls) -> None:
    """Give every facility of the load an account and an officer; the password's hash is none that could be met."""
    with psycopg.connect(urls.owner) as owner:
        owner.execute(_CLIENTS, {"first": FIRST_CLIENT, "count": FACILITIES})
        owner.execute(_ACCOUNTS, {"first": FIRST_CLIENT, "count": FACILITIES})
        owner.execute(_OFFICERS, {"count": FACILITIES})
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        for table in ("access_client", "access_dialectaccount", "access_facilityofficer"):
            owner.execute(f"VACUUM (ANALYZE) {table}")


@contextmanager
def _under_load(urls: DatabaseUrls, cards: int) -> Iterator[Served]:
    """Run a gateway for the block, warm, with the credentials of its facilities written down for the generator."""
    with tempfile.TemporaryDirectory(prefix="ansinh-bench-") as folder:
        secrets, queries = Path(folder) / "secrets", Path(folder) / "queries"
        queries.write_text("".join(f"{query}\n" for query in _queries(secrets)), encoding="ascii")
        with gateway_of(urls, secrets, WORKERS) as (base, pid):
            served = Served(urls, base, pid, _HERE / "dialect.lua", [str(queries), str(cards)])
            wrk(served, CONNECTIONS[-1], WARM_SECONDS)
            yield served


def _queries(secrets: Path) -> list[str]:
    keys, now = dialect_keys(secrets), datetime.now(UTC)
    queries = []
    for number in range(1, FACILITIES + 1):
        account = Account(f"{number:05d}_BV", FIRST_CLIENT + number, f"{number:05d}")
        pair = issue_pair(keys, account, password_md5=_PASSWORD_MD5, now=now, lifetime=timedelta(hours=2))
        queries.append(
            urlencode(
                {
                    "token": pair.access_token,
                    "id_token": pair.id_token,
                    "username": account.username,
                    "password": _PASSWORD_MD5,
                }
            )
        )
    return queries


_CLIENTS = """
INSERT INTO access_client (client_no, client_id, facility, name, public_keys, scope, state) OVERRIDING SYSTEM VALUE
SELECT %(first)s + n, lpad(n::text, 5, '0') || '_bv', lpad(n::text, 5, '0'), 'bench', '[]', 'dialect:lookup', 'active'
FROM generate_series(1, %(count)s) n ON CONFLICT DO NOTHING
"""
_ACCOUNTS = """
INSERT INTO access_dialectaccount (client_no, username, facility, password_hash, networks, sandbox, state)
SELECT %(first)s + n, lpad(n::text, 5, '0') || '_BV', lpad(n::text, 5, '0'), '$argon2id$none', '[]', false, 'open'
FROM generate_series(1, %(count)s) n ON CONFLICT DO NOTHING
"""
_OFFICERS = """
INSERT INTO access_facilityofficer (facility, officer, name, active)
SELECT lpad(n::text, 5, '0'), '001090123456', 'Trần Thị Hòa', true
FROM generate_series(1, %(count)s) n ON CONFLICT (facility, officer) DO UPDATE SET name = EXCLUDED.name, active = true
"""
