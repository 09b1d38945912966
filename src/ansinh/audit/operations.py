"""What may be done to the audit itself: make room for the months to come."""

from __future__ import annotations

from datetime import timedelta

from ansinh.audit.operation import note, operation
from ansinh.database.sql import number
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, RealClock, legal_day

# A server that nobody restarts for two years has other troubles.
DAYS_AHEAD = 731


@operation(permission="audit.ensure_months")
def ensure_months(*, actor: Actor, reason: str, clock: Clock) -> int:
    """Make the audit's months from this one up to two years ahead, by the agency's clock and by the machine's; returns how many were missing."""
    days = legal_day(clock.now()), legal_day(RealClock().now())
    first, last = min(days) - timedelta(days=31), max(days) + timedelta(days=DAYS_AHEAD)
    made = number("SELECT audit_ensure_months(%s, %s)", [first, last])
    note(partitions_made=made)
    return made
