"""Read about a person: entitlements, files with their decisions, a simulated pension. Each stands in the person's list of who looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ansinh.audit.operation import note, note_read, operation
from ansinh.benefits.gathering.asked import File
from ansinh.benefits.queries.applications import (
    AlertLine,
    DecisionKept,
    PauseLine,
    alerts,
    decisions_on,
    file_numbered,
    pauses,
)
from ansinh.benefits.queries.entitlements import (
    EntitlementShown,
    entitlements_of,
)
from ansinh.benefits.queries.simulation import Simulated, Wish, simulate_pension
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.purpose import Purpose
from ansinh.people.queries import resolve


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file with its pauses, its alerts and every decision prepared on it."""

    file: File
    pauses: tuple[PauseLine, ...]
    alerts: tuple[AlertLine, ...]
    decisions: tuple[DecisionKept, ...]


@operation(permission="benefits.show", reads="entitlements")
def show_entitlements(
    *, actor: Actor, reason: str, person_id: int, known_on: datetime | None = None
) -> list[EntitlementShown]:
    """Return a person's entitlements with versions, changes and corrections, as known now or at a moment.

    Who reads that reads about the person's income, so it leaves a line with its purpose.
    """
    note_read(resolve(person_id), Purpose.ADMINISTRATION)
    found = entitlements_of(person_id, known_on)
    note(entitlements=len(found))
    return found


@operation(permission="benefits.show", reads="benefit file")
def show_file(*, actor: Actor, reason: str, application: int) -> FileShown:
    """Return a file: what is known, what is missing, its clock, and its decisions as they were taken; raises NotFound.

    It counts as read about whoever asked for the benefit.
    """
    file = file_numbered(application)
    note_read(resolve(file.person_id), Purpose.ADMINISTRATION)
    note(application=application)
    return FileShown(file, tuple(pauses(application)), tuple(alerts(application)), tuple(decisions_on(application)))


@operation(permission="benefits.show", reads="simulated pension")
def show_simulation(*, actor: Actor, reason: str, clock: Clock, person_id: int, wish: Wish) -> Simulated:
    """Return a person's pension at an age, over the real book, which is read for it; nothing else is stored. Refuses what `simulate_pension` refuses."""
    note_read(resolve(person_id), Purpose.ADMINISTRATION)
    return simulate_pension(person_id, clock.now(), wish)
