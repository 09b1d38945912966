"""What went otherwise, by key: cases that wait for a person, orders that are withheld, money that came back, messages called back. Nobody is named."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from ansinh.database.sql import row, rows
from ansinh.payments.queries.looking import PAGE_LENGTH_MAX
from ansinh.payments.runs.run import Run


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list, the oldest number first; `code` is the bank's own word, where it gave one."""

    case_id: int
    kind: str
    run_id: int | None
    order_id: int | None
    amount: int | None
    code: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class CaseShown:
    """One case: what it is about, where its order stands now, the file it came in, and what was found out once it is settled."""

    case_id: int
    person_id: int
    kind: str
    run_id: int | None
    run_state: str | None
    order_id: int | None
    order_state: str | None
    attempt_no: int | None
    amount: int | None
    code: str
    opened_at: datetime
    file_name: str | None
    line: int | None
    partner: str | None
    settled_at: datetime | None
    settled_by: str | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class HeldOrder:
    """An order that is withheld, and what the run's checks or its bank said of it."""

    order_id: int
    person_id: int
    amount: int
    province: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CameBack:
    """An attempt that ended without money: how (`rejected`, `uncollected`, `returned`), the bank's word for it, and whether another one followed."""

    order_id: int
    attempt_no: int
    channel: str
    partner: str
    amount: int
    how: str
    code: str
    again: bool


@dataclass(frozen=True, slots=True)
class RecalledBatch:
    """A message called back from its partner, and what the partner said last (None: nothing yet)."""

    event_no: int
    batch_id: int
    run_id: int
    partner: str
    message_id: str
    lines: int
    amount: int
    asked_at: datetime
    outcome: str | None


def cases_after(case_id: int = 0, kind: str | None = None) -> list[CaseLine]:
    """Return the oldest cases that wait after one, of a kind or of all, at most PAGE_LENGTH_MAX and one more that tells of another page."""
    of_kind = "AND kind = %(kind)s" if kind else ""
    query = _CASES.format(of_kind=of_kind)
    return [CaseLine(*one) for one in rows(query, {"after": case_id, "kind": kind, "most": PAGE_LENGTH_MAX + 1})]


def cases_waiting(length: int) -> tuple[int, datetime | None]:
    """Return how many cases wait, counted up to `length`, and since when the first of them."""
    found = row(
        "SELECT count(*), min(opened_at) FROM (SELECT opened_at FROM payments_case WHERE settled_at IS NULL ORDER BY case_id LIMIT %s) AS c",
        [length],
    )
    return (int(found[0]), found[1]) if found else (0, None)


def case_numbered(case_id: int) -> CaseShown | None:
    """Return a case by its number, or None."""
    found = row(_CASE, [case_id])
    return CaseShown(*found) if found else None


def held_orders(run: Run, after: int = 0, only: Collection[int] | None = None) -> list[HeldOrder]:
    """Return a run's orders that are withheld, after one in their order, at most PAGE_LENGTH_MAX and one more; or those named."""
    given = {"month": run.pay_month, "run": run.run_id, "after": after, "most": PAGE_LENGTH_MAX + 1}
    found = rows(_HELD, {**given, "only": None if only is None else sorted(only)})
    return [HeldOrder(one[0], one[1], one[2], one[3], tuple(one[4])) for one in found]


def came_back(run: Run, after: int = 0) -> list[CameBack]:
    """Return a run's attempts that ended without money, after an order in their order, at most PAGE_LENGTH_MAX orders' worth and one more."""
    given = {"month": run.pay_month, "run": run.run_id, "after": after, "most": PAGE_LENGTH_MAX + 1}
    return [CameBack(*one) for one in rows(_CAME_BACK, given)]


def recalled_batches(before: int | None = None) -> list[RecalledBatch]:
    """Return the newest messages called back before one, at most PAGE_LENGTH_MAX and one more."""
    return [RecalledBatch(*one) for one in rows(_RECALLED, {"before": before, "most": PAGE_LENGTH_MAX + 1})]


