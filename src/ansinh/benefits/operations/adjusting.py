"""Adjust everybody by decree: prepared by one officer, approved by another, then worked through range by range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from ansinh.audit.operation import note, operation
from ansinh.benefits.raising import basis, old_before, raise_amounts
from ansinh.benefits.settling import Whose, last_frozen, settle
from ansinh.benefits.states import ADJUSTED_IN, Cause, CorrectionCause, Kind, NotInState, SameOfficer, Scope
from ansinh.benefits.writing import Mark, everybody, hold, write
from ansinh.database.sql import driver, execute, row, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound

ENTITLEMENTS_A_RANGE_MAX = 50_000
"""A range is one transaction; its length bounds memory, locks and what a crash repeats."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What adjusting a range wrote: versions, and corrections of months already frozen."""

    versions: int
    corrections: int = 0


@operation(permission="benefits.prepare_adjustment")
def prepare_adjustment(*, actor: Actor, reason: str, clock: Clock, month: int, scope: Scope, act: str) -> bool:
    """Prepare a general adjustment of a month by its act, with the values of law it rests on; returns whether it is new.

    Refuses `nothing_to_adjust` when the law loaded here raises nothing then, `invalid_input` for no month or no act.
    """
    if not act.strip() or not 1 <= month % 100 <= 12:
        raise InvalidInput(
            "Cần tháng (202607) và số văn bản.",
            "A month (202607) and the act are needed.",
            field="month" if act.strip() else "act",
        )
    made = execute(
        "INSERT INTO benefits_adjustment (month, scope, act, basis, prepared_by, prepared_at) VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [month, scope.value, act, basis(scope, month), actor.named(), clock.now()],
    )
    note(month=month, scope=scope.value, made=made)
    return bool(made)


@operation(permission="benefits.approve_adjustment")
def approve_adjustment(*, actor: Actor, reason: str, clock: Clock, month: int, scope: Scope) -> bool:
    """Approve a prepared adjustment; returns whether it was not approved yet. Refuses `same_officer` to whoever prepared it, `not_found`."""
    everybody()
    found = row(
        "SELECT prepared_by, approved_by FROM benefits_adjustment WHERE month = %s AND scope = %s", [month, scope.value]
    )
    if found is None:
        raise _not_there(month)
    note(month=month, scope=scope.value)
    if found[1] is not None:
        return False
    if found[0] == actor.named():
        raise SameOfficer(
            "Người lập không được tự duyệt. Nhờ người khác duyệt.",
            "Who prepared may not approve. Ask another officer.",
            month=month,
        )
    execute(
        "UPDATE benefits_adjustment SET approved_by = %s, approved_at = %s WHERE month = %s AND scope = %s",
        [actor.named(), clock.now(), month, scope.value],
    )
    return True


@operation(permission="benefits.adjust")
def adjust_range(
    *, actor: Actor, reason: str, clock: Clock, month: int, scope: Scope, from_person: int, until_person: int
) -> Adjusted:
    """Adjust every entitlement of persons in the half-open range of numbers that an approved adjustment concerns and has not reached yet.

    Whoever is suspended is raised too and gets it on resuming; a month frozen already becomes arrears. Doing a range again changes nothing. Refuses
    `not_found`, and `entitlement_not_in_state` before it was approved.
    """
    everybody()
    act = _approved_act(month, scope)
    kinds = [kind.value for kind, one in ADJUSTED_IN.items() if one is scope]
    span = {"from": from_person, "until": until_person, "kinds": kinds, "month": month}
    moment, versions, corrections = clock.now(), 0, 0
    # Entitlements of which something later is known are few: each goes the way of one.
    for person_id, entitlement_id in rows(_LATER_KNOWN, span):
        held = hold(int(person_id), int(entitlement_id))
        written = write(held, held.life, Mark(Cause.ADJUSTMENT, CorrectionCause.ADJUSTMENT, act, month, moment))
        versions, corrections = versions + written.versions, corrections + written.settled.corrections
    plain = rows(
        _PLAIN,
        {**span, "old_before": old_before(month) if scope is Scope.PENSIONS else None, "pension": Kind.PENSION.value},
    )
    if plain:
        _copy(plain, month, scope, act, moment)
        if (last_frozen() or 0) >= month:
            whose = Whose(from_person, until_person, kinds=tuple(kinds))
            corrections += settle(whose, month, CorrectionCause.ADJUSTMENT, moment).corrections
    note(month=month, scope=scope.value, versions=versions + len(plain), corrections=corrections)
    return Adjusted(versions + len(plain), corrections)


