"""Cash handed to the post: from clearing to the cash of the province, once a batch, when the post has its list."""

from __future__ import annotations

from datetime import datetime

from ansinh.database.sql import execute
from ansinh.payments.ledger.chart import PARTNER_SQL, Account, Entry

_HANDED = f"""
INSERT INTO payments_posting (pay_month, order_id, attempt_no, kind, account, person_id, run_id, amount, posted_at)
SELECT a.pay_month, a.order_id, a.attempt_no, {int(Entry.HANDED)}, side.account, a.person_id, a.run_id, side.sign * a.amount, %(now)s
FROM payments_attempt a, LATERAL (VALUES ({int(Account.CLEARING)}, 1), ({PARTNER_SQL}, -1)) AS side (account, sign)
WHERE a.pay_month = %(month)s AND a.batch_id = %(batch)s AND a.channel <> 'account' AND a.ended IS DISTINCT FROM 61
ON CONFLICT DO NOTHING
"""


def hand_cash(pay_month: int, batch_id: int, now: datetime) -> int:
    """Post the cash of a batch as handed over; a batch to a bank has none, and a second time posts nothing. Returns ledger lines."""
    return execute(_HANDED, {"month": pay_month, "batch": batch_id, "now": now})
