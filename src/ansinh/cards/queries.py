"""What others may ask about cards. Machines are answered by the function `published.standing_v1`, which leaves an audit row."""

from __future__ import annotations

from datetime import date

from ansinh.cards.projection import DIFFERING
from ansinh.database.sql import number, rows

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