def _approved_act(month: int, scope: Scope) -> str:
    found = row(
        "SELECT act, approved_at FROM benefits_adjustment WHERE month = %s AND scope = %s", [month, scope.value]
    )
    if found is None:
        raise _not_there(month)
    if found[1] is None:
        raise NotInState(
            "Đợt điều chỉnh chưa được duyệt.",
            "The adjustment is not approved yet. Have another officer approve it.",
            month=month,
        )
    return str(found[0])


def _not_there(month: int) -> NotFound:
    return NotFound(
        f"Chưa lập đợt điều chỉnh của tháng {month}.",
        f"No adjustment of {month} is prepared. Prepare it first.",
        month=month,
    )


def _copy(plain: Sequence[tuple[Any, ...]], month: int, scope: Scope, act: str, moment: datetime) -> None:
    """Append the versions of a range by COPY."""
    before = np.fromiter((one[3] for one in plain), dtype=np.int64, count=len(plain))
    old = np.fromiter((one[4] for one in plain), dtype=np.bool_, count=len(plain))
    suspended = np.fromiter((one[5] == "suspended" for one in plain), dtype=np.bool_, count=len(plain))
    raised = raise_amounts(scope, month, before, old, suspended)
    with (
        driver().cursor() as cursor,
        cursor.copy(f"COPY benefits_version ({_COLUMNS}) FROM STDIN") as copy,
    ):
        copy.write(
            "".join(_lines(plain, raised.amounts, raised.facts, f"{month}", f"{_text(act)}\t{moment.isoformat()}\n"))
        )


def _lines(
    plain: Sequence[tuple[Any, ...]], amounts: Sequence[int], facts: Sequence[str], month: str, tail: str
) -> Iterator[str]:
    cause = Cause.ADJUSTMENT.value
    for one, amount, told in zip(plain, amounts, facts, strict=True):
        person, entitlement, version, _, _, state, province, commune, urban = one
        yield (
            f"{person}\t{entitlement}\t{version}\t{month}\t{amount}\t{state}\t{cause}\tt\t{told}\t{province}\t{commune or _NULL}\t"
            f"{'t' if urban else 'f'}\t{tail}"
        )


def _text(words: str) -> str:
    """Return words as COPY's text format reads them back."""
    return words.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


_NULL = "\\N"
_COLUMNS = "person_id, entitlement_id, version, valid_from, amount, state, cause, adjusted, facts, province, commune, urban, act, recorded_at"

# Running entitlements of which nothing is known from the month of the adjustment on.
_PLAIN = """
SELECT v.person_id, v.entitlement_id, v.last_version + 1, v.amount, (e.kind = %(pension)s AND e.opened_on < %(old_before)s) IS TRUE, v.state, v.province,
    v.commune, v.urban
FROM (
    SELECT DISTINCT ON (person_id, entitlement_id) person_id, entitlement_id, valid_from, amount, state, province, commune, urban, superseded_at,
        max(version) OVER (PARTITION BY person_id, entitlement_id) AS last_version
    FROM benefits_version WHERE person_id >= %(from)s AND person_id < %(until)s
    ORDER BY person_id, entitlement_id, superseded_at IS NOT NULL, valid_from DESC
) AS v JOIN benefits_entitlement e ON e.person_id = v.person_id AND e.entitlement_id = v.entitlement_id
WHERE e.person_id >= %(from)s AND e.person_id < %(until)s AND e.kind = ANY(%(kinds)s)
  AND v.superseded_at IS NULL AND v.valid_from < %(month)s AND v.state <> 'ended'
"""
# Looked for among the few rows of later months first: for nearly everybody there is none.
_LATER_KNOWN = """
SELECT e.person_id, e.entitlement_id
FROM (
    SELECT DISTINCT person_id, entitlement_id FROM benefits_version
    WHERE person_id >= %(from)s AND person_id < %(until)s AND superseded_at IS NULL AND valid_from >= %(month)s AND NOT (adjusted AND valid_from = %(month)s)
) AS later JOIN benefits_entitlement e USING (person_id, entitlement_id)
CROSS JOIN LATERAL (
    SELECT min(valid_from) AS first, bool_or(adjusted AND valid_from = %(month)s) AS adjusted,
        bool_or(valid_from >= %(month)s AND state <> 'ended') AS goes_on,
        (array_agg(state ORDER BY valid_from DESC) FILTER (WHERE valid_from <= %(month)s))[1] AS state
    FROM benefits_version v WHERE v.person_id = e.person_id AND v.entitlement_id = e.entitlement_id AND v.superseded_at IS NULL
) AS known
WHERE e.kind = ANY(%(kinds)s) AND known.first < %(month)s AND NOT known.adjusted AND (known.goes_on OR known.state <> 'ended')
ORDER BY 1, 2
"""
