"""What may be done in an emergency: declare, approve, open a run for several months, send payments another way, withdraw, end; lists without a network."""

from __future__ import annotations

from ansinh.relief.emergency import Emergency, NotInForce
from ansinh.relief.operations.applying import Diverted, divert_run, open_run, recall_list, withdraw_emergency
from ansinh.relief.operations.declaring import (
    AlreadyInForce,
    NewEmergency,
    SamePerson,
    approve_emergency,
    declare_emergency,
    end_emergency,
)
from ansinh.relief.operations.listing import NotOurList, SignedList, TakenResults, sign_lists, take_results

__all__ = [
    "AlreadyInForce",
    "Diverted",
    "Emergency",
    "NewEmergency",
    "NotInForce",
    "NotOurList",
    "SamePerson",
    "SignedList",
    "TakenResults",
    "approve_emergency",
    "declare_emergency",
    "divert_run",
    "end_emergency",
    "open_run",
    "recall_list",
    "sign_lists",
    "take_results",
    "withdraw_emergency",
]
