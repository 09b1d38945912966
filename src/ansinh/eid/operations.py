"""What may be done about apps that are told of changes: say where, take what is due, record what came of it, try dead ones again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput

TAKEN_MAX = 200
URL_LENGTH_MAX = 300
# Between tries; while one is under way, and after a crash, nobody else tries for the first of them. After the last a change is dead.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (60, 120, 600, 3_600, 6 * 3_600, 24 * 3_600))
# What was told is forgotten after so long: the app knows, and the audit has the pulls.
KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changed: where to tell it, and what is told."""

    person_id: int
    change_no: int
    url: str
    watch: str
    what: str
    noted_at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class Told:
    """What came of telling a change: heard, or the kind of trouble in one word."""

    change: Change
    trouble: str | None


@operation(permission="eid.set_receiver")
def set_receiver(*, actor: Actor, reason: str, clock: Clock, client_no: int, url: str) -> None:
    """Say where an app wants to be told of changes; anew, the former address is left. Refuses an address that is none (`invalid_input`)."""
    if (
        not url.startswith(("https://", "http://127.0.0.1"))
        or len(url) > URL_LENGTH_MAX
        or not url.isascii()
        or set(url) & set("?# \t\n")
    ):
        raise InvalidInput(
            "Địa chỉ nhận tin phải là https, không có tham số, không quá 300 ký tự.",
            "The address must be https, without parameters, of at most 300 characters.",
            field="url",
        )
    execute(
        "INSERT INTO eid_receiver (client_no, url, since) VALUES (%s, %s, %s) ON CONFLICT (client_no) DO UPDATE SET url = excluded.url, since = excluded.since",
        [client_no, url, clock.now()],
    )
    note(client=client_no)


@operation(permission="eid.deliver")
def take_due(*, actor: Actor, reason: str, clock: Clock) -> tuple[Change, ...]:
    """Take the changes whose time has come, at most one of a citizen and app: the oldest, so that they are told in order; those behind it wait.

    Each is tried again after a pause unless `record` says that it was heard, so a crash in between loses nothing.
    """
    now = clock.now()
    found = rows(_TAKE, {"now": now, "most": TAKEN_MAX, "pauses": list(PAUSES)})
    execute("DELETE FROM eid_change WHERE delivered_at < %s", [now - KEPT_FOR])
    note(taken=len(found))
    return tuple(Change(*one) for one in found)


@operation(permission="eid.deliver")
def record_told(*, actor: Actor, reason: str, clock: Clock, told: Sequence[Told]) -> int:
    """Record what came of telling changes; one that was tried too often is dead, and those behind it go on. Returns how many are dead now."""
    now, dead = clock.now(), 0
    for one in told:
        key = [one.change.person_id, one.change.change_no]
        if one.trouble is None:
            execute(
                "UPDATE eid_change SET delivered_at = %s, trouble = NULL WHERE person_id = %s AND change_no = %s",
                [now, *key],
            )
        elif one.change.tries >= len(PAUSES):
            dead += execute(
                "UPDATE eid_change SET dead_at = %s, trouble = %s WHERE person_id = %s AND change_no = %s",
                [now, one.trouble, *key],
            )
        else:
            execute("UPDATE eid_change SET trouble = %s WHERE person_id = %s AND change_no = %s", [one.trouble, *key])
    note(told=len(told), dead=dead)
    return dead


@operation(permission="eid.deliver")
def revive_dead(*, actor: Actor, reason: str, clock: Clock) -> int:
    """Let every dead change be told again, as after an app was mended; returns how many."""
    done = execute(
        "UPDATE eid_change SET dead_at = NULL, tries = 0, next_try_at = %s WHERE dead_at IS NOT NULL", [clock.now()]
    )
    note(revived=done)
    return done


_TAKE = """
WITH due AS MATERIALIZED (
    SELECT c.person_id, c.change_no FROM eid_change c
    WHERE c.delivered_at IS NULL AND c.dead_at IS NULL AND c.next_try_at <= %(now)s
    AND NOT EXISTS (SELECT FROM eid_change b WHERE b.person_id = c.person_id AND b.client_no = c.client_no AND b.change_no < c.change_no
        AND b.delivered_at IS NULL AND b.dead_at IS NULL)
    ORDER BY c.next_try_at, c.change_no LIMIT %(most)s FOR UPDATE OF c SKIP LOCKED
)
UPDATE eid_change c SET tries = c.tries + 1, next_try_at = %(now)s + (%(pauses)s::interval[])[least(c.tries + 1, cardinality(%(pauses)s::interval[]))]
FROM due, eid_receiver r
WHERE (c.person_id, c.change_no) = (due.person_id, due.change_no) AND r.client_no = c.client_no
RETURNING c.person_id, c.change_no, r.url, c.watch::text, c.what, c.noted_at, c.tries
"""
