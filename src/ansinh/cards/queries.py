"""What others may ask about cards. Machines are answered by the function `published.standing_v1`, which leaves an audit row."""

from __future__ import annotations

from datetime import date

from django.db import connection

from ansinh.cards.projection import DIFFERING


def count_cards() -> int:
    """Return the number of cards ever issued."""
    return _count("SELECT count(*) FROM cards_card")


def count_standings() -> int:
    """Return the number of persons who have a standing."""
    return _count("SELECT count(*) FROM cards_standing")


def differing_standings(today: date, from_person: int, until_person: int) -> list[int]:
    """Return persons of the half-open range whose stored standing differs from what cards and participation say on `today`."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING, {"from": from_person, "until": until_person, "today": today})
        return [int(row[0]) for row in cursor.fetchall()]


def _count(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return int(row[0]) if row else 0
