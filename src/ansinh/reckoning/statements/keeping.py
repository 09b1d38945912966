"""Statements as rows: what was told, what our books know of a bank's days, and differences opened and explained."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from ansinh.database.sql import driver, execute, number, row, rows
from ansinh.reckoning.chart import OPENING, TREASURY, UNEXPLAINED, bank_account
from ansinh.reckoning.entries import Entry, post
from ansinh.reckoning.statements.comparing import Day, Flow, Found, compare
from ansinh.reckoning.statements.reading import Credit, Told

BY_ANSWERS = "reckoning"
# Opened when the money came, not found by comparing.
_OF_RECEIPTS = "unexplained_inflow"

_STATEMENT = """
INSERT INTO reckoning_statement (bank, message_no, place, on_day, statement, account, opening, closing, came_in, went_out, lines, unread)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
# What a bank told of each day: counted by our rules, and what no rule let in. Money that came back without having left is nothing on the account.
_FLOWS = """
SELECT (e.happened_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
    coalesce(sum(CASE WHEN e.kind = 30 THEN -e.amount ELSE e.amount END) FILTER (WHERE e.kind = 30 AND e.effect IN (1, 2) OR e.kind = 50 AND e.effect = 1
        AND EXISTS (SELECT FROM payments_event p WHERE p.pay_month = e.pay_month AND p.order_id = e.order_id AND p.attempt_no = e.attempt_no
            AND p.person_id = e.person_id AND p.kind = 30 AND p.effect IN (1, 2))), 0)::bigint,
    coalesce(sum(e.amount) FILTER (WHERE e.kind = 30 AND e.effect = 3), 0)::bigint,
    coalesce(sum(e.amount) FILTER (WHERE e.kind = 50 AND e.effect = 3), 0)::bigint
FROM payments_event e JOIN payments_message m USING (message_no) WHERE m.partner = %s AND e.kind IN (30, 50) GROUP BY 1
"""
# An inflow that a notice later told to be a payment of ours is that notice's.
_RETURN_OF = """
SELECT FROM payments_event e JOIN payments_message m USING (message_no) WHERE e.kind = 50 AND m.partner = r.bank AND e.bank_reference = r.reference
"""
_RECEIVED = f"SELECT r.booked_on, sum(r.amount)::bigint FROM reckoning_inflow r WHERE r.bank = %s AND NOT EXISTS ({_RETURN_OF}) GROUP BY 1"
_KNOWN_SINCE = f"""
SELECT r.entry_id, r.booked_on, r.reference, r.amount FROM reckoning_inflow r WHERE r.bank = %s AND r.kind = 'unexplained' AND EXISTS ({_RETURN_OF})
  AND NOT EXISTS (SELECT FROM reckoning_posting p WHERE p.person_id = 0 AND p.subject = 'back of entry ' || r.entry_id)
"""
_FUNDING = """
SELECT f.run_id, f.seal_no FROM payments_funding f WHERE f.partner = %s AND f.needed = %s AND NOT EXISTS (
    SELECT FROM reckoning_inflow r WHERE r.bank = f.partner AND r.run_id = f.run_id AND r.seal_no = f.seal_no) ORDER BY f.run_id, f.seal_no LIMIT 1
"""
_OPEN = """
INSERT INTO reckoning_difference (bank, on_day, kind, amount, reference, message_no, detail, opened_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_EXPLAINED = """
UPDATE reckoning_difference SET settled_at = %s, settled_by = %s, outcome = %s
WHERE bank = %s AND on_day = %s AND kind = %s AND amount = %s AND reference = %s AND settled_at IS NULL
"""


def keep(bank: str, message_no: int, told: Told, place: int, fallback: date) -> Day:
    """Keep a statement as it was told; its day, where it tells none, is the day its file came."""
    day = Day(
        told.on_day or fallback,
        message_no,
        told.account,
        told.opening,
        told.closing,
        told.came_in,
        told.went_out,
        told.unread,
    )
    values = [bank, message_no, place, day.on_day, told.statement, told.account, told.opening, told.closing]
    execute(_STATEMENT, [*values, told.came_in, told.went_out, told.lines, told.unread])
    return day


def open_account(bank: str, day: Day) -> None:
    """Enter what stood on the account when its first statement came, less what our books knew of it by then."""
    opened = number(
        "SELECT count(*) FROM reckoning_posting WHERE kind = 'opening' AND account = %s", [bank_account(bank)]
    )
    first = row("SELECT 1 FROM reckoning_statement WHERE bank = %s AND message_no < %s", [bank, day.message_no])
    if opened or first or day.opening is None:
        return
    amount = day.opening - sum(flow.net for on, flow in flows_of(bank).items() if on < day.on_day)
    if amount:
        post(day.on_day, [Entry("opening", bank_account(bank), OPENING, amount, f"statement {day.message_no}")])


def receive(bank: str, message_no: int, credits: Iterable[Credit], day: date, now: datetime) -> int:
    """Enter money that came and is no payment of ours coming back: what a seal was funded with, or unexplained and a case. Returns how many."""
    received = 0
    for line, credit in enumerate(credits, start=1):
        on = credit.booked_on or day
        if _known(bank, credit, on):
            continue
        funding = row(_FUNDING, [bank, credit.amount])
        kind, other = ("funding", TREASURY) if funding else ("unexplained", UNEXPLAINED)
        (entry,) = post(on, [Entry(kind, bank_account(bank), other, credit.amount, f"inflow at {bank}")])
        execute(
            "INSERT INTO reckoning_inflow (bank, message_no, line, booked_on, amount, reference, words, kind, run_id, seal_no, entry_id)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                bank,
                message_no,
                line,
                on,
                credit.amount,
                credit.reference,
                credit.words,
                kind,
                *(funding or (None, None)),
                entry,
            ],
        )
        if funding is None:
            execute(
                _OPEN, [bank, on, _OF_RECEIPTS, credit.amount, credit.reference, message_no, credit.words or "", now]
            )
        received += 1
    return received


def _known(bank: str, credit: Credit, on: date) -> bool:
    """An inflow told again, or one that is a payment of ours that came back."""
    again = row(
        "SELECT 1 FROM reckoning_inflow WHERE bank = %s AND booked_on = %s AND reference = %s AND amount = %s",
        [bank, on, credit.reference, credit.amount],
    )
    return bool(
        again
        or row(
            f"SELECT 1 FROM (SELECT %s AS bank, %s AS reference) AS r WHERE EXISTS ({_RETURN_OF})",
            [bank, credit.reference],
        )
    )


def flows_of(bank: str) -> dict[date, Flow]:
    """Return what payments know of a bank's days."""
    return {on: Flow(int(net), int(paid), int(returned)) for on, net, paid, returned in rows(_FLOWS, [bank])}


