"""What must never be false about emergencies: no month is settled twice however months were combined, and what was done is what is told of it."""

from __future__ import annotations

from ansinh.audit.check import CheckResult, check_by_query

# Money that went out is exactly the obligations of its order: also where one order pays several months, and a later run pays the rest of them.
_SETTLED_TWICE = """
SELECT a.order_id FROM payments_attempt a
JOIN payments_event e ON e.pay_month = a.pay_month AND e.order_id = a.order_id AND e.attempt_no = a.attempt_no AND e.person_id = a.person_id
    AND e.kind = 30 AND e.effect = 1
LEFT JOIN (
    SELECT person_id, order_id, sum(amount) AS amount FROM payments_obligation WHERE order_id IS NOT NULL GROUP BY 1, 2
) AS b ON b.person_id = a.person_id AND b.order_id = a.order_id
WHERE a.ended IS NULL AND a.amount IS DISTINCT FROM b.amount
"""
# What an act says it did, counted again from its moves, and the moves held against the attempts themselves.
_TOLD_OTHERWISE = """
SELECT coalesce(d.emergency_id, m.emergency_id) || '.' || coalesce(d.diversion_no, m.diversion_no)
FROM relief_diversion d FULL JOIN (
    SELECT emergency_id, diversion_no, count(*) FILTER (WHERE channel = 'account') AS to_account, count(*) FILTER (WHERE channel = 'home') AS to_home,
        count(*) FILTER (WHERE channel = 'cash') AS to_cash, coalesce(sum(amount) FILTER (WHERE channel = 'account'), 0) AS account_amount,
        coalesce(sum(amount) FILTER (WHERE channel = 'home'), 0) AS home_amount, coalesce(sum(amount) FILTER (WHERE channel = 'cash'), 0) AS cash_amount
    FROM relief_move GROUP BY 1, 2
) AS m ON m.emergency_id = d.emergency_id AND m.diversion_no = d.diversion_no
WHERE (d.to_account, d.to_home, d.to_cash, d.to_account_amount, d.to_home_amount, d.to_cash_amount)
    IS DISTINCT FROM (m.to_account, m.to_home, m.to_cash, m.account_amount, m.home_amount, m.cash_amount)
UNION ALL
SELECT m.emergency_id || '.' || m.diversion_no || ': ' || m.order_id FROM relief_move m
LEFT JOIN payments_attempt a ON a.pay_month = m.pay_month AND a.order_id = m.order_id AND a.attempt_no = m.attempt_no AND a.person_id = m.person_id
LEFT JOIN payments_attempt p ON p.pay_month = m.pay_month AND p.order_id = m.order_id AND p.attempt_no = m.attempt_no - 1 AND p.person_id = m.person_id
WHERE (a.channel, a.amount, p.channel) IS DISTINCT FROM (m.channel, m.amount, m.channel_before) OR p.ended IS NULL
"""
# What a list was signed over is what was sent.
_OTHER_LISTS = """
SELECT l.message_id FROM relief_list l LEFT JOIN payments_message m ON m.batch_id = l.batch_id AND m.direction = 'out' AND m.sha256 = l.sha256
WHERE m.message_no IS NULL OR (m.lines, m.amount) IS DISTINCT FROM (l.lines, l.amount)
"""
# Nobody was paid at home, or found in an emergency's way, without an emergency somebody else approved.
_WITHOUT_EMERGENCY = """
SELECT a.order_id FROM payments_attempt a WHERE a.channel = 'home' AND a.ended IS NULL AND NOT EXISTS (
    SELECT FROM relief_move m JOIN relief_emergency e USING (emergency_id)
    WHERE m.pay_month = a.pay_month AND m.order_id = a.order_id AND m.person_id = a.person_id AND m.channel = 'home' AND e.approved_by IS NOT NULL)
"""


def checks() -> list[CheckResult]:
    """Run the room's checks."""
    return [
        check_by_query("relief.months_settled_once", "SELECT count(*) FROM payments_obligation", _SETTLED_TWICE),
        check_by_query("relief.done_is_what_is_told", "SELECT count(*) FROM relief_move", _TOLD_OTHERWISE),
        check_by_query("relief.lists_are_what_was_sent", "SELECT count(*) FROM relief_list", _OTHER_LISTS),
        check_by_query(
            "relief.home_only_in_emergencies",
            "SELECT count(*) FROM payments_attempt WHERE channel = 'home'",
            _WITHOUT_EMERGENCY,
        ),
    ]
