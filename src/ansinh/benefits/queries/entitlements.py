"""What others may ask about entitlements. Reading about one person is the operation `show_entitlements`, which leaves a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ansinh.benefits.raising import explained
from ansinh.benefits.settling import last_frozen
from ansinh.benefits.states import ADJUSTED_IN, Scope
from ansinh.database.sql import number, row, rows

LIST_LENGTH_MAX = 1_000


@dataclass(frozen=True, slots=True)
class VersionShown:
    """What an entitlement pays from a month until another (None: for ever), and since when this is known."""

    valid_from: int
    valid_until: int | None
    amount: int
    state: str
    cause: str
    act: str
    province: str
    commune: str | None
    facts: dict[str, Any] | None
    recorded_at: datetime

    def derivation(self) -> list[tuple[str, str, str]]:
        """Return the steps of an adjusted amount: Vietnamese, English, article; nothing where a decision holds them."""
        if self.facts is None or "before" not in self.facts:
            return []
        return [(step.vi, step.en, step.reference_vi) for step in explained(self.facts).steps]


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """A change, done, refused or waiting."""

    change_id: int
    kind: str
    effect_month: int
    because: str | None
    amount: int | None
    act: str
    reason: str
    due_on: date | None
    prepared_by: str
    approved_by: str | None
    done_at: datetime | None
    refused_at: datetime | None


@dataclass(frozen=True, slots=True)
class CorrectionShown:
    """Arrears (above 0) or an overpayment of a frozen month."""

    month: int
    correction_no: int
    amount: int
    cause: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class EntitlementShown:
    """An entitlement with all that is known of it."""

    entitlement_id: int
    kind: str
    insured_person_id: int
    opened_on: date
    decision_id: int | None
    versions: tuple[VersionShown, ...]
    changes: tuple[ChangeShown, ...]
    corrections: tuple[CorrectionShown, ...]


def entitlements_of(person_id: int, known_on: datetime | None = None) -> list[EntitlementShown]:
    """Return a person's entitlements as known now, or at a moment."""
    found = rows(
        "SELECT entitlement_id, kind, insured_person_id, opened_on, decision_id FROM benefits_entitlement WHERE person_id = %s ORDER BY opened_on, 1",
        [person_id],
    )
    return [
        EntitlementShown(
            int(one[0]), str(one[1]), int(one[2]), one[3], one[4], *_inside(person_id, int(one[0]), known_on)
        )
        for one in found
    ]


def _inside(
    person_id: int, entitlement_id: int, known_on: datetime | None
) -> tuple[tuple[VersionShown, ...], tuple[ChangeShown, ...], tuple[CorrectionShown, ...]]:
    named = {"person": person_id, "entitlement": entitlement_id, "known_on": known_on}
    return (
        tuple(_version(one) for one in rows(_VERSIONS, named)),
        tuple(ChangeShown(*one) for one in rows(_CHANGES, named)),
        tuple(CorrectionShown(*one) for one in rows(_CORRECTIONS, named)),
    )


