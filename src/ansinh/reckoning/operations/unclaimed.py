"""Money nobody collected: taken off the lists after months at the post, owed until it is claimed, then paid like anything else that is owed."""

from __future__ import annotations

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.foundation.period import Month
from ansinh.payments.ledger.chart import FUND_SQL
from ansinh.payments.orders.voiding import void_named
from ansinh.payments.queries import effective_month
from ansinh.reckoning.chart import UNCLAIMED
from ansinh.reckoning.entries import Entry, post
from ansinh.reckoning.finding import BY_FUND, UNCOLLECTED

# Six months without collecting take a name off the list (Decision 166/QD-BHXH of 2019, after Decision 828/QD-BHXH of 2016).
MONTHS_UNCOLLECTED = 6
_KEEP = """
INSERT INTO reckoning_unclaimed (person_id, month, entitlement_id, component, correction, amount, kind, province, commune, urban, set_aside_at)
SELECT person_id, month, entitlement_id, component, correction, amount, kind, province, commune, urban, %s FROM voided
"""
_CLAIM = """
UPDATE reckoning_unclaimed SET claimed_at = %s, claimed_by = %s, pay_month = %s WHERE person_id = %s AND claimed_at IS NULL
RETURNING kind, amount
"""


@operation(permission="reckoning.set_aside")
def set_aside_unclaimed(
    *, actor: Actor, reason: str, clock: Clock, month: int, after_months: int = MONTHS_UNCOLLECTED
) -> dict[str, int]:
    """Set aside what is due to people whom the post met in none of the last `after_months` months of payment up to `month`; returns persons and đồng.

    It leaves the lists and stands as unclaimed money until it is claimed. Repeating finds only what is new. Refuses `invalid_input`.
    """
    try:
        last = Month.of(month)
        months = [last.plus(-back).number() for back in range(after_months)]
    except ValueError:
        months = []
    if not months:
        raise InvalidInput(
            "Tháng viết dạng YYYYMM, số tháng từ 1.",
            "A month is YYYYMM, and at least one month is asked for.",
            field="month",
        )
    execute("SELECT pg_advisory_xact_lock(hashtext('reckoning.recoveries'))")
    now = clock.now()
    execute(UNCOLLECTED, {"month": month, "months": months, "wanted": after_months})
    entries = [
        Entry("unclaimed", int(fund), UNCLAIMED, int(amount), f"person {person_id}", int(person_id))
        for person_id, fund, amount in rows(BY_FUND)
    ]
    execute(_KEEP, [now])
    void_named(now)
    execute("DROP TABLE voided")
    post(legal_day(now), entries)
    found = {"persons": len({one.person_id for one in entries}), "amount": sum(one.amount for one in entries)}
    note(**found)
    return found


@operation(permission="reckoning.claim")
def claim_unclaimed(*, actor: Actor, reason: str, clock: Clock, person_id: int) -> dict[str, int]:
    """Give a payee who came for it what was set aside: it is owed again, with the month whose list is still open. Returns đồng and that month.

    Claiming again finds nothing: refuses `not_found`. An officer must have seen who claims; refuses `invalid_input` a machine.
    """
    if actor.kind is not ActorKind.OFFICER:
        raise InvalidInput(
            "Cán bộ phải nhận diện người đến nhận tiền.", "An officer must see who claims.", field="actor"
        )
    now = clock.now()
    execute("SELECT pg_advisory_xact_lock(hashtext('reckoning.recoveries'))")
    pay_month = effective_month(now)
    claimed = rows(_CLAIM, [now, actor.named(), pay_month, person_id])
    note(person_id=person_id, obligations=len(claimed))
    if not claimed:
        raise NotFound(
            "Người này không có tiền chưa nhận.", "There is no unclaimed money of this person.", person=person_id
        )
    by_fund = rows(
        f"SELECT {FUND_SQL}, sum(amount)::bigint FROM unnest(%s::text[], %s::bigint[]) AS c (kind, amount) GROUP BY 1 HAVING sum(amount) <> 0 ORDER BY 1",
        [[kind for kind, _ in claimed], [amount for _, amount in claimed]],
    )
    post(
        legal_day(now),
        [
            Entry("reclaimed", UNCLAIMED, int(fund), int(amount), f"person {person_id}", person_id)
            for fund, amount in by_fund
        ],
    )
    return {"amount": sum(int(amount) for _, amount in claimed), "pay_month": pay_month}
