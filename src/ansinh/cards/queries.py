"""What others may ask about cards. Machines are answered by the function `published.standing_v1`, which leaves an audit row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ansinh.cards.projection import DIFFERING
from ansinh.database.sql import number, rows
from ansinh.people.queries import Effect

# A range is one transaction; its length bounds memory, locks and what a crash repeats.
RANGE_LENGTH = 50_000


def ranges(first: int, after_last: int) -> list[tuple[int, int]]:
    """Return half-open ranges of person numbers, each at most RANGE_LENGTH long, that cover `first` to before `after_last`."""
    return [(start, min(start + RANGE_LENGTH, after_last)) for start in range(first, after_last, RANGE_LENGTH)]


def count_cards() -> int:
    """Return the number of cards ever issued."""
    return number("SELECT count(*) FROM cards_card")


def count_standings() -> int:
    """Return the number of persons who have a standing."""
    return number("SELECT count(*) FROM cards_standing")


def differing_standings(today: date, from_person: int, until_person: int) -> list[int]:
    """Return persons of the half-open range whose stored standing differs from what cards and participation say on `today`."""
    return [int(found[0]) for found in rows(DIFFERING, {"from": from_person, "until": until_person, "today": today})]


def effects_on_cards(person_ids: Sequence[int]) -> list[Effect]:
    """Return which cards and standings a decision about these persons touches."""
    cards = rows(
        "SELECT person_id, card_number, state FROM cards_card WHERE person_id = ANY(%s) AND state <> 'replaced' ORDER BY 1, 2",
        [list(person_ids)],
    )
    standings = rows(
        "SELECT person_id, facility, valid_until FROM cards_standing WHERE person_id = ANY(%s) ORDER BY 1",
        [list(person_ids)],
    )
    return [
        *(Effect("cards", person, f"thẻ {card} ({state})", f"card {card} ({state})") for person, card, state in cards),
        *(
            Effect(
                "cards",
                person,
                f"tra cứu: {place}, hết hạn {end:%d/%m/%Y}",
                f"standing at {place} until {end.isoformat()}",
            )
            for person, place, end in standings
        ),
    ]
