"""What payments is wired to: the room above that says what is owed, and the partners through which it is paid."""

from __future__ import annotations

from pathlib import Path

from ansinh.access.queries import operator
from ansinh.database.folder import data_folder
from ansinh.database.sql import rows
from ansinh.database.urls import secrets_folder
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.settings import Settings
from ansinh.payments.adapters.drop_folder import DropFolder
from ansinh.payments.procedures import Desk, Partner, list_forms

# What the room of benefits froze; corrections of earlier months were frozen together with one of the months asked for.
_OWED = """
SELECT person_id, entitlement_id, component, month, correction, amount, kind, province, commune, urban FROM benefits_owed_v1
WHERE frozen_in = ANY(ARRAY[{months}])
"""

_PARTNERS = "SELECT DISTINCT partner FROM payments_batch WHERE state NOT IN ('new', 'sealed', 'cancelled') ORDER BY 1"


def owed_in(months: tuple[int, ...]) -> str:
    """Return, as a SELECT, what is owed by the freezes of these months."""
    return _OWED.format(months=", ".join(str(int(month)) for month in months))


def partners_folder(settings: Settings) -> Path:
    """Return the folder below which each partner has its own."""
    return data_folder(settings) / "partners"


def payment_desk(settings: Settings, clock: Clock, reason: str, actor: Actor | None = None) -> Desk:
    """Return somebody at work on payments, the operator if nobody else, with every partner that has something to carry."""
    root = partners_folder(settings)
    partners: dict[str, Partner] = {}
    for (name,) in rows(_PARTNERS):
        forms = list_forms()
        partners[name] = Partner(DropFolder(name, root, ".csv"), *forms)
    return Desk(actor or operator(), reason, clock, secrets_folder(settings), partners)
