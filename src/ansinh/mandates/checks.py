"""What must never be false about who may act for whom."""

from __future__ import annotations

from ansinh.audit.check import CheckResult, check_by_query

# Two officers for a guardian and a representative, two people at level 2 for a mandate; the constraints say so, and this says it again from the rows.
_ONE_SIDED = """
SELECT for_person_id || ' ' || mandate_id FROM mandates_mandate
WHERE state = 'in_force' AND (agreed_by IS NULL OR agreed_by = given_by OR (kind = 'delegate' AND (given_level, agreed_level) IS DISTINCT FROM (2, 2)))
UNION ALL SELECT 'employer ' || employer_id || ' ' || mandate_id FROM mandates_representative
WHERE state = 'in_force' AND (agreed_by IS NULL OR agreed_by = given_by)
"""
# Whatever was done for another was done by a child's parent, or by somebody who ever had a mandate; a person's own acts have nobody else in them.
_GROUNDLESS = """
SELECT a.act_id FROM audit_act a
WHERE a.facts ? 'for_person' AND a.outcome = 'done' AND a.actor_kind = 'person'
  AND NOT EXISTS (SELECT FROM mandates_mandate m WHERE m.for_person_id = (a.facts->>'for_person')::bigint
                  AND m.person_id = a.actor_reference::bigint AND m.agreed_at IS NOT NULL)
  AND NOT EXISTS (
    SELECT FROM people_identifier c JOIN registry_person r ON r.pin = c.value
    JOIN people_identifier i ON i.value IN (r.father_pin, r.mother_pin) AND i.scheme = 'pin'
    LEFT JOIN people_alias s ON s.alias_person_id = i.person_id
    WHERE c.person_id = (a.facts->>'for_person')::bigint AND c.scheme = 'pin'
      AND coalesce(s.person_id, i.person_id) = a.actor_reference::bigint)
"""


def checks() -> list[CheckResult]:
    """Run the room's checks."""
    return [
        check_by_query(
            "mandates.given_by_two",
            "SELECT (SELECT count(*) FROM mandates_mandate) + (SELECT count(*) FROM mandates_representative)",
            _ONE_SIDED,
        ),
        check_by_query(
            "mandates.nobody_acts_without_ground",
            "SELECT count(*) FROM audit_act WHERE facts ? 'for_person' AND outcome = 'done'",
            _GROUNDLESS,
        ),
    ]
