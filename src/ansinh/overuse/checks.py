"""What must never be false about findings."""

from __future__ import annotations

from ansinh.audit.check import CheckResult, check_by_query

_UNDECIDED = """
SELECT f.finding_no FROM overuse_finding f WHERE f.state IN ('legitimate', 'asked', 'mistaken', 'suspicious') AND f.state IS DISTINCT FROM (
    SELECT d.decision FROM overuse_decision d WHERE d.person_id = f.person_id AND d.finding_no = f.finding_no ORDER BY d.decided_at DESC LIMIT 1)
"""


def checks() -> list[CheckResult]:
    """A finding stands as its newest decision says."""
    return [check_by_query("overuse.findings_decided", "SELECT count(*) FROM overuse_finding", _UNDECIDED)]
