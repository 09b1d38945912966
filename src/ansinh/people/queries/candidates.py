"""Who may be whom, as far as only a person can tell."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansinh.database.sql import row, rows
from ansinh.people.facts import READ

PAGE_LENGTH_MAX = 200
_NOT_REFUSED = """NOT EXISTS (
    SELECT FROM people_refusedcandidate r WHERE r.person_id = c.person_id AND r.register_pin = c.register_pin)"""


@dataclass(frozen=True, slots=True)
class OpenCandidate:
    """A person whose verdict waits for an officer, since when, and how many are offered."""

    person_id: int
    province: str
    rule: str
    since: datetime
    score: float | None
    offered: int


@dataclass(frozen=True, slots=True)
class OfferedCandidate:
    """Somebody of the register who may be the person: as the register knows them, and the person who carries that number now, if any.

    `registered` has the fields of `states.FIELDS`; it is None where the mirror of the register does not know the number any more.
    """

    rank: int
    register_pin: str
    score: float | None
    detail: dict[str, Any] | None
    holder: int | None
    registered: dict[str, str | None] | None


def open_candidates(
    province: str | None = None, length: int = 50, after: tuple[datetime, int] | None = None
) -> list[OpenCandidate]:
    """Return persons who wait for an officer, the longest waiting first; of one province, or all; at most PAGE_LENGTH_MAX, those `after` (since, person)."""
    since, person = after or (None, None)
    found = rows(
        f"""
        SELECT v.person_id, p.province, v.rule, v.decided_at, v.score, (
            SELECT count(*) FROM people_candidate c WHERE c.person_id = v.person_id AND c.decided_at = v.decided_at AND {_NOT_REFUSED})
        FROM people_verdict v JOIN people_person p USING (person_id)
        WHERE v.superseded_at IS NULL AND v.verdict = 'candidate' AND (%(province)s::text IS NULL OR p.province = %(province)s)
        AND (%(since)s::timestamptz IS NULL OR (v.decided_at, v.person_id) > (%(since)s::timestamptz, %(person)s::bigint))
        ORDER BY v.decided_at, v.person_id LIMIT %(length)s
        """,
        {"province": province, "length": min(length, PAGE_LENGTH_MAX), "since": since, "person": person},
    )
    return [OpenCandidate(*one) for one in found]


def waits_since(person_id: int) -> datetime | None:
    """Return since when a person waits for an officer; None when they do not."""
    found = row(
        "SELECT decided_at FROM people_verdict WHERE person_id = %s AND superseded_at IS NULL AND verdict = 'candidate'",
        [person_id],
    )
    return found[0] if found else None


def candidates_of(person_id: int) -> list[OfferedCandidate]:
    """Return who is offered to an officer for a person, best first; whom an officer refused is left out."""
    registered = ", ".join(f"'{field}', {text.replace('p.', 'r.')}" for field, text in READ.items() if field != "pin")
    found = rows(
        f"""
        SELECT c.rank, c.register_pin, c.score, c.detail::text, i.person_id,
               CASE WHEN r.pin IS NOT NULL THEN json_build_object({registered})::text END
        FROM people_verdict v JOIN people_candidate c USING (person_id, decided_at)
        LEFT JOIN people_identifier i ON i.scheme = 'pin' AND i.value = c.register_pin AND i.valid_until IS NULL
        LEFT JOIN registry_people_v1 r ON r.pin = c.register_pin
        WHERE v.person_id = %s AND v.superseded_at IS NULL AND v.verdict = 'candidate' AND {_NOT_REFUSED} ORDER BY c.rank
        """,
        [person_id],
    )
    return [
        OfferedCandidate(
            rank,
            pin,
            score,
            json.loads(detail) if detail else None,
            holder,
            json.loads(registered) if registered else None,
        )
        for rank, pin, score, detail, holder, registered in found
    ]
