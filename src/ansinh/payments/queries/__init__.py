"""What others may ask about payments. Answers are frozen values. What is asked about one payee stands in that person's list of who looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ansinh.audit.operation import note, note_read, operation
from ansinh.database.sql import row, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.purpose import Purpose
from ansinh.payments.accounts.effective import effective_month
from ansinh.payments.handover.messages import kept_body as sent_body
from ansinh.payments.ledger.chart import named
from ansinh.payments.queries.exceptions import (
    CameBack,
    CaseLine,
    CaseShown,
    HeldOrder,
    RecalledBatch,
    came_back,
    case_numbered,
    cases_after,
    cases_waiting,
    held_orders,
    recalled_batches,
)
from ansinh.payments.queries.looking import (
    PAGE_LENGTH_MAX,
    Compared,
    FoundLine,
    Moved,
    OrderLine,
    OrderOf,
    RunHead,
    RunSum,
    Sealed,
    SentBack,
    compared_with_last,
    largest_changes,
    left_to_pay,
    newest_seal,
    order_numbered,
    orders_in,
    run_head,
    runs_before,
    sent_back,
    sums_of_run,
)
from ansinh.payments.runs.closing import Difference, differences
from ansinh.payments.runs.run import Run, read_run
from ansinh.payments.states import AttemptState
from ansinh.people.queries import resolve

__all__ = [
    "PAGE_LENGTH_MAX",
    "CameBack",
    "CaseLine",
    "CaseShown",
    "Compared",
    "Difference",
    "FoundLine",
    "HeldOrder",
    "Moved",
    "OrderLine",
    "OrderOf",
    "RecalledBatch",
    "Run",
    "RunHead",
    "RunSum",
    "Sealed",
    "SentBack",
    "came_back",
    "case_numbered",
    "cases_after",
    "cases_waiting",
    "compared_with_last",
    "effective_month",
    "held_orders",
    "largest_changes",
    "left_to_pay",
    "newest_seal",
    "order_numbered",
    "orders_in",
    "recalled_batches",
    "run_head",
    "runs_before",
    "sent_back",
    "sent_body",
    "sums_of_run",
]

RUNS_MAX = 200
CASES_MAX = 200
REROUTED_MAX = 1_000


@dataclass(frozen=True)
class RunLine:
    """A run in a list."""

    run_id: int
    pay_on: date
    rhythm: str
    months: tuple[int, ...]
    state: str
    orders: int
    amount: int
    work_error: str | None


@dataclass(frozen=True)
class BatchLine:
    """A batch of a run as it stands."""

    batch_id: int
    round: int
    partner: str
    message_id: str
    lines: int
    amount: int
    state: str
    tries: int


@dataclass(frozen=True)
class Signature:
    """Who signed which step of which seal; step 1 approved, step 2 authorised."""

    seal_no: int
    round: int
    seal: str
    step: int | None
    officer: str | None
    signed_at: datetime | None


@dataclass(frozen=True)
class OpenCase:
    """What waits for a person."""

    case_id: int
    person_id: int
    kind: str
    order_id: int | None
    amount: int | None
    detail: str
    opened_at: datetime


@dataclass(frozen=True)
class Balance:
    """A ledger account of a run, by name: what stands on it in đồng, plus what left it."""

    account: str
    amount: int


@dataclass(frozen=True)
class Figure:
    """A published figure of a closed run, nationwide: persons or đồng counted, of all."""

    key: str
    counted: int
    total: int


@dataclass(frozen=True)
class Paid:
    """A payment that stands as paid: its identifier at the bank, and đồng."""

    end_to_end_id: str
    amount: int


@dataclass(frozen=True)
class Step:
    """One step of a person's payment, in order of time."""

    happened_at: datetime
    what: str
    amount: int
    detail: str


def run_of(run_id: int) -> Run:
    """Return a run; raises NotFound."""
    return read_run(run_id)


