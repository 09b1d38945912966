"""Sessions of citizens: rows found by a digest of the key that the browser holds alone. 30 minutes at rest, 12 hours in all, a new key at each proof."""

from __future__ import annotations

import hashlib
import secrets as chance
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ansinh.database.sql import execute, row, rows
from ansinh.signin.states import Channel

IDLE_MAX = timedelta(minutes=30)
WHOLE_MAX = timedelta(hours=12)
# How long before the end of a rest a page says so.
WARNED_BEFORE = timedelta(minutes=2)
# A session's rest is counted in minutes, so that not every page writes.
SEEN_EVERY = timedelta(minutes=1)
LEVEL_MIN, LEVEL_MAX = 1, 2
DEVICES_SHOWN_MAX = 50
ENTRIES_SHOWN_MAX = 100
_KEY_BYTES = 32
_KEY_LENGTH_MAX = 100
_MARK_LENGTH = 16


@dataclass(frozen=True)
class Citizen:
    """Who is signed in: the person, how surely (`level` 1 or 2), through what, and for whom they act now, if for somebody else.

    `session_id` names the session on pages and in forms: random, and good for nothing without the key. `acting_for` was allowed when it was set; ask again.
    """

    person_id: int
    level: int
    session_id: str
    channel: Channel
    language: str
    acting_for: int | None
    opened_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Device:
    """A place where a person is signed in now."""

    session_id: str
    device: str
    channel: Channel
    level: int
    opened_at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class Entry:
    """One sign-in of a person, or a step up to a surer level."""

    entered_at: datetime
    kind: str
    channel: Channel
    level: int
    device: str


def new_key() -> str:
    """Return the key of a session to be: 256 random bits."""
    return chance.token_urlsafe(_KEY_BYTES)


def digest_of(key: str) -> str:
    """Return under what a session's key is kept."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def session_id_of(key: str) -> str:
    """Return the name of a key's session on pages."""
    return hashlib.sha256(b"session " + key.encode()).hexdigest()[:_MARK_LENGTH]


_LIVE = "seen_at > %(rested)s AND opened_at > %(begun)s"


def _limits(now: datetime) -> dict[str, datetime]:
    return {"rested": now - IDLE_MAX, "begun": now - WHOLE_MAX}


def citizen_of(key: str, now: datetime) -> Citizen | None:
    """Return who a session's key stands for, and note that they are there; None for a key that is unknown, rested too long or is too old. Real clock."""
    if not 0 < len(key) <= _KEY_LENGTH_MAX:
        return None
    found = row(
        "SELECT person_id, level, session_id, channel, language, acting_for, opened_at, seen_at FROM signin_citizensession "
        f"WHERE key_digest = %(digest)s AND {_LIVE}",
        {"digest": digest_of(key), **_limits(now)},
    )
    if found is None:
        return None
    person_id, level, session_id, channel, language, acting_for, opened_at, seen_at = found
    if now - seen_at >= SEEN_EVERY:
        execute("UPDATE signin_citizensession SET seen_at = %s WHERE key_digest = %s", [now, digest_of(key)])
    ends_at = min(now + IDLE_MAX, opened_at + WHOLE_MAX)
    return Citizen(person_id, level, session_id, Channel(channel), language, acting_for, opened_at, ends_at)


def devices_of(records: Sequence[int], now: datetime) -> list[Device]:
    """Return where a person, known under these records, is signed in now, the latest used first."""
    found = rows(
        "SELECT session_id, device, channel, level, opened_at, seen_at FROM signin_citizensession "
        f"WHERE person_id = ANY(%(records)s) AND {_LIVE} ORDER BY seen_at DESC, session_id LIMIT {DEVICES_SHOWN_MAX}",
        {"records": list(records), **_limits(now)},
    )
    return [Device(one[0], one[1], Channel(one[2]), *one[3:]) for one in found]


def entries_of(records: Sequence[int], limit: int = ENTRIES_SHOWN_MAX) -> list[Entry]:
    """Return the newest sign-ins and steps up of a person known under these records, the newest first, at most `limit`."""
    found = rows(
        "SELECT entered_at, kind, channel, level, device FROM signin_citizenentry WHERE person_id = ANY(%s) "
        "ORDER BY entered_at DESC, entry_id LIMIT %s",
        [list(records), min(limit, ENTRIES_SHOWN_MAX)],
    )
    return [Entry(one[0], one[1], Channel(one[2]), *one[3:]) for one in found]