def days_of(bank: str) -> list[Day]:
    """Return every statement of a bank."""
    found = rows(
        "SELECT on_day, message_no, account, opening, closing, came_in, went_out, unread FROM reckoning_statement WHERE bank = %s",
        [bank],
    )
    return [Day(*one) for one in found]


def books_of(bank: str) -> dict[date, Flow]:
    """Return what our books know of a bank's days: payments and what came besides."""
    known = flows_of(bank)
    for on, amount in rows(_RECEIVED, [bank]):
        flow = known.get(on, Flow())
        known[on] = Flow(flow.net + int(amount), flow.paid_against_rule, flow.returned_against_rule)
    return known


def found_at(bank: str, account: str) -> list[Found]:
    """Return what differs between a bank's statements and our books as they are now."""
    return compare(account, days_of(bank), books_of(bank))


def reopen(bank: str, found: Iterable[Found], now: datetime) -> tuple[int, int]:
    """Open a case for every difference that has none, and close those that are no difference any more; returns how many of each."""
    wanted = {(one.on_day, one.kind, one.amount, one.reference): one for one in found}
    opened = 0
    for one in wanted.values():
        opened += execute(
            _OPEN, [bank, one.on_day, one.kind, one.amount, one.reference, one.message_no, one.detail[:500], now]
        )
    gone = [
        key
        for key in rows(
            "SELECT on_day, kind, amount, reference FROM reckoning_difference WHERE bank = %s AND settled_at IS NULL AND kind <> %s",
            [bank, _OF_RECEIPTS],
        )
        if key not in wanted
    ]
    for key in gone:
        execute(_EXPLAINED, [now, BY_ANSWERS, "later answers explain it", bank, *key])
    return opened, len(gone)


def take_back(bank: str, on: date, now: datetime) -> int:
    """Turn round what was entered as unexplained and turned out to be payments of ours coming back; returns how many."""
    known = rows(_KNOWN_SINCE, [bank])
    for entry_id, booked_on, reference, amount in known:
        post(on, [Entry("unexplained", UNEXPLAINED, bank_account(bank), int(amount), f"back of entry {entry_id}")])
        execute(_EXPLAINED, [now, BY_ANSWERS, "a notice told of it", bank, booked_on, _OF_RECEIPTS, amount, reference])
    return len(known)


def explain_inflow(bank: str, reference: str, outcome: str, by: str, now: datetime) -> int:
    """Settle the case of an inflow whose money was found to be owed to us; returns how many there were."""
    return execute(
        "UPDATE reckoning_difference SET settled_at = %s, settled_by = %s, outcome = %s WHERE bank = %s AND kind = %s AND reference = %s"
        " AND settled_at IS NULL",
        [now, by, outcome, bank, _OF_RECEIPTS, reference],
    )


def body_of(message_no: int) -> tuple[str, bytes] | None:
    """Return who sent a file we keep and its deflated bytes; None for a number that is no file of a bank."""
    found = row(
        "SELECT partner, body FROM payments_message WHERE message_no = %s AND direction = 'in' AND partner ~ '^[0-9]{6}$'",
        [message_no],
    )
    return (str(found[0]), bytes(found[1])) if found else None


def unread_files() -> list[int]:
    """Return the files of banks nobody looked at for statements, in the order they came."""
    return [
        int(one)
        for (one,) in rows(
            "SELECT message_no FROM payments_message m WHERE direction = 'in' AND partner ~ '^[0-9]{6}$'"
            " AND NOT EXISTS (SELECT FROM reckoning_readfile r WHERE r.message_no = m.message_no) ORDER BY 1"
        )
    ]


def day_lock(bank: str) -> None:
    """Let one at a time reckon with a bank."""
    with driver().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"reckoning:{bank}"])