def runs() -> list[RunLine]:
    """Return the newest runs, the newest first."""
    found = rows(
        "SELECT r.run_id, r.pay_on, r.rhythm, r.months, r.state, coalesce(c.orders, 0), coalesce(c.amount, 0), r.work_error FROM payments_run r"
        " LEFT JOIN (SELECT subject_id, sum(row_count)::bigint AS orders, sum(amount)::bigint AS amount FROM payments_chunk"
        " WHERE subject = 'run' AND step = 'build' GROUP BY 1) AS c ON c.subject_id = r.run_id ORDER BY r.run_id DESC LIMIT %s",
        [RUNS_MAX],
    )
    return [RunLine(one[0], one[1], one[2], tuple(one[3]), *one[4:]) for one in found]


def batches_of(run_id: int) -> list[BatchLine]:
    """Return the batches of a run, by round, partner and number."""
    found = rows(
        "SELECT batch_id, round, partner, message_id, lines, amount, state, tries FROM payments_batch WHERE run_id = %s ORDER BY round, partner, number",
        [run_id],
    )
    return [BatchLine(*one) for one in found]


def signatures_of(run_id: int) -> list[Signature]:
    """Return the seals of a run with their signatures, the oldest first."""
    found = rows(
        "SELECT s.seal_no, s.round, encode(s.seal, 'hex'), a.step, a.officer, a.signed_at FROM payments_seal s LEFT JOIN"
        " payments_approval a USING (run_id, seal_no) WHERE s.run_id = %s ORDER BY s.seal_no, a.step",
        [run_id],
    )
    return [Signature(*one) for one in found]


def findings_of(run_id: int) -> dict[str, tuple[int, int]]:
    """Return, by kind, how many findings a run's checks made and for how many the order is withheld."""
    found = rows(
        "SELECT kind, count(*), count(*) FILTER (WHERE withheld) FROM payments_finding WHERE run_id = %s GROUP BY 1 ORDER BY 1",
        [run_id],
    )
    return {str(kind): (int(count), int(withheld)) for kind, count, withheld in found}


def attempts_by_state(run_id: int) -> dict[str, int]:
    """Return how many attempts of a run are in each state; the sum is all of them."""
    run = read_run(run_id)
    found = rows(
        "SELECT state, count(*) FROM payments_attempt_now WHERE pay_month = %s AND run_id = %s GROUP BY 1 ORDER BY 1",
        [run.pay_month, run_id],
    )
    return {AttemptState(state).name.lower(): int(count) for state, count in found}


def differences_of(run_id: int) -> list[Difference]:
    """Return both sides of every hand-over of a run: obligations, orders, attempts, batches, messages, events, ledger."""
    return differences(read_run(run_id))


def balances_of(run_id: int) -> list[Balance]:
    """Return the ledger accounts of a run that are not zero."""
    run = read_run(run_id)
    found = rows(
        "SELECT account, sum(amount)::bigint FROM payments_posting WHERE pay_month = %s AND run_id = %s GROUP BY 1 HAVING sum(amount) <> 0 ORDER BY 1",
        [run.pay_month, run_id],
    )
    return [Balance(named(account), amount) for account, amount in found]


def figures_of(run_id: int) -> list[Figure]:
    """Return the figures a run published with its newest seal; none before it is closed."""
    found = rows(
        "SELECT key, counted, total FROM payments_indicator WHERE run_id = %s AND province = '00'"
        " AND seal_no = (SELECT max(seal_no) FROM payments_indicator WHERE run_id = %s) ORDER BY key",
        [run_id, run_id],
    )
    return [Figure(*one) for one in found]


def paid_into_accounts(run_id: int) -> list[Paid]:
    """Return every payment of a run that stands as paid into an account."""
    found = rows(
        "SELECT payments_end_to_end_id(pay_month, order_id, attempt_no), amount FROM payments_attempt_now"
        " WHERE run_id = %s AND state = %s AND channel = 'account'",
        [run_id, AttemptState.PAID.value],
    )
    return [Paid(*one) for one in found]


