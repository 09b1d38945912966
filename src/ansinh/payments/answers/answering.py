"""What answers do to batches: a whole file acknowledged or refused, and a batch of which every line is settled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ansinh.database.sql import execute, row, rows
from ansinh.payments.answers.reasons import tells_of_a_first
from ansinh.payments.answers.told import FileAnswer
from ansinh.payments.handover.cash import hand_cash
from ansinh.payments.handover.refusing import open_batch_case, refuse_batch

_UNKNOWN = """
INSERT INTO payments_case (person_id, kind, message_no, line, detail, opened_at) VALUES (0, 'unknown_message', %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_SETTLED = """
UPDATE payments_batch b SET state = 'answered', state_at = %(now)s
WHERE b.batch_id = %(batch)s AND b.state IN ('sent', 'acknowledged') AND NOT EXISTS (
    SELECT FROM payments_attempt a WHERE a.pay_month = b.pay_month AND a.batch_id = b.batch_id AND a.ended IS NULL AND NOT EXISTS (
        SELECT FROM payments_event e WHERE e.pay_month = b.pay_month AND e.order_id = a.order_id AND e.attempt_no = a.attempt_no
            AND e.person_id = a.person_id AND e.kind = 30 AND e.effect = 1))
"""


def tell_batches(partner: str, about: Iterable[FileAnswer], message_no: int, now: datetime) -> None:
    """Apply what a file says of whole messages; one that names no message of ours to this partner opens a case."""
    for place, one in enumerate(about):
        found = row(
            "SELECT batch_id, state, pay_month, tries FROM payments_batch WHERE partner = %s AND message_id = %s FOR UPDATE",
            [partner, one.message_id],
        )
        if found is None or found[1] in {"new", "sealed", "cancelled"} or (found[1] == "ready" and not found[3]):
            execute(_UNKNOWN, [message_no, place, f"{one.message_id} {one.reason}"[:500], now])
            continue
        batch_id, state, pay_month, tries = found
        execute(
            "INSERT INTO payments_batchevent (batch_id, event, try_no, detail, happened_at) VALUES (%s, %s, %s, %s, %s)",
            [batch_id, "file_refused" if one.refused else "acknowledged", tries, one.reason or None, now],
        )
        if state in {"answered", "refused"} or (state == "acknowledged" and not one.refused):
            continue
        after = "refused" if one.refused else "acknowledged"
        if one.refused and tells_of_a_first(one.reason):
            # The partner has the message, and refuses it a second time: its first result is awaited, nothing ends by this.
            open_batch_case(batch_id, "ask_first_result", one.reason, now)
            after = "sent" if state != "acknowledged" else state
        elif one.refused:
            refuse_batch(batch_id, one.reason, now)
        if after != "refused":
            hand_cash(pay_month, batch_id, now)
        execute("UPDATE payments_batch SET state = %s, state_at = %s WHERE batch_id = %s", [after, now, batch_id])


def end_answered(message_no: int, now: datetime) -> None:
    """Mark the batches of which a file told as answered, where every line has its result, and let runs that are all sent begin to settle."""
    touched = rows(
        "SELECT batch_id FROM payments_batch WHERE state IN ('sent', 'acknowledged')"
        " AND partner = (SELECT partner FROM payments_message WHERE message_no = %s)",
        [message_no],
    )
    for (batch_id,) in touched:
        execute(_SETTLED, {"batch": batch_id, "now": now})
    execute(
        "UPDATE payments_run r SET state = 'sent', changed_at = %s WHERE state = 'sending' AND NOT EXISTS (SELECT FROM payments_batch b"
        " WHERE b.run_id = r.run_id AND b.round = 0 AND b.state IN ('new', 'sealed', 'ready', 'sending', 'unknown'))",
        [now],
    )
    execute(
        "UPDATE payments_run r SET state = 'settling', changed_at = %s WHERE state = 'sent' AND EXISTS (SELECT FROM payments_batch b"
        " WHERE b.run_id = r.run_id AND b.state IN ('answered', 'refused'))",
        [now],
    )
