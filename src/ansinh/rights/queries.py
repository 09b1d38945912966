"""What others may ask about requests on personal data: frozen answers only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansinh.audit.queries import Look, looks_at
from ansinh.database.sql import rows
from ansinh.foundation.errors import NotFound
from ansinh.people.queries import records_of, resolve
from ansinh.rights.gathering import Declared
from ansinh.rights.states import OPEN, Outcome, RequestKind, RequestState

__all__ = [
    "Declared",
    "Finding",
    "RequestShown",
    "breaches_open",
    "disputed",
    "findings",
    "look_numbered",
    "request_numbered",
    "requests_of",
    "requests_open",
]

LIST_LENGTH_MAX = 200
LOOKS_BACK_MAX = 1_000


@dataclass(frozen=True, slots=True)
class RequestShown:
    """A request as its person, or the desk, sees it."""

    person_id: int
    request_id: int
    kind: RequestKind
    about: str
    words: str
    look_id: int | None
    looked_at: datetime | None
    facility: str
    officer: str
    call: str
    filed_by: str
    filed_at: datetime
    due_at: datetime
    state: RequestState
    outcome: Outcome | None
    answer: str | None
    answered_at: datetime | None
    breach_due_at: datetime | None
    breach_reported_at: datetime | None


@dataclass(frozen=True, slots=True)
class Finding:
    """An officer whose looks were found unjustified: of which facility, how often, last when."""

    facility: str
    officer: str
    times: int
    last_found_at: datetime


_COLUMNS = (
    "person_id, request_id, kind, about, words, look_id, looked_at, facility, officer, call, filed_by, filed_at, due_at, state, outcome, answer,"
    " answered_at, breach_due_at, breach_reported_at"
)


def requests_of(person_id: int) -> list[RequestShown]:
    """Return a person's requests, the newest first."""
    return _shown("person_id = ANY(%s) ORDER BY filed_at DESC, request_id DESC", [records_of(resolve(person_id))])


def request_numbered(request_id: int) -> RequestShown:
    """Return a request by its number; raises NotFound."""
    found = _shown("request_id = %s", [request_id])
    if not found:
        raise NotFound("Không có yêu cầu này.", "There is no such request.", request=request_id)
    return found[0]


def requests_open(*, after: tuple[datetime, int] | None = None, length: int = LIST_LENGTH_MAX) -> list[RequestShown]:
    """Return what the desk has to answer, the soonest due first; `after`: until when and number of the last one of the page before."""
    which, values = "state = ANY(%s)", list[object]([[one.value for one in OPEN]])
    if after is not None:
        which, values = f"{which} AND (due_at, request_id) > (%s, %s)", [*values, *after]
    return _shown(f"{which} ORDER BY due_at, request_id", values, length)


def breaches_open() -> list[RequestShown]:
    """Return unjustified looks not yet reported to the authority, the soonest due first."""
    return _shown("breach_due_at IS NOT NULL AND breach_reported_at IS NULL ORDER BY breach_due_at", [])


def findings() -> list[Finding]:
    """Return whose looks were found unjustified, the most often first."""
    return [
        Finding(*one)
        for one in rows(
            "SELECT facility, officer, count(*), max(answered_at) FROM rights_request WHERE outcome = 'unjustified' "
            f"GROUP BY 1, 2 ORDER BY 3 DESC, 4 DESC LIMIT {LIST_LENGTH_MAX}"
        )
    ]


def look_numbered(person_id: int, look: int) -> Look:
    """Return a look at a person by its number in `audit`; raises NotFound when it was at somebody else, or there is none."""
    for record in records_of(resolve(person_id)):
        for one in looks_at(record, LOOKS_BACK_MAX):
            if one.audit_id == look:
                return one
    raise NotFound("Không có lượt xem này.", "There is no such look.", look=str(look)[:20])


def disputed(person_id: int) -> dict[tuple[int, datetime], RequestShown]:
    """Return a person's disputed looks by their number and moment, those taken back left out."""
    return {
        (one.look_id, one.looked_at): one
        for one in requests_of(person_id)
        if one.look_id is not None and one.looked_at is not None and one.state is not RequestState.WITHDRAWN
    }


def _shown(which: str, parameters: list[object], length: int = LIST_LENGTH_MAX) -> list[RequestShown]:
    limit = min(length, LIST_LENGTH_MAX)
    found = rows(f"SELECT {_COLUMNS} FROM rights_request WHERE {which} LIMIT {limit}", parameters)
    return [_request(*one) for one in found]


def _request(person_id: int, request_id: int, kind: str, *rest: Any) -> RequestShown:
    *told, state, outcome, answer, answered_at, breach_due_at, breach_reported_at = rest
    names = ("about", "words", "look_id", "looked_at", "facility", "officer", "call", "filed_by", "filed_at", "due_at")
    shown: dict[str, Any] = dict(zip(names, told, strict=True))
    return RequestShown(
        person_id=person_id,
        request_id=request_id,
        kind=RequestKind(kind),
        state=RequestState(state),
        outcome=None if outcome is None else Outcome(outcome),
        answer=answer,
        answered_at=answered_at,
        breach_due_at=breach_due_at,
        breach_reported_at=breach_reported_at,
        **shown,
    )
