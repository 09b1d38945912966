"""Payees of the temporary table `payee` onto the lines of batches: one bank or one province's post each, at most 50,000 lines.

`payee` has person_id, order_id (null: nothing to pay), attempt_no, amount, channel, partner, account, holder.
"""

from __future__ import annotations

from datetime import datetime

from ansinh.database.sql import execute, number
from ansinh.payments.runs.run import Run

LINES_A_BATCH = 50_000

_NUMBERED = """
CREATE TEMPORARY TABLE lined ON COMMIT DROP AS
SELECT p.person_id, p.order_id, p.attempt_no, p.amount, p.channel, p.partner, p.account, p.holder,
    coalesce(known.lines, 0) + row_number() OVER (PARTITION BY p.partner ORDER BY p.person_id) - 1 AS place
FROM payee p LEFT JOIN (
    SELECT partner, (max(number) - 1) * %(lines)s + (array_agg(lines ORDER BY number DESC))[1] AS lines
    FROM payments_batch WHERE run_id = %(run)s AND round = %(round)s GROUP BY partner
) AS known USING (partner)
WHERE p.order_id IS NOT NULL
"""
_BATCHES = """
INSERT INTO payments_batch (run_id, pay_month, round, channel, partner, number, message_id, state_at)
SELECT %(run)s, %(month)s, %(round)s, min(channel), partner, place / %(lines)s + 1,
    format('AS%%s-%%s-%%s-%%s-%%s', %(month)s, lpad(%(run)s::text, 5, '0'), %(round)s, partner, lpad((place / %(lines)s + 1)::text, 4, '0')), %(now)s
FROM lined GROUP BY partner, place / %(lines)s ON CONFLICT (run_id, round, partner, number) DO NOTHING
"""
_ATTEMPTS = """
INSERT INTO payments_attempt (pay_month, order_id, attempt_no, person_id, run_id, batch_id, line, channel, partner, account, holder, amount)
SELECT %(month)s, l.order_id, l.attempt_no, l.person_id, %(run)s, b.batch_id, l.place %% %(lines)s + 1, l.channel, l.partner, l.account, l.holder, l.amount
FROM lined l JOIN payments_batch b ON b.run_id = %(run)s AND b.round = %(round)s AND b.partner = l.partner AND b.number = l.place / %(lines)s + 1
"""
_TOTALS = """
UPDATE payments_batch b SET lines = b.lines + t.lines, amount = b.amount + t.amount
FROM (SELECT partner, place / %(lines)s + 1 AS number, count(*) AS lines, sum(amount) AS amount FROM lined GROUP BY 1, 2) AS t
WHERE b.run_id = %(run)s AND b.round = %(round)s AND b.partner = t.partner AND b.number = t.number
"""


def line_up(run: Run, round_no: int, now: datetime) -> int:
    """Insert an attempt for each payee and open the batches they need; returns how many. The caller holds the run's lock."""
    with_ = {"run": run.run_id, "month": run.pay_month, "round": round_no, "lines": LINES_A_BATCH, "now": now}
    execute(_NUMBERED, with_)
    execute(_BATCHES, with_)
    attempts = execute(_ATTEMPTS, with_)
    execute(_TOTALS, with_)
    return attempts


def next_round(run_id: int) -> int:
    """Return the number of the run's next round of batches."""
    return number("SELECT coalesce(max(round), -1) + 1 FROM payments_batch WHERE run_id = %s", [run_id])
