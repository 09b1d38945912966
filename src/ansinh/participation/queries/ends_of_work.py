"""Ends of work that employers reported, as far as nobody pays on for the person."""

from __future__ import annotations

from dataclasses import dataclass

from ansinh.database.sql import row, rows
from ansinh.people.queries import records_of

PERSONS_A_PAGE_MAX = 500


@dataclass(frozen=True, slots=True)
class Termination:
    """An employer reported somebody's end: the first month no longer paid, whether they were insured against unemployment, and the line that said so."""

    person_id: int
    employer_id: int
    until_month: int
    unemployment: bool
    province: str
    line: str


def terminations(since_month: int, after: int = 0) -> tuple[list[Termination], int | None]:
    """Return ends of work reported in declarations of a month or later, of persons above a number, and the last person looked at: None at the end.

    Some hundreds of persons at most, each whole. Left out are those for whom any employer pays on in that month.
    """
    found = [
        Termination(*one) for one in rows(_ENDED, {"since": since_month, "after": after, "most": PERSONS_A_PAGE_MAX})
    ]
    persons = {one.person_id for one in found}
    last = max(persons) if len(persons) == PERSONS_A_PAGE_MAX else None
    return [one for one in found if not works_in(one.person_id, one.until_month)], last


def works_in(person_id: int, month: int, employer_id: int | None = None) -> bool:
    """Tell whether a compulsory contribution of an employer, or of any, counts for somebody in a month, by whatever record."""
    found = row(
        """
        SELECT 1 FROM participation_span WHERE person_id = ANY(%(records)s) AND superseded_at IS NULL AND scheme = 'compulsory'
          AND from_month <= %(month)s AND coalesce(until_month, 999912) > %(month)s AND (%(employer)s::bigint IS NULL OR employer_id = %(employer)s) LIMIT 1
        """,
        {"records": records_of(person_id), "month": month, "employer": employer_id},
    )
    return found is not None


# A span that ends carries the line that ended it as its source.
_ENDED = """
WITH told AS (
    SELECT coalesce(a.person_id, l.person_id) AS person_id, l.person_id AS record_id, l.employer_id,
           l.employer_id || '/' || l.month || '/' || l.version || ':' || l.line AS line
    FROM participation_declarationline l LEFT JOIN people_alias a ON a.alias_person_id = l.person_id
    WHERE l.month >= %(since)s AND l.act = 'end' AND l.state = 'applied' AND coalesce(a.person_id, l.person_id) > %(after)s
), ended AS (
    SELECT t.person_id, t.employer_id, max(s.until_month) AS until_month, bool_or(s.unemployment) AS unemployment, min(p.province) AS province, t.line
    FROM told t JOIN participation_span s ON s.person_id = t.record_id AND s.source = t.line AND s.superseded_at IS NULL AND s.until_month IS NOT NULL
    JOIN people_person p ON p.person_id = t.person_id AND p.died_on IS NULL AND p.excluded IS NULL
    GROUP BY t.person_id, t.employer_id, t.line
)
SELECT * FROM ended WHERE person_id IN (SELECT DISTINCT person_id FROM ended ORDER BY 1 LIMIT %(most)s) ORDER BY person_id, line
"""
