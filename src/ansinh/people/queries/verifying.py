"""Who is to be compared with the register, and what comparing showed."""

from __future__ import annotations

from datetime import date, datetime

from ansinh.database.sql import number, row, rows

_WAITING = """NOT EXISTS (SELECT FROM people_alias a WHERE a.alias_person_id = p.person_id) AND (
    NOT EXISTS (SELECT FROM people_verdict v WHERE v.person_id = p.person_id AND v.superseded_at IS NULL)
    OR EXISTS (SELECT FROM people_due d WHERE d.person_id = p.person_id))"""


def count_persons() -> int:
    """Return the number of insured records."""
    return number("SELECT count(*) FROM people_person")


def count_unverified(recorded_by: date) -> int:
    """Return how many insured records of a day have no verdict yet, or are due to be compared again."""
    return number(f"SELECT count(*) FROM people_person p WHERE recorded_on <= %s AND {_WAITING}", [recorded_by])


def person_id_bounds() -> tuple[int, int]:
    """Return the first person number and the one after the last; (0, 0) when there is nobody."""
    bounds = row("SELECT coalesce(min(person_id), 0), coalesce(max(person_id) + 1, 0) FROM people_person")
    assert bounds is not None
    return int(bounds[0]), int(bounds[1])


def verdict_counts(as_of: datetime) -> list[tuple[str, str, int]]:
    """Return (verdict, rule, persons) as known at a moment, most frequent first."""
    found = rows(
        """
        SELECT verdict, rule, count(*) FROM people_verdict
        WHERE decided_at <= %(at)s AND (superseded_at IS NULL OR superseded_at > %(at)s) GROUP BY verdict, rule ORDER BY count(*) DESC
        """,
        {"at": as_of},
    )
    return [(str(verdict), str(rule), int(persons)) for verdict, rule, persons in found]


def example_of(verdict: str, rule: str) -> int | None:
    """Return the number of some person with this verdict by this rule, or None."""
    found = row(
        "SELECT person_id FROM people_verdict WHERE verdict = %s AND rule = %s AND superseded_at IS NULL LIMIT 1",
        [verdict, rule],
    )
    return int(found[0]) if found else None


def example_of_verdict(verdict: str) -> int | None:
    """Return the number of some person with this verdict by whatever rule, or None."""
    found = row("SELECT person_id FROM people_verdict WHERE verdict = %s AND superseded_at IS NULL LIMIT 1", [verdict])
    return int(found[0]) if found else None
