"""What emergencies are wired to: what a run they opened owes, and how each province's post is reached."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ansinh.config.payments import owed_in, payment_desk
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.settings import Settings
from ansinh.payments.queries import Run
from ansinh.relief.procedures import Desk
from ansinh.relief.queries import places_paid_together

_ONLY = """
SELECT w.person_id, w.entitlement_id, w.component, w.month, w.correction, w.amount, w.kind, w.province, w.commune, w.urban FROM ({owed}) AS w
WHERE w.province = ANY(ARRAY[{provinces}]::text[]) OR w.commune = ANY(ARRAY[{communes}]::text[])
"""


def owed_of(run: Run) -> str:
    """Return, as a SELECT, what a run is to pay: what was frozen for its months, and of a run an emergency opened only what its places are owed."""
    owed, places = owed_in(run.months), places_paid_together(run.run_id)
    if places is None:
        return owed
    # Codes of places are digits, checked when the emergency was declared.
    provinces, communes = (", ".join(f"'{int(code):0{len(code)}d}'" for code in codes) for codes in places)
    return _ONLY.format(owed=owed, provinces=provinces, communes=communes)


@contextmanager
def relief_desk(settings: Settings, clock: Clock, reason: str, officer: Actor) -> Iterator[Desk]:
    """An officer who decides, the platform that asks the post, and every province's post, until the block ends."""
    with payment_desk(settings, clock, reason) as desk:
        posts = {name: partner.bank for name, partner in desk.partners.items()}
        yield Desk(officer, desk.actor, reason, clock, posts)
