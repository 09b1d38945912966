"""What an officer looks at before signing: runs by key, their sums, how they differ from the month before, and the way down to one order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ansinh.database.sql import row, rows
from ansinh.payments.runs.checking import last_run_before
from ansinh.payments.runs.run import Run, read_run

PAGE_LENGTH_MAX = 50


@dataclass(frozen=True, slots=True)
class RunHead:
    """A run in a list followed by key."""

    run_id: int
    pay_on: date
    rhythm: str
    months: tuple[int, ...]
    state: str
    orders: int
    amount: int
    created_by: str
    made_by: str | None


@dataclass(frozen=True, slots=True)
class RunSum:
    """What a run was built to pay one province, one kind of benefit, or through one partner."""

    key: str
    payees: int
    amount: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Payees of one finding against the month before: their money now and then, in đồng."""

    kind: str
    payees: int
    amount: int
    before: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A run beside the one before it. What `moved` does not explain are changes below the threshold of the checks, and what was given back then."""

    before: RunHead
    moved: tuple[Moved, ...]

    def rest(self, amount: int) -> int:
        """Return what is left of the difference to a run of `amount` đồng after what moved."""
        return amount - self.before.amount - sum(one.amount - one.before for one in self.moved)


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One finding of a run's checks, by its order where there is one; nobody is named."""

    person_id: int
    order_id: int | None
    kind: str
    amount: int
    before: int
    detail: str | None
    withheld: bool


@dataclass(frozen=True, slots=True)
class SentBack:
    """A seal sent back instead of signed: by whom, why, and whether the maker had the run checked anew since."""

    seal_no: int
    officer: str
    reason: str
    sent_back_at: datetime
    open: bool


@dataclass(frozen=True, slots=True)
class Sealed:
    """A run's newest seal: what is signed. `waiting`: its messages for which no money is set aside yet."""

    seal_no: int
    round: int
    lines: int
    amount: int
    waiting: int


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order in a list: where it goes and how far it is."""

    order_id: int
    commune: str | None
    amount: int
    state: str
    channel: str
    partner: str


@dataclass(frozen=True, slots=True)
class OrderOf:
    """Whose order it is, for operations that note who looked."""

    order_id: int
    person_id: int
    province: str
    amount: int
    state: str


def runs_before(run_id: int | None = None, *, pay_month: int | None = None, state: str | None = None) -> list[RunHead]:
    """Return the newest runs before one, at most PAGE_LENGTH_MAX and one more that tells of another page; of a month of payment or a state where asked."""
    return [
        RunHead(one[0], one[1], one[2], tuple(one[3]), *one[4:])
        for one in rows(
            _RUNS, {"before": run_id, "month": pay_month, "state": state, "only": None, "most": PAGE_LENGTH_MAX + 1}
        )
    ]


def run_head(run_id: int) -> RunHead:
    """Return one run as it stands in the list; raises NotFound."""
    read_run(run_id)
    (one,) = rows(_RUNS, {"before": None, "month": None, "state": None, "only": run_id, "most": 1})
    return RunHead(one[0], one[1], one[2], tuple(one[3]), *one[4:])


def sums_of_run(run_id: int) -> dict[str, list[RunSum]]:
    """Return what a run was built to pay by `province`, `kind` and `partner`, the largest first; nothing for one built before sums were kept."""
    found: dict[str, list[RunSum]] = {"province": [], "kind": [], "partner": []}
    for dimension, key, payees, amount in rows(_SUMS, [run_id]):
        found[dimension].append(RunSum(str(key), int(payees), int(amount)))
    return found


def compared_with_last(run: Run) -> Compared | None:
    """Return the run beside the one its checks compared it with, or None for the first of its rhythm."""
    last = last_run_before(run)
    if last is None:
        return None
    moved = tuple(Moved(str(k), int(n), int(a), int(b)) for k, n, a, b in rows(_MOVED, [run.run_id]))
    return Compared(run_head(last[0]), moved)


def largest_changes(run_id: int, length: int = 20) -> list[FoundLine]:
    """Return the payees whose money differs most from the month before."""
    return [FoundLine(*one) for one in rows(_LARGEST, [run_id, min(length, PAGE_LENGTH_MAX)])]


def sent_back(run_id: int) -> list[SentBack]:
    """Return when a run was sent back to its maker, the newest first."""
    return [SentBack(*one) for one in rows(_SENT_BACK, [run_id])]


def newest_seal(run_id: int) -> Sealed | None:
    """Return a run's newest seal, or None before its first check."""
    found = row(_SEALED, [run_id])
    return Sealed(*found) if found else None


def left_to_pay(run: Run) -> tuple[bool, bool]:
    """Tell whether an open order of a run under way has no attempt any more, and whether a message of another round waits for its seal."""
    unpaid = row(_UNPAID, {"month": run.pay_month, "run": run.run_id})
    unsealed = row(
        "SELECT 1 FROM payments_batch WHERE run_id = %s AND round > 0 AND state = 'new' LIMIT 1", [run.run_id]
    )
    return unpaid is not None, unsealed is not None


