"""What has to come back and what nobody collected, found among obligations as sets.

A monthly benefit ends from the month after death (Decision 166/QD-BHXH of 2019), so what was paid for later months is asked back.
More than was owed comes back from later months by itself; who has no later month is asked.
"""

from __future__ import annotations

from ansinh.payments.ledger.chart import FUND_SQL

_DUE = "o.order_id IS NULL AND o.voided_at IS NULL"
_SAME = "(c.person_id, c.month, c.entitlement_id, c.component) = (o.person_id, o.month, o.entitlement_id, o.component)"
COLUMNS = "o.person_id, o.month, o.entitlement_id, o.component, o.correction, o.amount, o.kind"

# A correction that says what was asked back already: it is voided, or the same money would be asked for twice.
COVERED = f"""
CREATE TEMPORARY TABLE voided ON COMMIT DROP AS
SELECT {COLUMNS} FROM payments_obligation o WHERE {_DUE} AND o.amount < 0 AND o.correction > 0
  AND EXISTS (SELECT FROM reckoning_recoveryitem c JOIN reckoning_recovery r USING (person_id, recovery_id) WHERE {_SAME} AND r.cause = 'paid_after_death')
"""
# Everything that is due to somebody who owes us more than that, and to whom nothing is owed for the month asked about.
OVERPAID = f"""
CREATE TEMPORARY TABLE voided ON COMMIT DROP AS
SELECT {COLUMNS} FROM payments_obligation o JOIN (
    SELECT o.person_id FROM payments_obligation o WHERE {_DUE} AND o.month <= %(month)s GROUP BY 1 HAVING sum(o.amount) < 0
) AS owing USING (person_id)
WHERE {_DUE} AND o.month <= %(month)s AND NOT EXISTS (
    SELECT FROM payments_obligation n WHERE n.month = %(month)s AND n.person_id = o.person_id AND n.amount > 0)
"""
# Paid, not come back, for a month after the month of death; where a correction says so already, that one is asked back instead.
AFTER_DEATH = f"""
CREATE TEMPORARY TABLE voided ON COMMIT DROP AS
SELECT {COLUMNS} FROM payments_obligation o JOIN people_person p ON p.person_id = o.person_id AND p.died_on IS NOT NULL
WHERE o.month > extract(year FROM p.died_on) * 100 + extract(month FROM p.died_on) AND o.month <= %(month)s AND o.order_id IS NOT NULL AND o.amount > 0
  AND EXISTS (
    SELECT FROM payments_attempt a JOIN payments_event e ON e.pay_month = a.pay_month AND e.order_id = a.order_id AND e.attempt_no = a.attempt_no
        AND e.person_id = a.person_id AND e.kind = 30 AND e.effect = 1
    WHERE a.pay_month = o.pay_month AND a.order_id = o.order_id AND a.person_id = o.person_id AND a.ended IS NULL)
  AND NOT EXISTS (SELECT FROM payments_obligation c WHERE {_SAME} AND c.amount < 0)
  AND NOT EXISTS (SELECT FROM reckoning_recoveryitem c WHERE {_SAME})
"""
# Money the post could not hand out in so many months of payment, and that is due again since its run was closed.
UNCOLLECTED = f"""
CREATE TEMPORARY TABLE voided ON COMMIT DROP AS
SELECT {COLUMNS}, coalesce(p.province, '00') AS province, p.commune,
    coalesce((SELECT u.urban FROM places_unit u WHERE u.level = 'commune' AND u.edition = 'since_july_2025' AND u.code = p.commune), false) AS urban
FROM payments_obligation o JOIN people_person p USING (person_id) JOIN (
    SELECT a.person_id FROM payments_attempt a WHERE a.pay_month = ANY(%(months)s) AND a.ended = 40 GROUP BY 1 HAVING count(DISTINCT a.pay_month) = %(wanted)s
) AS absent USING (person_id)
WHERE {_DUE} AND o.month <= %(month)s
  AND (SELECT sum(d.amount) FROM payments_obligation d WHERE d.person_id = o.person_id AND d.order_id IS NULL AND d.voided_at IS NULL
    AND d.month <= %(month)s) > 0
"""
# What is found comes to so much for each payee and fund. `sign` -1: what is due is negative, what was paid is not.
BY_FUND = f"SELECT person_id, {FUND_SQL} AS fund, sum(amount)::bigint FROM voided GROUP BY 1, 2 HAVING sum(amount) <> 0 ORDER BY 1, 2"
