"""Take the register's word for many persons at once: differences of one field that one rule found, applied in a set, each with its fact."""

from __future__ import annotations

from datetime import datetime

from ansinh.database.sql import execute, number, rows
from ansinh.people.facts import AGENCY_FILE, READ

ADOPTED_A_REQUEST_MAX = 100_000
"""One request stays within a transaction of bounded length; whoever has more asks again."""

ADOPTABLE = ("full_name", "birth_date", "sex", "address")

_WRITE = {
    "full_name": "full_name = c.after",
    "sex": "sex = c.after",
    "birth_date": """birth_year = split_part(c.after, '-', 1)::smallint, birth_month = nullif(split_part(c.after, '-', 2), '')::smallint,
                     birth_day = nullif(split_part(c.after, '-', 3), '')::smallint""",
    "address": "province = split_part(c.after, '/', 1), commune = nullif(split_part(c.after, '/', 2), '')",
}


def count_open(field: str, rule: str, until: datetime) -> int:
    """Return how many differences a request about a field and a rule would apply now."""
    return number(f"SELECT count(*) FROM ({_OPEN.format(before=READ[field])}) AS chosen", _named(field, rule, until))


def adopt(field: str, rule: str, request: int, until: datetime, now: datetime) -> tuple[int, ...]:
    """Let the register's word hold where the difference is still as it was found; returns the persons changed.

    Only records still verified as the same human are touched, and only differences found by `until`, when the request was made.
    """
    _choose(_OPEN.format(before=READ[field]), _named(field, rule, until))
    return _apply(field, request, now, "applied")


def take_back(field: str, adopted: int, request: int, now: datetime) -> tuple[int, ...]:
    """Give the earlier values back where what an adoption brought is still in use; returns the persons changed."""
    _choose(_ADOPTED, {"field": field, "request": adopted, "most": ADOPTED_A_REQUEST_MAX})
    return _apply(field, request, now, "refused")


def _named(field: str, rule: str, until: datetime) -> dict[str, str | int | datetime]:
    return {"field": field, "rule": rule, "until": until, "most": ADOPTED_A_REQUEST_MAX}


def _choose(query: str, named: dict[str, str | int | datetime]) -> None:
    execute(f"CREATE TEMP TABLE chosen ON COMMIT DROP AS {query}", named)
    execute("ANALYZE chosen")


def _apply(field: str, request: int, now: datetime, state: str) -> tuple[int, ...]:
    named = {"field": field, "request": request, "now": now, "file": AGENCY_FILE, "state": state}
    # Facts of this very transaction are not in the statistics yet, and what looks like a few rows would be read once for each person.
    execute("SET LOCAL enable_nestloop = off")
    for statement in (_KEEP_FIRST, _END_CURRENT, _SAY, _SETTLE):
        execute(statement, named)
    execute(f"UPDATE people_person p SET {_WRITE[field]} FROM chosen c WHERE p.person_id = c.person_id")
    persons = tuple(int(one[0]) for one in rows("SELECT person_id FROM chosen ORDER BY 1"))
    execute("SET LOCAL enable_nestloop = on")
    execute("DROP TABLE chosen")
    return persons


# A merged record is its survivor's, so it is left as it is. An empty text and none are the same to whoever compares.
_OPEN = """
SELECT x.person_id, {before} AS before, x.registered AS after
FROM people_discrepancy x
JOIN people_person p USING (person_id)
JOIN people_verdict v ON v.person_id = x.person_id AND v.superseded_at IS NULL AND v.verdict IN ('verified', 'corrected')
WHERE x.field = %(field)s AND x.source = %(rule)s AND x.state = 'open' AND x.found_at <= %(until)s
  AND coalesce(x.ours, '') = coalesce({before}, '') AND coalesce(x.registered, '') <> ''
  AND NOT EXISTS (SELECT FROM people_alias a WHERE a.alias_person_id = x.person_id)
ORDER BY x.person_id LIMIT %(most)s
"""

_ADOPTED = """
SELECT f.person_id, f.value AS before, earlier.value AS after
FROM people_fact f
JOIN LATERAL (
    SELECT e.value FROM people_fact e WHERE e.person_id = f.person_id AND e.field = f.field AND e.recorded_at < f.recorded_at
    ORDER BY e.recorded_at DESC LIMIT 1
) AS earlier ON earlier.value IS NOT NULL
WHERE f.request_id = %(request)s AND f.field = %(field)s AND f.superseded_at IS NULL
ORDER BY f.person_id LIMIT %(most)s
"""

_KEEP_FIRST = """
INSERT INTO people_fact (person_id, field, recorded_at, superseded_at, value, source, certainty)
SELECT c.person_id, %(field)s, least(r.at, %(now)s), greatest(r.at + interval '1 microsecond', %(now)s), c.before, %(file)s, 'stated'
FROM chosen c JOIN people_person p USING (person_id),
     LATERAL (SELECT p.recorded_on::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh') AS r (at)
WHERE NOT EXISTS (SELECT FROM people_fact f WHERE f.person_id = c.person_id AND f.field = %(field)s)
"""

_END_CURRENT = """
UPDATE people_fact f SET superseded_at = greatest(%(now)s, f.recorded_at + interval '1 microsecond') FROM chosen c
WHERE f.person_id = c.person_id AND f.field = %(field)s AND f.superseded_at IS NULL
"""

_SAY = """
INSERT INTO people_fact (person_id, field, recorded_at, value, source, said_on, certainty, request_id)
SELECT c.person_id, %(field)s, greatest(%(now)s, max(f.superseded_at)), c.after, 'population register',
       (%(now)s AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, 'registered', %(request)s
FROM chosen c JOIN people_fact f ON f.person_id = c.person_id AND f.field = %(field)s
GROUP BY c.person_id, c.after
"""

_SETTLE = """
UPDATE people_discrepancy x SET state = %(state)s, settled_at = %(now)s FROM chosen c
WHERE x.person_id = c.person_id AND x.field = %(field)s
  AND CASE WHEN %(state)s = 'applied' THEN x.state IN ('open', 'reported') ELSE x.state = 'applied' END
"""
