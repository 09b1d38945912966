"""The closing query: at every hand-over of a run, sums and counts agree to the đồng, or the run stops."""

from __future__ import annotations

from dataclasses import dataclass

from ansinh.database.sql import rows
from ansinh.payments.ledger.chart import BANKS_FROM, CASH_FROM, Account, Entry
from ansinh.payments.runs.run import Run


@dataclass(frozen=True)
class Difference:
    """One hand-over: what stands on either side, in đồng and in number. `zero` when they agree."""

    name: str
    amount: int
    other_amount: int
    count: int
    other_count: int

    @property
    def zero(self) -> bool:
        """Tell whether both sides agree."""
        return self.amount == self.other_amount and self.count == self.other_count


_ATTEMPT = "payments_attempt a WHERE a.pay_month = %(month)s AND a.run_id = %(run)s"
_COUNTING = (
    "payments_event e JOIN payments_attempt a USING (pay_month, order_id, attempt_no, person_id)"
    " WHERE e.pay_month = %(month)s AND a.run_id = %(run)s AND e.effect = 1"
)
_POSTING = "payments_posting WHERE pay_month = %(month)s AND run_id = %(run)s"
_SUM = "coalesce(sum({}), 0)::bigint"

# Each line: name, then two queries of (amount, number) that must be equal.
_HAND_OVERS: tuple[tuple[str, str, str], ...] = (
    (
        "obligations = orders",
        (
            f"SELECT {_SUM.format('o.amount')}, count(DISTINCT o.order_id) FROM payments_obligation o JOIN payments_order d ON d.pay_month = o.pay_month"
            " AND d.person_id = o.person_id AND d.order_id = o.order_id WHERE d.pay_month = %(month)s AND d.run_id = %(run)s AND d.state <> 'released'"
        ),
        f"SELECT {_SUM.format('amount')}, count(*) FROM payments_order WHERE pay_month = %(month)s AND run_id = %(run)s AND state <> 'released'",
    ),
    (
        "orders = attempts",
        f"SELECT {_SUM.format('amount')}, count(*) FROM payments_order WHERE pay_month = %(month)s AND run_id = %(run)s",
        f"SELECT {_SUM.format('amount')}, count(*) FROM {_ATTEMPT} AND attempt_no = 1",
    ),
    (
        "attempts = batches",
        (
            f"SELECT {_SUM.format('a.amount')}, count(*) FROM {_ATTEMPT} AND (ended IS DISTINCT FROM 61)"
            " AND EXISTS (SELECT FROM payments_batch b WHERE b.batch_id = a.batch_id AND b.digest IS NOT NULL)"
        ),
        f"SELECT {_SUM.format('amount')}, {_SUM.format('lines')} FROM payments_batch WHERE run_id = %(run)s AND digest IS NOT NULL",
    ),
    (
        "batches = messages",
        f"SELECT {_SUM.format('b.amount')}, {_SUM.format('b.lines')} FROM payments_batch b WHERE b.run_id = %(run)s AND b.tries > 0",
        (
            f"SELECT {_SUM.format('m.amount')}, {_SUM.format('m.lines')} FROM payments_message m JOIN payments_batch b USING (batch_id)"
            " WHERE b.run_id = %(run)s AND m.direction = 'out' AND b.tries > 0"
        ),
    ),
    (
        "attempts ended = events",
        (
            f"SELECT {_SUM.format('a.amount')}, count(*) FROM {_ATTEMPT} AND a.ended IN (20, 40, 50)"
            " AND NOT EXISTS (SELECT FROM payments_batch b WHERE b.batch_id = a.batch_id AND b.state = 'refused')"
        ),
        (
            f"SELECT {_SUM.format('e.amount')}, count(*) FROM {_COUNTING} AND e.kind IN (20, 40, 50)"
            " AND NOT EXISTS (SELECT FROM payments_batch b WHERE b.batch_id = a.batch_id AND b.state = 'refused')"
        ),
    ),
    (
        "paid events = paid postings",
        (
            f"SELECT {_SUM.format('e.amount')}, count(*) FROM {_COUNTING} AND (e.kind = 30 OR e.kind = 50 AND NOT EXISTS ("
            "SELECT FROM payments_event p WHERE p.pay_month = e.pay_month AND p.order_id = e.order_id AND p.attempt_no = e.attempt_no"
            " AND p.person_id = e.person_id AND p.kind = 30 AND p.effect = 1))"
        ),
        f"SELECT {_SUM.format('amount')}, count(*) FROM {_POSTING} AND kind = {int(Entry.PAID)} AND amount > 0",
    ),
    (
        "returned events = returned postings",
        f"SELECT {_SUM.format('e.amount')}, count(*) FROM {_COUNTING} AND e.kind = 50",
        f"SELECT {_SUM.format('amount')}, count(*) FROM {_POSTING} AND kind = {int(Entry.RETURNED)} AND amount > 0",
    ),
    (
        "orders = claimed postings",
        f"SELECT {_SUM.format('amount')}, count(*) FROM payments_order WHERE pay_month = %(month)s AND run_id = %(run)s",
        f"SELECT -{_SUM.format('amount')}, count(*) FROM {_POSTING} AND kind = {int(Entry.CLAIM)} AND account = {int(Account.CLEARING)}",
    ),
    ("ledger = zero", f"SELECT {_SUM.format('amount')}, 0 FROM {_POSTING}", "SELECT 0, 0"),
)


def differences(run: Run) -> list[Difference]:
    """Return both sides of every hand-over of the run; a run that is whole has only zeros."""
    found = []
    for name, one, other in _HAND_OVERS:
        ((amount, count, other_amount, other_count),) = rows(
            f"SELECT x.*, y.* FROM ({one}) AS x, ({other}) AS y", {"month": run.pay_month, "run": run.run_id}
        )
        found.append(Difference(name, int(amount), int(other_amount), int(count), int(other_count)))
    return found


UNSETTLED = """
SELECT count(*) FROM payments_attempt a JOIN payments_batch b USING (batch_id)
WHERE a.pay_month = %(month)s AND a.run_id = %(run)s AND a.ended IS NULL AND NOT EXISTS (SELECT FROM payments_event e
    WHERE e.pay_month = %(month)s AND e.order_id = a.order_id AND e.attempt_no = a.attempt_no AND e.person_id = a.person_id AND e.kind = 30 AND e.effect = 1)
"""
UNPAID = """
SELECT count(*) FROM payments_order o WHERE o.pay_month = %(month)s AND o.run_id = %(run)s AND o.state = 'open' AND NOT EXISTS (
    SELECT FROM payments_attempt a WHERE a.pay_month = %(month)s AND a.order_id = o.order_id AND a.person_id = o.person_id 
      AND (a.ended IS NULL OR a.ended = 40))
"""
# After what was not paid is released, nothing may be left on its way or waiting to go out again.
STANDING = f"""
SELECT coalesce(sum(abs(balance)), 0) FROM (SELECT account, sum(amount) AS balance FROM payments_posting WHERE pay_month = %(month)s AND run_id = %(run)s
    AND (account IN ({int(Account.CLEARING)}, {int(Account.RETURNED)}) OR account BETWEEN {CASH_FROM} AND {BANKS_FROM} - 1) GROUP BY account) AS balances
"""
