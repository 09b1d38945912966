"""Citizens whom the national e-ID vouches for are let in, step up to a surer level, and leave: here, everywhere else, or because the e-ID says so."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.signin.citizens import IDLE_MAX, LEVEL_MAX, LEVEL_MIN, WHOLE_MAX, digest_of, new_key, session_id_of
from ansinh.signin.states import Channel, EntryKind

DEVICE_LENGTH_MAX = 120
# Clocks differ, so a message is remembered a little longer than it is good.
_HEARD_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Arrival:
    """Somebody the e-ID vouches for: who, how surely, and through what they came.

    `issuer`, `subject` and `provider_session` are what the e-ID calls them and their session there; `id_token` is its word, sealed, for signing out there.
    """

    person_id: int
    level: int
    channel: Channel
    device: str
    language: str = "vi"
    issuer: str = ""
    subject: str = ""
    provider_session: str = ""
    id_token: str = field(default="", repr=False)


@dataclass(frozen=True)
class EndedThere:
    """What the e-ID says has ended: a session by its name, or all of somebody; `token_id` and `until` so that it is heard once."""

    subject: str
    provider_session: str
    token_id: str
    until: datetime


@operation(permission="signin.let_citizen_in")
def let_citizen_in(*, actor: Actor, reason: str, clock: Clock, arrival: Arrival, entered_at: datetime) -> str:
    """Open a session and return its key, which nobody is told again. Pass the real clock; `entered_at` is the moment on the agency's, which figures count.

    Refuses (`invalid_input`) a level that does not exist.
    """
    _require_level(arrival.level)
    now, key = clock.now(), new_key()
    execute(
        "DELETE FROM signin_citizensession WHERE person_id = %s AND (seen_at <= %s OR opened_at <= %s)",
        [arrival.person_id, now - IDLE_MAX, now - WHOLE_MAX],
    )
    execute(
        """
        INSERT INTO signin_citizensession (key_digest, session_id, person_id, level, channel, device, language, issuer, subject, provider_session,
            id_token, opened_at, level_at, seen_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [digest_of(key), session_id_of(key), *_columns(arrival), now, now, now],
    )
    _enter(arrival, entered_at, EntryKind.SIGN_IN)
    note(person=arrival.person_id, level=arrival.level)
    return key


