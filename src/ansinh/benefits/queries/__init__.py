"""What others may ask about benefits: entitlements here, files in their own part."""

from ansinh.benefits.deadlines.kinds import Deadline, all_deadlines
from ansinh.benefits.gathering.asked import File
from ansinh.benefits.gathering.statements import STATEMENTS
from ansinh.benefits.queries.ahead import PensionAhead, pension_ahead
from ansinh.benefits.queries.applications import (
    AlertLine,
    DecisionKept,
    PauseLine,
    alerts,
    decision,
    decisions_on,
    file_numbered,
    file_of_decision,
    files,
    files_of,
    pauses,
)
from ansinh.benefits.queries.entitlements import (
    EntitlementShown,
    VersionShown,
    adjustments,
    changes_waiting,
    count_adjusted_in,
    due_at_death,
    entitlements_of,
    frozen_months,
    ranges_of_payees,
    sums_of,
)
from ansinh.benefits.queries.reaching import (
    Page,
    Reaching,
    losing_survivors_benefit,
    reaching_retirement,
    reaching_social_pension,
    retires_in,
)
from ansinh.benefits.queries.simulation import Assumption, Simulated, Wish, simulate_pension

__all__ = [
    "STATEMENTS",
    "AlertLine",
    "Assumption",
    "Deadline",
    "DecisionKept",
    "EntitlementShown",
    "File",
    "Page",
    "PauseLine",
    "PensionAhead",
    "Reaching",
    "Simulated",
    "VersionShown",
    "Wish",
    "adjustments",
    "alerts",
    "all_deadlines",
    "changes_waiting",
    "count_adjusted_in",
    "decision",
    "decisions_on",
    "due_at_death",
    "entitlements_of",
    "file_numbered",
    "file_of_decision",
    "files",
    "files_of",
    "frozen_months",
    "losing_survivors_benefit",
    "pauses",
    "pension_ahead",
    "ranges_of_payees",
    "reaching_retirement",
    "reaching_social_pension",
    "retires_in",
    "simulate_pension",
    "sums_of",
]
