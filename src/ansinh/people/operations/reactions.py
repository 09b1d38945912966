"""What the register's news does to people: each safe to run twice, and none decides what an officer must."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, row, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.people import facts, numbers
from ansinh.people.deciding import POPULATION_REGISTER, decide, holder_of, mark_due

_FOLLOWED = "the register replaced the number"
_CANCELLED = "the register cancelled the number"
PERSONS_A_CALL_MAX = 100_000


@operation(permission="people.react")
def mark_for_verification(
    *, actor: Actor, reason: str, clock: Clock, because: str, person_ids: Sequence[int] = (), pins: Sequence[str] = ()
) -> int:
    """Mark persons to be compared with the register again: by record number, and whoever carried, was verified as or is offered one of these PINs.

    Returns how many are marked. `because` is a short reason without personal data.
    """
    if len(person_ids) + len(pins) > PERSONS_A_CALL_MAX:
        raise ValueError(f"at most {PERSONS_A_CALL_MAX} a call")
    named = [int(one[0]) for one in rows(_NAMED, {"pins": list(pins)})] if pins else []
    marked = mark_due(sorted({*person_ids, *named}), because, clock.now())
    note(marked=marked)
    return marked


@operation(permission="people.react")
def replace_pin(*, actor: Actor, reason: str, clock: Clock, old: str, new: str | None, on: date) -> int | None:
    """Let whoever carries the PIN `old` carry `new` from a day on, as the register says; without `new` the number is only ended.

    Returns the person changed, or None when nobody carries `old` any more. Where another record carries `new` already, the number is ended and both are due
    to be compared again: nothing is merged without an officer. Old cards and papers keep resolving through the number's history.
    """
    person = holder_of(old)
    if person is None:
        note(changed=0)
        return None
    now = clock.now()
    taken = holder_of(new) if new else None
    decided_by = row("SELECT officer FROM people_verdict WHERE person_id = %s AND superseded_at IS NULL", [person])
    numbers.end(old, on, replaced=new is not None)
    if new and taken is None:
        numbers.give(person, new, on)
        decide(person, ("verified", _FOLLOWED, new), decided_by[0] if decided_by else None, now)
    else:
        decide(person, ("duplicate", _FOLLOWED, new) if new else ("not_found", _CANCELLED, None), None, now)
        mark_due([person, *([taken] if taken else [])], _FOLLOWED if new else _CANCELLED, now)
    note(changed=1, person=person)
    return person


@operation(permission="people.react")
def record_death(*, actor: Actor, reason: str, clock: Clock, pin: str, on: date | None) -> int | None:
    """Record on which day the holder of a PIN died, as the register says; None takes a withdrawn death back.

    Returns the person when something changed, else None: told twice, it has one effect. Who must act on it (cards, payments) follows by `config`.
    """
    person = holder_of(pin)
    said = facts.Said(POPULATION_REGISTER, "registered")
    changed = person is not None and facts.change(person, "died_on", on.isoformat() if on else None, said, clock.now())
    note(changed=int(changed), person=person or 0)
    return person if changed else None


@operation(permission="people.react")
def reopen_discrepancies(*, actor: Actor, reason: str, clock: Clock, differing: Sequence[tuple[int, str]]) -> int:
    """Let officers decide again about differences (person, field) that were reported and about which the register stands by its word; returns how many.

    Where the register corrected itself nothing is reopened: the correction is an event, and comparing again finds the difference gone.
    """
    if len(differing) > PERSONS_A_CALL_MAX:
        raise ValueError(f"at most {PERSONS_A_CALL_MAX} a call")
    persons, fields = [one for one, _ in differing], [field for _, field in differing]
    reopened = execute(_REOPEN, {"persons": persons, "fields": fields})
    note(reopened=reopened)
    return reopened


# Whoever once carried a number is named too: the register may have taken a cancellation back.
_NAMED = """
SELECT person_id FROM people_identifier WHERE scheme = 'pin' AND value = ANY(%(pins)s)
UNION SELECT person_id FROM people_verdict WHERE superseded_at IS NULL AND register_pin = ANY(%(pins)s)
UNION SELECT c.person_id FROM people_candidate c JOIN people_verdict v USING (person_id, decided_at)
      WHERE v.superseded_at IS NULL AND c.register_pin = ANY(%(pins)s)
"""

_REOPEN = """
UPDATE people_discrepancy x SET state = 'open' FROM unnest(%(persons)s::bigint[], %(fields)s::text[]) AS a (person_id, field)
WHERE x.person_id = a.person_id AND x.field = a.field AND x.state = 'reported'
"""
