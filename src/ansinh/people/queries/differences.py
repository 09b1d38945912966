"""On what the agency and the register differ, in groups an officer can judge."""

from __future__ import annotations

from dataclasses import dataclass

from ansinh.database.sql import rows

SAMPLE_LENGTH_MAX = 100
PAGE_LENGTH_MAX = 1_000


@dataclass(frozen=True, slots=True)
class DifferenceGroup:
    """Differences of one field that one rule found, by state."""

    field: str
    rule: str
    state: str
    persons: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: what the agency has, what the register has."""

    person_id: int
    ours: str | None
    registered: str | None


def difference_groups() -> list[DifferenceGroup]:
    """Return how many differences each rule found on each field, the most frequent first; those gone are left out."""
    found = rows(
        "SELECT field, source, state, count(*) FROM people_discrepancy WHERE state <> 'gone' GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3"
    )
    return [DifferenceGroup(*one) for one in found]


def differences_sampled(field: str, rule: str, length: int = 20) -> list[Difference]:
    """Return some open differences of a field that a rule found, spread over the persons, the same ones each time; at most SAMPLE_LENGTH_MAX."""
    found = rows(
        """
        SELECT person_id, ours, registered FROM people_discrepancy WHERE field = %s AND source = %s AND state = 'open'
        ORDER BY hashint8(person_id), person_id LIMIT %s
        """,
        [field, rule, min(length, SAMPLE_LENGTH_MAX)],
    )
    return [Difference(*one) for one in found]


@dataclass(frozen=True, slots=True)
class ReportedDifference:
    """A difference the register was told of as its error, with the number it knows the person by."""

    person_id: int
    field: str
    pin: str


def differences_reported(after: tuple[int, str], length: int) -> list[ReportedDifference]:
    """Return differences whose reply is awaited, by person and field, those after one of them; at most PAGE_LENGTH_MAX."""
    found = rows(
        """
        SELECT x.person_id, x.field, i.value FROM people_discrepancy x
        JOIN people_identifier i ON i.person_id = x.person_id AND i.scheme = 'pin' AND i.valid_until IS NULL
        WHERE x.state = 'reported' AND (x.person_id, x.field) > (%s, %s) ORDER BY 1, 2 LIMIT %s
        """,
        [*after, min(length, PAGE_LENGTH_MAX)],
    )
    return [ReportedDifference(*one) for one in found]
