"""What must never be false about the audit."""

from __future__ import annotations

from ansinh.audit.check import OFFENDING_LENGTH_MAX, CheckResult
from ansinh.audit.queries import verify_chains


def checks() -> list[CheckResult]:
    """Run the room's checks."""
    found = verify_chains()
    return [CheckResult("audit.chains_hold", found.rows, found.troubles[:OFFENDING_LENGTH_MAX])]
