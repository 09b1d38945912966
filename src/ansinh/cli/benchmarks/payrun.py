"""A month paid: orders built, ledgered, sealed and written for banks, against the bare way of writing the same rows; then the banks' answers taken in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

from ansinh.cli.benchmarks.own_database import empty_audit, environment_of, own_database
from ansinh.cli.benchmarks.payrun_answers import write_answers
from ansinh.database.roles import APP
from ansinh.database.urls import DatabaseUrls

# A database beside the other benchmarks': its people are invented anew for each run.
DATABASE = "ansinh_bench_pay"
MONTH = 202507
TIMES_MAX, MEMORY_MIB_MAX = 3, 300
PEOPLE_A_STEP = 200_000
# What a run writes in sets of rows; the rest of it is a row a batch.
TABLES = ("payments_obligation", "payments_order", "payments_attempt", "payments_posting")
_WORKER = (
    "import django; django.setup(); from ansinh.cli.benchmarks.payrun_steps import main; main()",
    {"DJANGO_SETTINGS_MODULE": "ansinh.config.django"},
)


def measure_payrun(orders: int, say: Callable[[str], None], progress: Callable[[int], None]) -> dict[str, Any]:
    """Pay so many invented payees in a database of the benchmark's own, write the same rows the bare way, and take in the answers of all banks."""
    urls = own_database(DATABASE)
    _invent(urls, orders, progress)
    with tempfile.TemporaryDirectory(prefix="ansinh-payrun-") as folder:
        paid = _worker(urls, "pay", Path(folder))
        say(f"{paid['orders']} lệnh · orders: {paid['steps']}")
        bare_seconds, bare_cpu, bare = _bare(urls, Path(folder))
        say(f"INSERT…SELECT + COPY: {bare}")
        written = write_answers(urls, Path(folder), MONTH)
        _rest(urls)
        answered = _worker(urls, "answer", Path(folder))
    return _told(orders, paid, (bare_seconds, bare_cpu, bare), answered) | {"answers": written, **_sums(urls)}


def _told(
    orders: int, paid: dict[str, Any], limit: tuple[float, float, dict[str, float]], answered: dict[str, Any]
) -> dict[str, Any]:
    bare_seconds, bare_cpu, bare = limit
    seconds = sum(paid["steps"].values())
    peak = max(paid["peak_mib"], answered["peak_mib"])
    return {
        "name": "payrun",
        "n": orders,
        "seconds": round(seconds, 2),
        "rate": round(orders / seconds),
        "limit_rate": round(orders / bare_seconds),
        "limit_seconds": round(bare_seconds, 2),
        "ratio": round(bare_seconds / seconds, 4),
        "times_bare": round(seconds / bare_seconds, 2),
        "within": seconds <= TIMES_MAX * bare_seconds,
        "cpu_ratio": round(paid["cpu_seconds"] / bare_cpu, 2) if bare_cpu and paid["server_seen"] else None,
        "p50_ms": None,
        "p99_ms": None,
        "peak_mib": peak,
        "within_memory": peak <= MEMORY_MIB_MAX,
        "steps": paid["steps"],
        "limit_steps": bare,
        "verify_seconds": paid["verify_seconds"],
        "messages": paid["messages"],
        "message_mib": paid["message_mib"],
        "answer_seconds": answered["seconds"],
        "answer_rate": round(answered["matched"] / answered["seconds"]),
        "matched": answered["matched"],
        "answer_steps": answered["steps"],
    }


def _worker(urls: DatabaseUrls, part: str, folder: Path) -> dict[str, Any]:
    """Carry a part of the run out in a process of its own, whose memory is that of the payments alone; returns what it told."""
    code, setting = _WORKER
    environment = os.environ | environment_of(urls) | setting
    done = subprocess.run(
        [sys.executable, "-c", code, part, str(folder)], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _invent(urls: DatabaseUrls, orders: int, progress: Callable[[int], None]) -> None:
    """Give an emptied database payees, accounts for as many of them as have one in the country, and what they are owed."""
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("SET synchronous_commit = off")
        _empty(owner)
        owner.execute(_OWED_TABLE)
        owner.execute(sql.SQL("GRANT SELECT ON bench_owed TO {}").format(sql.Identifier(APP)))
        for first in range(1, orders + 1, PEOPLE_A_STEP):
            last = min(first + PEOPLE_A_STEP - 1, orders)
            with owner.transaction():
                for statement in (_PEOPLE, _ACCOUNTS, _OWED):
                    owner.execute(statement, {"first": first, "last": last, "month": MONTH})
            progress(last - first + 1)
        owner.execute("VACUUM (ANALYZE) people_person, payments_account, bench_owed")
    empty_audit(urls)
    _rest(urls)


def _empty(owner: psycopg.Connection[Any]) -> None:
    """Empty what earlier runs paid; here only, where no money was real, the tables that refuse it are told to allow it."""
    tables = [sql.Identifier(name) for (name,) in owner.execute(_PAYMENT_TABLES).fetchall()]
    with owner.transaction():
        for table in tables:
            owner.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
        owner.execute(sql.SQL("TRUNCATE people_person, {} CASCADE").format(sql.SQL(", ").join(tables)))
        for table in tables:
            owner.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table))
        owner.execute("DROP TABLE IF EXISTS bench_owed")


