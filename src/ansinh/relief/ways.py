"""Which orders go which way in an emergency, as SELECTs for payments; and what became of them, kept as moves."""

from __future__ import annotations

from datetime import datetime

from ansinh.database.sql import execute, joining_sets, number, row, rows
from ansinh.payments.queries import Run
from ansinh.relief.emergency import Emergency, in_area
from ansinh.relief.states import Otherwise

# The newest attempt of an order; what ended without money (and what was recalled) goes out the emergency's way too. Money already on its way to an
# account stays there: nobody is reached faster.
_NEWEST = """
payments_order o JOIN (
    SELECT DISTINCT ON (a.order_id, a.person_id) a.order_id, a.person_id, a.channel, a.ended, a.batch_id FROM payments_attempt a
    WHERE a.pay_month = {month} AND a.run_id = {run} ORDER BY a.order_id, a.person_id, a.attempt_no DESC
) AS t ON t.order_id = o.order_id AND t.person_id = o.person_id
"""
_THERE = """
SELECT o.person_id, o.order_id, {to_account} AS to_account, '{otherwise}' AS otherwise FROM {newest}
WHERE o.pay_month = {month} AND o.run_id = {run} AND o.state = 'open' AND {in_area} AND (t.ended IS NOT NULL OR t.channel <> 'account')
UNION ALL
SELECT o.person_id, o.order_id, false, 'cash' FROM {newest}
WHERE o.pay_month = {month} AND o.run_id = {run} AND o.state = 'open' AND NOT {in_area} AND t.ended = 60
  AND EXISTS (SELECT FROM relief_recall c WHERE c.emergency_id = {emergency} AND c.batch_id = t.batch_id)
"""
# What an emergency moved last and what was not handed over since.
_BACK = """
SELECT m.person_id, m.order_id, false AS to_account, 'cash' AS otherwise FROM relief_move m
JOIN payments_order o ON o.pay_month = m.pay_month AND o.person_id = m.person_id AND o.order_id = m.order_id AND o.run_id = {run} AND o.state = 'open'
JOIN payments_attempt a ON a.pay_month = m.pay_month AND a.order_id = m.order_id AND a.person_id = m.person_id AND a.attempt_no = m.attempt_no
WHERE m.pay_month = {month} AND m.emergency_id = {emergency} AND a.ended IS NULL
"""
_LISTS = """
SELECT b.batch_id, b.partner, b.message_id FROM payments_batch b
WHERE b.run_id = %(run)s AND b.state IN ('sent', 'acknowledged') AND b.channel = 'cash' AND EXISTS (
    SELECT FROM payments_attempt a JOIN payments_order o ON o.pay_month = a.pay_month AND o.person_id = a.person_id AND o.order_id = a.order_id
    WHERE a.pay_month = %(month)s AND a.batch_id = b.batch_id AND a.ended IS NULL AND o.state = 'open' AND {in_area} AND {moves} AND NOT EXISTS (
        SELECT FROM payments_event e WHERE e.pay_month = a.pay_month AND e.order_id = a.order_id AND e.attempt_no = a.attempt_no
            AND e.person_id = a.person_id AND e.kind = 30 AND e.effect = 1))
ORDER BY b.partner, b.batch_id
"""
_HAS_ACCOUNT = """EXISTS (
    SELECT FROM payments_account k WHERE k.person_id = a.person_id AND k.confirmed_at IS NOT NULL AND k.stopped_at IS NULL AND k.until_month IS NULL
        AND NOT EXISTS (SELECT FROM payments_attempt f WHERE f.pay_month = a.pay_month AND f.order_id = a.order_id AND f.person_id = a.person_id
            AND f.partner = k.bank AND f.account = k.account AND f.ended IN (20, 50)))"""
