"""What must never be false about cards."""

from __future__ import annotations

from datetime import date

from ansinh.audit.check import OFFENDING_LENGTH_MAX, CheckResult, check_by_query
from ansinh.cards.projection import UNSETTLED
from ansinh.cards.queries import count_cards, count_standings, differing_standings, ranges
from ansinh.cards.states import TRANSITIONS
from ansinh.database.sql import Parameters, number, rows
from ansinh.people.queries import person_id_bounds

_UNNAMED = """
SELECT person_id FROM cards_card c WHERE state <> 'replaced' AND NOT EXISTS (
    SELECT FROM people_identifier i WHERE i.scheme = 'card' AND i.value = c.card_number AND i.person_id = c.person_id AND i.valid_until IS NULL)
AND NOT EXISTS (SELECT FROM people_identifier i WHERE i.scheme = 'pin' AND i.value = c.card_number AND i.person_id = c.person_id)
"""

# A card's state is that after its last event by today; a card is in one state because it is one row with one column.
_HISTORY_ODD = """
SELECT person_id FROM (
    SELECT person_id, effect_on, state, event, lag(effect_on) OVER card AS effect_before, lag(state, 1, 'issued') OVER card AS state_before
    FROM cards_event WINDOW card AS (PARTITION BY person_id, card_number ORDER BY event_id)
) AS lines WHERE effect_on < effect_before OR NOT (event, state_before, state) IN (SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]))
UNION
SELECT person_id FROM cards_event e WHERE NOT EXISTS (
    SELECT FROM cards_card c WHERE c.person_id = e.person_id AND c.card_number = e.card_number AND c.issued_on <= e.effect_on)
"""
_STRANGE_TEMPORARY = """
SELECT person_id FROM cards_temporary t WHERE NOT EXISTS (
    SELECT FROM people_identifier i WHERE i.scheme = 'card' AND i.value = t.number AND i.person_id = t.person_id AND i.valid_until IS NULL)
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
        CheckResult("cards.states_follow_history", count_cards(), _first(UNSETTLED, {"today": today})),
        CheckResult(
            "cards.history_is_in_order", number("SELECT count(*) FROM cards_event"), _first(_HISTORY_ODD, _permitted())
        ),
        check_by_query(
            "cards.temporary_numbers_name_children", "SELECT count(*) FROM cards_temporary", _STRANGE_TEMPORARY
        ),
    ]


def _permitted() -> list[list[str]]:
    """Return the transition table as three columns: event, state before, state after."""
    lines = [
        (event.value, before.value, after.value)
        for event, befores in TRANSITIONS.items()
        for before, afters in befores.items()
        for after in afters
    ]
    return [list(column) for column in zip(*lines, strict=True)]


def _first(offending: str, parameters: Parameters) -> list[str]:
    found = rows(f"SELECT * FROM ({offending}) AS found LIMIT {OFFENDING_LENGTH_MAX}", parameters)
    return [str(one[0]) for one in found]
