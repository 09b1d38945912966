"""What must never be false about participation."""

from __future__ import annotations

from ansinh.audit.check import CheckResult, check_by_query

_OVERLAP = """
SELECT person_id FROM (
    SELECT person_id, valid_from < lag(valid_until) OVER (PARTITION BY person_id ORDER BY valid_from) AS crosses
    FROM participation_coverage WHERE superseded_at IS NULL
) AS neighbours WHERE crosses
"""
_SPANS_CROSS = """
SELECT DISTINCT person_id FROM (
    SELECT person_id, from_month < lag(coalesce(until_month, 999912)) OVER (
        PARTITION BY person_id, employer_id, scheme ORDER BY from_month, coalesce(until_month, 999912)) AS crosses
    FROM participation_span WHERE superseded_at IS NULL
) AS neighbours WHERE crosses
"""
# A line that says it was applied has left something in the book, in force or superseded since.
_APPLIED_TO_NOTHING = """
SELECT employer_id || '/' || month || '/' || version || ':' || line FROM participation_declarationline l
WHERE state IN ('applied', 'withdrawn') AND NOT EXISTS (
    SELECT FROM participation_span s WHERE s.person_id = l.person_id
    AND l.employer_id || '/' || l.month || '/' || l.version || ':' || l.line IN (s.source, s.superseded_by))
"""


def checks() -> list[CheckResult]:
    """Run the room's checks."""
    return [
        check_by_query(
            "participation.coverage_never_overlaps",
            "SELECT count(*) FROM participation_coverage WHERE superseded_at IS NULL",
            _OVERLAP,
        ),
        check_by_query(
            "participation.spans_never_cross",
            "SELECT count(*) FROM participation_span WHERE superseded_at IS NULL",
            _SPANS_CROSS,
        ),
        check_by_query(
            "participation.applied_lines_are_in_the_book",
            "SELECT count(*) FROM participation_declarationline WHERE state IN ('applied', 'withdrawn')",
            _APPLIED_TO_NOTHING,
        ),
    ]