_KEEP_MOVES = """
INSERT INTO relief_move (pay_month, order_id, attempt_no, person_id, emergency_id, diversion_no, channel_before, channel, amount)
SELECT a.pay_month, a.order_id, a.attempt_no, a.person_id, %(emergency)s, %(no)s, p.channel, a.channel, a.amount
FROM payments_batch b JOIN payments_attempt a ON a.pay_month = %(month)s AND a.batch_id = b.batch_id
JOIN payments_attempt p ON p.pay_month = %(month)s AND p.order_id = a.order_id AND p.person_id = a.person_id AND p.attempt_no = a.attempt_no - 1
WHERE b.run_id = %(run)s AND b.round = %(round)s AND (a.channel, a.partner, a.account) IS DISTINCT FROM (p.channel, p.partner, p.account)
"""
_KEEP_DIVERSION = """
INSERT INTO relief_diversion (emergency_id, diversion_no, run_id, round, back, to_account, to_account_amount, to_home, to_home_amount, to_cash,
    to_cash_amount, done_by, done_at)
SELECT %(emergency)s, %(no)s, %(run)s, %(round)s, %(back)s,
    count(*) FILTER (WHERE channel = 'account'), coalesce(sum(amount) FILTER (WHERE channel = 'account'), 0),
    count(*) FILTER (WHERE channel = 'home'), coalesce(sum(amount) FILTER (WHERE channel = 'home'), 0),
    count(*) FILTER (WHERE channel = 'cash'), coalesce(sum(amount) FILTER (WHERE channel = 'cash'), 0), %(by)s, %(now)s
FROM relief_move WHERE pay_month = %(month)s AND emergency_id = %(emergency)s AND diversion_no = %(no)s
RETURNING to_account, to_home, to_cash
"""


def way_there(emergency: Emergency, run: Run) -> str:
    """Return the orders of a run that go the emergency's way: those of its area, and the others of lists that were recalled for it, to where they were."""
    return _THERE.format(
        newest=_NEWEST.format(month=run.pay_month, run=run.run_id),
        month=run.pay_month,
        run=run.run_id,
        emergency=emergency.emergency_id,
        in_area=in_area(emergency.emergency_id),
        to_account=str(emergency.to_account).lower(),
        otherwise=emergency.otherwise.value,
    )


def way_back(emergency: Emergency, run: Run) -> str:
    """Return the orders of a run the emergency moved and nobody has been handed yet: back to the post's counters, where they would have been paid."""
    return _BACK.format(month=run.pay_month, run=run.run_id, emergency=emergency.emergency_id)


def lists_to_recall(emergency: Emergency, run: Run) -> list[tuple[int, str, str]]:
    """Return the lists (batch, partner, message id) the post has of which somebody would be paid another way."""
    moves = "true" if emergency.otherwise is Otherwise.HOME else (_HAS_ACCOUNT if emergency.to_account else "false")
    query = _LISTS.format(in_area=in_area(emergency.emergency_id), moves=moves)
    return [
        (int(batch), str(partner), str(message))
        for batch, partner, message in rows(query, {"run": run.run_id, "month": run.pay_month})
    ]


def keep_moves(emergency: Emergency, run: Run, *, back: bool, by: str, now: datetime) -> tuple[int, int, int]:
    """Keep what the newest round of a run did to an emergency's payees; returns persons now paid by account, at home, in cash."""
    execute("SELECT relief_ensure_month(%s)", [run.pay_month])
    with_ = {
        "emergency": emergency.emergency_id,
        "no": number(
            "SELECT coalesce(max(diversion_no), 0) + 1 FROM relief_diversion WHERE emergency_id = %s",
            [emergency.emergency_id],
        ),
        "run": run.run_id,
        "month": run.pay_month,
        "round": number("SELECT max(round) FROM payments_batch WHERE run_id = %s", [run.run_id]),
        "back": back,
        "by": by,
        "now": now,
    }
    with joining_sets():
        kept_moves = execute(_KEEP_MOVES, with_)
    if not kept_moves:
        return 0, 0, 0
    kept = row(_KEEP_DIVERSION, with_)
    assert kept is not None
    return int(kept[0]), int(kept[1]), int(kept[2])
