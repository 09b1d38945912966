"""What others may ask about people: frozen answers only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

CHUNK_LENGTH_MAX = 5_000


@dataclass(frozen=True, slots=True)
class StatedPerson:
    """What the agency has on file about a person, as far as verification needs it."""

    person_id: int
    full_name: str
    sex: str | None
    birth_year: int | None
    birth_month: int | None
    birth_day: int | None
    stated_number: str | None
    excluded: str | None


def count_persons() -> int:
    """Return the number of insured records."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_person")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def count_unverified() -> int:
    """Return how many insured records have no verdict yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM people_person p
            WHERE NOT EXISTS (SELECT FROM people_verdict v WHERE v.person_id = p.person_id AND v.superseded_at IS NULL)
            """
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def person_id_bounds() -> tuple[int, int]:
    """Return the first person number and the one after the last; (0, 0) when there is nobody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(person_id), 0), coalesce(max(person_id) + 1, 0) FROM people_person")
        row = cursor.fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def chunks_to_verify(*, everyone: bool) -> Iterator[list[StatedPerson]]:
    """Yield persons in chunks of at most CHUNK_LENGTH_MAX: those without a verdict, or everyone. Bounded memory; safe to begin again."""
    after = 0
    missing = (
        "" if everyone else "AND NOT EXISTS (SELECT FROM people_verdict v WHERE v.person_id = p.person_id AND v.superseded_at IS NULL)"
    )
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                SELECT person_id, full_name, sex, birth_year, birth_month, birth_day, stated_number, excluded FROM people_person p
                WHERE person_id > %s {missing} ORDER BY person_id LIMIT %s
                """,
                [after, CHUNK_LENGTH_MAX],
            )
            chunk = [StatedPerson(*row) for row in cursor.fetchall()]
        if not chunk:
            return
        yield chunk
        after = chunk[-1].person_id


def verdict_counts(as_of: datetime) -> list[tuple[str, str, int]]:
    """Return (verdict, rule, persons) as known at a moment, most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT verdict, rule, count(*) FROM people_verdict
            WHERE decided_at <= %(at)s AND (superseded_at IS NULL OR superseded_at > %(at)s) GROUP BY verdict, rule ORDER BY count(*) DESC
            """,
            {"at": as_of},
        )
        return [(str(v), str(r), int(n)) for v, r, n in cursor.fetchall()]


def example_of(verdict: str, rule: str) -> int | None:
    """Return the number of some person with this verdict by this rule, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM people_verdict WHERE verdict = %s AND rule = %s AND superseded_at IS NULL LIMIT 1", [verdict, rule]
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None
