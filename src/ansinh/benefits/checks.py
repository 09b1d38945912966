"""What must never be false about benefits."""

from __future__ import annotations

from datetime import date

from ansinh.audit.check import CheckResult
from ansinh.benefits.entitlement_checks import entitlement_checks
from ansinh.benefits.file_checks import file_checks


def checks(today: date) -> list[CheckResult]:
    """Run the room's checks as of a day."""
    return [*file_checks(today), *entitlement_checks(today)]
