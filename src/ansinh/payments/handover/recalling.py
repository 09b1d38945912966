"""A list recalled, and the partner's word that it is not carried out: what was not paid by then ends without money, and its cash comes back."""

from __future__ import annotations

from datetime import datetime

from ansinh.database.sql import execute
from ansinh.payments.handover.refusing import give_cash_back
from ansinh.payments.states import AttemptEvent

_CANCEL = """
WITH ended AS (
    UPDATE payments_attempt a SET ended = %(cancelled)s FROM payments_batch b
    WHERE b.batch_id = %(batch)s AND a.pay_month = b.pay_month AND a.batch_id = b.batch_id AND a.ended IS NULL AND NOT EXISTS (
        SELECT FROM payments_event e WHERE e.pay_month = b.pay_month AND e.order_id = a.order_id AND e.attempt_no = a.attempt_no
            AND e.person_id = a.person_id AND e.kind = 30 AND e.effect = 1)
    RETURNING a.pay_month, a.order_id, a.attempt_no, a.person_id, a.amount, b.message_id
)
INSERT INTO payments_event (pay_month, order_id, attempt_no, kind, bank_reference, person_id, effect, reason, amount, happened_at, recorded_at)
SELECT pay_month, order_id, attempt_no, %(cancelled)s, 'recall ' || message_id, person_id, 1, 'recalled', amount, %(now)s, %(now)s FROM ended
"""


def cancel_recalled(batch_id: int, now: datetime) -> int:
    """End what is left of a batch whose recall the partner confirmed; returns how many attempts ended."""
    cancelled = execute(_CANCEL, {"batch": batch_id, "cancelled": int(AttemptEvent.CANCELLED), "now": now})
    give_cash_back(batch_id, AttemptEvent.CANCELLED, now)
    execute("UPDATE payments_batch SET state = 'answered', state_at = %s WHERE batch_id = %s", [now, batch_id])
    return cancelled
