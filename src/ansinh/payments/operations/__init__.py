"""What may be done about payments: a run from draft to close, signatures, hand-over, answers, orders, accounts."""

from __future__ import annotations

from ansinh.payments.answers.told import Answer
from ansinh.payments.handover.bank import (
    Abilities,
    Bank,
    Delivered,
    Header,
    Knows,
    PaymentLine,
    Recalled,
    Receipt,
    Received,
    Totals,
    Writer,
)
from ansinh.payments.operations.accounts import (
    NameDiffers,
    NewAccount,
    NotConfirmed,
    confirm_account,
    file_account,
    load_accounts,
    stop_account,
)
from ansinh.payments.operations.answers import Matched, Taken, match_file, settle_case, take_file
from ansinh.payments.operations.handing import Try, begin_try, end_try, tell_recall
from ansinh.payments.operations.orders import hold_order, reroute_orders
from ansinh.payments.operations.runs import (
    Built,
    Checked,
    NotZero,
    OnlyOfficer,
    RunOrder,
    abort_run,
    build_run,
    check_run,
    close_run,
    create_run,
)
from ansinh.payments.operations.signing import (
    FundsMissing,
    SamePerson,
    approve_run,
    authorise_run,
    fund_run,
)
from ansinh.payments.orders.diverting import Diversion

__all__ = [
    "Abilities",
    "Answer",
    "Bank",
    "Built",
    "Checked",
    "Delivered",
    "Diversion",
    "FundsMissing",
    "Header",
    "Knows",
    "Matched",
    "NameDiffers",
    "NewAccount",
    "NotConfirmed",
    "NotZero",
    "OnlyOfficer",
    "PaymentLine",
    "Recalled",
    "Receipt",
    "Received",
    "RunOrder",
    "SamePerson",
    "Taken",
    "Totals",
    "Try",
    "Writer",
    "abort_run",
    "approve_run",
    "authorise_run",
    "begin_try",
    "build_run",
    "check_run",
    "close_run",
    "confirm_account",
    "create_run",
    "end_try",
    "file_account",
    "fund_run",
    "hold_order",
    "load_accounts",
    "match_file",
    "reroute_orders",
    "settle_case",
    "stop_account",
    "take_file",
    "tell_recall",
]
