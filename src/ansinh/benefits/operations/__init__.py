"""What may be done about benefits, one group of verbs a file."""

from __future__ import annotations

from ansinh.benefits.changing import Changed, Content, On
from ansinh.benefits.filing import Asked
from ansinh.benefits.operations.adjusting import (
    ENTITLEMENTS_A_RANGE_MAX,
    Adjusted,
    adjust_range,
    approve_adjustment,
    prepare_adjustment,
)
from ansinh.benefits.operations.applications import (
    Filed,
    file_application,
    state_facts,
    watch_deadlines,
    withdraw_application,
)
from ansinh.benefits.operations.changing import (
    approve_change,
    change_entitlement,
    prepare_change,
    refuse_change,
)
from ansinh.benefits.operations.deaths import EndedByDeath, end_for_deaths
from ansinh.benefits.operations.deciding import Decided, decide_application, prepare_decision
from ansinh.benefits.operations.freezing import FrozenMonth, freeze_month, freeze_open
from ansinh.benefits.operations.loading import load_entitlements
from ansinh.benefits.operations.looking import FileShown, show_entitlements, show_file, show_simulation
from ansinh.benefits.timeline import Place

__all__ = [
    "ENTITLEMENTS_A_RANGE_MAX",
    "Adjusted",
    "Asked",
    "Changed",
    "Content",
    "Decided",
    "EndedByDeath",
    "FileShown",
    "Filed",
    "FrozenMonth",
    "On",
    "Place",
    "adjust_range",
    "approve_adjustment",
    "approve_change",
    "change_entitlement",
    "decide_application",
    "end_for_deaths",
    "file_application",
    "freeze_month",
    "freeze_open",
    "load_entitlements",
    "prepare_adjustment",
    "prepare_change",
    "prepare_decision",
    "refuse_change",
    "show_entitlements",
    "show_file",
    "show_simulation",
    "state_facts",
    "watch_deadlines",
    "withdraw_application",
]
