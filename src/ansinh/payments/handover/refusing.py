"""A whole file refused: its attempts end without money, so that their orders are open again and can go out another way."""

from __future__ import annotations

from datetime import datetime

from ansinh.database.sql import execute
from ansinh.payments.ledger.chart import PARTNER_SQL, Account, Entry
from ansinh.payments.states import AttemptEvent

_REJECT = """
UPDATE payments_attempt a SET ended = 20 FROM payments_batch b
WHERE b.batch_id = %(batch)s AND a.pay_month = b.pay_month AND a.batch_id = b.batch_id AND a.ended IS NULL
"""
# Cash that was handed over for it comes back.
_CASH_BACK = f"""
INSERT INTO payments_posting (pay_month, order_id, attempt_no, kind, account, person_id, run_id, amount, posted_at)
SELECT a.pay_month, a.order_id, a.attempt_no, {int(Entry.UNCOLLECTED)}, side.account, a.person_id, a.run_id, side.sign * a.amount, %(now)s
FROM payments_batch b JOIN payments_attempt a ON a.pay_month = b.pay_month AND a.batch_id = b.batch_id AND a.ended = %(ended)s
JOIN payments_posting h ON h.pay_month = a.pay_month AND h.order_id = a.order_id AND h.attempt_no = a.attempt_no AND h.person_id = a.person_id
    AND h.kind = {int(Entry.HANDED)} AND h.amount > 0,
LATERAL (SELECT {PARTNER_SQL} AS cash FROM (SELECT a.channel, a.partner) AS through) AS through,
LATERAL (VALUES (through.cash, 1), ({int(Account.RETURNED)}, -1)) AS side (account, sign)
WHERE b.batch_id = %(batch)s ON CONFLICT DO NOTHING
"""
_CASE = """
INSERT INTO payments_case (person_id, kind, run_id, pay_month, message_no, line, detail, amount, opened_at)
SELECT 0, %(kind)s, b.run_id, b.pay_month, m.message_no, 0, %(detail)s, b.amount, %(now)s
FROM payments_batch b JOIN payments_message m ON m.batch_id = b.batch_id AND m.direction = 'out' WHERE b.batch_id = %(batch)s ON CONFLICT DO NOTHING
"""


def refuse_batch(batch_id: int, detail: str, now: datetime) -> None:
    """End every attempt of a batch the bank refused as a whole, and open a case: such a refusal is our mistake, or missing money."""
    execute(_REJECT, {"batch": batch_id})
    give_cash_back(batch_id, AttemptEvent.REJECTED, now)
    open_batch_case(batch_id, "batch_refused", detail or "refused", now)


def open_batch_case(batch_id: int, kind: str, detail: str, now: datetime) -> None:
    """Let a person look at a batch; the run does not close before. Once for each kind."""
    execute(_CASE, {"batch": batch_id, "kind": kind, "detail": detail, "now": now})


def give_cash_back(batch_id: int, ended: AttemptEvent, now: datetime) -> None:
    """Post the cash of a batch's attempts that ended so as come back, where it had been handed over."""
    execute(_CASH_BACK, {"batch": batch_id, "ended": int(ended), "now": now})
