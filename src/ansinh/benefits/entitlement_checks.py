"""What must never be false about entitlements: versions, changes, frozen months, adjustments, the dead."""

from __future__ import annotations

from datetime import date

from ansinh.audit.check import OFFENDING_LENGTH_MAX, CheckResult, check_by_query
from ansinh.benefits.settling import DIFFERING, last_frozen, months_between
from ansinh.benefits.states import ADJUSTED_IN, MONTHLY
from ansinh.database.sql import Parameters, number, row, rows
from ansinh.foundation.period import Month


def entitlement_checks(today: date) -> list[CheckResult]:
    """Run the checks of entitlements as of `today`; offenders are named by record number."""
    return [
        check_by_query("benefits.versions_do_not_overlap", "SELECT count(*) FROM benefits_version", _KNOWN_TWICE),
        check_by_query(
            "benefits.every_entitlement_has_a_version", "SELECT count(*) FROM benefits_entitlement", _WITHOUT_VERSION
        ),
        check_by_query("benefits.changes_are_in_versions", "SELECT count(*) FROM benefits_change", _STRANGE_CHANGE),
        _frozen_equals_versions(),
        _adjustments_cover_everybody(today),
        check_by_query("benefits.nobody_dead_is_owed", "SELECT count(*) FROM benefits_entitlement", _DEAD_AND_OWED),
    ]


def _frozen_equals_versions() -> CheckResult:
    """For each month frozen, what was frozen and corrected is what is owed as known now."""
    last, first = last_frozen(), row("SELECT min(owed_from) FROM benefits_entitlement")
    since = int(first[0]) if first and first[0] is not None else 0
    named = {
        "from": 0,
        "until": 2**62,
        "entitlement": None,
        "kinds": list(MONTHLY),
        "monthly": list(MONTHLY),
        "since": since,
        "months": months_between(since, last) if last and since else [],
    }
    return CheckResult(
        "benefits.frozen_and_corrections_equal_versions",
        number("SELECT count(*) FROM benefits_frozen"),
        _first(f"SELECT DISTINCT person_id FROM ({DIFFERING}) AS differing", named),
    )


def _adjustments_cover_everybody(today: date) -> CheckResult:
    """Each approved adjustment whose month has come reached everybody it concerns once, and nobody else was adjusted."""
    kinds, scopes = zip(*((kind.value, scope.value) for kind, scope in ADJUSTED_IN.items()), strict=True)
    named = {"kinds": list(kinds), "scopes": list(scopes), "month": Month.containing(today).number()}
    return CheckResult(
        "benefits.adjustments_cover_everybody_once",
        number("SELECT count(*) FROM benefits_version WHERE adjusted AND superseded_at IS NULL"),
        _first(_NOT_COVERED, named),
    )


def _first(offending: str, parameters: Parameters) -> list[str]:
    found = rows(f"SELECT * FROM ({offending}) AS found LIMIT {OFFENDING_LENGTH_MAX}", parameters)
    return [str(one[0]) for one in found]


# At no moment were two versions of one month known. That it is so now, an index sees to.
_KNOWN_TWICE = """
SELECT person_id FROM (
    SELECT person_id, recorded_at, row_number() OVER month AS place, lag(superseded_at) OVER month AS former_until
    FROM benefits_version WINDOW month AS (PARTITION BY person_id, entitlement_id, valid_from ORDER BY recorded_at, superseded_at NULLS LAST)
) AS lines WHERE place > 1 AND (former_until IS NULL OR former_until > recorded_at)
"""
_WITHOUT_VERSION = """
SELECT person_id FROM benefits_entitlement e WHERE NOT EXISTS (
    SELECT FROM benefits_version v WHERE v.person_id = e.person_id AND v.entitlement_id = e.entitlement_id AND v.superseded_at IS NULL)
UNION ALL
SELECT person_id FROM benefits_version v WHERE NOT EXISTS (
    SELECT FROM benefits_entitlement e WHERE e.person_id = v.person_id AND e.entitlement_id = v.entitlement_id)
"""
_STRANGE_CHANGE = """
SELECT person_id FROM benefits_version v WHERE v.change_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM benefits_change c WHERE c.person_id = v.person_id AND c.change_id = v.change_id AND c.entitlement_id = v.entitlement_id
    AND c.done_at IS NOT NULL)
UNION ALL
SELECT person_id FROM benefits_change c WHERE NOT EXISTS (
    SELECT FROM benefits_entitlement e WHERE e.person_id = c.person_id AND e.entitlement_id = c.entitlement_id)
"""
_NOT_COVERED = """
SELECT e.person_id FROM benefits_adjustment a
JOIN unnest(%(kinds)s::text[], %(scopes)s::text[]) AS k (kind, scope) ON k.scope = a.scope
JOIN benefits_entitlement e ON e.kind = k.kind
JOIN LATERAL (
    SELECT min(valid_from) AS first, bool_or(adjusted AND valid_from = a.month) AS adjusted,
        (array_agg(state ORDER BY valid_from DESC) FILTER (WHERE valid_from <= a.month))[1] AS state
    FROM benefits_version v WHERE v.person_id = e.person_id AND v.entitlement_id = e.entitlement_id AND v.superseded_at IS NULL
) AS v ON v.first < a.month AND v.state <> 'ended' AND NOT v.adjusted
WHERE a.approved_at IS NOT NULL AND a.month <= %(month)s
UNION ALL
SELECT v.person_id FROM benefits_version v JOIN benefits_entitlement e USING (person_id, entitlement_id)
LEFT JOIN unnest(%(kinds)s::text[], %(scopes)s::text[]) AS k (kind, scope) ON k.kind = e.kind
WHERE v.adjusted AND v.superseded_at IS NULL AND NOT EXISTS (
    SELECT FROM benefits_adjustment a WHERE a.month = v.valid_from AND a.scope = k.scope AND a.approved_at IS NOT NULL)
"""
_DEAD_AND_OWED = """
SELECT e.person_id
FROM people_insured_v1 p JOIN people_resolved_v1 r ON r.person_id = p.person_id JOIN benefits_entitlement e ON e.person_id = r.record_id
JOIN benefits_version_v1 v ON v.person_id = e.person_id AND v.entitlement_id = e.entitlement_id
WHERE p.died_on IS NOT NULL AND v.state = 'paid' AND v.amount > 0
  AND e.kind = ANY(ARRAY['pension', 'capacity_loss', 'cadre', 'survivor', 'work_injury', 'unemployment', 'social_pension'])
  AND coalesce(v.valid_until, 999912) > to_char(p.died_on + interval '1 month', 'YYYYMM')::int
"""
