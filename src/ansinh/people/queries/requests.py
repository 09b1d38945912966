"""Decisions about persons: those that wait for a second officer, and those taken."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansinh.database.sql import rows
from ansinh.foundation.errors import NotFound

PAGE_LENGTH_MAX = 200
_EFFECTS = 12
_COLUMNS = """request_id, kind, state, person_id, other_person_id, register_pin, field, old_value, new_value, source, evidence, undoes,
effects::text, reason, needs_second, prepared_by, prepared_at, approved_by, approved_at"""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request as an officer sees it."""

    request: int
    kind: str
    state: str
    person_id: int
    other_person_id: int | None
    register_pin: str | None
    field: str | None
    old_value: str | None
    new_value: str | None
    source: str | None
    evidence: str | None
    undoes: int | None
    effects: list[dict[str, Any]]
    reason: str
    needs_second: bool
    prepared_by: str
    prepared_at: datetime
    approved_by: str | None
    approved_at: datetime | None


def requests_waiting(length: int = 50, after: int = 0) -> list[RequestLine]:
    """Return the requests that wait for a second officer, the oldest first; at most PAGE_LENGTH_MAX, those after a number."""
    which = "state = 'prepared' AND request_id > %s ORDER BY request_id LIMIT %s"
    return _lines(which, [after, min(length, PAGE_LENGTH_MAX)])


def requests_about(person_id: int) -> list[RequestLine]:
    """Return what officers decided about a person, the newest first; at most PAGE_LENGTH_MAX."""
    which = f"(person_id = %s OR other_person_id = %s) ORDER BY request_id DESC LIMIT {PAGE_LENGTH_MAX}"
    return _lines(which, [person_id, person_id])


def request_line(request: int) -> RequestLine:
    """Return one request; raises NotFound."""
    found = _lines("request_id = %s", [request])
    if not found:
        raise NotFound(f"Không có đề nghị số {request}.", f"There is no request {request}.", request=request)
    return found[0]


def _lines(which: str, parameters: list[Any]) -> list[RequestLine]:
    found = rows(f"SELECT {_COLUMNS} FROM people_request WHERE {which}", parameters)
    return [
        RequestLine(*[json.loads(part) if place == _EFFECTS else part for place, part in enumerate(one)])
        for one in found
    ]
