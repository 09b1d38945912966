"""Fix what a month owes, and hand it to payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ansinh.audit.operation import note, operation
from ansinh.benefits.settling import Whose, last_frozen, settle
from ansinh.benefits.states import BASE, MONTHLY, CorrectionCause, OutOfOrder
from ansinh.benefits.writing import everybody
from ansinh.database.sql import execute, look_again_at, row, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.period import Month


@dataclass(frozen=True, slots=True)
class FrozenMonth:
    """What a freeze handed over: the month's obligations and the corrections that were open, with their sums in đồng."""

    month: int
    obligations: int
    amount: int
    corrections: int
    corrections_amount: int
    already: bool = False


@operation(permission="benefits.freeze")
def freeze_month(*, actor: Actor, reason: str, clock: Clock, month: int) -> FrozenMonth:
    """Freeze what every monthly entitlement owes for a month, and the corrections that are open; the months follow one another.

    A month frozen before is answered as it was. Refuses `invalid_input` for no month, `effect_month_out_of_order` for one that does not follow the last.
    """
    everybody()
    known = row(
        "SELECT month, obligations, amount, corrections, corrections_amount FROM benefits_freeze WHERE month = %s",
        [month],
    )
    if known:
        note(already_frozen=month)
        obligations, amount, corrections, corrections_amount = (int(one) for one in known[1:])
        return FrozenMonth(month, obligations, amount, corrections, corrections_amount, already=True)
    first = _require_next(month)
    moment = clock.now()
    execute("SELECT benefits_ensure_month(%s)", [month])
    obligations, amount = _totals(_FREEZE, {"month": month, "component": BASE, "monthly": list(MONTHLY)})
    if first:
        _settle_what_began_before(month, moment)
    corrections, corrections_amount = _freeze_corrections(month)
    execute(
        """
        INSERT INTO benefits_freeze (month, obligations, amount, corrections, corrections_amount, frozen_by, frozen_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s)
        """,
        [month, obligations, amount, corrections, corrections_amount, actor.named(), moment],
    )
    look_again_at("benefits_frozen", "benefits_correction")
    note(month=month, obligations=obligations, amount=amount, corrections=corrections)
    return FrozenMonth(month, obligations, amount, corrections, corrections_amount)


@operation(permission="benefits.freeze")
def freeze_open(*, actor: Actor, reason: str, clock: Clock, month: int) -> FrozenMonth:
    """Hand over between months what waits: one-off benefits granted so far, and open corrections. `month` is the month of the handing over.

    Doing it again hands over what came since. Refuses `invalid_input` for no month.
    """
    everybody()
    _month(month)
    for (one,) in rows(_MONTHS_OF_ONE_OFFS, {"monthly": list(MONTHLY)}):
        execute("SELECT benefits_ensure_month(%s)", [one])
    obligations, amount = _totals(_FREEZE_ONE_OFFS, {"month": month, "component": BASE, "monthly": list(MONTHLY)})
    corrections, corrections_amount = _freeze_corrections(month)
    note(month=month, obligations=obligations, amount=amount, corrections=corrections)
    return FrozenMonth(month, obligations, amount, corrections, corrections_amount)


def _require_next(month: int) -> bool:
    """Tell whether this is the first month frozen; raises OutOfOrder when it is not the one after the last."""
    asked, last = _month(month), last_frozen()
    if last is not None and asked != Month.of(last).plus(1):
        following = Month.of(last).plus(1).number()
        raise OutOfOrder(
            f"Các tháng được chốt lần lượt: tháng kế tiếp là {following}.",
            f"Months are frozen one after the other: next is {following}.",
            next=following,
        )
    return last is None


def _month(month: int) -> Month:
    try:
        return Month.of(month)
    except ValueError as error:
        raise InvalidInput(
            f"“{month}” không phải tháng; viết 202507.", f"{month} is no month; write 202507.", field="month"
        ) from error


