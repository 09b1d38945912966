"""What must never be false about payments (docs/architecture.md): nothing settled twice, every entry zero, what was sent accounted for to the đồng."""

from __future__ import annotations

from ansinh.audit.check import OFFENDING_LENGTH_MAX, CheckResult, check_by_query
from ansinh.database.sql import number, rows
from ansinh.payments.runs.closing import differences
from ansinh.payments.runs.run import read_run

# An order paid twice: two attempts that ended well, or one that a bank says it booked under two references.
_PAID_TWICE = """
SELECT order_id FROM (
    SELECT e.order_id, e.person_id FROM payments_event e WHERE e.kind = 30 AND e.effect = 1 AND NOT EXISTS (
        SELECT FROM payments_event r WHERE r.pay_month = e.pay_month AND r.order_id = e.order_id AND r.attempt_no = e.attempt_no
            AND r.person_id = e.person_id AND r.kind = 50 AND r.effect = 1)
) AS paid GROUP BY order_id, person_id HAVING count(*) > 1
"""
# Money that went out for an order whose obligations were given to another.
_RELEASED_AND_PAID = """
SELECT o.order_id FROM payments_order o JOIN payments_attempt_now a ON a.pay_month = o.pay_month AND a.order_id = o.order_id AND a.person_id = o.person_id
WHERE o.state = 'released' AND a.ended IS NULL
"""
_CLAIMED_WITHOUT_ORDER = """
SELECT o.order_id FROM payments_obligation o WHERE o.order_id IS NOT NULL AND NOT EXISTS (SELECT FROM payments_order d
    WHERE d.pay_month = o.pay_month AND d.person_id = o.person_id AND d.order_id = o.order_id AND d.state <> 'released')
"""
_ENTRY_NOT_ZERO = (
    "SELECT order_id FROM payments_posting GROUP BY pay_month, order_id, attempt_no, kind HAVING sum(amount) <> 0"
)
# A state an order cannot be in: paid with a live attempt beside it is held by the index; withheld must not be on its way.
_WITHHELD_ON_ITS_WAY = """
SELECT o.order_id FROM payments_order o JOIN payments_attempt a ON a.pay_month = o.pay_month AND a.order_id = o.order_id AND a.person_id = o.person_id
WHERE o.state = 'withheld' AND a.ended IS NULL
"""
# A run being built is between two sums; one given up holds nothing.
_RUNS = "SELECT run_id FROM payments_run WHERE state NOT IN ('draft', 'building', 'aborted') ORDER BY run_id"
_BANK_PAID_AGAINST_RULE = "SELECT order_id FROM payments_case WHERE kind = 'paid_against_rule' AND settled_at IS NULL"

# What was built by province and partner, told at building and counted again; what kinds came to is the same money.
_SUMS_DIFFER = """
WITH told AS (SELECT run_id, dimension, key, sum(payees) AS payees, sum(amount) AS amount FROM payments_runsum GROUP BY 1, 2, 3),
counted AS (
    SELECT run_id, 'province' AS dimension, province AS key, count(*) AS payees, sum(amount) AS amount FROM payments_order GROUP BY 1, 3
    UNION ALL
    SELECT run_id, 'partner', partner, count(*), sum(amount) FROM payments_attempt WHERE attempt_no = 1 GROUP BY 1, 3
    UNION ALL
    SELECT run_id, 'kinds', '', 0, sum(amount) FROM payments_order GROUP BY 1
), kept AS (
    SELECT * FROM told WHERE dimension <> 'kind'
    UNION ALL
    SELECT run_id, 'kinds', '', 0, sum(amount) FROM told WHERE dimension = 'kind' GROUP BY 1
)
SELECT run_id || ': ' || dimension || ' ' || key FROM counted FULL JOIN kept USING (run_id, dimension, key)
WHERE run_id IN (SELECT run_id FROM told) AND (counted.payees IS DISTINCT FROM kept.payees OR counted.amount IS DISTINCT FROM kept.amount)
"""


def checks() -> list[CheckResult]:
    """Run the room's checks."""
    orders, postings = "SELECT count(*) FROM payments_order", "SELECT count(*) FROM payments_posting"
    return [
        check_by_query("payments.nothing_settled_twice", orders, _PAID_TWICE),
        check_by_query("payments.released_is_not_paid", orders, _RELEASED_AND_PAID),
        check_by_query(
            "payments.claims_have_orders", "SELECT count(*) FROM payments_obligation", _CLAIMED_WITHOUT_ORDER
        ),
        check_by_query("payments.withheld_stays", orders, _WITHHELD_ON_ITS_WAY),
        check_by_query("payments.entries_are_zero", postings, _ENTRY_NOT_ZERO),
        check_by_query("payments.banks_paid_once", "SELECT count(*) FROM payments_event", _BANK_PAID_AGAINST_RULE),
        check_by_query("payments.run_sums_recount", "SELECT count(*) FROM payments_runsum", _SUMS_DIFFER),
        _hand_overs(),
    ]


def _hand_overs() -> CheckResult:
    """Every run's sums agree at every hand-over; what differs is named by run and hand-over."""
    offending: list[str] = []
    for (run_id,) in rows(_RUNS):
        offending += [f"{run_id}: {one.name}" for one in differences(read_run(run_id)) if not one.zero]
        if len(offending) >= OFFENDING_LENGTH_MAX:
            break
    return CheckResult(
        "payments.hand_overs_agree", number("SELECT count(*) FROM payments_run"), offending[:OFFENDING_LENGTH_MAX]
    )