def lines_of_message(batch_id: int) -> dict[int, str]:
    """Return the EndToEndId on each line of a batch's message."""
    found = rows(
        "SELECT a.line, payments_end_to_end_id(a.pay_month, a.order_id, a.attempt_no) FROM payments_batch b JOIN payments_attempt a"
        " ON a.pay_month = b.pay_month AND a.batch_id = b.batch_id WHERE b.batch_id = %s AND a.ended IS DISTINCT FROM 61",
        [batch_id],
    )
    return {int(line): str(payment) for line, payment in found}


def rerouted(run_id: int) -> list[int]:
    """Return the payees of a run who needed more than one attempt."""
    found = rows(
        "SELECT DISTINCT person_id FROM payments_attempt WHERE run_id = %s AND attempt_no > 1 ORDER BY 1 LIMIT %s",
        [run_id, REROUTED_MAX],
    )
    return [int(person) for (person,) in found]


def open_cases(run_id: int | None = None) -> list[OpenCase]:
    """Return the oldest cases that wait for a person, of one run or of all."""
    found = rows(
        "SELECT case_id, person_id, kind, order_id, amount, detail, opened_at FROM payments_case WHERE settled_at IS NULL"
        " AND (%s::integer IS NULL OR run_id = %s) ORDER BY opened_at, case_id LIMIT %s",
        [run_id, run_id, CASES_MAX],
    )
    return [OpenCase(*one) for one in found]


@operation(permission="payments.show", reads="payment")
def story_of(*, actor: Actor, reason: str, run_id: int, person_id: int) -> list[Step]:
    """Return what happened to a person's payment in a run, from the order to the money, in order of time; raises NotFound for an unknown run."""
    run = read_run(run_id)
    note_read(resolve(person_id), Purpose.ADMINISTRATION)
    note(run=run_id)
    order = row(
        "SELECT order_id FROM payments_order WHERE pay_month = %s AND person_id = %s AND run_id = %s",
        [run.pay_month, person_id, run_id],
    )
    if order is None:
        return []
    with_ = {"month": run.pay_month, "person": person_id, "order": order[0], "run": run_id}
    return [Step(*one) for one in rows(_STORY, with_)]


@dataclass(frozen=True, slots=True)
class OwnPayment:
    """A payment as its payee sees it: `state` is paying, paid, or what the order is kept as; `made_of`: kind, month, component and đồng of what it pays."""

    run_id: int
    pay_month: int
    pay_on: date
    amount: int
    state: str
    channel: str
    partner: str
    made_of: tuple[tuple[str, int, str, int, int], ...]


OWN_PAYMENTS_MAX = 24


def payments_to(person_id: int, *, before_run: int | None = None, only: int | None = None) -> list[OwnPayment]:
    """Return a payee's payments that were built, the newest run first, at most OWN_PAYMENTS_MAX; those of runs before one, or of one run `only`."""
    given = {"person": person_id, "before": before_run, "only": only, "most": OWN_PAYMENTS_MAX}
    return [
        OwnPayment(
            *(one[0], one[1], one[2], one[3], one[4], one[5], one[6]),
            tuple((part[0], part[1], part[2], part[3], part[4]) for part in one[7]),
        )
        for one in rows(_OWN, given)
    ]


def steps_to(person_id: int, payment: OwnPayment) -> list[Step]:
    """Return what happened to one of a payee's payments, in order of time. For faces that know the payee; officers read by `story_of`."""
    order = row(
        "SELECT order_id FROM payments_order WHERE pay_month = %s AND person_id = %s AND run_id = %s",
        [payment.pay_month, person_id, payment.run_id],
    )
    with_ = {"month": payment.pay_month, "person": person_id, "order": order[0] if order else 0, "run": payment.run_id}
    return [Step(*one) for one in rows(_STORY, with_)]