_CASES = """
SELECT case_id, kind, run_id, order_id, amount, detail, opened_at FROM payments_case
WHERE settled_at IS NULL AND case_id > %(after)s {of_kind} ORDER BY case_id LIMIT %(most)s
"""
_CASE = """
SELECT c.case_id, c.person_id, c.kind, c.run_id, r.state, c.order_id, o.state, c.attempt_no, c.amount, c.detail, c.opened_at, m.message_id, c.line,
    coalesce(m.partner, a.partner), c.settled_at, c.settled_by, c.outcome
FROM payments_case c LEFT JOIN payments_run r USING (run_id) LEFT JOIN payments_message m USING (message_no)
LEFT JOIN payments_order o ON o.pay_month = c.pay_month AND o.person_id = c.person_id AND o.run_id = c.run_id
LEFT JOIN payments_attempt a ON a.pay_month = c.pay_month AND a.order_id = c.order_id AND a.attempt_no = c.attempt_no AND a.person_id = c.person_id
WHERE c.case_id = %s
"""
_HELD = """
SELECT o.order_id, o.person_id, o.amount, o.province, ARRAY(
    SELECT f.kind FROM payments_finding f WHERE f.person_id = o.person_id AND f.run_id = o.run_id AND f.withheld
    UNION SELECT c.kind FROM payments_case c WHERE c.person_id = o.person_id AND c.run_id = o.run_id AND c.settled_at IS NULL ORDER BY 1)
FROM payments_order o WHERE o.pay_month = %(month)s AND o.run_id = %(run)s AND o.state = 'withheld' AND o.order_id > %(after)s
    AND (%(only)s::bigint[] IS NULL OR o.order_id = ANY(%(only)s::bigint[]))
ORDER BY o.order_id LIMIT %(most)s
"""
# The last attempt of an order that ended without money: one line an order.
_CAME_BACK = """
SELECT a.order_id, a.attempt_no, a.channel, a.partner, a.amount, CASE a.ended WHEN 20 THEN 'rejected' WHEN 40 THEN 'uncollected' ELSE 'returned' END,
    coalesce((SELECT e.reason FROM payments_event e WHERE e.pay_month = a.pay_month AND e.order_id = a.order_id AND e.attempt_no = a.attempt_no
        AND e.person_id = a.person_id AND e.kind = a.ended AND e.effect = 1 LIMIT 1), ''),
    EXISTS (SELECT FROM payments_attempt n WHERE n.pay_month = a.pay_month AND n.order_id = a.order_id AND n.person_id = a.person_id
        AND n.attempt_no > a.attempt_no)
FROM payments_attempt a WHERE a.pay_month = %(month)s AND a.run_id = %(run)s AND a.ended IN (20, 40, 50) AND a.order_id > %(after)s
    AND NOT EXISTS (SELECT FROM payments_attempt n WHERE n.pay_month = a.pay_month AND n.order_id = a.order_id AND n.person_id = a.person_id
        AND n.attempt_no > a.attempt_no AND n.ended IN (20, 40, 50))
ORDER BY a.order_id LIMIT %(most)s
"""
_RECALLED = """
SELECT e.event_no, b.batch_id, b.run_id, b.partner, b.message_id, b.lines, b.amount, e.happened_at, (SELECT substr(s.event, 8) FROM payments_batchevent s
    WHERE s.batch_id = b.batch_id AND s.event IN ('recall_confirmed', 'recall_too_late', 'recall_unknown') AND s.event_no > e.event_no
    ORDER BY s.event_no LIMIT 1)
FROM payments_batchevent e JOIN payments_batch b USING (batch_id)
WHERE e.event = 'recall_asked' AND (%(before)s::bigint IS NULL OR e.event_no < %(before)s) ORDER BY e.event_no DESC LIMIT %(most)s
"""
