"""Who a person is, was known to be, and by whose word; every number a person ever carried leads to them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from ansinh.database.sql import row, rows
from ansinh.foundation.clock import legal_day
from ansinh.people.facts import AGENCY_FILE, READ
from ansinh.people.states import FIELDS

_MERGES_DEEP_MAX = 32


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What the agency knew about a person at a moment: `fields` in the form of `states.FIELDS`, and whose record it was merged into then, if any."""

    person_id: int
    at: datetime
    fields: dict[str, str | None]
    verdict: str | None
    rule: str | None
    merged_into: int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said what about a field, when the agency learned it, how sure it is, and what became of it."""

    field: str
    value: str | None
    source: str
    said_on: date | None
    recorded_at: datetime
    certainty: str
    state: str
    """`in use`, `former`, or a state of a discrepancy, where the source is the register's word against ours."""


def resolve(person_id: int) -> int:
    """Return the person a record stands for: itself, or whom it was merged into."""
    found = row("SELECT person_id FROM people_alias WHERE alias_person_id = %s", [person_id])
    return int(found[0]) if found else person_id


def resolve_many(person_ids: Collection[int]) -> dict[int, int]:
    """Return for each record whom it stands for, as `resolve` does for one."""
    asked = list(set(person_ids))
    merged = rows("SELECT alias_person_id, person_id FROM people_alias WHERE alias_person_id = ANY (%s)", [asked])
    return {one: one for one in asked} | {int(alias): int(person) for alias, person in merged}


def records_of(person_id: int) -> list[int]:
    """Return every record of a human: the person's own first, then those merged into it."""
    merged = rows("SELECT alias_person_id FROM people_alias WHERE person_id = %s ORDER BY 1", [person_id])
    return [person_id, *(int(one[0]) for one in merged)]


def person_of_number(scheme: str, value: str) -> int | None:
    """Return whom a number names, or named until it was replaced or cancelled: old papers keep resolving. None when it names nobody.

    A number that was given to the wrong person does not lead to them. An old identity number names somebody only when it names one person.
    """
    found = rows(
        """
        SELECT DISTINCT coalesce(a.person_id, i.person_id)
        FROM people_identifier i LEFT JOIN people_alias a ON a.alias_person_id = i.person_id
        WHERE i.value = %s AND i.scheme = %s AND i.resolves LIMIT 2
        """,
        [value, scheme],
    )
    return int(found[0][0]) if len(found) == 1 else None


def person_as_known(person_id: int, at: datetime) -> KnownPerson | None:
    """Return what the agency knew about a person at a moment; None when the record was not there yet.

    Numbers are known by the day, fields and verdicts by the moment.
    """
    names = {"person": person_id, "at": at, "day": legal_day(at)}
    columns = ", ".join(f"{READ[field]} AS {field}" for field in FIELDS if field != "pin")
    now = row(f"SELECT {columns} FROM people_person p WHERE person_id = %(person)s AND recorded_on <= %(day)s", names)
    if now is None:
        return None
    fields: dict[str, str | None] = dict(zip((field for field in FIELDS if field != "pin"), now, strict=True))
    fields.update(rows(_FACTS_AT, names))
    pin = row(_PIN_AT, names)
    fields["pin"] = pin[0] if pin else None
    verdict = row(_VERDICT_AT, names) or (None, None)
    return KnownPerson(person_id, at, fields, verdict[0], verdict[1], _merged_into(person_id, at))


def statements_about(person_id: int) -> list[Statement]:
    """Return who said what about each field of a person, by field, the newest word first."""
    columns = ", ".join(f"{READ[field]} AS {field}" for field in FIELDS if field != "pin")
    first = row(
        f"SELECT recorded_on::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh', {columns} FROM people_person p WHERE person_id = %s",
        [person_id],
    )
    if first is None:
        return []
    kept = [Statement(*one) for one in rows(_STATEMENTS, {"person": person_id})]
    changed = {one.field for one in kept if one.state in {"in use", "former"}}
    kept += [
        Statement(field, value, AGENCY_FILE, None, first[0], "stated", "in use")
        for field, value in zip((field for field in FIELDS if field != "pin"), first[1:], strict=True)
        if field not in changed and value is not None
    ]
    order = list(FIELDS)
    return sorted(kept, key=lambda one: (order.index(one.field), -one.recorded_at.timestamp()))


def _merged_into(person_id: int, at: datetime) -> int | None:
    """Follow the merges in force at a moment to whom the record stood for then; None: for itself."""
    found = None
    for _ in range(_MERGES_DEEP_MAX):
        step = row(_MERGE_AT, {"person": found or person_id, "at": at})
        if step is None or step[0] != "merge":
            return found
        found = int(step[1])
    raise AssertionError(f"more than {_MERGES_DEEP_MAX} merges, one into the other")


# Fields that changed later than the moment were what the first fact kept of them says.
_FACTS_AT = """
SELECT field, value FROM people_fact
WHERE person_id = %(person)s AND recorded_at <= %(at)s AND (superseded_at IS NULL OR superseded_at > %(at)s)
"""
# Numbers in use and former ones have an index each.
_PIN_AT = """
SELECT value FROM people_identifier
WHERE person_id = %(person)s AND scheme = 'pin' AND valid_from <= %(day)s AND valid_until IS NULL
UNION ALL
SELECT value FROM people_identifier
WHERE person_id = %(person)s AND scheme = 'pin' AND valid_from <= %(day)s AND valid_until > %(day)s
"""
_VERDICT_AT = """
SELECT verdict, rule FROM people_verdict
WHERE person_id = %(person)s AND decided_at <= %(at)s AND (superseded_at IS NULL OR superseded_at > %(at)s)
"""
_MERGE_AT = """
SELECT kind, other_person_id FROM people_request
WHERE person_id = %(person)s AND kind IN ('merge', 'unmerge') AND state = 'applied' AND approved_at <= %(at)s
ORDER BY approved_at DESC, request_id DESC LIMIT 1
"""
_STATEMENTS = """
SELECT field, value, source, said_on, recorded_at, certainty, CASE WHEN superseded_at IS NULL THEN 'in use' ELSE 'former' END
FROM people_fact WHERE person_id = %(person)s
UNION ALL
SELECT 'pin', value, 'population register', NULL, valid_from::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh', 'registered',
       'in use'
FROM people_identifier WHERE person_id = %(person)s AND scheme = 'pin' AND valid_until IS NULL
UNION ALL
SELECT 'pin', value, 'population register', NULL, valid_from::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh', 'registered', 'former'
FROM people_identifier WHERE person_id = %(person)s AND scheme = 'pin' AND valid_until > valid_from
UNION ALL
SELECT field, registered, 'population register', NULL, found_at, 'registered', state FROM people_discrepancy WHERE person_id = %(person)s
"""
