"""Fields of a person as text, and how a change of one keeps what was there before: who said what, when, how sure."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime

from ansinh.database.sql import execute, row
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import InvalidInput
from ansinh.people import numbers
from ansinh.people.states import FIELDS

NAME_LENGTH_MAX = 200
FIRST_DAY = date(1880, 1, 1)
AGENCY_FILE = "agency file"
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_ADDRESS = re.compile(r"(\d{2})(?:/(\d{5}))?")

# field → the text of it, from a row p of people_person
READ = {
    "full_name": "p.full_name",
    "birth_date": "nullif(concat_ws('-', p.birth_year, lpad(p.birth_month::text, 2, '0'), lpad(p.birth_day::text, 2, '0')), '')",
    "sex": "p.sex::text",
    "pin": """(SELECT i.value FROM people_identifier i
               WHERE i.person_id = p.person_id AND i.scheme = 'pin' AND i.valid_until IS NULL)""",
    "address": "p.province || coalesce('/' || p.commune, '')",
    "died_on": "p.died_on::text",
}

_WRITE = {
    "full_name": "full_name = %(value)s",
    "birth_date": "birth_year = %(first)s, birth_month = %(second)s, birth_day = %(third)s",
    "sex": "sex = %(value)s",
    "address": "province = %(first)s, commune = %(second)s",
    "died_on": "died_on = %(value)s::date",
}


@dataclass(frozen=True, slots=True)
class Said:
    """Where a value comes from: which source, on which day it said so, from when it holds, how sure it is, and by which request it came."""

    source: str
    certainty: str
    said_on: date | None = None
    valid_from: date | None = None
    request_id: int | None = None


def value_of(person_id: int, field: str) -> str | None:
    """Return what the agency holds now; raises LookupError when there is no such person."""
    found = row(f"SELECT {READ[field]} FROM people_person p WHERE p.person_id = %s FOR UPDATE OF p", [person_id])
    if found is None:
        raise LookupError("there is no such person")
    value: str | None = found[0]
    return value


def change(person_id: int, field: str, value: str | None, said: Said, now: datetime) -> bool:
    """Let a field hold `value` from now on, within the caller's transaction, and keep what was there; returns whether anything changed.

    Numbers keep their own history, as identifiers; the one that was there is taken to have been wrong.
    """
    before = value_of(person_id, field)
    if before == value:
        return False
    if field == "pin":
        _change_number(person_id, value, legal_day(now))
    else:
        _keep(person_id, field, before, value, said, now)
        write(person_id, field, value)
    execute(_SETTLE_DIFFERENCE, {"person": person_id, "field": field, "value": value, "now": now})
    return True


def write(person_id: int, field: str, value: str | None) -> None:
    """Write a field into the record without keeping what was there: for records just opened."""
    execute(
        f"UPDATE people_person SET {_WRITE[field]} WHERE person_id = %(person)s",
        {"person": person_id, "value": value, **_parts(field, value)},
    )


def _keep(person_id: int, field: str, before: str | None, value: str | None, said: Said, now: datetime) -> None:
    names = {"person": person_id, "field": field, "now": now, "before": before, "value": value}
    execute(_KEEP_FIRST, {**names, "source": AGENCY_FILE})
    execute(_END_CURRENT, names)
    execute(_SAY, {**names, **asdict(said)})


def checked(field: str, value: str | None, today: date) -> str | None:
    """Return a proposed value in the form it is kept in; raises InvalidInput when the field cannot hold it."""
    if field not in FIELDS:
        raise InvalidInput(f"Không có trường “{field}”.", f"There is no field “{field}”.", field="field")
    if value is None or not value.strip():
        if field in {"pin", "died_on"}:
            return None
        raise _cannot_hold(field)
    value = " ".join(value.split())
    if not _holds(field, value, today):
        raise _cannot_hold(field)
    return value


def _holds(field: str, value: str, today: date) -> bool:
    match field:
        case "full_name":
            return len(value) <= NAME_LENGTH_MAX and value.isprintable() and not any(c.isdigit() for c in value)
        case "sex":
            return value in {"M", "F"}
        case "pin":
            return len(value) == 12 and value.isascii() and value.isdigit()
        case "address":
            return value.isascii() and _ADDRESS.fullmatch(value) is not None
        case _:
            return _is_day(value, today, whole=field == "died_on")


def _is_day(value: str, today: date, *, whole: bool) -> bool:
    parts = _DATE.fullmatch(value) if value.isascii() else None
    if parts is None or (whole and parts[3] is None):
        return False
    try:
        return FIRST_DAY <= date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1)) <= today
    except ValueError:
        return False


def _cannot_hold(field: str) -> InvalidInput:
    vi, en = FIELDS[field]
    return InvalidInput(
        f"Giá trị mới của “{vi}” không hợp lệ. Ngày ghi như 1980-05-04, giới tính M hoặc F, địa chỉ như 01/00004.",
        f"The new value of “{en}” cannot be held. Write days as 1980-05-04, sex as M or F, an address as 01/00004.",
        field=field,
    )


def _parts(field: str, value: str | None) -> dict[str, str | int | None]:
    pattern = {"birth_date": _DATE, "address": _ADDRESS}.get(field)
    found = pattern.fullmatch(value) if pattern and value else None
    pieces = [*(found.groups() if found else ()), None, None, None][:3]
    if field == "birth_date":
        pieces = [int(piece) if piece else None for piece in pieces]
    return dict(zip(("first", "second", "third"), pieces, strict=True))


def _change_number(person_id: int, value: str | None, today: date) -> None:
    numbers.take_back(person_id, today)
    if value is not None:
        numbers.give(person_id, value, today)


_KEEP_FIRST = """
INSERT INTO people_fact (person_id, field, recorded_at, superseded_at, value, source, certainty)
SELECT p.person_id, %(field)s, least(r.at, %(now)s), greatest(r.at + interval '1 microsecond', %(now)s), %(before)s, %(source)s, 'stated'
FROM people_person p, LATERAL (SELECT p.recorded_on::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh') AS r (at) WHERE p.person_id = %(person)s
AND NOT EXISTS (SELECT FROM people_fact f WHERE f.person_id = p.person_id AND f.field = %(field)s)
"""

# A fact is always newer than the one it supersedes, also under a clock that stands still.
_END_CURRENT = """
UPDATE people_fact SET superseded_at = greatest(%(now)s, recorded_at + interval '1 microsecond')
WHERE person_id = %(person)s AND field = %(field)s AND superseded_at IS NULL
"""

_SAY = """
INSERT INTO people_fact (person_id, field, recorded_at, value, source, said_on, valid_from, certainty, request_id)
SELECT %(person)s, %(field)s, greatest(%(now)s, max(superseded_at)), %(value)s, %(source)s, %(said_on)s, %(valid_from)s, %(certainty)s, %(request_id)s
FROM people_fact WHERE person_id = %(person)s AND field = %(field)s
"""

_SETTLE_DIFFERENCE = """
UPDATE people_discrepancy SET state = CASE WHEN registered IS NOT DISTINCT FROM %(value)s THEN 'applied' ELSE 'gone' END, settled_at = %(now)s
WHERE person_id = %(person)s AND field = %(field)s AND state IN ('open', 'reported')
"""
