"""What others may ask about benefits: entitlements here, files in their own part."""

from ansinh.benefits.deadlines.kinds import Deadline, all_deadlines
from ansinh.benefits.gathering.asked import File
from ansinh.benefits.gathering.statements import STATEMENTS
from ansinh.benefits.queries.applications import (
    AlertLine,
    DecisionKept,
    PauseLine,
    alerts,
    decision,
    decisions_on,
    file_numbered,
    files,
    files_of,
    pauses,
)
from ansinh.benefits.queries.simulation import Assumption, Simulated, Wish, simulate_pension

__all__ = [
    "STATEMENTS",
    "AlertLine",
    "Assumption",
    "Deadline",
    "DecisionKept",
    "File",
    "PauseLine",
    "Simulated",
    "Wish",
    "alerts",
    "all_deadlines",
    "decision",
    "decisions_on",
    "file_numbered",
    "files",
    "files_of",
    "pauses",
    "simulate_pension",
]
