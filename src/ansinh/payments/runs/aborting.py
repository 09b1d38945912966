"""Orders given back: their attempts cancelled, the claim reversed in the ledger, their obligations due again."""

from __future__ import annotations

from datetime import datetime

from ansinh.database.sql import execute
from ansinh.payments.ledger.chart import Account, Entry
from ansinh.payments.runs.run import Run
from ansinh.payments.states import AttemptState

# `given` names the orders: person_id, order_id.
_ATTEMPTS = """
UPDATE payments_attempt a SET ended = %(ended)s FROM given g
WHERE a.pay_month = %(month)s AND a.order_id = g.order_id AND a.person_id = g.person_id AND a.ended IS NULL
"""
_ORDERS = "UPDATE payments_order o SET state = 'released' FROM given g WHERE o.pay_month = %(month)s AND o.person_id = g.person_id AND o.order_id = g.order_id"
# The claim turned round, line by line, so that each fund gets back what it gave.
_POSTINGS = f"""
INSERT INTO payments_posting (pay_month, order_id, attempt_no, kind, account, person_id, run_id, amount, posted_at)
SELECT p.pay_month, p.order_id, 0, {int(Entry.RELEASE)}, p.account, p.person_id, p.run_id, -p.amount, %(now)s
FROM payments_posting p JOIN given g USING (order_id, person_id) WHERE p.pay_month = %(month)s AND p.attempt_no = 0 AND p.kind = {int(Entry.CLAIM)}
"""
# What came back from a bank or the post goes to clearing first, as if it went out again, so that the release empties it.
_REISSUED = f"""
INSERT INTO payments_posting (pay_month, order_id, attempt_no, kind, account, person_id, run_id, amount, posted_at)
SELECT p.pay_month, p.order_id, p.attempt_no, {int(Entry.REISSUE)}, side.account, p.person_id, p.run_id, side.sign * -p.amount, %(now)s
FROM payments_posting p JOIN given g USING (order_id, person_id),
LATERAL (VALUES ({int(Account.RETURNED)}, 1), ({int(Account.CLEARING)}, -1)) AS side (account, sign)
WHERE p.pay_month = %(month)s AND p.account = {int(Account.RETURNED)} AND p.kind IN ({int(Entry.RETURNED)}, {int(Entry.UNCOLLECTED)}) ON CONFLICT DO NOTHING
"""
_OBLIGATIONS = """
UPDATE payments_obligation o SET order_id = NULL, pay_month = NULL FROM given g
WHERE o.person_id = g.person_id AND o.order_id = g.order_id AND o.pay_month = %(month)s
"""
_UNPAID = """
CREATE TEMPORARY TABLE given ON COMMIT DROP AS SELECT o.person_id, o.order_id FROM payments_order o
WHERE o.pay_month = %(month)s AND o.run_id = %(run)s AND o.state <> 'released' AND (o.state = 'withheld' OR EXISTS (
    SELECT FROM payments_attempt u WHERE u.pay_month = %(month)s AND u.order_id = o.order_id AND u.person_id = o.person_id AND u.ended = 40))
  AND NOT EXISTS (SELECT FROM payments_attempt l WHERE l.pay_month = %(month)s AND l.order_id = o.order_id AND l.person_id = o.person_id AND l.ended IS NULL)
"""


def release_everything(run: Run, now: datetime) -> int:
    """Release every order of a run of which nothing was handed over; returns how many."""
    execute(
        "CREATE TEMPORARY TABLE given ON COMMIT DROP AS SELECT person_id, order_id FROM payments_order"
        " WHERE pay_month = %s AND run_id = %s AND state <> 'released'",
        [run.pay_month, run.run_id],
    )
    released = _release(run, now, AttemptState.CANCELLED)
    execute(
        "UPDATE payments_batch SET state = 'cancelled', state_at = %s WHERE run_id = %s AND state IN ('new', 'sealed', 'ready')",
        [now, run.run_id],
    )
    return released


def release_unpaid(run: Run, now: datetime) -> int:
    """Release, at the run's end, the orders that were withheld or not collected; what they gathered is due again. Returns how many."""
    execute(_UNPAID, {"month": run.pay_month, "run": run.run_id})
    return _release(run, now, AttemptState.WITHHELD)


def release_one(run: Run, person_id: int, order_id: int, now: datetime) -> int:
    """Release one order without a live attempt on its way; returns 1."""
    execute(
        "CREATE TEMPORARY TABLE given ON COMMIT DROP AS SELECT %s::bigint AS person_id, %s::bigint AS order_id",
        [person_id, order_id],
    )
    return _release(run, now, AttemptState.WITHHELD)


def _release(run: Run, now: datetime, ended: AttemptState) -> int:
    with_ = {"month": run.pay_month, "now": now, "ended": int(ended)}
    execute("ANALYZE given")
    execute(_ATTEMPTS, with_)
    released = execute(_ORDERS, with_)
    execute(_REISSUED, with_)
    execute(_POSTINGS, with_)
    execute(_OBLIGATIONS, with_)
    execute("DROP TABLE given")
    return released
