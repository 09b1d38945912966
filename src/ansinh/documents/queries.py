"""What others may ask about papers and received files: frozen answers only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ansinh.database.sql import row, rows

PAPERS_LENGTH_MAX = 200
_COLUMNS = "person_id, number, kind, media_type, sha256, signature, issued_at, issued_by"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper issued to a person, without its bytes."""

    person_id: int
    number: str
    kind: str
    media_type: str
    sha256: str
    signature: str
    issued_at: datetime
    issued_by: str


def papers_of(person_id: int, length: int = 50) -> list[Paper]:
    """Return the newest papers of a person, newest first; at most PAPERS_LENGTH_MAX."""
    query = f"SELECT {_COLUMNS} FROM documents_paper WHERE person_id = %s ORDER BY issued_at DESC, number DESC LIMIT %s"
    return [Paper(*one) for one in rows(query, [person_id, min(length, PAPERS_LENGTH_MAX)])]


def paper(person_id: int, number: str) -> tuple[Paper, bytes] | None:
    """Return a person's paper by its number with its bytes, or None."""
    query = f"SELECT {_COLUMNS}, content FROM documents_paper WHERE person_id = %s AND number = %s"
    found = row(query, [person_id, number])
    return (Paper(*found[:-1]), bytes(found[-1])) if found else None


def incoming(sha256: str) -> bytes | None:
    """Return a received file by its digest, or None."""
    found = row("SELECT content FROM documents_incoming WHERE sha256 = %s", [sha256])
    return bytes(found[0]) if found else None
