"""Checks of a built run against the last one, people and accounts; each finding is kept with its reason.

Who is dead, or is paid under another's name, is withheld."""

from __future__ import annotations

from datetime import datetime

from ansinh.database.sql import execute, row, rows
from ansinh.payments.accounts.names import FOLDED_SQL
from ansinh.payments.runs.run import Run

CHANGED_PERCENT = 20
# A guardian may have two or three wards; more payees on one account are worth a look.
SHARED_ACCOUNT_PAYEES = 4
WITHHOLDING = ("dead", "name_differs", "account_refused")

_FIND = "INSERT INTO payments_finding (person_id, run_id, kind, order_id, amount, amount_before, detail, found_at) {} ON CONFLICT DO NOTHING"
_THIS = "SELECT person_id, order_id, amount FROM payments_order WHERE pay_month = %(month)s AND run_id = %(run)s"
_LAST = "SELECT person_id, order_id, amount FROM payments_order WHERE pay_month = %(last_month)s AND run_id = %(last)s AND state <> 'released'"

_AGAINST_LAST = f"""
SELECT coalesce(n.person_id, b.person_id), %(run)s, CASE WHEN b.person_id IS NULL THEN 'new' WHEN n.person_id IS NULL THEN 'gone' ELSE 'changed' END,
    n.order_id, n.amount, b.amount, NULL, %(now)s
FROM ({_THIS}) AS n FULL JOIN ({_LAST}) AS b USING (person_id)
WHERE b.person_id IS NULL OR n.person_id IS NULL OR abs(n.amount - b.amount) * 100 > b.amount * %(percent)s
"""
# A pension is owed for the month of death; a later month is not.
_DEAD = f"""
SELECT n.person_id, %(run)s, 'dead', n.order_id, n.amount, NULL, to_char(p.died_on, 'YYYY-MM-DD'), %(now)s
FROM ({_THIS}) AS n JOIN people_person p USING (person_id)
WHERE p.died_on IS NOT NULL AND EXISTS (SELECT FROM payments_obligation o WHERE o.month = ANY(%(months)s) AND o.person_id = n.person_id
    AND o.order_id = n.order_id AND o.month > extract(year FROM p.died_on) * 100 + extract(month FROM p.died_on))
"""
_ATTEMPTS = "SELECT a.* FROM payments_attempt a WHERE a.pay_month = %(month)s AND a.run_id = %(run)s AND a.channel = 'account' AND a.ended IS NULL"
_SHARED = f"""
SELECT a.person_id, %(run)s, 'shared_account', a.order_id, a.amount, NULL, s.payees::text, %(now)s
FROM (SELECT partner, account, count(*) AS payees FROM ({_ATTEMPTS}) AS x GROUP BY 1, 2 HAVING count(*) >= %(shared)s) AS s
JOIN ({_ATTEMPTS}) AS a USING (partner, account)
"""
_NEVER_PAID = f"""
SELECT a.person_id, %(run)s, 'never_paid_before', a.order_id, a.amount, NULL, NULL, %(now)s
FROM ({_ATTEMPTS}) AS a
JOIN payments_account k ON k.person_id = a.person_id AND k.bank = a.partner AND k.account = a.account AND k.source IS NULL
WHERE NOT EXISTS (SELECT FROM payments_attempt b JOIN payments_event e USING (pay_month, order_id, attempt_no, person_id)
    WHERE b.pay_month = ANY(%(former_months)s) AND b.person_id = a.person_id AND b.partner = a.partner AND b.account = a.account
        AND e.kind = 30 AND e.effect = 1)
"""
# What the bank itself said last of an account, asked before money goes there (`holders`); that it was busy says nothing.
_TOLD_BY_BANK = f"""
SELECT a.person_id, %(run)s, CASE WHEN h.state = 'open' THEN 'name_differs' ELSE 'account_refused' END, a.order_id, a.amount, NULL,
    h.state || ' ' || to_char(h.asked_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD'), %(now)s
FROM ({_ATTEMPTS}) AS a JOIN (
    SELECT DISTINCT ON (bank, account) bank, account, asked_at, state, name FROM holders_holderanswer WHERE state <> 'busy'
    ORDER BY bank, account, asked_at DESC
) AS h ON h.bank = a.partner AND h.account = a.account
WHERE h.state <> 'open' OR {FOLDED_SQL.format("h.name")} <> {FOLDED_SQL.format("a.holder")}
"""
_WITHHOLD = """
WITH found AS (
    UPDATE payments_finding SET withheld = true WHERE run_id = %(run)s AND kind = ANY(%(kinds)s) AND NOT withheld AND order_id IS NOT NULL
    RETURNING person_id, order_id
), held AS (
    UPDATE payments_order o SET state = 'withheld' FROM (SELECT DISTINCT person_id, order_id FROM found) AS f
    WHERE o.pay_month = %(month)s AND o.person_id = f.person_id AND o.order_id = f.order_id AND o.state = 'open' RETURNING o.person_id, o.order_id
)
UPDATE payments_attempt a SET ended = 61 FROM held h
WHERE a.pay_month = %(month)s AND a.order_id = h.order_id AND a.person_id = h.person_id AND a.ended IS NULL
"""
_LAST_RUN = """
SELECT run_id, pay_month FROM payments_run WHERE rhythm = %s AND run_id <> %s AND pay_month < %s AND state NOT IN ('draft', 'building', 'aborted')
ORDER BY pay_month DESC, run_id DESC LIMIT 1
"""


def last_run_before(run: Run) -> tuple[int, int] | None:
    """Return the run, and its month of payment, that a run is compared with: the newest of its rhythm paid in an earlier month."""
    found = row(_LAST_RUN, [run.rhythm, run.run_id, run.pay_month])
    return (int(found[0]), int(found[1])) if found else None


def find(run: Run, now: datetime) -> dict[str, int]:
    """Check the run, keep what is found, withhold what must not go out; returns how much was found, by kind. Checking again adds only what is new."""
    last = last_run_before(run)
    with_ = {
        "run": run.run_id,
        "month": run.pay_month,
        "months": list(run.months),
        "percent": CHANGED_PERCENT,
        "shared": SHARED_ACCOUNT_PAYEES,
        "now": now,
        "last": last[0] if last else None,
        "last_month": last[1] if last else None,
        "former_months": _former_months(run),
    }
    found = [_DEAD, _SHARED, _NEVER_PAID, _TOLD_BY_BANK]
    if last:
        found.append(_AGAINST_LAST)
    for query in found:
        execute(_FIND.format(query), with_)
    execute(_WITHHOLD, {"run": run.run_id, "month": run.pay_month, "kinds": list(WITHHOLDING)})
    return {
        str(kind): int(count)
        for kind, count in rows(
            "SELECT kind, count(*) FROM payments_finding WHERE run_id = %s GROUP BY 1 ORDER BY 1", [run.run_id]
        )
    }


def _former_months(run: Run) -> list[int]:
    """A year of months of payment before the run's: an account not paid for longer is looked at anew."""
    year, month = divmod(run.pay_month, 100)
    return [
        (year * 12 + month - 1 - back) // 12 * 100 + (year * 12 + month - 1 - back) % 12 + 1 for back in range(1, 13)
    ]
