"""Look at a record before deciding about it: what is held, what the comparison showed, who is offered, what officers decided. The person sees who looked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansinh.audit.operation import note_read, operation
from ansinh.database.sql import row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import NotFound
from ansinh.foundation.purpose import Purpose
from ansinh.people.queries.candidates import OfferedCandidate, candidates_of
from ansinh.people.queries.persons import Statement, person_as_known, statements_about
from ansinh.people.queries.requests import RequestLine, requests_about


@dataclass(frozen=True, slots=True)
class RecordShown:
    """A record as officers judge it. `fields` are those of `states.FIELDS`; `detail` holds the weights of the best candidate; `since`: the verdict's moment."""

    person_id: int
    fields: dict[str, str | None]
    verdict: str | None
    rule: str | None
    since: datetime | None
    detail: dict[str, Any]
    offered: tuple[OfferedCandidate, ...]
    statements: tuple[Statement, ...]
    requests: tuple[RequestLine, ...]


@operation(permission="people.show_record", reads="insured record")
def show_record(*, actor: Actor, reason: str, clock: Clock, person_id: int) -> RecordShown:
    """Return a record with its verdict, its candidates and its history; raises NotFound. It counts as read about its person."""
    known = person_as_known(person_id, clock.now())
    if known is None:
        raise NotFound(f"Không có hồ sơ #{person_id}.", f"There is no record #{person_id}.", person=person_id)
    note_read(person_id, Purpose.ADMINISTRATION)
    current = "SELECT verdict, rule, decided_at, detail::text FROM people_verdict WHERE person_id = %s AND superseded_at IS NULL"
    verdict, rule, since, detail = row(current, [person_id]) or (None, None, None, None)
    return RecordShown(
        person_id,
        known.fields,
        verdict,
        rule,
        since,
        json.loads(detail) if detail else {},
        tuple(candidates_of(person_id)),
        tuple(statements_about(person_id)),
        tuple(requests_about(person_id)),
    )
