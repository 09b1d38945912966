"""Answers of a file matched to attempts, a chunk of lines at a time: events, ledger entries, ends, cases and actions, all as sets.

Each kind of event goes in by itself, the weaker first, so that a file that says accepted and paid of one payment is read in the right order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ansinh.database.sql import execute, number, rows
from ansinh.payments.answers.reasons import CASES, REASONS, Action
from ansinh.payments.handover.cash import hand_cash
from ansinh.payments.ledger.chart import PARTNER_SQL, Account, Entry
from ansinh.payments.states import EFFECTS, AttemptEvent, Effect

_FORM = "^AS[0-9]{20}[A-Y]$"

# Malformed ids fall out here and become cases; the month is told to the planner, so that it looks in one partition.
_TOLD = """
CREATE TEMPORARY TABLE told ON COMMIT DROP AS
SELECT t.line, t.kind, t.reason, t.amount AS told_amount, t.bank_reference, t.happened_at,
    a.pay_month, a.order_id, a.attempt_no, a.person_id, a.run_id, a.batch_id, a.amount, a.channel, a.partner, a.account, a.ended,
    CASE WHEN b.state = 'ready' AND b.tries > 0 THEN 'unknown' ELSE b.state END AS batch_state
FROM (
    SELECT *, substr(end_to_end_id, 9, 12)::bigint AS of_order, substr(end_to_end_id, 21, 2)::smallint AS of_attempt
    FROM payments_answer WHERE message_no = %(message)s AND line >= %(first)s AND line < %(until)s
      AND CASE WHEN end_to_end_id ~ %(form)s THEN substr(end_to_end_id, 3, 6) = %(month)s ELSE false END
) AS t
JOIN payments_attempt a ON a.pay_month = %(month)s::integer AND a.order_id = t.of_order AND a.attempt_no = t.of_attempt
    AND a.order_id BETWEEN %(lowest)s AND %(highest)s
JOIN payments_batch b ON b.batch_id = a.batch_id AND b.partner = %(partner)s
WHERE payments_end_to_end_id(a.pay_month, a.order_id, a.attempt_no) = t.end_to_end_id
"""
_RULES = (
    "(VALUES "
    + ", ".join(f"({int(event)}, {int(state)}, {int(effect)})" for event, state, effect in EFFECTS)
    + ") AS rule (kind, state, effect)"
)

# An amount that is not the attempt's is never booked by a rule. Where one payment is told of more than once (`place`), the earlier line goes first.
_EVENTS = f"""
WITH placed AS (
    SELECT o.*, {{place}} AS place, coalesce(o.ended,
        (SELECT max(e.kind) FROM payments_event e WHERE e.pay_month = %(month)s::integer AND e.order_id = o.order_id AND e.attempt_no = o.attempt_no
            AND e.person_id = o.person_id AND e.effect = 1),
        CASE o.batch_state WHEN 'sending' THEN 2 WHEN 'unknown' THEN 3 WHEN 'sent' THEN 4 WHEN 'acknowledged' THEN 4 WHEN 'answered' THEN 4 ELSE 1 END) AS state
    FROM {{told}} AS o WHERE kind = %(kind)s
), entered AS (
INSERT INTO payments_event (pay_month, order_id, attempt_no, kind, bank_reference, person_id, effect, reason, amount, message_no, happened_at, recorded_at)
SELECT p.pay_month, p.order_id, p.attempt_no, %(kind)s, p.bank_reference, p.person_id,
    CASE WHEN p.told_amount <> p.amount THEN {int(Effect.CASE)} ELSE rule.effect END,
    left(p.reason, 140), coalesce(p.told_amount, p.amount), %(message)s, p.happened_at, %(now)s
FROM placed p JOIN {_RULES} ON rule.kind = %(kind)s AND rule.state = CASE WHEN p.place = 1 THEN p.state ELSE greatest(p.state, %(kind)s) END
ON CONFLICT DO NOTHING RETURNING order_id, attempt_no, person_id, bank_reference, effect, reason, amount
)
INSERT INTO happened
SELECT e.order_id, e.attempt_no, e.person_id, e.effect, e.reason, e.amount, t.line, t.run_id, t.batch_id, t.amount, t.channel, t.partner, t.account
FROM entered e JOIN {{told}} AS t ON t.order_id = e.order_id AND t.attempt_no = e.attempt_no AND t.kind = %(kind)s AND t.bank_reference = e.bank_reference
"""
# One event told twice under one reference counts once.
_ONCE = "(SELECT DISTINCT ON (order_id, attempt_no, kind, bank_reference) * FROM told ORDER BY order_id, attempt_no, kind, bank_reference, line)"
_PLACE = "row_number() OVER (PARTITION BY order_id, attempt_no ORDER BY line)"
_TOLD_AGAIN = "SELECT 1 FROM told GROUP BY order_id, attempt_no, kind HAVING count(*) > 1 LIMIT 1"
# What was entered just now, with what the attempt is.
_HAPPENED = """
CREATE TEMPORARY TABLE happened (order_id bigint, attempt_no smallint, person_id bigint, effect smallint, reason text, told_amount bigint, line integer,
    run_id integer, batch_id bigint, amount bigint, channel text, partner text, account text) ON COMMIT DROP
