"""Tables of the room, distributed by `person_id`, the beneficiary who is paid."""

from ansinh.benefits.models.entitlements import (
    Adjustment,
    Change,
    Correction,
    Entitlement,
    Freeze,
    Frozen,
    Load,
    Version,
)
from ansinh.benefits.models.files import Alert, Application, Decision, Pause

__all__ = [
    "Adjustment",
    "Alert",
    "Application",
    "Change",
    "Correction",
    "Decision",
    "Entitlement",
    "Freeze",
    "Frozen",
    "Load",
    "Pause",
    "Version",
]
