"""Cards and payments pulled by the e-ID app, against pgbench reading the same with the same audit row, one by one.

In a database of its own: so many persons with a card and a payment in each of two months. The load is half cards, half payments, as is the bare way's, which is
the best of two scripts over 8 to 64 clients, by turns with ours: the shortest statements that read and record the same, and the gateway's own functions.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from ansinh.cli.benchmarks.app_load import app_under_load, raise_ceilings
from ansinh.cli.benchmarks.driving import Say
from ansinh.cli.benchmarks.own_database import fill, own_database
from ansinh.cli.benchmarks.standing import by_turns, require_wrk
from ansinh.database.urls import DatabaseUrls

DATABASE = "ansinh_bench_pulls"
PERSONS_A_STEP = 100_000
MONTHS = 2
_HERE = Path(__file__).parent
_SCRIPTS = {"plain": _HERE / "pulls_plain.pgbench", "published": _HERE / "pulls_published.pgbench"}
_TABLES = ("payments_order", "payments_attempt", "payments_obligation", "payments_run", "payments_batch")


def measure_pulls(persons: int, seconds: int, say: Say, progress: Callable[[int], None]) -> dict[str, Any]:
    """Run the whole benchmark and return its figures. Refuses `no_load_generator`, `no_bench_database`."""
    require_wrk(say)
    urls = own_database(DATABASE)
    fill(urls, persons, progress)
    fill_payments(urls, persons)
    with app_under_load(urls, persons, ["/v1/eid/card", "/v1/eid/payments"]) as served:
        found = by_turns("pulls", served, _SCRIPTS, persons, seconds, say)
    del found["facilities"]
    return found | {"payments": persons * MONTHS}


def fill_payments(urls: DatabaseUrls, persons: int) -> None:
    """Give the persons 1 to `persons` a payment in this month and the one before, both on their way; made anew when there are too few."""
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("SET synchronous_commit = off")
        raise_ceilings(owner)
        found = owner.execute("SELECT count(*) FROM payments_order").fetchone()
        if found and found[0] == persons * MONTHS:
            return
        for table in ("payments_order", "payments_attempt", "payments_obligation"):
            owner.execute(f"DELETE FROM {table}")
        for back in range(MONTHS):
            row = owner.execute(_RUN, {"back": back}).fetchone()
            assert row is not None
            month, run, batch = row
            for first in range(1, persons + 1, PERSONS_A_STEP):
                last = min(first + PERSONS_A_STEP - 1, persons)
                owner.execute(_PAYMENTS, {"month": month, "run": run, "batch": batch, "first": first, "last": last})
        for table in _TABLES:
            owner.execute(f"VACUUM (ANALYZE) {table}")


_RUN = """
WITH m AS (
    SELECT d, extract(year FROM d)::integer * 100 + extract(month FROM d)::integer AS month
    FROM (SELECT (now() - make_interval(months => %(back)s))::date AS d) n
), months AS MATERIALIZED (
    SELECT payments_ensure_months(month, month) FROM m
), run AS (
    INSERT INTO payments_run (request_key, pay_month, pay_on, rhythm, months, act, state, created_by, made_by, created_at, changed_at)
    SELECT 'bench ' || month, month, d, 'monthly', ARRAY[month], 'bench', 'settling', 'bench', 'bench', now(), now() FROM m, months
    ON CONFLICT (request_key) DO UPDATE SET changed_at = now() RETURNING run_id, pay_month
), batch AS (
    INSERT INTO payments_batch (run_id, pay_month, round, channel, partner, number, message_id, digest, seal_no, state, state_at, tries)
    SELECT run_id, pay_month, 1, 'account', '970436', 1, 'BENCH' || pay_month, 'x', 1, 'sent', now(), 1 FROM run
    ON CONFLICT (partner, message_id) DO UPDATE SET state_at = now() RETURNING batch_id
)
SELECT pay_month, run_id, batch_id FROM run, batch
"""
_PAYMENTS = """
WITH made AS (
    INSERT INTO payments_order (pay_month, person_id, run_id, order_id, amount, province, urban)
    SELECT %(month)s, n, %(run)s, n, 5000000 + n %% 1000, '01', true FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
), tried AS (
    INSERT INTO payments_attempt (pay_month, order_id, attempt_no, person_id, run_id, batch_id, line, channel, partner, account, holder, amount)
    SELECT %(month)s, n, 1, n, %(run)s, %(batch)s, n, 'account', '970436', lpad(n::text, 12, '0'), 'NGUYEN THI MAU', 5000000 + n %% 1000
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
)
INSERT INTO payments_obligation (month, person_id, entitlement_id, component, correction, amount, kind, order_id, pay_month)
SELECT %(month)s, n, 1, 'base', 0, 5000000 + n %% 1000, 'pension', n, %(month)s FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""
