"""What others may ask about who sees health books: frozen answers only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansinh.database.sql import rows
from ansinh.people.queries import records_of

GLASSES_MAX = 200


@dataclass(frozen=True, slots=True)
class ReadBook:
    """What of a book was told to whoever read it: `may` names the chapters; each part is as the gateway tells it, None where there is nothing."""

    person_id: int
    may: tuple[str, ...]
    book: dict[str, Any] | None
    referrals: list[dict[str, Any]] | None
    appointments: list[dict[str, Any]] | None
    papers: list[dict[str, Any]] | None


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person decided about their book: chapters hidden, and (facility, chapter, until) consented to."""

    hidden: tuple[str, ...]
    consents: tuple[tuple[str, str, datetime], ...]


@dataclass(frozen=True, slots=True)
class BrokenGlass:
    """An emergency as it was declared, and what was found of it."""

    person_id: int
    facility: str
    facility_name: str
    officer: str
    opened_at: datetime
    open_until: datetime
    reason: str
    finding: str | None
    judged_by: str | None


def decisions_of(person_id: int, at: datetime) -> Decisions:
    """Return what a person hides and consents to at a moment."""
    records = records_of(person_id)
    hidden = rows(
        "SELECT DISTINCT what FROM disclosure_restriction WHERE person_id = ANY(%s) AND shown_at IS NULL ORDER BY 1",
        [records],
    )
    consents = rows(
        "SELECT facility, what, valid_until FROM disclosure_consent WHERE person_id = ANY(%s) AND withdrawn_at IS NULL AND valid_until > %s "
        "ORDER BY facility, what",
        [records, at],
    )
    return Decisions(tuple(str(one[0]) for one in hidden), tuple((one[0], one[1], one[2]) for one in consents))


def glasses_of(person_id: int) -> list[BrokenGlass]:
    """Return every emergency in which a person's book was opened, newest first, at most GLASSES_MAX: the person reads this."""
    return _glasses("g.person_id = ANY(%s) ORDER BY g.opened_at DESC", [records_of(person_id)])


def glasses_to_judge() -> list[BrokenGlass]:
    """Return the emergencies the data-protection officer has not judged, oldest first, at most GLASSES_MAX."""
    return _glasses("g.judged_at IS NULL ORDER BY g.opened_at", [])


def _glasses(which: str, parameters: list[Any]) -> list[BrokenGlass]:
    found = rows(
        "SELECT g.person_id, g.facility, coalesce(f.name, g.facility), g.officer, g.opened_at, g.open_until, g.reason, g.finding, g.judged_by "
        f"FROM disclosure_glass g LEFT JOIN places_facility f ON f.code = g.facility WHERE {which} LIMIT {GLASSES_MAX}",
        parameters,
    )
    return [BrokenGlass(*one) for one in found]
