"""What is owed → obligations, orders, attempts and their ledger entries, chunk by chunk, each chunk in one transaction.

Obligations are born claimed: they are inserted with their order, not inserted and then updated. What an earlier run released is claimed by update.
Nothing about a payee is read after this: name, account, place and amount stand in the order and its attempt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.errors import InvalidInput
from ansinh.payments.accounts.names import FOLDED_SQL
from ansinh.payments.ledger.chart import FUND_SQL, Account, Entry
from ansinh.payments.runs.batching import line_up
from ansinh.payments.runs.run import Run

PAYEES_A_CHUNK = 50_000
_END = 1 << 62

# Rows of the room above, and what earlier runs released; months outside the run's come in as corrections or as released ones.
_WANTED = "(o.month = ANY(%(months)s) OR o.correction > 0) AND (%(kinds)s::text[] IS NULL OR o.kind = ANY(%(kinds)s))"
_OF_RUN = _WANTED + " AND (%(provinces)s::text[] IS NULL OR o.province = ANY(%(provinces)s))"
_RELEASED = (
    "o.order_id IS NULL AND o.voided_at IS NULL AND o.month <= %(last)s AND (%(kinds)s::text[] IS NULL OR o.kind = ANY(%(kinds)s))"
    " AND (%(provinces)s::text[] IS NULL OR p.province = ANY(%(provinces)s))"
)

_PLAN = """
INSERT INTO payments_chunk (subject, subject_id, step, chunk, first, until)
SELECT 'run', %(run)s, 'build', row_number() OVER (ORDER BY first), first, lead(first, 1, %(end)s) OVER (ORDER BY first)
FROM (
    SELECT DISTINCT person_id AS first FROM (
        SELECT person_id, row_number() OVER (ORDER BY person_id) AS place FROM (
            SELECT o.person_id FROM ({owed}) AS o WHERE {of_run}
            UNION ALL
            SELECT o.person_id FROM payments_obligation o JOIN people_person p USING (person_id) WHERE {released}
        ) AS owed
    ) AS placed WHERE (place - 1) %% %(size)s = 0
) AS firsts
"""

_SAME = "(k.month, k.person_id, k.entitlement_id, k.component, k.correction) = (o.month, o.person_id, o.entitlement_id, o.component, o.correction)"
# A month of the run is compared set with set, in its own partitions; a correction of another month by its key.
_FRESH = """
CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS
SELECT o.month, o.person_id, o.entitlement_id, o.component, o.correction, o.amount, o.kind, o.province, o.commune, o.urban, false AS known
FROM ({owed}) AS o WHERE o.person_id >= %(first)s AND o.person_id < %(until)s AND o.month = ANY(%(months)s) AND {of_run}
  AND NOT EXISTS (SELECT FROM payments_obligation k WHERE k.month = ANY(%(months)s) AND k.person_id >= %(first)s AND k.person_id < %(until)s AND {same})
UNION ALL
SELECT o.month, o.person_id, o.entitlement_id, o.component, o.correction, o.amount, o.kind, o.province, o.commune, o.urban, false
FROM ({owed}) AS o WHERE o.person_id >= %(first)s AND o.person_id < %(until)s AND o.month <> ALL(%(months)s) AND {of_run}
  AND (SELECT count(*) FROM payments_obligation k WHERE {same}) = 0
UNION ALL
SELECT o.month, o.person_id, o.entitlement_id, o.component, o.correction, o.amount, o.kind, p.province, p.commune,
    coalesce((SELECT u.urban FROM places_unit u WHERE u.level = 'commune' AND u.edition = 'since_july_2025' AND u.code = p.commune), false), true
FROM payments_obligation o JOIN people_person p USING (person_id)
WHERE o.person_id >= %(first)s AND o.person_id < %(until)s AND {released}
"""
_PAYEE = """
CREATE TEMPORARY TABLE payee ON COMMIT DROP AS
SELECT g.person_id, g.amount, g.province, g.commune, g.urban, 1::smallint AS attempt_no,
    CASE WHEN g.amount > 0 AND p.person_id IS NOT NULL THEN nextval('payments_order_number') END AS order_id,
    CASE WHEN a.account IS NULL THEN 'cash' ELSE 'account' END AS channel, coalesce(a.bank, 'P' || g.province) AS partner,
    a.account, translate(coalesce(a.holder, p.full_name), E'\\x1e\\x1f', '  ') AS holder,
    a.relation = 'own' AND a.checked_name IS DISTINCT FROM p.full_name AND a.holder <> p.full_name AND {folded_holder} <> {folded_name} AS name_differs
