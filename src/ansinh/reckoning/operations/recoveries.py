"""Money that has to come back: found, demanded, repaid against receipts, or written off by two people. Nothing that was is ever rewritten."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput, NotFound, Refusal
from ansinh.foundation.period import Month
from ansinh.notices.operations import Notice, send_message
from ansinh.payments.orders.voiding import void_named
from ansinh.reckoning.chart import RECOVERY, UNEXPLAINED
from ansinh.reckoning.entries import Entry, post
from ansinh.reckoning.finding import AFTER_DEATH, BY_FUND, COVERED, OVERPAID
from ansinh.reckoning.statements.keeping import explain_inflow
from ansinh.reckoning.states import RecoveryState

REFERENCE_LENGTH_MAX = 140
_ITEMS = """
INSERT INTO reckoning_recoveryitem (person_id, month, entitlement_id, component, correction, recovery_id, amount)
SELECT v.person_id, v.month, v.entitlement_id, v.component, v.correction, r.recovery_id, v.amount
FROM voided v JOIN unnest(%s::bigint[], %s::bigint[]) AS r (person_id, recovery_id) USING (person_id)
"""
_EVENT = """
INSERT INTO reckoning_recoveryevent (person_id, recovery_id, event_no, event, amount, left_before, left_after, reference, bank, officer, asked_by, asked_no,
    happened_at)
VALUES (%(person)s, %(recovery)s, %(no)s, %(event)s, %(amount)s, %(before)s, %(after)s, %(reference)s, %(bank)s, %(officer)s, %(asked_by)s,
    %(asked_no)s, %(now)s)
