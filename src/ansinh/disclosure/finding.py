"""Find whom a number names. Every question leaves a line, answered or not, and who asks too often is stopped; the number itself is kept nowhere."""

from __future__ import annotations

from ansinh.audit.operation import note, note_read, operation
from ansinh.ceilings.operations import count_look_up, require_below
from ansinh.database.sql import row
from ansinh.foundation.actor import Actor
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.identifiers import Key
from ansinh.foundation.purpose import Purpose
from ansinh.people.queries import person_of_number

ACT = "disclosure.find_person"


@operation(permission="disclosure.find")
def find_person(*, actor: Actor, reason: str, key: Key, purpose: Purpose) -> int | None:
    """Return the record a number leads to, or None: nobody's, or of somebody outside the actor's provinces, which look alike.

    Refuses an actor who looked up too many (`too_many_look_ups`) and a purpose of none of their roles (`invalid_input`). A person of another province sees
    that somebody asked.
    """
    if not actor.may_for("disclosure.find", purpose):
        raise InvalidInput(
            "Vai trò của bạn không tra cứu với mục đích này.", "Your roles look nobody up for this.", field="purpose"
        )
    note(read="number", key_kind=key.kind.name.lower(), purpose=purpose.code, found=0)
    require_below(actor.reference)
    person = person_of_number(key.kind.scheme, key.value)
    seen = person if person is not None and _within(actor, person) else None
    if seen is not None:
        note_read(seen, purpose)
        note(found=1)
    elif person is not None:
        note(person=person)
    count_look_up(actor.reference, ACT, seen)
    return seen


def _within(actor: Actor, person: int) -> bool:
    provinces = actor.provinces("disclosure.find")
    if provinces is None:
        return True
    found = row("SELECT province FROM people_person WHERE person_id = %s", [person])
    return found is not None and found[0] in provinces