@operation(permission="signin.let_citizen_in")
def raise_level(
    *, actor: Actor, reason: str, clock: Clock, former_key: str, arrival: Arrival, entered_at: datetime
) -> str:
    """Let the same person go on under a new key and the level they have proved now; the former key ends. Pass the real clock.

    Whole hours count from the first sign-in. Refuses (`not_found`) a session that ended or is another person's.
    """
    _require_level(arrival.level)
    now, key = clock.now(), new_key()
    former = row(
        "DELETE FROM signin_citizensession WHERE key_digest = %s AND person_id = %s AND seen_at > %s AND opened_at > %s RETURNING opened_at, acting_for",
        [digest_of(former_key), arrival.person_id, now - IDLE_MAX, now - WHOLE_MAX],
    )
    if former is None:
        raise NotFound("Phiên đăng nhập đã kết thúc. Đăng nhập lại.", "The session has ended. Sign in again.")
    execute(
        """
        INSERT INTO signin_citizensession (key_digest, session_id, person_id, level, channel, device, language, issuer, subject, provider_session,
            id_token, opened_at, level_at, seen_at, acting_for)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [digest_of(key), session_id_of(key), *_columns(arrival), former[0], now, now, former[1]],
    )
    _enter(arrival, entered_at, EntryKind.STEP_UP)
    note(person=arrival.person_id, level=arrival.level)
    return key


@operation(permission="signin.leave")
def leave(*, actor: Actor, reason: str, key: str) -> str:
    """End the session of a key; returns the e-ID's sealed word that opened it, for signing out there, or nothing when there was no session."""
    found = row(
        "DELETE FROM signin_citizensession WHERE key_digest = %s RETURNING id_token, person_id", [digest_of(key)]
    )
    note(ended=int(found is not None), **({"person": int(found[1])} if found else {}))
    return str(found[0]) if found else ""


@operation(permission="signin.leave")
def end_other_sessions(*, actor: Actor, reason: str, records: Sequence[int], kept: str, only: str = "") -> int:
    """End the sessions of a person known under these records but the one called `kept`, or of the others `only` one (`session_id`); returns how many ended."""
    ended = execute(
        "DELETE FROM signin_citizensession WHERE person_id = ANY(%s) AND session_id <> %s AND (%s = '' OR session_id = %s)",
        [list(records), kept, only, only],
    )
    note(person=records[0], ended=ended)
    return ended


@operation(permission="signin.end_provider_sessions")
def end_provider_sessions(*, actor: Actor, reason: str, clock: Clock, issuer: str, ended: EndedThere) -> int:
    """End what the e-ID says has ended: its session by name, or all of somebody it calls `subject`; returns how many ended. Pass the real clock.

    Refuses (`invalid_input`) when neither is named, or the message was heard before. OpenID Connect Back-Channel Logout 1.0, sections 2.6 and 2.7.
    """
    subject, provider_session = ended.subject, ended.provider_session
    if not (subject or provider_session):
        raise InvalidInput(
            "Thông báo đăng xuất không nêu phiên nào.", "The logout names no session and nobody.", field="sub"
        )
    execute("DELETE FROM signin_heardlogout WHERE until < %s", [clock.now() - _HEARD_AFTER])
    heard = execute(
        "INSERT INTO signin_heardlogout (digest, until) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        [digest_of(f"{issuer} {ended.token_id}"), ended.until],
    )
    if not heard:
        raise InvalidInput("Thông báo đăng xuất đã nhận trước đó.", "This logout was heard before.", field="jti")
    gone = execute(
        """
        DELETE FROM signin_citizensession
        WHERE issuer = %s AND (%s = '' OR subject = %s) AND (%s = '' OR provider_session = %s)
        """,
        [issuer, subject, subject, provider_session, provider_session],
    )
    note(ended=gone)
    return gone


@operation(permission="signin.act_for")
def act_for(*, actor: Actor, reason: str, key: str, person_id: int, for_person_id: int | None) -> None:
    """Note in a person's session for whom they act now; None: for themselves. Whether they may is asked of the room that knows, before and at each page.

    Refuses (`not_found`) a session that ended or is another person's.
    """
    changed = execute(
        "UPDATE signin_citizensession SET acting_for = %s WHERE key_digest = %s AND person_id = %s",
        [for_person_id, digest_of(key), person_id],
    )
    if not changed:
        raise NotFound("Phiên đăng nhập đã kết thúc. Đăng nhập lại.", "The session has ended. Sign in again.")
    note(person=person_id, **({} if for_person_id is None else {"acting_for": for_person_id}))


def _require_level(level: int) -> None:
    if not LEVEL_MIN <= level <= LEVEL_MAX:
        raise InvalidInput("Mức định danh là 1 hoặc 2.", "The level of assurance is 1 or 2.", field="level")


def _columns(arrival: Arrival) -> list[object]:
    return [
        arrival.person_id,
        arrival.level,
        arrival.channel.value,
        arrival.device[:DEVICE_LENGTH_MAX],
        arrival.language,
        arrival.issuer,
        arrival.subject,
        arrival.provider_session,
        arrival.id_token,
    ]


def _enter(arrival: Arrival, entered_at: datetime, kind: EntryKind) -> None:
    execute("SELECT signin_ensure_month(%s)", [entered_at])
    execute(
        "INSERT INTO signin_citizenentry (person_id, entered_at, entry_id, kind, channel, level, device) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [
            arrival.person_id,
            entered_at,
            uuid.uuid4(),
            kind.value,
            arrival.channel.value,
            arrival.level,
            arrival.device[:DEVICE_LENGTH_MAX],
        ],
    )
