"""Take in what patients paid themselves, towards the yearly ceiling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ansinh.audit.operation import note, operation
from ansinh.cards.recording import bring_up
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput

PAYMENTS_A_CALL_MAX = 1_000
AMOUNT_MAX = 10**12
VISIT_LENGTH_MAX = 100


@dataclass(frozen=True, slots=True)
class Paid:
    """What a patient paid of a visit themselves, in đồng; `visit` is the facility's own number of it. `counted` is false for a visit on the wrong path."""

    person_id: int
    facility: str
    visit: str
    admitted_on: date
    paid_on: date
    amount: int
    counted: bool = True
    category: str | None = None


@operation(permission="cards.record_copayment")
def record_copayment(*, actor: Actor, reason: str, clock: Clock, payments: Sequence[Paid]) -> int:
    """Take payments in and bring the sums of the year up (Law 51/2024/QH15 art. 22); returns how many changed anything.

    A visit told again takes the place of what was told before, so the same payments twice change nothing. Refuses (`invalid_input`) amounts that are no
    whole đồng from 0 on, days out of order or in the future, and visits without a number. At most PAYMENTS_A_CALL_MAX a call.
    """
    today = legal_day(clock.now())
    if len(payments) > PAYMENTS_A_CALL_MAX:
        raise ValueError(f"at most {PAYMENTS_A_CALL_MAX} payments a call")
    changed = 0
    for paid in payments:
        _require_possible(paid, today)
        execute(
            "DELETE FROM cards_copayment WHERE person_id = %s AND facility = %s AND visit = %s AND paid_on <> %s",
            [paid.person_id, paid.facility, paid.visit, paid.paid_on],
        )
        changed += execute(
            _TAKE_IN,
            [
                paid.person_id,
                paid.paid_on,
                paid.facility,
                paid.visit,
                paid.admitted_on,
                paid.category,
                paid.amount,
                paid.counted,
                clock.now(),
            ],
        )
    bring_up(sorted({paid.person_id for paid in payments}), today)
    note(payments=len(payments), changed=changed)
    return changed


_TAKE_IN = """
INSERT INTO cards_copayment AS kept (person_id, paid_on, facility, visit, admitted_on, category, amount, counted, recorded_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (person_id, paid_on, facility, visit) DO UPDATE
SET admitted_on = EXCLUDED.admitted_on, category = EXCLUDED.category, amount = EXCLUDED.amount, counted = EXCLUDED.counted, recorded_at = EXCLUDED.recorded_at
WHERE (kept.admitted_on, kept.category, kept.amount, kept.counted)
      IS DISTINCT FROM (EXCLUDED.admitted_on, EXCLUDED.category, EXCLUDED.amount, EXCLUDED.counted)
"""


def _require_possible(paid: Paid, today: date) -> None:
    wrong = None
    if not 0 <= paid.amount <= AMOUNT_MAX:
        wrong = ("amount", "số tiền phải là số đồng nguyên từ 0", "the amount is whole đồng from 0 on")
    elif not paid.admitted_on <= paid.paid_on <= today:
        wrong = (
            "paid_on",
            "ngày thanh toán phải từ ngày vào viện đến hôm nay",
            "it is paid between admission and today",
        )
    elif not 0 < len(paid.visit.strip()) <= VISIT_LENGTH_MAX or len(paid.facility) != 5:
        wrong = ("visit", "thiếu mã lượt khám hoặc mã cơ sở", "the visit's or the facility's number is missing")
    if wrong:
        raise InvalidInput(
            f"Cùng chi trả không hợp lệ: {wrong[1]}.", f"Not a possible co-payment: {wrong[2]}.", field=wrong[0]
        )
