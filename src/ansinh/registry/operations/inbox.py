"""Taking events in: the bytes and their receipt are one commit, before anything is acknowledged or asked for next."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ansinh.audit.operation import note, operation
from ansinh.database.sql import driver, execute, number, row, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import NotFound
from ansinh.registry.exchange import Delivered, Page
from ansinh.registry.operations.snapshots import PARTNER
from ansinh.registry.states import PARKED, WAITING

# Feed numbers asked for again in one message.
GAPS_ASKED_MAX = 1_000
# Feed numbers looked through at a time: a register that claims a head far away must not make us note a gap for every number up to it.
NUMBERS_LOOKED_THROUGH = 100_000
DAYS_BEHIND, DAYS_AHEAD = timedelta(days=31), timedelta(days=62)


@dataclass
class _Sorted:
    """A message's events by what is to be done with them."""

    new: list[Delivered] = field(default_factory=list)
    cured: list[Delivered] = field(default_factory=list)
    still_parked: list[Delivered] = field(default_factory=list)
    contradicting: list[Delivered] = field(default_factory=list)
    repeated: int = 0


@operation(permission="registry.synchronise")
def receive(*, actor: Actor, reason: str, clock: Clock, page: Page, channel: str) -> int:
    """Keep a message's events as they came and return how many are new or were cured; the same message again changes nothing.

    `channel` is `page`, `asked_again` or `notified`. Those that cannot be believed are parked at once; a parked one that comes again whole waits for its
    turn. Other bytes well signed under a known id are kept as a contradiction, never applied.
    """
    now = clock.now()
    execute("SELECT pg_advisory_xact_lock(hashtext('registry.inbox'))")
    today = legal_day(now)
    execute("SELECT registry_ensure_months(%s, %s)", [today - DAYS_BEHIND, today + DAYS_AHEAD])
    found = _sorted(page.events)
    message_no = uuid.uuid4()
    parked = sum(event.doubt is not None for event in found.new)
    execute(
        "INSERT INTO registry_feed_message (message_no, received_at, channel, sha256, events, new, repeated, parked)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [message_no, now, channel, page.sha256, len(page.events), len(found.new), found.repeated, parked],
    )
    _keep(found, message_no, now)
    execute(
        "UPDATE registry_gap SET closed_at = %s WHERE closed_at IS NULL AND feed_no = ANY(%s)",
        [now, [event.feed_no for event in page.events]],
    )
    # The position is read up to; only a page that follows ours moves it, so that two readers cannot leave a page out.
    if channel == "page":
        execute(
            "UPDATE registry_feed SET cursor = greatest(cursor, %s), head = greatest(head, %s), read_at = %s WHERE partner = %s",
            [page.next_after, page.head, now, PARTNER],
        )
    elif channel == "notified":
        execute("UPDATE registry_feed SET head = greatest(head, %s) WHERE partner = %s", [page.head, PARTNER])
    note(events=len(page.events), new=len(found.new), parked=parked, cured=len(found.cured), repeated=found.repeated)
    return len(found.new) + len(found.cured)


def _sorted(events: Sequence[Delivered]) -> _Sorted:
    """Sort a message's events; of several under one id a believable one goes first."""
    result = _Sorted()
    # The digest of what was never believed says nothing: the same bytes under a signature that holds are another matter.
    known = {
        event_id: (state, digest)
        for event_id, state, digest in rows(
            "SELECT event_id, state, CASE WHEN pin IS NULL THEN '' ELSE encode(sha256(body), 'hex') END FROM registry_event WHERE event_id = ANY(%s)",
            [[event.event_id for event in events]],
        )
    }
    for event in sorted(events, key=lambda one: one.doubt is not None):
        digest = hashlib.sha256(event.body).hexdigest()
        state, known_digest = known.get(event.event_id, (None, None))
        if state is None:
            result.new.append(event)
            known[event.event_id] = (WAITING, digest) if event.doubt is None else (PARKED, "")
        elif state == PARKED and event.doubt is None and known_digest != digest:
            result.cured.append(event)
            known[event.event_id] = (WAITING, digest)
        elif state == PARKED and event.doubt is not None:
            result.still_parked.append(event)
        elif event.doubt is None and known_digest != digest:
            result.contradicting.append(event)
        else:
            result.repeated += 1
    return result


