"""Leave the line of a look at what several rooms hold about one person, before any of it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from ansinh.audit.operation import note, note_read, operation
from ansinh.foundation.actor import Actor
from ansinh.foundation.purpose import Purpose
from ansinh.people.queries import resolve


@operation(permission="disclosure.find")
def look_at(*, actor: Actor, reason: str, person_id: int, purpose: Purpose, sections: Sequence[str]) -> None:
    """Say that an officer is shown these sections about a person, who sees it among who looked. Which of them the officer may see is the caller's to know.

    Refuses a purpose of none of the actor's roles (`not_for_this`) and a person of another province (`outside_provinces`).
    """
    note_read(resolve(person_id), purpose)
    note(read="record at the workbench", sections=" ".join(sections))
