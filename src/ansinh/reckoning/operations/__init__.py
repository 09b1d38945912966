"""What may be done about the books around payments: statements, recoveries, unclaimed money, recalls."""

from __future__ import annotations

from ansinh.reckoning.operations.recalls import CannotRecall, begin_recall, end_recall
from ansinh.reckoning.operations.recoveries import (
    MoreThanOwed,
    ReceiptDiffers,
    Repayment,
    SamePerson,
    WrongState,
    ask_write_off,
    decide_write_off,
    demand_recovery,
    open_recoveries,
    record_repayment,
)
from ansinh.reckoning.operations.statements import compare_banks, read_statements, settle_difference
from ansinh.reckoning.operations.unclaimed import claim_unclaimed, set_aside_unclaimed

__all__ = [
    "CannotRecall",
    "MoreThanOwed",
    "ReceiptDiffers",
    "Repayment",
    "SamePerson",
    "WrongState",
    "ask_write_off",
    "begin_recall",
    "claim_unclaimed",
    "compare_banks",
    "decide_write_off",
    "demand_recovery",
    "end_recall",
    "open_recoveries",
    "read_statements",
    "record_repayment",
    "set_aside_unclaimed",
    "settle_difference",
]
