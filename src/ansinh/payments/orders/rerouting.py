"""Another attempt for orders whose last one ended without money: to a newer account where one is confirmed, else in cash. Never while one is live."""

from __future__ import annotations

from datetime import datetime

from ansinh.database.sql import execute
from ansinh.payments.ledger.chart import Account, Entry
from ansinh.payments.runs.batching import line_up, next_round
from ansinh.payments.runs.run import Run

# The account is that of the month of the re-route, and not the one that failed: what was corrected on request is paid at once.
_PAYEE = """
CREATE TEMPORARY TABLE payee ON COMMIT DROP AS
SELECT o.person_id, o.order_id, o.amount, (t.attempt_no + 1)::smallint AS attempt_no,
    CASE WHEN k.account IS NULL THEN 'cash' ELSE 'account' END AS channel, coalesce(k.bank, 'P' || o.province) AS partner,
    k.account, coalesce(k.holder, t.holder) AS holder
FROM payments_order o
JOIN LATERAL (
    SELECT a.attempt_no, a.channel, a.partner, a.account, a.holder FROM payments_attempt a
    WHERE a.pay_month = %(month)s AND a.order_id = o.order_id AND a.person_id = o.person_id ORDER BY a.attempt_no DESC LIMIT 1
) AS t ON true
LEFT JOIN payments_account k ON k.person_id = o.person_id AND k.confirmed_at IS NOT NULL AND k.stopped_at IS NULL AND k.until_month IS NULL
    AND NOT EXISTS (SELECT FROM payments_attempt f WHERE f.pay_month = %(month)s AND f.order_id = o.order_id AND f.person_id = o.person_id
        AND f.partner = k.bank AND f.account = k.account AND f.ended IN (20, 50))
WHERE o.pay_month = %(month)s AND o.run_id = %(run)s AND o.state = 'open' AND t.attempt_no < 99
  AND NOT EXISTS (SELECT FROM payments_attempt l WHERE l.pay_month = %(month)s AND l.order_id = o.order_id AND l.person_id = o.person_id AND l.ended IS NULL)
"""
# What came back stands under `returned` until it goes out again. The entry bears the number of the attempt that came back, so that it is made once.
_REISSUE = f"""
INSERT INTO payments_posting (pay_month, order_id, attempt_no, kind, account, person_id, run_id, amount, posted_at)
SELECT %(month)s, p.order_id, r.attempt_no, {int(Entry.REISSUE)}, side.account, p.person_id, %(run)s, side.sign * p.amount, %(now)s
FROM payee p JOIN payments_posting r ON r.pay_month = %(month)s AND r.order_id = p.order_id AND r.person_id = p.person_id AND r.attempt_no < p.attempt_no
    AND r.kind IN ({int(Entry.RETURNED)}, {int(Entry.UNCOLLECTED)}) AND r.account = {int(Account.RETURNED)},
LATERAL (VALUES ({int(Account.RETURNED)}, 1), ({int(Account.CLEARING)}, -1)) AS side (account, sign)
ON CONFLICT DO NOTHING
"""


def reroute(run: Run, now: datetime) -> tuple[int, int]:
    """Build the next round of attempts; returns its number and how many there are. The caller holds the run's lock."""
    with_ = {"month": run.pay_month, "run": run.run_id, "now": now}
    waiting = next_round(run.run_id)
    execute(_PAYEE, with_)
    attempts = line_up(run, waiting, now)
    reissue(run, now)
    execute("DROP TABLE payee, lined")
    return waiting, attempts


def reissue(run: Run, now: datetime) -> None:
    """Take what came back of the orders in `payee` out of `returned`, for it goes out again."""
    execute(_REISSUE, {"month": run.pay_month, "run": run.run_id, "now": now})
