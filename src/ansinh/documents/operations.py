"""What may be done to documents: issue a paper, keep a received file. Nothing is ever changed or removed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from joserfc.jwk import ECKey

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, number, row
from ansinh.documents.queries import Paper
from ansinh.documents.signatures import sign
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput

CONTENT_BYTES_MAX = 20_000_000


@dataclass(frozen=True, slots=True)
class NewPaper:
    """Bytes to issue: what kind of paper, of which media type, and the letters its number begins with."""

    kind: str
    prefix: str
    media_type: str
    content: bytes


@operation(permission="documents.issue")
def issue_paper(*, actor: Actor, reason: str, clock: Clock, person_id: int, new: NewPaper, key: ECKey) -> Paper:
    """Issue a paper: sign its bytes, give it a number, keep it. The same bytes of that kind for that person are one paper, however often asked for.

    Refuses an empty or too large one (`invalid_input`).
    """
    _check_size(new.content)
    now, digest = clock.now(), hashlib.sha256(new.content).hexdigest()
    execute("SELECT pg_advisory_xact_lock(hashtext('documents.paper'), (%s %% 2147483647)::integer)", [person_id])
    known = row(
        "SELECT person_id, number, kind, media_type, sha256, signature, issued_at, issued_by FROM documents_paper "
        "WHERE person_id = %s AND kind = %s AND sha256 = %s",
        [person_id, new.kind, digest],
    )
    if known:
        note(person=person_id, paper=str(known[1]), already_issued=1)
        return Paper(*known)
    serial = number("SELECT nextval('documents_paper_number')")
    made = Paper(
        person_id,
        f"{new.prefix}-{legal_day(now).year}-{serial:08}",
        new.kind,
        new.media_type,
        digest,
        sign(new.content, key),
        now,
        actor.named(),
    )
    execute("SELECT documents_ensure_month(%s)", [now])
    execute(
        "INSERT INTO documents_paper (person_id, number, kind, media_type, sha256, signature, issued_at, issued_by, content) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [person_id, made.number, made.kind, made.media_type, digest, made.signature, now, made.issued_by, new.content],
    )
    note(person=person_id, paper=made.number)
    return made


@operation(permission="documents.receive")
def keep_incoming(*, actor: Actor, reason: str, clock: Clock, media_type: str, content: bytes) -> str:
    """Keep a received file as it came and return its SHA-256; one kept already is kept once. Refuses an empty or too large one (`invalid_input`)."""
    _check_size(content)
    digest = hashlib.sha256(content).hexdigest()
    kept = execute(
        "INSERT INTO documents_incoming (sha256, media_type, content, received_at, received_from) VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT (sha256) DO NOTHING",
        [digest, media_type, content, clock.now(), actor.named()],
    )
    note(bytes=len(content), already_kept=1 - kept)
    return digest


def _check_size(content: bytes) -> None:
    if not 0 < len(content) <= CONTENT_BYTES_MAX:
        raise InvalidInput(
            f"Tệp có {len(content):,} byte; cần từ 1 đến {CONTENT_BYTES_MAX:,} byte.",
            f"The file has {len(content):,} bytes; 1 to {CONTENT_BYTES_MAX:,} are needed.",
            field="content",
        )