def _keep(found: _Sorted, message_no: uuid.UUID, now: datetime) -> None:
    with driver().cursor() as cursor:
        cursor.executemany(_INSERT, [_row(event, message_no, now) for event in found.new])
        cursor.executemany(_CURE, [_row(event, message_no, now) for event in found.cured])
        cursor.executemany(
            "UPDATE registry_event SET attempts = least(attempts + 1, 32000) WHERE event_id = %s AND state = 'parked'",
            [[event.event_id] for event in found.still_parked],
        )
        cursor.executemany(
            "INSERT INTO registry_contradiction (event_id, sha256, body, signature, received_at) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [
                [event.event_id, hashlib.sha256(event.body).hexdigest(), event.body, event.signature, now]
                for event in found.contradicting
            ],
        )


def _row(event: Delivered, message_no: uuid.UUID, now: datetime) -> dict[str, object]:
    told = event.told
    return {
        "event_id": event.event_id,
        "told_on": event.told_on,
        "feed_no": event.feed_no,
        "pin": told.pin if told else None,
        "sequence": told.sequence if told else None,
        "kind": told.kind if told else None,
        "happened_on": told.happened_on if told else None,
        "state": WAITING if told else PARKED,
        "reason": event.doubt,
        "body": event.body,
        "signature": event.signature,
        "message_no": message_no,
        "now": now,
    }


_INSERT = """
INSERT INTO registry_event (event_id, told_on, feed_no, pin, sequence, kind, happened_on, state, reason, attempts, body, signature, message_no, received_at)
VALUES (%(event_id)s, %(told_on)s, %(feed_no)s, %(pin)s, %(sequence)s, %(kind)s, %(happened_on)s, %(state)s, %(reason)s, 1, %(body)s, %(signature)s,
        %(message_no)s, %(now)s)
ON CONFLICT DO NOTHING
"""

_CURE = """
UPDATE registry_event SET feed_no = %(feed_no)s, pin = %(pin)s, sequence = %(sequence)s, kind = %(kind)s, happened_on = %(happened_on)s, state = 'waiting',
       reason = NULL, settled_at = NULL, attempts = least(attempts + 1, 32000), body = %(body)s, signature = %(signature)s, message_no = %(message_no)s
WHERE event_id = %(event_id)s AND state = 'parked'
"""


@operation(permission="registry.synchronise")
def note_gaps(*, actor: Actor, reason: str, clock: Clock) -> list[int]:
    """Find the feed numbers that were jumped over, and return the oldest of those still missing, to be asked for again; looks through some at a time.

    Only once the feed was read to its end: before that, what is missing may stand on a later page.
    """
    feed = row("SELECT whole_until, cursor, head FROM registry_feed WHERE partner = %s FOR UPDATE", [PARTNER])
    if feed is None or feed[1] < feed[2]:
        return []
    whole_until, head = int(feed[0]), min(int(feed[2]), int(feed[0]) + NUMBERS_LOOKED_THROUGH)
    missing = "SELECT n FROM generate_series(%s::bigint, %s::bigint) n WHERE NOT EXISTS (SELECT FROM registry_event e WHERE e.feed_no = n)"
    noticed = execute(
        f"INSERT INTO registry_gap (feed_no, noticed_at, asked) SELECT n, %s, 0 FROM ({missing}) m(n) ON CONFLICT DO NOTHING",
        [clock.now(), whole_until + 1, head],
    )
    oldest = number("SELECT coalesce(min(feed_no) - 1, %s) FROM registry_gap WHERE closed_at IS NULL", [head])
    execute("UPDATE registry_feed SET whole_until = %s WHERE partner = %s", [oldest, PARTNER])
    asked = rows(
        "UPDATE registry_gap SET asked = asked + 1 WHERE feed_no IN"
        " (SELECT feed_no FROM registry_gap WHERE closed_at IS NULL ORDER BY feed_no LIMIT %s) RETURNING feed_no",
        [GAPS_ASKED_MAX],
    )
    note(noticed=noticed, asked=len(asked))
    return sorted(int(one[0]) for one in asked)


@operation(permission="registry.retry")
def let_try_again(*, actor: Actor, reason: str, event_id: str) -> None:
    """Let a parked event that could be read wait for its turn once more. Refuses (`not_found`) one that is not parked or could not be read."""
    changed = execute(
        "UPDATE registry_event SET state = %s, reason = NULL, settled_at = NULL, attempts = least(attempts + 1, 32000)"
        " WHERE event_id = %s AND state = %s AND pin IS NOT NULL",
        [WAITING, event_id, PARKED],
    )
    if not changed:
        raise NotFound(
            "Không có sự kiện nào đang tạm để riêng mang mã này, hoặc sự kiện không đọc được: hãy xin gửi lại.",
            "No parked event has this id, or it could not be read: ask the register for it again.",
        )
    note(event=event_id)