FROM (
    SELECT person_id, sum(amount)::bigint AS amount, min(province) AS province, min(commune) AS commune, bool_or(urban) AS urban
    FROM fresh GROUP BY person_id
) AS g
LEFT JOIN people_person p ON p.person_id = g.person_id AND p.person_id >= %(first)s AND p.person_id < %(until)s
LEFT JOIN payments_account a ON a.person_id = g.person_id AND a.person_id >= %(first)s AND a.person_id < %(until)s AND a.confirmed_at IS NOT NULL
    AND a.stopped_at IS NULL AND a.from_month <= %(month)s AND (a.until_month IS NULL OR a.until_month > %(month)s)
"""
_OBLIGATIONS = """
INSERT INTO payments_obligation (month, person_id, entitlement_id, component, correction, amount, kind, order_id, pay_month)
SELECT f.month, f.person_id, f.entitlement_id, f.component, f.correction, f.amount, f.kind, p.order_id, CASE WHEN p.order_id IS NOT NULL THEN %(month)s END
FROM fresh f JOIN payee p USING (person_id) WHERE NOT f.known
"""
_CLAIM = (
    """
UPDATE payments_obligation o SET order_id = p.order_id, pay_month = %(month)s FROM fresh k JOIN payee p USING (person_id)
WHERE k.known AND p.order_id IS NOT NULL AND o.order_id IS NULL AND """
    + _SAME
)
_ORDERS = """
INSERT INTO payments_order (pay_month, person_id, run_id, order_id, amount, province, commune, urban)
SELECT %(month)s, person_id, %(run)s, order_id, amount, province, commune, urban FROM payee WHERE order_id IS NOT NULL
"""
_POSTINGS = f"""
INSERT INTO payments_posting (pay_month, order_id, attempt_no, kind, account, person_id, run_id, amount, posted_at)
SELECT %(month)s, p.order_id, 0, {int(Entry.CLAIM)}, f.fund, p.person_id, %(run)s, f.amount, %(now)s
FROM (SELECT person_id, {FUND_SQL} AS fund, sum(amount)::bigint AS amount FROM fresh GROUP BY 1, 2 HAVING sum(amount) <> 0) AS f
JOIN payee p USING (person_id) WHERE p.order_id IS NOT NULL
UNION ALL
SELECT %(month)s, order_id, 0, {int(Entry.CLAIM)}, {int(Account.CLEARING)}, person_id, %(run)s, -amount, %(now)s FROM payee WHERE order_id IS NOT NULL
"""
# By province and partner a payee counts once; by kind under each kind the order gathers.
_SUMS = """
INSERT INTO payments_runsum (run_id, chunk, dimension, key, payees, amount)
SELECT %(run)s, %(chunk)s, 'province', province, count(*), sum(amount)::bigint FROM payee WHERE order_id IS NOT NULL GROUP BY province
UNION ALL
SELECT %(run)s, %(chunk)s, 'partner', partner, count(*), sum(amount)::bigint FROM payee WHERE order_id IS NOT NULL GROUP BY partner
UNION ALL
SELECT %(run)s, %(chunk)s, 'kind', f.kind, count(DISTINCT f.person_id), sum(f.amount)::bigint
FROM fresh f JOIN payee p USING (person_id) WHERE p.order_id IS NOT NULL GROUP BY f.kind
"""
_NAME_DIFFERS = """
INSERT INTO payments_finding (person_id, run_id, kind, order_id, amount, found_at)
SELECT person_id, %(run)s, 'name_differs', order_id, amount, %(now)s FROM payee WHERE order_id IS NOT NULL AND name_differs ON CONFLICT DO NOTHING
"""
_NOTHING = """
INSERT INTO payments_finding (person_id, run_id, kind, amount, found_at)
SELECT person_id, %(run)s, 'nothing_to_pay', amount, %(now)s FROM payee WHERE order_id IS NULL ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Built:
    """How far building is: chunks done and left, orders and đồng of the chunk just built."""

    done: int
    left: int
    orders: int
    amount: int


