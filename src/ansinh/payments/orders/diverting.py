"""Orders that were not handed over go another way: whole batches are taken back and lined up anew, in the transaction that takes them back.

A batch is sealed as a whole, so what stays on its way is lined up again too, to the very destination it had. Nothing that may have left the house is touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ansinh.database.sql import execute, joining_sets, number
from ansinh.payments.orders.rerouting import reissue
from ansinh.payments.runs.batching import line_up, next_round
from ansinh.payments.runs.run import Run

ATTEMPTS_MAX = 99


@dataclass(frozen=True)
class Diversion:
    """Which orders go another way: a SELECT of the room above, its percent signs doubled.

    Columns: person_id, order_id, to_account (to the payee's confirmed account where there is one), otherwise (`cash` or `home`).
    """

    orders: str


# Locked before the run, as whoever hands a batch over does, so that the two wait for one another in one order.
_LOCK = "SELECT batch_id FROM payments_batch WHERE run_id = %s AND state IN ('new', 'sealed', 'ready') ORDER BY batch_id FOR UPDATE"
# Set by set, each analysed before the next reads it: a province's orders joined one by one would take hours, not seconds.
_ASKED = "CREATE TEMPORARY TABLE asked ON COMMIT DROP AS SELECT d.person_id, d.order_id, d.to_account, d.otherwise FROM ({orders}) AS d"
_NEWEST = """
CREATE TEMPORARY TABLE newest ON COMMIT DROP AS
SELECT DISTINCT ON (a.order_id, a.person_id) a.order_id, a.person_id, a.attempt_no, a.batch_id, a.channel, a.partner, a.account, a.holder, a.ended,
    (array_agg(a.holder) FILTER (WHERE a.channel <> 'account') OVER (PARTITION BY a.order_id, a.person_id ORDER BY a.attempt_no DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))[1] AS holder_in_cash
FROM payments_attempt a WHERE a.pay_month = %(month)s AND a.run_id = %(run)s ORDER BY a.order_id, a.person_id, a.attempt_no DESC
"""
_FAILED = """
CREATE TEMPORARY TABLE failed ON COMMIT DROP AS
SELECT DISTINCT a.person_id, a.order_id, a.partner, a.account FROM payments_attempt a
WHERE a.pay_month = %(month)s AND a.run_id = %(run)s AND a.channel = 'account' AND a.ended IN (20, 50)
"""
# Where each order stands, and where it would go. An account that failed this order is no account for it.
_WANTED = """
CREATE TEMPORARY TABLE wanted ON COMMIT DROP AS
SELECT o.person_id, o.order_id, o.amount, t.attempt_no, CASE WHEN t.ended IS NULL THEN t.batch_id END AS batch_id, t.ended IS NULL AS live,
    t.channel AS channel_now, t.partner AS partner_now, t.account AS account_now,
    CASE WHEN k.account IS NOT NULL THEN 'account' ELSE d.otherwise END AS channel,
    coalesce(k.bank, CASE d.otherwise WHEN 'home' THEN 'H' ELSE 'P' END || o.province) AS partner, k.account,
    coalesce(k.holder, t.holder_in_cash, t.holder) AS holder
FROM asked d
JOIN payments_order o ON o.pay_month = %(month)s AND o.run_id = %(run)s AND o.person_id = d.person_id AND o.order_id = d.order_id
JOIN newest t ON t.order_id = d.order_id AND t.person_id = d.person_id
LEFT JOIN payments_batch b ON b.batch_id = t.batch_id
LEFT JOIN (
    SELECT a.person_id, a.bank, a.account, a.holder, x.order_id FROM asked x JOIN payments_account a ON a.person_id = x.person_id
        AND a.confirmed_at IS NOT NULL AND a.stopped_at IS NULL AND a.until_month IS NULL
    LEFT JOIN failed f ON f.person_id = x.person_id AND f.order_id = x.order_id AND f.partner = a.bank AND f.account = a.account
    WHERE x.to_account AND f.person_id IS NULL
) AS k ON k.person_id = d.person_id AND k.order_id = d.order_id
WHERE o.state = 'open' AND t.attempt_no < %(most)s AND (t.ended IS NOT NULL OR b.state IN ('new', 'sealed', 'ready'))
"""
_UNMOVED = "DELETE FROM wanted WHERE live AND (channel, partner, account) IS NOT DISTINCT FROM (channel_now, partner_now, account_now)"
_PAYEE = """
CREATE TEMPORARY TABLE payee ON COMMIT DROP AS
SELECT person_id, order_id, amount, (attempt_no + 1)::smallint AS attempt_no, channel, partner, account, holder FROM wanted
UNION ALL
SELECT a.person_id, a.order_id, a.amount, (a.attempt_no + 1)::smallint, a.channel, a.partner, a.account, a.holder FROM payments_attempt a
WHERE a.pay_month = %(month)s AND a.ended IS NULL AND a.batch_id IN (SELECT batch_id FROM wanted)
  AND NOT EXISTS (SELECT FROM wanted w WHERE w.person_id = a.person_id AND w.order_id = a.order_id)
"""
_CANCEL = "UPDATE payments_attempt SET ended = 60 WHERE pay_month = %(month)s AND ended IS NULL AND batch_id IN (SELECT batch_id FROM wanted)"
_TOLD = """
INSERT INTO payments_batchevent (batch_id, event, try_no, detail, happened_at)
SELECT DISTINCT w.batch_id, 'taken_back', b.tries, NULL, %(now)s::timestamptz FROM wanted w JOIN payments_batch b USING (batch_id)
"""
_TAKE_BACK = (
    "UPDATE payments_batch SET state = 'cancelled', state_at = %(now)s WHERE batch_id IN (SELECT batch_id FROM wanted)"
)


def hold_batches(run_id: int) -> None:
    """Hold every batch of the run that was not handed over until the transaction ends."""
    execute(_LOCK, [run_id])


def divert(run: Run, diversion: Diversion, now: datetime) -> tuple[int, int]:
    """Take back and line up; returns the round's number and how many attempts are in it. The caller holds the batches and the run's lock."""
    with_ = {"month": run.pay_month, "run": run.run_id, "now": now, "most": ATTEMPTS_MAX}
    with joining_sets():
        for query in (_ASKED.format(orders=diversion.orders), _NEWEST, _FAILED):
            execute(query, with_)
        execute("ANALYZE asked, newest, failed")
        execute(_WANTED, with_)
    execute(_UNMOVED)
    execute("ANALYZE wanted")
    waiting = next_round(run.run_id)
    moved = number("SELECT count(*) FROM wanted")
    attempts = 0
    if moved:
        execute(_PAYEE, with_)
        execute("ANALYZE payee")
        execute(_CANCEL, with_)
        execute(_TOLD, with_)
        execute(_TAKE_BACK, with_)
        attempts = line_up(run, waiting, now)
        reissue(run, now)
        execute("DROP TABLE payee, lined")
    execute("DROP TABLE asked, newest, failed, wanted")
    return waiting, attempts
