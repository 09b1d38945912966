"""What may be done to cards here: issue them from participation, and project the standing table."""

from __future__ import annotations

from ansinh.audit.operation import note, operation
from ansinh.cards.projection import PROJECT, WITHDRAW
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day


@operation(permission="cards.issue")
def issue_cards(*, actor: Actor, reason: str, clock: Clock, from_person: int, until_person: int) -> int:
    """Issue a card for every stretch of participation that has none yet, to persons in the half-open range of numbers; returns how many.

    The number follows from object code, benefit level, province and social-insurance code (Decision 1351/QD-BHXH of 2015); object codes the agency
    does not know get no card. People who are counted apart (armed forces) are carded by their own offices.
    """
    bounds = {"from": from_person, "until": until_person}
    issued = execute(_ISSUE, bounds)
    execute(_IDENTIFY, bounds)
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


_ISSUE = """
INSERT INTO cards_card (person_id, card_number, object_code, level, issued_on)
SELECT c.person_id, c.object_code || o.level || c.card_province || i.value, c.object_code, o.level, min(c.valid_from)
FROM participation_covered_v1 c
JOIN places_objectcode o ON o.code = c.object_code
JOIN people_identifier i ON i.person_id = c.person_id AND i.scheme = 'si_code' AND i.valid_until IS NULL
JOIN people_insured_v1 p ON p.person_id = c.person_id AND p.excluded IS NULL
WHERE c.person_id >= %(from)s AND c.person_id < %(until)s
GROUP BY c.person_id, c.object_code, o.level, c.card_province, i.value
ON CONFLICT DO NOTHING
"""

_IDENTIFY = """
INSERT INTO people_identifier (value, scheme, person_id, valid_from)
SELECT card_number, 'card', person_id, issued_on FROM cards_card c
WHERE person_id >= %(from)s AND person_id < %(until)s
  AND NOT EXISTS (SELECT FROM people_identifier i WHERE i.person_id = c.person_id AND i.scheme = 'card' AND i.value = c.card_number AND i.valid_until IS NULL)
"""
