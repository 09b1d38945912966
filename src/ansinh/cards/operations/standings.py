"""Keep the standing table: by range, for some persons, and for those whose standing changes today."""

from __future__ import annotations

from collections.abc import Sequence

from ansinh.audit.operation import note, operation
from ansinh.cards.projection import PROJECT, SETTLE, WITHDRAW, in_range
from ansinh.cards.recording import bring_up
from ansinh.database.sql import execute, joining_sets, look_again_at, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day

PERSONS_A_CALL_MAX = 5_000
"""A call is one statement and one transaction; whoever has more calls again."""

DUE_DAYS_MAX = 31
"""How far back planned changes of people without a standing are looked for: project_due runs daily, and a month late it still finds them."""

# People whose standing is known to change, and cards of people without one whose planned change has come.
_DUE = """
SELECT person_id FROM cards_standing WHERE changes_on <= %(today)s
UNION
SELECT e.person_id FROM cards_event e JOIN cards_card c USING (person_id, card_number)
WHERE e.effect_on <= %(today)s AND e.effect_on > %(today)s::date - %(days)s AND c.state <> e.state AND NOT EXISTS (
    SELECT FROM cards_event later WHERE later.person_id = e.person_id AND later.card_number = e.card_number
    AND later.effect_on <= %(today)s AND (later.effect_on, later.event_id) > (e.effect_on, e.event_id))
ORDER BY 1 LIMIT %(most)s
"""


@operation(permission="cards.project")
def project_standing(*, actor: Actor, reason: str, clock: Clock, from_person: int, until_person: int) -> int:
    """Bring the standing of persons in the half-open range of numbers in line with their cards and participation today; returns how many rows changed.

    Readers see each person's old or new standing, never none: rows are replaced in place, in one transaction, and only where they differ.
    """
    bounds = in_range(legal_day(clock.now()), from_person, until_person)
    execute(SETTLE, bounds)
    with joining_sets():
        changed = execute(PROJECT, bounds) + execute(WITHDRAW, bounds)
    look_again_at("cards_standing")
    note(changed=changed, from_person=from_person, until_person=until_person)
    return changed


@operation(permission="cards.project")
def project_standing_of(*, actor: Actor, reason: str, clock: Clock, persons: Sequence[int]) -> int:
    """Bring the standings of some persons in line, like `project_standing` does a range; merged records follow with their survivor.

    Returns how many rows changed. Refuses nobody: a number that names no record has no standing. At most PERSONS_A_CALL_MAX persons.
    """
    if len(persons) > PERSONS_A_CALL_MAX:
        raise ValueError(f"at most {PERSONS_A_CALL_MAX} persons a call")
    changed = bring_up(persons, legal_day(clock.now()))
    note(changed=changed, persons=len(persons))
    return changed


@operation(permission="cards.project")
def project_due(*, actor: Actor, reason: str, clock: Clock) -> int:
    """Bring the standings in line that were known to change by today, found by index; returns how many persons were looked at.

    At most PERSONS_A_CALL_MAX a call: call again until it returns 0. Planned changes of cards take effect on their day by this, cards of a new year begin, and
    a new year's co-payments begin at nothing.
    """
    today = legal_day(clock.now())
    persons = [
        int(found[0]) for found in rows(_DUE, {"today": today, "days": DUE_DAYS_MAX, "most": PERSONS_A_CALL_MAX})
    ]
    changed = bring_up(persons, today) if persons else 0
    note(changed=changed, persons=len(persons))
    return len(persons)