def _rest(urls: DatabaseUrls) -> None:
    """Let every phase begin with nothing left to write by the one before."""
    if urls.superuser is not None:
        with psycopg.connect(urls.superuser, autocommit=True) as server:
            server.execute("CHECKPOINT")


def _bare(urls: DatabaseUrls, folder: Path) -> tuple[float, float, dict[str, float]]:
    """Write the run's rows into tables of the same columns, checks and indexes by one statement each, and copy the lines out; returns seconds, the server's
    CPU (0 where the server is elsewhere), and the seconds of each."""
    parts: dict[str, float] = {}
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        for table in TABLES:
            owner.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(f"{table}_{MONTH}")))
    _rest(urls)
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        for table in TABLES:
            named = {"bare": sql.Identifier(f"bare_{table}"), "table": sql.Identifier(f"{table}_{MONTH}")}
            owner.execute(sql.SQL("DROP TABLE IF EXISTS {bare}").format(**named))
            owner.execute(sql.SQL("CREATE TABLE {bare} (LIKE {table} INCLUDING ALL)").format(**named))
        before = _cpu_of(owner, urls)
        for table in TABLES:
            named = {"bare": sql.Identifier(f"bare_{table}"), "table": sql.Identifier(f"{table}_{MONTH}")}
            began = time.perf_counter()
            owner.execute(sql.SQL("INSERT INTO {bare} SELECT * FROM {table}").format(**named))
            parts[table] = round(time.perf_counter() - began, 2)
        began = time.perf_counter()
        with owner.cursor() as cursor, cursor.copy(_LINES_OUT) as copy, (folder / "bare").open("wb") as file:
            for piece in copy:
                file.write(piece)
        parts["copy"] = round(time.perf_counter() - began, 2)
        spent = _cpu_of(owner, urls) - before
        for table in TABLES:
            owner.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(f"bare_{table}")))
    (folder / "bare").unlink()
    return sum(parts.values()), spent, parts


def _cpu_of(connection: psycopg.Connection[Any], urls: DatabaseUrls) -> float:
    if urls.superuser is None:
        return 0.0
    times = psutil.Process(connection.info.backend_pid).cpu_times()
    return float(times.user + times.system)


def _sums(urls: DatabaseUrls) -> dict[str, int]:
    """Return what proves the run: the ledger's sum (zero), payments told of by banks, and lines no payment was found for."""
    with psycopg.connect(urls.owner) as owner:
        found = owner.execute(_PROOF).fetchone()
    assert found is not None
    return {"ledger_sum": int(found[0]), "paid": int(found[1]), "rejected": int(found[2]), "unmatched": int(found[3])}


_PAYMENT_TABLES = r"""
SELECT relname FROM pg_class
WHERE relname LIKE 'payments\_%' AND relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace ORDER BY 1
"""
_OWED_TABLE = """
CREATE TABLE bench_owed (person_id bigint, entitlement_id bigint, component text, month integer, correction integer, amount bigint, kind text,
    province text, commune text, urban boolean, PRIMARY KEY (month, person_id, entitlement_id, component, correction))
"""
_PEOPLE = """
INSERT INTO people_person (person_id, full_name, sex, birth_year, commune, province, recorded_on)
SELECT n, 'Nguyễn Thị Hồng ' || chr(65 + (n %% 26)::integer), 'F', 1950, lpad((n %% 3300)::text, 5, '0'), lpad((1 + n %% 34)::text, 2, '0'), '2015-01-01'
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""
# 81.5 of 100 payees are paid into an account, at six banks.
_ACCOUNTS = """
INSERT INTO payments_account (person_id, account_id, bank, account, holder, checked_name, from_month, filed_at, filed_by, confirmed_at, source)
SELECT n, nextval('payments_account_number'), (ARRAY['970436', '970405', '970415', '970418', '970449', '970422'])[1 + n %% 6], lpad(n::text, 13, '0'),
    'NGUYEN THI HONG ' || chr(65 + (n %% 26)::integer), 'Nguyễn Thị Hồng ' || chr(65 + (n %% 26)::integer), 202401, now(), 'bench', now(), 'bench'
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n WHERE n %% 1000 < 815
"""
_OWED = """
INSERT INTO bench_owed
SELECT n, n, 'base', %(month)s, 0, 2000000 + n %% 9000000, 'pension', lpad((1 + n %% 34)::text, 2, '0'), lpad((n %% 3300)::text, 5, '0'), n %% 3 = 0
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""
_LINES_OUT = """
COPY (SELECT line, payments_end_to_end_id(pay_month, order_id, attempt_no), partner, account, holder, amount
    FROM bare_payments_attempt ORDER BY batch_id, line) TO STDOUT
"""
_PROOF = """
SELECT (SELECT coalesce(sum(amount), 0) FROM payments_posting), (SELECT count(*) FROM payments_event WHERE kind = 30 AND effect = 1),
    (SELECT count(*) FROM payments_event WHERE kind = 20 AND effect = 1), (SELECT count(*) FROM payments_case WHERE kind = 'unknown_payment')
"""
