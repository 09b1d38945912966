"""Who takes part, and what a decision about a person touches here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ansinh.database.sql import number, rows
from ansinh.people.queries import Effect


def count_participants(day: date) -> int:
    """Return how many persons have health-insurance participation on `day`."""
    return number(
        "SELECT count(DISTINCT person_id) FROM participation_covered_v1 WHERE valid_from <= %(day)s AND valid_until > %(day)s",
        {"day": day},
    )


def effects_on_participation(person_ids: Sequence[int]) -> list[Effect]:
    """Return how much contribution history and coverage a decision about these persons touches."""
    found = rows(_PARTICIPATION_OF, {"persons": list(person_ids)})
    return [
        Effect(
            "participation", person, f"{spans} đợt đóng, {coverages} đợt BHYT", f"{spans} spans, {coverages} coverages"
        )
        for person, spans, coverages in found
    ]


_PARTICIPATION_OF = """
SELECT person_id, count(*) FILTER (WHERE spans), count(*) FILTER (WHERE NOT spans) FROM (
    SELECT person_id, true AS spans FROM participation_span WHERE person_id = ANY(%(persons)s) AND superseded_at IS NULL
    UNION ALL
    SELECT person_id, false FROM participation_coverage WHERE person_id = ANY(%(persons)s) AND superseded_at IS NULL
) AS kept GROUP BY person_id ORDER BY person_id
"""
