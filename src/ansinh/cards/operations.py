"""What may be done to cards here: issue them from participation, and project the standing table."""

from __future__ import annotations

from collections.abc import Sequence

from ansinh.audit.operation import note, operation
from ansinh.cards.projection import PROJECT, PROJECT_PERSONS, WITHDRAW, WITHDRAW_PERSONS
from ansinh.database.sql import execute, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.people.operations import give_numbers

PERSONS_A_CALL_MAX = 5_000
"""A call is one statement and one transaction; whoever has more calls again."""


@operation(permission="cards.issue")
def issue_cards(*, actor: Actor, reason: str, clock: Clock, from_person: int, until_person: int) -> int:
    """Issue a card for every stretch of participation that has none yet, to persons in the half-open range of numbers; returns how many.

    The number follows from object code, benefit level, province and social-insurance code (Decision 1351/QD-BHXH of 2015); object codes the agency
    does not know get no card. People who are counted apart (armed forces) are carded by their own offices.
    """
    bounds = {"from": from_person, "until": until_person}
    execute("CREATE TEMP TABLE issued (person_id bigint, value text, valid_from date) ON COMMIT DROP")
    issued = execute(_ISSUE, bounds)
    give_numbers(actor=actor, reason=reason, scheme="card", numbered="issued")
    execute("DROP TABLE issued")
    note(issued=issued, from_person=from_person, until_person=until_person)
    return issued


@operation(permission="cards.project")
def project_standing(*, actor: Actor, reason: str, clock: Clock, from_person: int, until_person: int) -> int:
    """Bring the standing of persons in the half-open range of numbers in line with their cards and participation today; returns how many rows changed.

    Readers see each person's old or new standing, never none: rows are replaced in place, in one transaction.
    """
    bounds = {"from": from_person, "until": until_person, "today": legal_day(clock.now())}
    changed = execute(PROJECT, bounds) + execute(WITHDRAW, bounds)
    note(changed=changed, from_person=from_person, until_person=until_person)
    return changed


@operation(permission="cards.project")
def project_standing_of(*, actor: Actor, reason: str, clock: Clock, persons: Sequence[int]) -> int:
    """Bring the standings of some persons in line, like `project_standing` does a range; merged records follow with their survivor.

    Returns how many rows changed. Refuses nobody: a number that names no record has no standing. At most PERSONS_A_CALL_MAX persons.
    """
    if len(persons) > PERSONS_A_CALL_MAX:
        raise ValueError(f"at most {PERSONS_A_CALL_MAX} persons a call")
    survivors = rows("SELECT person_id FROM people_alias WHERE alias_person_id = ANY(%s)", [list(persons)])
    whom = {"persons": sorted({*persons, *(one[0] for one in survivors)}), "today": legal_day(clock.now())}
    changed = execute(PROJECT_PERSONS, whom) + execute(WITHDRAW_PERSONS, whom)
    note(changed=changed, persons=len(persons))
    return changed


_ISSUE = """
WITH made AS (
    INSERT INTO cards_card (person_id, card_number, object_code, level, issued_on)
    SELECT c.person_id, c.object_code || o.level || c.card_province || i.value, c.object_code, o.level, min(c.valid_from)
    FROM participation_covered_v1 c
    JOIN places_objectcode o ON o.code = c.object_code
    JOIN people_identifier i ON i.person_id = c.person_id AND i.scheme = 'si_code' AND i.valid_until IS NULL
         AND i.person_id >= %(from)s AND i.person_id < %(until)s
    JOIN people_insured_v1 p ON p.person_id = c.person_id AND p.excluded IS NULL AND p.person_id >= %(from)s AND p.person_id < %(until)s
    WHERE c.person_id >= %(from)s AND c.person_id < %(until)s
    GROUP BY c.person_id, c.object_code, o.level, c.card_province, i.value
    ON CONFLICT DO NOTHING
    RETURNING person_id, card_number, issued_on
)
INSERT INTO issued SELECT person_id, card_number, issued_on FROM made
"""
