"""What others may ask about submissions and what waits for matching: frozen answers only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansinh.database.sql import number, row, rows

UNPLACED_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """What became of a submission."""

    facility: str
    receipt: str
    kind: int
    state: str
    received_at: datetime
    settled_at: datetime | None
    episode: str | None
    version: int | None
    errors: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry about somebody not known for sure."""

    facility: str
    receipt: str
    entry: int
    reason: str
    candidate: int | None
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Registered:
    """A certificate of a facility, and whether it was withdrawn."""

    facility: str
    fingerprint: str
    subject: str
    valid_from: datetime
    valid_until: datetime
    registered_at: datetime
    withdrawn_at: datetime | None
    withdrawn_because: str | None


def submission(facility: str, receipt: str) -> SubmissionLine | None:
    """Return what became of a facility's submission, or None."""
    found = row(
        "SELECT facility, receipt, kind, state, received_at, settled_at, episode, version, errors FROM healthbook_submission "
        "WHERE facility = %s AND receipt = %s ORDER BY month DESC LIMIT 1",
        [facility, receipt],
    )
    if found is None:
        return None
    told = list(found)
    told[8] = _listed(told[8])
    return SubmissionLine(*told)


def states() -> dict[str, int]:
    """Return how many submissions are in each state."""
    return {
        str(state): int(count)
        for state, count in rows("SELECT state, count(*) FROM healthbook_submission GROUP BY 1 ORDER BY 1")
    }


def count_waiting_to_be_read() -> int:
    """Return how many submissions no worker has read yet."""
    return number("SELECT count(*) FROM healthbook_submission WHERE state = 'received'")


def certificates_of(facility: str) -> list[Registered]:
    """Return the certificates a facility signs its papers with, newest first, withdrawn ones too."""
    return [Registered(*one) for one in rows(_CERTIFICATES, [facility])]


def unplaced(length: int = 50) -> list[Waiting]:
    """Return entries that wait for matching, the oldest first."""
    found = rows(
        "SELECT facility, receipt, entry, reason, candidate, opened_at FROM healthbook_unplaced WHERE state = 'open' ORDER BY opened_at LIMIT %s",
        [min(length, UNPLACED_LENGTH_MAX)],
    )
    return [Waiting(*one) for one in found]


def _listed(errors: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(errors) if isinstance(errors, str) else (errors or [])
    return found


_CERTIFICATES = """
SELECT facility, fingerprint, subject, valid_from, valid_until, registered_at, withdrawn_at, withdrawn_because FROM healthbook_certificate
WHERE facility = %s ORDER BY registered_at DESC, fingerprint
"""