_OWN = f"""
SELECT o.run_id, o.pay_month, r.pay_on, o.amount, CASE WHEN o.state IN ('open', 'paying', 'paid') AND a.state IS NOT NULL
    THEN CASE WHEN a.state = {AttemptState.PAID.value} THEN 'paid' WHEN a.state IN (20, 40, 50) THEN 'returned' ELSE 'paying' END ELSE o.state END,
    coalesce(a.channel, ''), coalesce(a.partner, ''),
    coalesce((SELECT json_agg(json_build_array(b.kind, b.month, b.component, b.amount, b.entitlement_id) ORDER BY b.month DESC, b.kind, b.component)
        FROM payments_obligation b WHERE b.person_id = o.person_id AND b.order_id = o.order_id), '[]')
FROM payments_order o JOIN payments_run r USING (run_id)
LEFT JOIN LATERAL (SELECT n.state, n.channel, n.partner FROM payments_attempt_now n WHERE n.pay_month = o.pay_month AND n.person_id = o.person_id
    AND n.order_id = o.order_id ORDER BY n.attempt_no DESC LIMIT 1) a ON true
WHERE o.person_id = %(person)s AND o.state <> 'released' AND r.state <> 'aborted'
    AND (%(before)s::integer IS NULL OR o.run_id < %(before)s) AND (%(only)s::integer IS NULL OR o.run_id = %(only)s)
ORDER BY o.run_id DESC LIMIT %(most)s
"""

_STORY = """
SELECT happened_at, what, amount, detail FROM (
    SELECT c.done_at AS happened_at, 0 AS rank, 'ordered' AS what, d.amount, (SELECT string_agg(o.kind || ' ' || o.month || ' ' || o.component || ' '
        || o.amount, '; ' ORDER BY o.month, o.kind, o.component, o.correction) FROM payments_obligation o
        WHERE o.person_id = d.person_id AND o.order_id = d.order_id) AS detail
    FROM payments_order d JOIN payments_chunk c ON c.subject = 'run' AND c.subject_id = d.run_id AND c.step = 'build'
        AND d.person_id >= c.first AND d.person_id < c.until
    WHERE d.pay_month = %(month)s AND d.person_id = %(person)s AND d.run_id = %(run)s
    UNION ALL
    SELECT e.happened_at, 1, 'attempt ' || a.attempt_no || ' ' || e.event, a.amount, a.channel || ' ' || a.partner
    FROM payments_attempt a JOIN payments_batchevent e USING (batch_id) WHERE a.pay_month = %(month)s AND a.person_id = %(person)s AND a.order_id = %(order)s
    UNION ALL
    SELECT e.happened_at, 2, 'attempt ' || e.attempt_no || CASE e.kind WHEN 10 THEN ' accepted' WHEN 20 THEN ' rejected' WHEN 30 THEN ' paid' WHEN 40
        THEN ' uncollected' WHEN 50 THEN ' returned' ELSE ' cancelled' END || CASE e.effect WHEN 1 THEN '' WHEN 2 THEN ' (weaker)' ELSE ' (case)' END,
        e.amount, coalesce(e.reason, '') FROM payments_event e
    WHERE e.pay_month = %(month)s AND e.person_id = %(person)s AND e.order_id = %(order)s
) AS story ORDER BY happened_at, rank, what
"""


@dataclass(frozen=True, slots=True)
class NamedAccount:
    """The account a payee named last: where, from which month, and whether the code confirmed it."""

    account_id: int
    bank_name: str
    account: str
    holder: str
    relation: str
    from_month: int
    confirmed: bool


def newest_account(person_id: int) -> NamedAccount | None:
    """Return the account a payee named last and that was not stopped, or None."""
    found = row(
        "SELECT a.account_id, coalesce(b.short_name, a.bank), a.account, a.holder, a.relation, a.from_month, a.confirmed_at IS NOT NULL "
        "FROM payments_account a LEFT JOIN places_bank b ON b.bin = a.bank "
        "WHERE a.person_id = %s AND a.stopped_at IS NULL ORDER BY a.account_id DESC LIMIT 1",
        [person_id],
    )
    return NamedAccount(*found) if found else None
