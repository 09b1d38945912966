"""Files handed in with an application: attach, take away before submission, open with a purpose that whom it is about sees."""

from __future__ import annotations

import hashlib

from ansinh.audit.operation import note, note_read, operation
from ansinh.database.sql import execute, number, row
from ansinh.foundation.actor import Actor, ActorKind, By
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.foundation.period import Month
from ansinh.foundation.purpose import Purpose
from ansinh.services.acting import the_applicants
from ansinh.services.attachments.bytes_kept import folded, opened
from ansinh.services.attachments.judging import judged
from ansinh.services.attachments.refusing import refused
from ansinh.services.rows import Application, locked, not_in_state
from ansinh.services.states import ApplicationState

FILES_MAX = 20
FILES_BYTES_MAX = 50_000_000
OTHER = "other"
_OPEN_FOR_FILES = frozenset({ApplicationState.DRAFT, ApplicationState.WAITING_SUPPLEMENT})


@operation(permission="services.apply")
def attach_file(
    *, actor: Actor, reason: str, clock: Clock, reference: str, paper: str, name: str, content: bytes
) -> int:
    """Keep a file with a draft, or with an application that waits for a supplement, and return its number; the same bytes again are one.

    `paper`: which paper of the catalogue it is, or `other`. Refuses a file by its content (`attachment_refused`, with the rule), an unknown paper
    (`invalid_input`), an application of somebody else (`not_found`), and one in another state (`application_not_in_state`).
    """
    plain, media_type = judged(name, content)
    by, one = By(actor, reason, clock.now()), the_applicants(actor, reference)
    if one.state not in _OPEN_FOR_FILES:
        raise not_in_state(one)
    if paper != OTHER and paper not in {each.key for each in one.told.papers}:
        raise InvalidInput("Dịch vụ này không cần giấy tờ đó.", "This service has no such paper.", field="paper")
    _require_room(one, len(content))
    month, digest = Month.containing(by.today).number(), hashlib.sha256(content).digest()
    execute("SELECT services_ensure_month(%s)", [month])
    kept = number(
        """
        INSERT INTO services_attachment AS t (person_id, attachment_id, month, application_id, paper, name, media_type, sha256, size, content, added_at,
            added_by)
        VALUES (%s, nextval('services_attachment_numbers'), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (person_id, application_id, sha256, month) DO UPDATE SET content = excluded.content, removed_at = NULL, name = excluded.name,
            paper = excluded.paper, added_at = excluded.added_at, added_by = excluded.added_by
        RETURNING attachment_id
        """,
        [
            one.person_id,
            month,
            one.application_id,
            paper,
            plain,
            media_type,
            digest,
            len(content),
            folded(content),
            by.moment,
            actor.named(),
        ],
    )
    note(application=one.application_id, attachment=kept, bytes=len(content), media_type=media_type)
    return kept


@operation(permission="services.apply")
def remove_attachment(*, actor: Actor, reason: str, clock: Clock, reference: str, attachment_id: int) -> None:
    """Take a file away from what is not submitted yet, or not handed in again: its bytes go, its row stays. One that is away already stays away.

    Refuses an unknown one (`not_found`), and an application in another state (`application_not_in_state`).
    """
    one = the_applicants(actor, reference)
    if one.state not in _OPEN_FOR_FILES:
        raise not_in_state(one)
    found = row(
        "SELECT added_at, removed_at FROM services_attachment WHERE person_id = %s AND attachment_id = %s AND application_id = %s",
        [one.person_id, attachment_id, one.application_id],
    )
    if found is None or (one.submitted_at is not None and found[0] <= one.submitted_at):
        raise _no_attachment(attachment_id)
    if found[1] is None:
        execute(
            "UPDATE services_attachment SET content = NULL, removed_at = %s WHERE person_id = %s AND attachment_id = %s",
            [clock.now(), one.person_id, attachment_id],
        )
    note(application=one.application_id, attachment=attachment_id)


@operation(permission="services.read", reads="attachment of an application")
def read_attachment(
    *, actor: Actor, reason: str, clock: Clock, reference: str, attachment_id: int, purpose: Purpose
) -> tuple[str, str, bytes]:
    """Return an attachment's name, media type and bytes, and write down who opened it for what; whom it is about sees that.

    Refuses an unknown one or one taken away, and of a person somebody else's (`not_found`). Raises BytesChanged where the bytes are not those handed in.
    """
    own = actor.kind is ActorKind.PERSON
    one = the_applicants(actor, reference) if own else locked(reference)
    note_read(one.person_id, Purpose.OWN_RECORD if own else purpose)
    note(application=one.application_id, attachment=attachment_id)
    found = row(
        "SELECT name, media_type, content, size, sha256 FROM services_attachment"
        " WHERE person_id = %s AND attachment_id = %s AND application_id = %s AND removed_at IS NULL",
        [one.person_id, attachment_id, one.application_id],
    )
    if found is None:
        raise _no_attachment(attachment_id)
    name, media_type, kept, size, digest = found
    content = opened(bytes(kept), size, bytes(digest))
    if not own:
        execute(
            "INSERT INTO services_reading (person_id, attachment_id, read_at, reader, purpose, reason) VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [one.person_id, attachment_id, clock.now(), actor.named(), purpose.code, reason],
        )
    return name, media_type, content


def _require_room(one: Application, size: int) -> None:
    found = row(
        "SELECT count(*), coalesce(sum(size), 0) FROM services_attachment WHERE person_id = %s AND application_id = %s AND removed_at IS NULL",
        [one.person_id, one.application_id],
    )
    assert found is not None
    if found[0] >= FILES_MAX or found[1] + size > FILES_BYTES_MAX:
        raise refused("too_many")


def _no_attachment(number_: int) -> NotFound:
    return NotFound(f"Không có tệp số {number_}.", f"There is no attachment {number_}.", attachment=number_)
