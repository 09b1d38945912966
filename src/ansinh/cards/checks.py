"""What must never be false about cards."""

from __future__ import annotations

from datetime import date

from ansinh.audit.check import OFFENDING_LENGTH_MAX, CheckResult, check_by_query
from ansinh.cards.queries import count_standings, differing_standings, ranges
from ansinh.people.queries import person_id_bounds

_UNNAMED = """
SELECT person_id FROM cards_card c WHERE state <> 'replaced' AND NOT EXISTS (
    SELECT FROM people_identifier i WHERE i.scheme = 'card' AND i.value = c.card_number AND i.person_id = c.person_id AND i.valid_until IS NULL)
"""


def checks(today: date) -> list[CheckResult]:
    """Run the room's checks as of `today`."""
    offending: list[int] = []
    for start, end in ranges(*person_id_bounds()):
        offending.extend(differing_standings(today, start, end))
        if len(offending) >= OFFENDING_LENGTH_MAX:
            break
    return [
        CheckResult(
            "cards.standing_equals_participation",
            count_standings(),
            [str(one) for one in offending[:OFFENDING_LENGTH_MAX]],
        ),
        check_by_query("cards.every_card_names_its_person", "SELECT count(*) FROM cards_card", _UNNAMED),
    ]
