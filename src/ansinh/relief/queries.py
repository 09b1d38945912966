"""What others may ask about emergencies. Answers are frozen values; nobody is named in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ansinh.database.sql import row, rows
from ansinh.relief.emergency import Emergency, in_area, read_emergency
from ansinh.relief.states import Why

__all__ = ["Emergency"]

EMERGENCIES_MAX = 200
MOVED_MAX = 1_000


@dataclass(frozen=True)
class EmergencyLine:
    """An emergency in a list."""

    emergency_id: int
    name: str
    act: str
    months: Sequence[int]
    to_account: bool
    otherwise: str
    from_on: date
    until_on: date
    state: str
    declared_by: str
    approved_by: str | None
    provinces: Sequence[str]
    communes: int


@dataclass(frozen=True)
class DiversionLine:
    """One act of sending payments another way, or back: persons and đồng by the new channel."""

    diversion_no: int
    run_id: int
    back: bool
    to_account: int
    to_account_amount: int
    to_home: int
    to_home_amount: int
    to_cash: int
    to_cash_amount: int
    done_by: str
    done_at: datetime


@dataclass(frozen=True)
class RecallLine:
    """A list asked back from the post, and what the post said last (None: nothing yet)."""

    run_id: int
    partner: str
    message_id: str
    lines: int
    asked_at: datetime
    outcome: str | None


@dataclass(frozen=True)
class ReachedLine:
    """Payees of one commune, by the channel of their newest attempt and whether the money reached them: orders, persons and đồng; `why` else (`states.Why`)."""

    province: str
    commune: str | None
    channel: str
    why: str
    reason: str | None
    persons: int
    amount: int


@dataclass(frozen=True)
class Report:
    """Who was reached: every payee of the area in the runs the emergency touched, once a run."""

    emergency: Emergency
    runs: tuple[int, ...]
    persons: int
    amount: int
    lines: tuple[ReachedLine, ...]
    diversions: tuple[DiversionLine, ...]
    recalls: tuple[RecallLine, ...]


# Where each order of the area stands, read from its newest attempt; an order is one person's money in one run.
_STANDING = """
SELECT o.province, o.commune, o.person_id, o.amount, t.channel, CASE
        WHEN o.state = 'released' THEN 'given_back'
        WHEN o.state = 'withheld' THEN 'withheld'
        WHEN t.state = 30 THEN 'reached'
        WHEN t.state = 1 THEN 'not_sent'
        WHEN t.state IN (2, 3) THEN 'no_answer'
        WHEN t.state IN (4, 10) AND t.channel = 'account' THEN 'bank_not_answered'
        WHEN t.state IN (4, 10) AND EXISTS (SELECT FROM relief_recall c WHERE c.emergency_id = {emergency} AND c.batch_id = t.batch_id)
            THEN 'recall_not_confirmed'
        WHEN t.state IN (4, 10) THEN 'list_not_back'
        WHEN t.state = 20 THEN 'rejected'
        WHEN t.state = 40 THEN 'not_collected'
        WHEN t.state = 50 THEN 'returned'
        ELSE 'recalled' END AS why,
    CASE WHEN t.state IN (20, 50) THEN (SELECT max(e.reason) FROM payments_event e WHERE e.pay_month = o.pay_month AND e.order_id = o.order_id
        AND e.attempt_no = t.attempt_no AND e.person_id = o.person_id AND e.kind = t.state AND e.effect = 1) END AS reason
FROM relief_run l JOIN payments_run p ON p.run_id = l.run_id
JOIN payments_order o ON o.pay_month = p.pay_month AND o.run_id = p.run_id
JOIN LATERAL (
    SELECT a.attempt_no, a.channel, a.batch_id, a.state FROM payments_attempt_now a
    WHERE a.pay_month = o.pay_month AND a.order_id = o.order_id AND a.person_id = o.person_id ORDER BY a.attempt_no DESC LIMIT 1
) AS t ON true
WHERE l.emergency_id = {emergency} AND {in_area}
"""
_REPORT = """
SELECT province, commune, channel, why, reason, count(DISTINCT person_id), sum(amount)::bigint FROM ({standing}) AS s
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2 NULLS FIRST, 3, 4, 5 NULLS FIRST
"""
_RECALLS = """
SELECT c.run_id, b.partner, b.message_id, b.lines, c.asked_at, (SELECT substr(e.event, 8) FROM payments_batchevent e
    WHERE e.batch_id = c.batch_id AND e.event IN ('recall_confirmed', 'recall_too_late', 'recall_unknown') ORDER BY e.event_no DESC LIMIT 1)