def orders_in(run: Run, province: str, after_order: int = 0) -> list[OrderLine]:
    """Return a run's orders of a province in their order, at most PAGE_LENGTH_MAX and one more; where they went first."""
    given = {"month": run.pay_month, "run": run.run_id, "province": province, "after": after_order}
    return [OrderLine(*one) for one in rows(_ORDERS, {**given, "most": PAGE_LENGTH_MAX + 1})]


def order_numbered(run: Run, order_id: int) -> OrderOf | None:
    """Return whose order a number of a run is, or None."""
    found = row(_ORDER, {"month": run.pay_month, "run": run.run_id, "order": order_id})
    return OrderOf(*found) if found else None


_RUNS = """
SELECT r.run_id, r.pay_on, r.rhythm, r.months, r.state, coalesce(c.orders, 0), coalesce(c.amount, 0), r.created_by, r.made_by
FROM payments_run r LEFT JOIN LATERAL (
    SELECT sum(k.row_count)::bigint AS orders, sum(k.amount)::bigint AS amount FROM payments_chunk k
    WHERE k.subject = 'run' AND k.subject_id = r.run_id AND k.step = 'build'
) AS c ON true
WHERE (%(before)s::integer IS NULL OR r.run_id < %(before)s) AND (%(month)s::integer IS NULL OR r.pay_month = %(month)s)
    AND (%(state)s::text IS NULL OR r.state = %(state)s) AND (%(only)s::integer IS NULL OR r.run_id = %(only)s)
ORDER BY r.run_id DESC LIMIT %(most)s
"""
_SENT_BACK = """
SELECT b.seal_no, b.officer, b.reason, b.sent_back_at, b.taken_up_at IS NULL AND r.state = 'built'
    AND NOT EXISTS (SELECT FROM payments_seal s WHERE s.run_id = b.run_id AND s.seal_no > b.seal_no)
FROM payments_sentback b JOIN payments_run r USING (run_id) WHERE b.run_id = %s ORDER BY b.seal_no DESC
"""
_SEALED = """
SELECT s.seal_no, s.round, s.lines, s.amount, (SELECT count(*) FROM payments_batch b
    WHERE b.run_id = s.run_id AND b.seal_no = s.seal_no AND b.state = 'sealed')
FROM payments_seal s WHERE s.run_id = %s ORDER BY s.seal_no DESC LIMIT 1
"""
# What `closing.UNPAID` counts, begun from the attempts that ended, which are few, and left at the first.
_UNPAID = """
SELECT 1 FROM payments_attempt e JOIN payments_order o ON o.pay_month = e.pay_month AND o.person_id = e.person_id AND o.run_id = e.run_id
WHERE e.pay_month = %(month)s AND e.run_id = %(run)s AND e.ended IN (20, 50, 60, 61) AND o.state = 'open' AND NOT EXISTS (
    SELECT FROM payments_attempt a WHERE a.pay_month = %(month)s AND a.order_id = o.order_id AND a.person_id = o.person_id
      AND (a.ended IS NULL OR a.ended = 40)) LIMIT 1
"""
_SUMS = """
SELECT dimension, key, sum(payees)::bigint, sum(amount)::bigint FROM payments_runsum WHERE run_id = %s GROUP BY 1, 2 ORDER BY 1, 4 DESC, 2
"""
_MOVED = """
SELECT kind, count(*), coalesce(sum(amount), 0)::bigint, coalesce(sum(amount_before), 0)::bigint FROM payments_finding
WHERE run_id = %s AND kind IN ('new', 'gone', 'changed') GROUP BY 1 ORDER BY 1
"""
_FOUND = "SELECT person_id, order_id, kind, coalesce(amount, 0), coalesce(amount_before, 0), detail, withheld FROM payments_finding"
_LARGEST = f"""{_FOUND} WHERE run_id = %s AND kind IN ('new', 'gone', 'changed')
ORDER BY abs(coalesce(amount, 0) - coalesce(amount_before, 0)) DESC, person_id LIMIT %s"""
_ORDERS = """
SELECT a.order_id, o.commune, o.amount, o.state, a.channel, a.partner FROM payments_attempt a
JOIN payments_order o ON o.pay_month = a.pay_month AND o.person_id = a.person_id AND o.run_id = a.run_id
WHERE a.pay_month = %(month)s AND a.run_id = %(run)s AND a.attempt_no = 1 AND a.order_id > %(after)s AND o.province = %(province)s
ORDER BY a.order_id LIMIT %(most)s
"""
_ORDER = """
SELECT o.order_id, o.person_id, o.province, o.amount, o.state FROM payments_attempt a
JOIN payments_order o ON o.pay_month = a.pay_month AND o.person_id = a.person_id AND o.run_id = a.run_id
WHERE a.pay_month = %(month)s AND a.run_id = %(run)s AND a.order_id = %(order)s AND a.attempt_no = 1
"""
