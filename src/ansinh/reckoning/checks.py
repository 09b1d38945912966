"""What must never be false about the books around payments: sums equal lines, entries are zero, and no difference with a bank is without a case."""

from __future__ import annotations

from collections.abc import Callable

from ansinh.audit.check import OFFENDING_LENGTH_MAX, CheckResult, check_by_query
from ansinh.database.sql import number, rows
from ansinh.reckoning.chart import RECOVERY, UNCLAIMED
from ansinh.reckoning.statements.keeping import found_at

_SUMS_DIFFER = """
SELECT pay_month || ' ' || account || ' ' || posted_on FROM (
    SELECT pay_month, account, posted_on, sum(debit) AS debit, sum(credit) AS credit, sum(lines) AS lines FROM reckoning_sum GROUP BY 1, 2, 3
) AS kept FULL JOIN (
    SELECT pay_month, account, (posted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS posted_on, coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS debit,
        coalesce(-sum(amount) FILTER (WHERE amount < 0), 0) AS credit, count(*) AS lines FROM payments_posting GROUP BY 1, 2, 3
) AS again USING (pay_month, account, posted_on)
WHERE (kept.debit, kept.credit, kept.lines) IS DISTINCT FROM (again.debit, again.credit, again.lines)
"""
_NOT_ZERO = "SELECT entry_id FROM reckoning_posting GROUP BY entry_id HAVING sum(amount) <> 0"
_ITEMS_DIFFER = """
SELECT r.recovery_id FROM reckoning_recovery r LEFT JOIN reckoning_recoveryitem i USING (person_id, recovery_id)
GROUP BY r.person_id, r.recovery_id, r.amount HAVING r.amount IS DISTINCT FROM abs(sum(i.amount))
"""
# What the ledger says is to come back, and is set aside, is what the room's own rows say.
_LEDGER_DIFFERS = f"""
SELECT name FROM (VALUES
    ('recoveries', (SELECT coalesce(sum(remaining), 0) FROM reckoning_recovery_now),
        (SELECT coalesce(sum(amount), 0) FROM reckoning_posting WHERE account = {RECOVERY})),
    ('unclaimed', (SELECT coalesce(sum(amount), 0) FROM reckoning_unclaimed WHERE claimed_at IS NULL),
        (SELECT coalesce(-sum(amount), 0) FROM reckoning_posting WHERE account = {UNCLAIMED}))
) AS held (name, kept, entered) WHERE kept <> entered
"""


def checks(account_at: Callable[[str], str]) -> list[CheckResult]:
    """Run the room's checks. `account_at` tells our account at a bank (BIN)."""
    return [
        check_by_query("reckoning.sums_equal_postings", "SELECT count(*) FROM reckoning_sum", _SUMS_DIFFER),
        check_by_query("reckoning.entries_are_zero", "SELECT count(*) FROM reckoning_posting", _NOT_ZERO),
        check_by_query(
            "reckoning.recoveries_are_their_items", "SELECT count(*) FROM reckoning_recovery", _ITEMS_DIFFER
        ),
        check_by_query("reckoning.books_equal_rows", "SELECT 2", _LEDGER_DIFFERS),
        _differences(account_at),
    ]


def _differences(account_at: Callable[[str], str]) -> CheckResult:
    """Every difference between a bank's statements and our books stands as a case, open or settled."""
    offending: list[str] = []
    known = {tuple(one) for one in rows("SELECT bank, on_day, kind, amount, reference FROM reckoning_difference")}
    for (bank,) in rows("SELECT DISTINCT bank FROM reckoning_statement ORDER BY 1"):
        found = found_at(bank, account_at(bank))
        offending += [
            f"{bank} {one.on_day} {one.kind} {one.amount}"
            for one in found
            if (bank, one.on_day, one.kind, one.amount, one.reference) not in known
        ]
    counted = number("SELECT count(*) FROM reckoning_statement")
    return CheckResult("reckoning.differences_are_cases", counted, offending[:OFFENDING_LENGTH_MAX])