def _settle_what_began_before(month: int, moment: datetime) -> None:
    """Make arrears of the months before the first frozen that this system owes already."""
    found = row("SELECT min(owed_from) FROM benefits_entitlement WHERE kind = ANY(%s)", [list(MONTHLY)])
    if found is not None and found[0] is not None and found[0] < month:
        settle(Whose(), int(found[0]), CorrectionCause.GRANT, moment, last=month)


def _freeze_corrections(month: int) -> tuple[int, int]:
    for (one,) in rows("SELECT DISTINCT month FROM benefits_correction"):
        execute("SELECT benefits_ensure_month(%s)", [one])
    return _totals(_FREEZE_CORRECTIONS, {"month": month})


def _totals(insert: str, parameters: dict[str, object]) -> tuple[int, int]:
    """Run an insert of obligations; returns how many and their sum."""
    found = row(
        f"WITH frozen AS ({insert} RETURNING amount) SELECT count(*), coalesce(sum(amount), 0) FROM frozen", parameters
    )
    assert found is not None
    return int(found[0]), int(found[1])


_FREEZE = """
INSERT INTO benefits_frozen (month, person_id, entitlement_id, component, correction, amount, kind, province, commune, urban, frozen_in)
SELECT %(month)s, v.person_id, v.entitlement_id, %(component)s, 0, v.amount, e.kind, v.province, v.commune, v.urban, %(month)s
FROM (
    SELECT DISTINCT ON (person_id, entitlement_id) person_id, entitlement_id, amount, state, province, commune, urban FROM benefits_version
    WHERE superseded_at IS NULL AND valid_from <= %(month)s ORDER BY person_id, entitlement_id, valid_from DESC
) AS v JOIN benefits_entitlement e USING (person_id, entitlement_id)
WHERE v.state = 'paid' AND v.amount > 0 AND e.owed_from <= %(month)s AND e.kind = ANY(%(monthly)s)
"""
_FREEZE_ONE_OFFS = """
INSERT INTO benefits_frozen (month, person_id, entitlement_id, component, correction, amount, kind, province, commune, urban, frozen_in)
SELECT v.valid_from, v.person_id, v.entitlement_id, %(component)s, 0, v.amount, e.kind, v.province, v.commune, v.urban, %(month)s
FROM benefits_entitlement e JOIN benefits_version v USING (person_id, entitlement_id)
WHERE NOT e.kind = ANY(%(monthly)s) AND v.superseded_at IS NULL AND v.state = 'paid' AND v.amount > 0 AND NOT EXISTS (
    SELECT FROM benefits_frozen f WHERE f.month = v.valid_from AND f.person_id = v.person_id AND f.entitlement_id = v.entitlement_id AND f.correction = 0)
"""
_MONTHS_OF_ONE_OFFS = """
SELECT DISTINCT v.valid_from FROM benefits_entitlement e JOIN benefits_version v USING (person_id, entitlement_id)
WHERE NOT e.kind = ANY(%(monthly)s) AND v.superseded_at IS NULL AND v.state = 'paid'
"""
# A correction goes where the person is paid now.
_FREEZE_CORRECTIONS = """
INSERT INTO benefits_frozen (month, person_id, entitlement_id, component, correction, amount, kind, province, commune, urban, frozen_in)
SELECT c.month, c.person_id, c.entitlement_id, c.component, c.correction_no, c.amount, e.kind, v.province, v.commune, v.urban, %(month)s
FROM benefits_correction c JOIN benefits_entitlement e USING (person_id, entitlement_id)
CROSS JOIN LATERAL (
    SELECT province, commune, urban FROM benefits_version l
    WHERE l.person_id = c.person_id AND l.entitlement_id = c.entitlement_id AND l.superseded_at IS NULL
    ORDER BY l.valid_from <= %(month)s DESC, l.valid_from DESC LIMIT 1
) AS v
WHERE NOT EXISTS (
    SELECT FROM benefits_frozen f WHERE f.month = c.month AND f.person_id = c.person_id AND f.entitlement_id = c.entitlement_id
    AND f.component = c.component AND f.correction = c.correction_no)
"""
