"""What others may ask about participation. Bulk work above reads the view `participation_covered_v1`."""

from __future__ import annotations

from datetime import date

from ansinh.database.sql import number


def count_participants(day: date) -> int:
    """Return how many persons have health-insurance participation on `day`."""
    return number(
        "SELECT count(DISTINCT person_id) FROM participation_covered_v1 WHERE valid_from <= %(day)s AND valid_until > %(day)s",
        {"day": day},
    )