def ensure_plan(run: Run, owed: str) -> None:
    """Cut the payees into chunks of about equal size, once; a restart finds the same chunks."""
    planned = row(
        "SELECT 1 FROM payments_chunk WHERE subject = 'run' AND subject_id = %s AND step = 'build'", [run.run_id]
    )
    if planned:
        return
    if "%" in owed.replace("%%", ""):
        raise ValueError("double the percent signs of the SELECT")
    rows("SELECT payments_ensure_months(%s, %s)", [run.pay_month, max(run.pay_month, *run.months)])
    planned_chunks = execute(
        _PLAN.format(owed=owed, of_run=_OF_RUN, released=_RELEASED),
        {**_parameters(run), "size": PAYEES_A_CHUNK, "end": _END},
    )
    if not planned_chunks:
        raise InvalidInput(
            f"Không có khoản nào phải chi cho đợt {run.run_id}: kiểm tra tháng, tỉnh, loại chế độ và việc chốt danh sách.",
            f"Nothing is owed for run {run.run_id}: check months, provinces, kinds, and whether the month was frozen.",
            field="months",
        )


def build_chunk(run: Run, owed: str, now: datetime) -> Built:
    """Build the next chunk, if one is left, and say how far building is."""
    # One chunk at a time in the whole agency: two runs that reach for the same obligations see each other's claims.
    execute("SELECT pg_advisory_xact_lock(hashtext('payments.take'))")
    chunk = row(
        "SELECT chunk, first, until FROM payments_chunk WHERE subject = 'run' AND subject_id = %s AND step = 'build' AND done_at IS NULL"
        " ORDER BY chunk LIMIT 1",
        [run.run_id],
    )
    orders = amount = 0
    if chunk:
        orders, amount = _build(run, owed, now, (int(chunk[0]), int(chunk[1]), int(chunk[2])))
        execute(
            "UPDATE payments_chunk SET row_count = %s, amount = %s, done_at = %s WHERE subject = 'run' AND subject_id = %s AND step = 'build' AND chunk = %s",
            [orders, amount, now, run.run_id, chunk[0]],
        )
    done, left = row(
        "SELECT count(done_at), count(*) - count(done_at) FROM payments_chunk WHERE subject = 'run' AND subject_id = %s AND step = 'build'",
        [run.run_id],
    ) or (0, 0)
    return Built(int(done), int(left), orders, amount)


def _build(run: Run, owed: str, now: datetime, planned: tuple[int, int, int]) -> tuple[int, int]:
    chunk, first, until = planned
    with_ = {**_parameters(run), "chunk": chunk, "first": first, "until": until, "now": now}
    execute("SET LOCAL work_mem = '64MB'")
    execute(_FRESH.format(owed=owed, of_run=_OF_RUN, released=_RELEASED, same=_SAME), with_)
    execute("ANALYZE fresh (person_id)")
    execute(
        _PAYEE.format(folded_holder=FOLDED_SQL.format("a.holder"), folded_name=FOLDED_SQL.format("p.full_name")), with_
    )
    execute("ANALYZE payee (person_id, partner)")
    execute(_OBLIGATIONS, with_)
    if number("SELECT count(*) FROM fresh WHERE known"):
        execute(_CLAIM, with_)
    orders = execute(_ORDERS, with_)
    attempts = line_up(run, 0, now)
    execute(_POSTINGS, with_)
    execute(_NOTHING, with_)
    execute(_NAME_DIFFERS, with_)
    execute(_SUMS, with_)
    amount = number("SELECT coalesce(sum(amount), 0) FROM payee WHERE order_id IS NOT NULL")
    claimed = number(
        "SELECT coalesce(sum(f.amount), 0) FROM fresh f JOIN payee p USING (person_id) WHERE p.order_id IS NOT NULL"
    )
    if attempts != orders or claimed != amount:
        raise AssertionError(
            f"a chunk of run {run.run_id} claims {claimed} for {amount}, {attempts} attempts for {orders} orders"
        )
    execute("DROP TABLE fresh, payee, lined")
    return orders, amount


def _parameters(run: Run) -> dict[str, object]:
    return {
        "run": run.run_id,
        "month": run.pay_month,
        "months": list(run.months),
        "last": max(run.months),
        "kinds": list(run.kinds) if run.kinds is not None else None,
        "provinces": list(run.provinces) if run.provinces is not None else None,
    }