FROM relief_recall c JOIN payments_batch b USING (batch_id) WHERE c.emergency_id = %s ORDER BY b.partner, c.batch_id
"""
_DIVERSIONS = """
SELECT diversion_no, run_id, back, to_account, to_account_amount, to_home, to_home_amount, to_cash, to_cash_amount, done_by, done_at
FROM relief_diversion WHERE emergency_id = %s ORDER BY diversion_no
"""
_EMERGENCIES = """
SELECT e.emergency_id, e.name, e.act, e.months, e.to_account, e.otherwise, e.from_on, e.until_on, e.state, e.declared_by, e.approved_by,
    (SELECT array_agg(DISTINCT a.province ORDER BY a.province) FROM relief_area a WHERE a.emergency_id = e.emergency_id),
    (SELECT count(*) FROM relief_area a WHERE a.emergency_id = e.emergency_id AND a.commune <> '')
FROM relief_emergency e WHERE %s::integer IS NULL OR e.emergency_id = %s ORDER BY e.emergency_id DESC LIMIT %s
"""


def emergencies(emergency_id: int | None = None) -> list[EmergencyLine]:
    """Return the newest emergencies, the newest first, or the one asked for."""
    found = rows(_EMERGENCIES, [emergency_id, emergency_id, EMERGENCIES_MAX])
    return [EmergencyLine(*one) for one in found]


def emergency_of(emergency_id: int) -> Emergency:
    """Return an emergency; raises NotFound."""
    return read_emergency(emergency_id)


def report_of(emergency_id: int) -> Report:
    """Return who was reached in an emergency, how, who was not and why, as it stands now; raises NotFound."""
    emergency = read_emergency(emergency_id)
    standing = _STANDING.format(emergency=emergency_id, in_area=in_area(emergency_id))
    lines = tuple(ReachedLine(*one) for one in rows(_REPORT.format(standing=standing)))
    totals = row(f"SELECT count(DISTINCT person_id), coalesce(sum(amount), 0)::bigint FROM ({standing}) AS s") or (0, 0)
    runs = rows("SELECT run_id FROM relief_run WHERE emergency_id = %s ORDER BY run_id", [emergency_id])
    return Report(
        emergency,
        tuple(int(run) for (run,) in runs),
        int(totals[0]),
        int(totals[1]),
        lines,
        tuple(DiversionLine(*one) for one in rows(_DIVERSIONS, [emergency_id])),
        tuple(RecallLine(*one) for one in rows(_RECALLS, [emergency_id])),
    )


def reached(report: Report) -> tuple[int, int]:
    """Return persons (of one run each) and đồng of a report that were reached."""
    found = [one for one in report.lines if one.why == Why.REACHED]
    return sum(one.persons for one in found), sum(one.amount for one in found)


def places_paid_together(run_id: int) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the whole provinces and the single communes a run an emergency opened pays for, or None for any other run."""
    found = row("SELECT emergency_id FROM relief_run WHERE run_id = %s AND opened", [run_id])
    if found is None:
        return None
    places = rows("SELECT province, commune FROM relief_area WHERE emergency_id = %s", [found[0]])
    whole = {province for province, commune in places if not commune}
    single = sorted(commune for province, commune in places if commune and province not in whole)
    return tuple(sorted(whole)), tuple(single)


def moved(emergency_id: int, run_id: int) -> list[int]:
    """Return payees of a run whom an emergency sent another way, those to an account first."""
    found = rows(
        "SELECT m.person_id FROM relief_move m JOIN relief_diversion d USING (emergency_id, diversion_no) WHERE m.emergency_id = %s AND d.run_id = %s"
        " GROUP BY 1 ORDER BY bool_or(m.channel = 'account') DESC, 1 LIMIT %s",
        [emergency_id, run_id, MOVED_MAX],
    )
    return [int(person) for (person,) in found]


def paid_in_cash(run_id: int, but_province: str) -> list[int]:
    """Return payees whose money of a run is with the post of other provinces than one, in cash, and not known to be paid."""
    found = rows(
        "SELECT person_id FROM payments_attempt_now WHERE run_id = %s AND channel = 'cash' AND state IN (1, 4) AND partner <> %s ORDER BY 1 LIMIT %s",
        [run_id, f"P{but_province}", MOVED_MAX],
    )
    return [int(person) for (person,) in found]