"""
_ENDS = """
UPDATE payments_attempt a SET ended = %(kind)s FROM happened h
WHERE h.effect = 1 AND a.pay_month = %(month)s::integer AND a.order_id = h.order_id AND a.attempt_no = h.attempt_no AND a.person_id = h.person_id
  AND a.ended IS NULL
"""
_ENTRY = """
INSERT INTO payments_posting (pay_month, order_id, attempt_no, kind, account, person_id, run_id, amount, posted_at)
SELECT %(month)s::integer, h.order_id, h.attempt_no, {entry}, side.account, h.person_id, h.run_id, side.sign * h.amount, %(now)s
FROM happened h, LATERAL (VALUES ({leaves}, 1), ({enters}, -1)) AS side (account, sign)
WHERE h.effect = 1 AND {where}
"""
_BANK, _CASH = "channel = 'account'", "channel <> 'account'"
_CLEARING, _RETURNED, _PAID_IN_CASH = int(Account.CLEARING), int(Account.RETURNED), int(Account.PAID_IN_CASH)


def _entry(entry: Entry, leaves: object, enters: object, where: str) -> str:
    return _ENTRY.format(entry=int(entry), leaves=leaves, enters=enters, where=where)


_MAYBE = " ON CONFLICT DO NOTHING"
_PAID = (_entry(Entry.PAID, _CLEARING, PARTNER_SQL, _BANK), _entry(Entry.PAID, PARTNER_SQL, _PAID_IN_CASH, _CASH))
_BACK_FROM_POST = _entry(Entry.UNCOLLECTED, PARTNER_SQL, _RETURNED, _CASH)
# Money that came back had gone out: who returns it without having told of it has it entered as paid first.
_ENTRIES: dict[AttemptEvent, tuple[str, ...]] = {
    AttemptEvent.PAID: _PAID,
    AttemptEvent.RETURNED: (
        *(one.rstrip() + _MAYBE for one in _PAID),
        _entry(Entry.RETURNED, PARTNER_SQL, _RETURNED, _BANK),
        _entry(Entry.RETURNED, _PAID_IN_CASH, _RETURNED, _CASH),
    ),
    AttemptEvent.UNCOLLECTED: (_BACK_FROM_POST,),
    AttemptEvent.REJECTED: (_BACK_FROM_POST,),
    AttemptEvent.CANCELLED: (_BACK_FROM_POST,),
}
_CASE_COLUMNS = "INSERT INTO payments_case (person_id, kind, run_id, pay_month, order_id, attempt_no, message_no, line, detail, amount, opened_at)"
_IMPOSSIBLE = f"""
{_CASE_COLUMNS}
SELECT person_id, CASE WHEN told_amount <> amount THEN 'other_amount' WHEN %(kind)s = 30 THEN 'paid_against_rule' ELSE 'cannot_be' END,
    run_id, %(month)s::integer, order_id, attempt_no, %(message)s, line, coalesce(reason, ''), told_amount, %(now)s
FROM happened WHERE effect = 3 ON CONFLICT DO NOTHING
"""
_REASON = (
    "(VALUES "
    + ", ".join(f"('{code}', {int(action)})" for code, action in REASONS.items())
    + ") AS known (code, action)"
)
_ACTED = f"coalesce(known.action, {int(Action.PERSON)})"
_REASONED = f"happened h LEFT JOIN {_REASON} ON known.code = h.reason"
_CASES_OF_ACTIONS = f"""
{_CASE_COLUMNS}
SELECT person_id, CASE {_ACTED} {" ".join(f"WHEN {int(action)} THEN '{kind}'" for action, kind in CASES.items())} END,
    run_id, %(month)s::integer, order_id, attempt_no, %(message)s, line, coalesce(reason, ''), h.amount, %(now)s
FROM {_REASONED} WHERE effect = 1 AND {_ACTED} = ANY(ARRAY[{", ".join(str(int(action)) for action in CASES)}]) ON CONFLICT DO NOTHING
"""
# A closed run gives nothing another attempt: a person releases the order, so that what it gathered is due again.
_AFTER_CLOSE = f"""
{_CASE_COLUMNS}
SELECT h.person_id, 'returned_after_close', h.run_id, %(month)s::integer, h.order_id, h.attempt_no, %(message)s, h.line, coalesce(h.reason, ''),
    h.amount, %(now)s