"""


class WrongState(Refusal):
    """The recovery is not in a state for it."""

    code = "not_in_state"


class MoreThanOwed(Refusal):
    """More is said to have come than is still owed."""

    code = "more_than_owed"


class ReceiptDiffers(Refusal):
    """A receipt of this reference is known with another amount."""

    code = "receipt_differs"


class SamePerson(Refusal):
    """Who asked for a write-off cannot decide it."""

    code = "same_person"


@dataclass(frozen=True, slots=True)
class Repayment:
    """Money that came back, in đồng: its reference at the bank (BIN) whose statement shows it."""

    amount: int
    reference: str
    bank: str


@dataclass(frozen=True, slots=True)
class _Event:
    """What happens: money in đồng where some moves, the receipt, who had asked for it."""

    event: str
    amount: int = 0
    receipt: Repayment | None = None
    asked_by: str | None = None
    asked_no: int | None = None


@dataclass(frozen=True, slots=True)
class _Standing:
    person_id: int
    recovery_id: int
    fund: int
    state: RecoveryState
    remaining: int
    last_no: int
    asked_no: int | None
    asked_by: str | None


@operation(permission="reckoning.open_recoveries")
def open_recoveries(*, actor: Actor, reason: str, clock: Clock, month: int) -> dict[str, int]:
    """Find what was paid for months after death, and more than was owed to people who are owed nothing for `month` (YYYYMM); returns how many by cause.

    Each obligation is asked back once: repeating finds only what is new. What a correction repeats of an open recovery is voided (`covered`).
    Refuses `invalid_input` a number that is no month.
    """
    try:
        Month.of(month)
    except ValueError:
        raise InvalidInput("Tháng viết dạng YYYYMM.", "A month is YYYYMM.", field="month") from None
    execute("SELECT pg_advisory_xact_lock(hashtext('reckoning.recoveries'))")
    now = clock.now()
    execute(COVERED)
    found = {"covered": void_named(now)}
    execute("DROP TABLE voided")
    for cause, query, due in (("overpaid", OVERPAID, True), ("paid_after_death", AFTER_DEATH, False)):
        execute(query, {"month": month})
        found[cause] = _open(actor, now, cause, due=due)
        execute("DROP TABLE voided")
    note(**found)
    return found


@operation(permission="reckoning.demand_recovery")
def demand_recovery(*, actor: Actor, reason: str, clock: Clock, person_id: int, recovery_id: int) -> str:
    """Demand what is left, tell the payee if they live, and return the state; demanding again changes nothing. Refuses `not_found`, `not_in_state`."""
    standing = _locked(person_id, recovery_id)
    if standing.state is RecoveryState.OPEN:
        now = clock.now()
        _happen(standing, _Event("demanded"), actor, now)
        if row("SELECT 1 FROM people_person WHERE person_id = %s AND died_on IS NULL", [person_id]):
            amount = f"{standing.remaining:,}".replace(",", ".")
            notice = Notice(
                person_id, "recovery_demanded", {"amount": amount}, f"reckoning.recovery:{recovery_id}", legal_day(now)
            )
            send_message(actor=actor, reason=reason, clock=clock, notice=notice)
    elif standing.state in {RecoveryState.SETTLED, RecoveryState.WRITTEN_OFF}:
        raise _wrong_state(standing)
    note(person_id=person_id, recovery=recovery_id)
    return _locked(person_id, recovery_id).state.value


@operation(permission="reckoning.record_repayment")
def record_repayment(
    *, actor: Actor, reason: str, clock: Clock, person_id: int, recovery_id: int, repayment: Repayment
) -> str:
    """Enter money that came back against its receipt and return the state; the same receipt again changes nothing.

    The statement that shows it put it on the account of inflows not explained; from there it is taken, whichever comes first.
    Refuses `not_found`, `invalid_input`, `not_in_state` once nothing is left, `more_than_owed`, and `receipt_differs` where the reference is known with
    another amount.
    """
    reference = repayment.reference.strip()
    if repayment.amount <= 0 or not 0 < len(reference) <= REFERENCE_LENGTH_MAX or not reference.isprintable():
        raise InvalidInput(
            "Số tiền phải lớn hơn 0 và phải có số tham chiếu của ngân hàng.",
            "A positive amount and the bank's reference are needed.",
            field="repayment",
        )
    standing = _locked(person_id, recovery_id)
    note(person_id=person_id, recovery=recovery_id)
    known = row(
        "SELECT amount FROM reckoning_recoveryevent WHERE person_id = %s AND recovery_id = %s AND event = 'repaid' AND reference = %s",
        [person_id, recovery_id, reference],
    )
    if known:
        if int(known[0]) != repayment.amount:
            raise ReceiptDiffers(
                f"Chứng từ này đã ghi với số tiền {known[0]} đồng.",
                f"This receipt is known with {known[0]} đồng.",
                recovery=recovery_id,
            )
        return standing.state.value
    if not standing.remaining:
        raise _wrong_state(standing)
    if repayment.amount > standing.remaining:
        raise MoreThanOwed(
            f"Chỉ còn phải thu {standing.remaining} đồng; phần thừa phải trả lại người nộp.",
            f"Only {standing.remaining} đồng are still owed; what is beyond goes back to who paid it.",
            recovery=recovery_id,
        )
    now = clock.now()
    _happen(
        standing, _Event("repaid", repayment.amount, Repayment(repayment.amount, reference, repayment.bank)), actor, now
    )
    post(
        legal_day(now), [Entry("recovered", UNEXPLAINED, RECOVERY, repayment.amount, _subject(recovery_id), person_id)]
    )
    explain_inflow(repayment.bank, reference, f"repayment of recovery {recovery_id}", actor.named(), now)
    return _locked(person_id, recovery_id).state.value


@operation(permission="reckoning.ask_write_off")
def ask_write_off(*, actor: Actor, reason: str, clock: Clock, person_id: int, recovery_id: int) -> str:
    """Ask that what is left be written off; another officer decides. Returns the state; asking again changes nothing. Refuses `not_found`, `not_in_state`."""
    standing = _locked(person_id, recovery_id)
    if standing.state not in {RecoveryState.DEMANDED, RecoveryState.REPAID_IN_PART}:
        raise _wrong_state(standing)
    if standing.asked_by is None:
        _happen(standing, _Event("write_off_asked"), actor, clock.now())
    note(person_id=person_id, recovery=recovery_id)
    return standing.state.value


@operation(permission="reckoning.decide_write_off")
def decide_write_off(*, actor: Actor, reason: str, clock: Clock, person_id: int, recovery_id: int, agreed: bool) -> str:
    """Write off what is left, or refuse to, and return the state; deciding again changes nothing once it is written off.

    Refuses `not_found`, `not_in_state` where nobody asked, and `same_person` whoever asked.
    """
    standing = _locked(person_id, recovery_id)
    note(person_id=person_id, recovery=recovery_id, agreed=int(agreed))
    if standing.state is RecoveryState.WRITTEN_OFF and agreed:
        return standing.state.value
    if actor.kind is not ActorKind.OFFICER or standing.asked_by is None:
        raise _wrong_state(standing)
    if standing.asked_by == actor.named():
        raise SamePerson(
            "Người đề nghị xóa nợ không được tự quyết định.",
            "Who asked for a write-off cannot decide it.",
            recovery=recovery_id,
        )
    now = clock.now()
    if agreed:
        _happen(
            standing, _Event("written_off", standing.remaining, None, standing.asked_by, standing.asked_no), actor, now
        )
        post(
            legal_day(now),
            [Entry("written_off", standing.fund, RECOVERY, standing.remaining, _subject(recovery_id), person_id)],
        )
    else:
        _happen(standing, _Event("write_off_refused", 0, None, standing.asked_by, standing.asked_no), actor, now)
    return _locked(person_id, recovery_id).state.value


def _open(actor: Actor, now: datetime, cause: str, *, due: bool) -> int:
    """Open a recovery for each payee of what was found. What is due and negative is voided; what was paid stays as it was."""
    by_person: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for person_id, fund, amount in rows(BY_FUND):
        by_person[int(person_id)].append((int(fund), -int(amount) if due else int(amount)))
    entries: list[Entry] = []
    recoveries: list[int] = []
    for person_id, funds in by_person.items():
        total, fund = sum(amount for _, amount in funds), max(funds, key=lambda one: one[1])[0]
        recovery_id = number(
            "INSERT INTO reckoning_recovery (person_id, cause, fund, amount, opened_at) VALUES (%s, %s, %s, %s, %s) RETURNING recovery_id",
            [person_id, cause, fund, total, now],
        )
        recoveries.append(recovery_id)
        opened = _Standing(person_id, recovery_id, fund, RecoveryState.OPEN, total, -1, None, None)
        _happen(opened, _Event("opened", total), actor, now)
        entries += [Entry("recovery", RECOVERY, one, amount, _subject(recovery_id), person_id) for one, amount in funds]
    execute(_ITEMS, [list(by_person), recoveries])
    if due:
        void_named(now)
    post(legal_day(now), entries)
    return len(recoveries)


def _locked(person_id: int, recovery_id: int) -> _Standing:
    execute("SELECT pg_advisory_xact_lock(hashtext('reckoning.recovery'), (%s %% 2147483647)::integer)", [recovery_id])
    found = row(
        "SELECT fund, state, remaining, (SELECT max(event_no) FROM reckoning_recoveryevent e WHERE e.person_id = r.person_id"
        " AND e.recovery_id = r.recovery_id), asked_no, asked_by FROM reckoning_recovery_now r WHERE person_id = %s AND recovery_id = %s",
        [person_id, recovery_id],
    )
    if found is None:
        raise NotFound(
            f"Không có khoản thu hồi {recovery_id} của người này.",
            f"There is no recovery {recovery_id} of this person.",
            recovery=recovery_id,
        )
    fund, state, remaining, last_no, asked_no, asked_by = found
    return _Standing(
        person_id, recovery_id, int(fund), RecoveryState(state), int(remaining), int(last_no), asked_no, asked_by
    )


def _happen(standing: _Standing, what: _Event, actor: Actor, now: datetime) -> None:
    gone = what.amount if what.event in {"repaid", "written_off"} else 0
    execute(
        _EVENT,
        {
            "person": standing.person_id,
            "recovery": standing.recovery_id,
            "no": standing.last_no + 1,
            "event": what.event,
            "amount": what.amount,
            "before": standing.remaining,
            "after": standing.remaining - gone,
            "reference": what.receipt.reference if what.receipt else None,
            "bank": what.receipt.bank if what.receipt else None,
            "officer": actor.named(),
            "asked_by": what.asked_by,
            "asked_no": what.asked_no,
            "now": now,
        },
    )


def _subject(recovery_id: int) -> str:
    return f"recovery {recovery_id}"


def _wrong_state(standing: _Standing) -> WrongState:
    return WrongState(
        f"Khoản thu hồi {standing.recovery_id} đang ở trạng thái “{standing.state}”, không thực hiện được bước này; xem: ansinh pay recoveries list",
        f"Recovery {standing.recovery_id} is “{standing.state}”; this cannot be done now. See: ansinh pay recoveries list",
        recovery=standing.recovery_id,
        state=standing.state.value,
    )