def _version(found: tuple[Any, ...]) -> VersionShown:
    since, until, amount, state, cause, act, province, commune, facts, recorded_at = found
    told = json.loads(facts) if facts else None
    return VersionShown(since, until, amount, state, cause, act, province, commune, told, recorded_at)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that waits for a second officer."""

    person_id: int
    change_id: int
    entitlement_id: int
    kind: str
    effect_month: int
    amount: int | None
    act: str
    due_on: date | None
    prepared_by: str


def changes_waiting(limit: int = LIST_LENGTH_MAX) -> list[Waiting]:
    """Return changes that wait for a second officer, those with a legal day first."""
    return [Waiting(*one) for one in rows(_WAITING, [min(limit, LIST_LENGTH_MAX)])]


@dataclass(frozen=True, slots=True)
class Summed:
    """How many entitlements of a kind stand in a state in a month, and what they owe together in đồng."""

    kind: str
    state: str
    entitlements: int
    owed: int


def sums_of(month: int, province: str | None = None) -> list[Summed]:
    """Return running and suspended entitlements of a month by kind and state, of everybody or of one province."""
    return [Summed(*one) for one in rows(_SUMS, {"month": month, "province": province})]


@dataclass(frozen=True, slots=True)
class DueAtDeath:
    """A month that was owed when a person died: what was frozen of it, and corrections; whether the money left is for payments to say."""

    entitlement_id: int
    kind: str
    month: int
    amount: int
    frozen: bool


def due_at_death(person_id: int, died_on: date) -> list[DueAtDeath]:
    """Return the months owed up to and with that of death, newest first: those not yet frozen, and the frozen ones of a year, whose payment may be open.

    Months due go to the relatives (Law 41/2024/QH15 art. 75; Decision 166/QĐ-BHXH).
    """
    return [
        DueAtDeath(*one) for one in rows(_DUE, {"person": person_id, "died_on": died_on, "last": last_frozen() or 0})
    ]


def frozen_months() -> list[tuple[int, int, int, int, int]]:
    """Return the months frozen: month, obligations, their sum, corrections handed over, their sum."""
    found = rows(
        "SELECT month, obligations, amount, corrections, corrections_amount FROM benefits_freeze ORDER BY month DESC LIMIT 120"
    )
    return [(int(one[0]), int(one[1]), int(one[2]), int(one[3]), int(one[4])) for one in found]


def ranges_of_payees(entitlements: int) -> Iterator[tuple[int, int]]:
    """Yield half-open ranges of person numbers, each with about so many entitlements, that cover everybody who has one."""
    first = 0
    while True:
        found = row(
            "SELECT max(person_id), count(*) FROM (SELECT person_id FROM benefits_entitlement WHERE person_id >= %s ORDER BY person_id LIMIT %s) AS part",
            [first, entitlements],
        )
        if found is None or found[0] is None:
            return
        yield first, int(found[0]) + 1
        first = int(found[0]) + 1


def count_adjusted_in(scope: Scope) -> int:
    """Return how many entitlements are of the kinds a scope of adjustments concerns."""
    kinds = [kind.value for kind, one in ADJUSTED_IN.items() if one is scope]
    return number("SELECT count(*) FROM benefits_entitlement WHERE kind = ANY(%s)", [kinds])


def adjustments() -> list[tuple[int, str, str, str, str | None]]:
    """Return the general adjustments: month, scope, act, who prepared and who approved."""
    found = rows(
        "SELECT month, scope, act, prepared_by, approved_by FROM benefits_adjustment ORDER BY month DESC, scope"
    )
    return [(int(one[0]), str(one[1]), str(one[2]), str(one[3]), one[4]) for one in found]


_VERSIONS = """
SELECT valid_from, lead(valid_from) OVER (ORDER BY valid_from), CASE WHEN state = 'ended' THEN 0 ELSE amount END, state,
    cause, act, province, commune, facts::text, recorded_at
FROM benefits_version WHERE person_id = %(person)s AND entitlement_id = %(entitlement)s
  AND CASE WHEN %(known_on)s::timestamptz IS NULL THEN superseded_at IS NULL
      ELSE recorded_at <= %(known_on)s AND coalesce(superseded_at, 'infinity') > %(known_on)s END
ORDER BY valid_from
"""
_CHANGES = """
SELECT change_id, kind, effect_month, because, amount, act, reason, due_on, prepared_by, approved_by, done_at, refused_at FROM benefits_change
WHERE person_id = %(person)s AND entitlement_id = %(entitlement)s AND (%(known_on)s::timestamptz IS NULL OR prepared_at <= %(known_on)s) ORDER BY change_id
"""
_CORRECTIONS = """
SELECT month, correction_no, amount, cause, recorded_at FROM benefits_correction
WHERE person_id = %(person)s AND entitlement_id = %(entitlement)s AND (%(known_on)s::timestamptz IS NULL OR recorded_at <= %(known_on)s)
ORDER BY month, correction_no
"""
_WAITING = """
SELECT person_id, change_id, entitlement_id, kind, effect_month, amount, act, due_on, prepared_by FROM benefits_change
WHERE done_at IS NULL AND refused_at IS NULL ORDER BY due_on NULLS LAST, change_id LIMIT %s
"""
_SUMS = """
SELECT e.kind, v.state, count(*), sum(CASE WHEN v.state = 'paid' THEN v.amount ELSE 0 END)::bigint
FROM benefits_version_v1 v JOIN benefits_entitlement e USING (person_id, entitlement_id)
WHERE v.valid_from <= %(month)s AND coalesce(v.valid_until, 999912) > %(month)s AND v.state <> 'ended'
  AND (%(province)s::text IS NULL OR v.province = %(province)s)
GROUP BY 1, 2 ORDER BY 1, 2
"""
_DUE = """
WITH months AS (
    SELECT (extract(year FROM m) * 100 + extract(month FROM m))::int AS month
    FROM generate_series(date_trunc('month', %(died_on)s::date) - interval '11 months', %(died_on)s::date, interval '1 month') AS m
)
SELECT v.entitlement_id, e.kind, m.month, v.amount, m.month <= %(last)s
FROM months m JOIN benefits_version_v1 v ON v.person_id = %(person)s AND v.valid_from <= m.month AND coalesce(v.valid_until, 999912) > m.month
JOIN benefits_entitlement e USING (person_id, entitlement_id)
WHERE v.state = 'paid' AND v.amount > 0 AND m.month >= e.owed_from ORDER BY m.month DESC, v.entitlement_id
"""
