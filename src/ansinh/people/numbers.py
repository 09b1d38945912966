"""PINs of persons: how one is given, how it ends, and whom it leads to afterwards. Whoever comes with a number is at most one person.

A number the register replaced or cancelled keeps leading to whoever carried it, until somebody else carries it. One given to the wrong person never leads
to them again, and neither do the numbers it had replaced: they are the same human's in the register.
"""

from __future__ import annotations

from datetime import date

from ansinh.database.sql import execute
from ansinh.people.states import CANCELLED, REPLACED

ONE = "SELECT %(person)s::bigint AS person_id, %(value)s::text AS value"
"""The query of `give_to` and `take_back_from` for one person."""


def give(person_id: int, value: str, on: date) -> None:
    """Let a person carry a PIN from a day on. The database refuses one somebody else carries."""
    give_to(ONE, on, {"person": person_id, "value": value})


def give_to(persons: str, on: date, named: dict[str, str | int] | None = None) -> int:
    """Let persons carry PINs from a day on: rows (person_id, value) of a query; returns how many. The numbers these replaced lead to them, too."""
    names = {**(named or {}), "on": on}
    execute(_RELEASE.format(persons=persons), names)
    given = execute(_GIVE.format(persons=persons), names)
    execute(_BRING_FORMER.format(persons=persons), names)
    return given


def end(value: str, on: date, *, replaced: bool) -> None:
    """End a PIN the register replaced or cancelled; it keeps leading to whoever carried it."""
    execute(_END, {"value": value, "on": on, "because": REPLACED if replaced else CANCELLED})


def take_back(person_id: int, on: date) -> None:
    """Take the PIN a person carries back, because it never was theirs."""
    execute(f"WITH {TAKE_BACK.format(persons=_CARRIED)} SELECT FROM taken", {"person": person_id, "on": on})


_CARRIED = "SELECT person_id, value FROM people_identifier WHERE person_id = %(person)s AND scheme = 'pin' AND valid_until IS NULL"

# Queries `taken` (the rows taken back) and `misled`, for the WITH of a statement. Both see what was there before, so that no row is written twice.
TAKE_BACK = """
taken AS (
    UPDATE people_identifier i SET valid_until = greatest(i.valid_from, %(on)s::date), ended_because = 'wrong', resolves = false FROM ({persons}) e
    WHERE i.scheme = 'pin' AND i.value = e.value AND i.person_id = e.person_id AND i.valid_until IS NULL
    RETURNING i.person_id, i.value
), misled AS (
    UPDATE people_identifier i SET resolves = false FROM taken t
    WHERE i.person_id = t.person_id AND i.scheme = 'pin' AND i.valid_until IS NOT NULL AND i.resolves
)"""

_END = """
UPDATE people_identifier SET valid_until = greatest(valid_from, %(on)s), ended_because = %(because)s
WHERE scheme = 'pin' AND value = %(value)s AND valid_until IS NULL
"""

_RELEASE = """
UPDATE people_identifier i SET resolves = false FROM ({persons}) g
WHERE i.value = g.value AND i.scheme = 'pin' AND i.resolves AND i.valid_until IS NOT NULL
"""

# A number given, taken back and given again on one day is one row.
_GIVE = """
INSERT INTO people_identifier AS held (value, scheme, person_id, valid_from) SELECT g.value, 'pin', g.person_id, %(on)s FROM ({persons}) g
ON CONFLICT (value, scheme, valid_from) DO UPDATE SET person_id = EXCLUDED.person_id, valid_until = NULL, ended_because = NULL, resolves = true
WHERE held.valid_until = held.valid_from
"""

# The agency never knew them by it, so it was theirs for no day; but the paper in their hand may still show it.
_BRING_FORMER = """
INSERT INTO people_identifier AS held (value, scheme, person_id, valid_from, valid_until, ended_because)
SELECT DISTINCT ON (r.replaces) r.replaces, 'pin', g.person_id, %(on)s::date, %(on)s::date, 'replaced'
FROM ({persons}) g JOIN registry_people_v1 r ON r.pin = g.value
WHERE r.replaces IS NOT NULL
  AND NOT EXISTS (SELECT FROM people_identifier i WHERE i.value = r.replaces AND i.scheme = 'pin' AND i.resolves)
ORDER BY r.replaces, r.pin
ON CONFLICT (value, scheme, valid_from) DO UPDATE SET person_id = EXCLUDED.person_id, ended_because = 'replaced', resolves = true
WHERE NOT held.resolves AND held.valid_until = held.valid_from
"""
