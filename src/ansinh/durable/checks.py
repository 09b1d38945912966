"""What must never be false about durable work: nothing that was begun is given up without a person's knowledge."""

from __future__ import annotations

from ansinh.audit.check import CheckResult, check_by_query
from ansinh.durable.verbs import SCHEMA

_ALL = f"SELECT count(*) FROM {SCHEMA}.workflow_status"
_GIVEN_UP = f"""
SELECT workflow_uuid FROM {SCHEMA}.workflow_status WHERE status IN ('ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED') ORDER BY created_at
"""


def checks() -> list[CheckResult]:
    """Run the room's checks."""
    return [check_by_query("durable.nothing_given_up", _ALL, _GIVEN_UP)]
