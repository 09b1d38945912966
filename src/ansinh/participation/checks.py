"""What must never be false about participation."""

from __future__ import annotations

from ansinh.audit.check import CheckResult, check_by_query

_OVERLAP = """
SELECT person_id FROM (
    SELECT person_id, valid_from < lag(valid_until) OVER (PARTITION BY person_id ORDER BY valid_from) AS crosses
    FROM participation_coverage WHERE superseded_at IS NULL
) AS neighbours WHERE crosses
"""


def checks() -> list[CheckResult]:
    """Run the room's checks."""
    return [
        check_by_query(
            "participation.coverage_never_overlaps",
            "SELECT count(*) FROM participation_coverage WHERE superseded_at IS NULL",
            _OVERLAP,
        )
    ]