FROM happened h JOIN payments_run r USING (run_id) WHERE h.effect = 1 AND r.state = 'closed' ON CONFLICT DO NOTHING
"""
# Death, and what a person must decide, keep the order from going out again by itself.
_WITHHOLD = f"""
UPDATE payments_order o SET state = 'withheld' FROM {_REASONED}
WHERE h.effect = 1 AND {_ACTED} = ANY(ARRAY[{int(Action.DEATH)}, {int(Action.ASK)}, {int(Action.PERSON)}])
  AND o.pay_month = %(month)s::integer AND o.person_id = h.person_id AND o.order_id = h.order_id AND o.state = 'open'
"""
_STOP_ACCOUNT = f"""
UPDATE payments_account k SET stopped_at = %(now)s, stop_reason = h.reason FROM {_REASONED}
WHERE h.effect = 1 AND h.channel = 'account' AND {_ACTED} = {int(Action.FIX_ACCOUNT)} AND k.person_id = h.person_id AND k.bank = h.partner
  AND k.account = h.account AND k.stopped_at IS NULL
"""
_UNMATCHED = f"""
{_CASE_COLUMNS}
SELECT 0, 'unknown_payment', NULL, NULL, NULL, NULL, %(message)s, t.line, coalesce(t.end_to_end_id, ''), t.amount, %(now)s
FROM payments_answer t WHERE t.message_no = %(message)s AND t.line >= %(first)s AND t.line < %(until)s
  AND NOT EXISTS (SELECT FROM matched m WHERE m.line = t.line)
ON CONFLICT DO NOTHING
"""
_MONTHS = """
SELECT substr(end_to_end_id, 3, 6), min(substr(end_to_end_id, 9, 12))::bigint, max(substr(end_to_end_id, 9, 12))::bigint
FROM payments_answer WHERE message_no = %s AND line >= %s AND line < %s AND end_to_end_id ~ %s GROUP BY 1 ORDER BY 1
"""


def match_lines(message_no: int, partner: str, lines: tuple[int, int], now: datetime) -> int:
    """Match the lines of a message from the first up to (not including) the second; returns how many were matched. Other lines open cases."""
    with_ = {"message": message_no, "partner": partner, "first": lines[0], "until": lines[1], "now": now, "form": _FORM}
    execute("SET LOCAL work_mem = '64MB'")
    execute("CREATE TEMPORARY TABLE matched (line integer) ON COMMIT DROP")
    for month, lowest, highest in rows(_MONTHS, [message_no, *lines, _FORM]):
        # A month we never paid in has no partition, so nothing of it can match.
        _match_month({**with_, "month": month, "lowest": lowest, "highest": highest})
    execute(_UNMATCHED, with_)
    matched = number("SELECT count(*) FROM matched")
    execute(
        "DELETE FROM payments_answer WHERE message_no = %(message)s AND line >= %(first)s AND line < %(until)s", with_
    )
    execute("DROP TABLE matched")
    return matched


def _match_month(with_: dict[str, object]) -> None:
    execute(_TOLD, with_)
    execute("ANALYZE told (order_id, kind)")
    execute("INSERT INTO matched SELECT line FROM told")
    _find_on_its_way(with_)
    again = bool(rows(_TOLD_AGAIN))
    for (kind,) in rows("SELECT DISTINCT kind FROM told ORDER BY 1"):
        _match_kind({**with_, "kind": kind}, AttemptEvent(kind), again=again)
    execute("DROP TABLE told")


def _find_on_its_way(with_: dict[str, object]) -> None:
    """An answer by line proves that the bank has the message: what we were unsure of was sent, what was to go again stays."""
    found: Sequence[tuple[int, int]] = rows(
        "SELECT DISTINCT batch_id, pay_month FROM told WHERE batch_state IN ('sending', 'unknown')"
    )
    for batch_id, pay_month in found:
        execute(
            "UPDATE payments_batch SET state = 'sent', state_at = %s WHERE batch_id = %s"
            " AND (state IN ('sending', 'unknown') OR state = 'ready' AND tries > 0)",
            [with_["now"], batch_id],
        )
        now = with_["now"]
        assert isinstance(now, datetime)
        hand_cash(pay_month, batch_id, now)


def _match_kind(with_: dict[str, object], kind: AttemptEvent, *, again: bool) -> None:
    told, place = (_ONCE, _PLACE) if again else ("told", "1")
    execute(_HAPPENED)
    execute(_EVENTS.format(told=told, place=place), with_)
    if kind is not AttemptEvent.ACCEPTED:
        if kind is not AttemptEvent.PAID:
            execute(_ENDS, with_)
            execute(
                "UPDATE told t SET ended = %(kind)s FROM happened h WHERE h.effect = 1 AND t.order_id = h.order_id AND t.attempt_no = h.attempt_no",
                with_,
            )
        for entry in _ENTRIES[kind]:
            execute(entry, with_)
    execute(_IMPOSSIBLE, with_)
    if kind in {AttemptEvent.REJECTED, AttemptEvent.RETURNED}:
        for action in (_CASES_OF_ACTIONS, _AFTER_CLOSE, _WITHHOLD, _STOP_ACCOUNT):
            execute(action, with_)
    execute("DROP TABLE happened")
