"""What others may ask about participation. Bulk work above reads the view `participation_covered_v1`."""

from __future__ import annotations

from datetime import date

from django.db import connection


def count_participants(day: date) -> int:
    """Return how many persons have health-insurance participation on `day`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT person_id) FROM participation_covered_v1 WHERE valid_from <= %(day)s AND valid_until > %(day)s", {"day": day}
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0
