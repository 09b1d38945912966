"""What others may ask about the register's mirror: frozen answers only."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ansinh.database.sql import number, row, rows
from ansinh.registry.exchange import Bucket
from ansinh.registry.mirror import COLUMNS, SELECTED, record_from
from ansinh.registry.record import Record

PARTNER = "population-register"


@dataclass(frozen=True)
class FeedPosition:
    """How far the feed was read: positions up to `cursor`; up to `whole_until` no number is missing; `head` is the latest number told."""

    begins_after: int
    cursor: int
    whole_until: int
    head: int
    read_at: datetime


@dataclass(frozen=True)
class ParkedEvent:
    """An event that is not applied, and why (`states.PARKING_REASONS`)."""

    event_id: str
    feed_no: int
    kind: str | None
    reason: str
    attempts: int
    received_at: datetime


@dataclass(frozen=True)
class ErrorReport:
    """An error of the register as we reported it, and its state (`states.REPORT_NAMES`)."""

    reference: uuid.UUID
    pin: str
    field: str
    stated: str
    evidence: str
    state: str
    reported_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True)
class LastComparison:
    """The last comparison with the register: what was compared, which buckets differed, what was healed and what is left."""

    compared_at: datetime
    feed_no: int
    persons: int
    buckets: int
    differing: tuple[str, ...]
    healed: int
    left: int
    our_digest: int | None
    their_digest: int | None


@dataclass(frozen=True)
class Announced:
    """A fact about a number of the register; `changed` names fields, `other_pin` the number given instead, or before."""

    announcement_no: int
    fact: str
    pin: str
    other_pin: str | None
    event_id: str
    happened_on: date
    changed: tuple[str, ...]


def unfinished_snapshot() -> str | None:
    """Return the token of the snapshot that was begun last and not ended, or None."""
    found = row("SELECT token FROM registry_snapshot WHERE finished_at IS NULL ORDER BY asked_at DESC LIMIT 1")
    return str(found[0]) if found else None


def chunks_taken(token: str) -> frozenset[int]:
    """Return the numbers of a snapshot's chunks that are in."""
    return frozenset(
        int(one[0]) for one in rows("SELECT number FROM registry_snapshot_chunk WHERE token = %s", [token])
    )


def count_people() -> int:
    """Return how many people the mirror holds, cancelled numbers left out."""
    return number("SELECT count(*) FROM registry_people_v1")


def feed_position() -> FeedPosition | None:
    """Return how far the feed was read, or None before the first snapshot."""
    found = row(
        "SELECT begins_after, cursor, whole_until, head, read_at FROM registry_feed WHERE partner = %s", [PARTNER]
    )
    return FeedPosition(*found) if found else None


def count_events() -> dict[str, int]:
    """Return how many events are in each state."""
    return {
        state: int(count)
        for state, count in rows("SELECT state, count(*) FROM registry_event GROUP BY state ORDER BY state")
    }


def any_due() -> bool:
    """Tell whether the turn of some event has come."""
    return (
        row(
            "SELECT 1 FROM registry_event e LEFT JOIN registry_person p USING (pin)"
            " WHERE e.state = 'waiting' AND e.sequence <= coalesce(p.version, 0) + 1 LIMIT 1"
        )
        is not None
    )


def any_gap() -> bool:
    """Tell whether feed numbers are missing, or may be: the feed was read beyond what is known to be whole."""
    return row("SELECT 1 FROM registry_feed WHERE partner = %s AND whole_until < head", [PARTNER]) is not None


def parked_numbers(after: int, at_most: int) -> list[int]:
    """Return the feed numbers above `after` of parked events, in order."""
    found = rows(
        "SELECT feed_no FROM registry_event WHERE state = 'parked' AND feed_no > %s ORDER BY feed_no LIMIT %s",
        [after, at_most],
    )
    return [int(one[0]) for one in found]


def parked_events(at_most: int = 200) -> list[ParkedEvent]:
    """Return the parked events, the longest waiting first."""
    found = rows(
        "SELECT event_id, feed_no, kind, reason, attempts, received_at FROM registry_event WHERE state = 'parked' ORDER BY feed_no LIMIT %s",
        [at_most],
    )
    return [ParkedEvent(*values) for values in found]


def announcements_after(announcement_no: int, at_most: int) -> list[Announced]:
    """Return what was announced after a number, in order."""
    found = rows(
        "SELECT announcement_no, fact, pin, other_pin, event_id, happened_on, changed::text FROM registry_announcement"
        " WHERE announcement_no > %s ORDER BY announcement_no LIMIT %s",
        [announcement_no, at_most],
    )
    return [
        Announced(no, fact, pin, other_pin, event_id, happened_on, tuple(json.loads(changed)))
        for no, fact, pin, other_pin, event_id, happened_on, changed in found
    ]


def consumer_position(name: str) -> int:
    """Return the number of the last announcement a consumer has read; 0 before the first."""
    found = row("SELECT announcement_no FROM registry_consumer WHERE name = %s", [name])
    return int(found[0]) if found else 0


def count_unread(name: str) -> int:
    """Return how many announcements a consumer has not read."""
    return number("SELECT count(*) FROM registry_announcement WHERE announcement_no > %s", [consumer_position(name)])


def record_of(pin: str) -> Record | None:
    """Return the record under a number as known now, cancelled ones too, or None."""
    found = row(f"SELECT {SELECTED} FROM registry_person WHERE pin = %s", [pin])
    return record_from(dict(zip(COLUMNS, found, strict=True))) if found else None


def record_as_known(pin: str, at: datetime) -> Record | None:
    """Return the record under a number as the agency knew it at a moment, or None when it did not."""
    found = row(
        "SELECT to_jsonb(p)::text FROM registry_person p WHERE pin = %(pin)s AND recorded_at <= %(at)s"
        " UNION ALL SELECT record::text FROM registry_former_record WHERE pin = %(pin)s AND recorded_at <= %(at)s AND superseded_at > %(at)s",
        {"pin": pin, "at": at},
    )
    return record_from(json.loads(found[0])) if found else None


def buckets(suffix_digits: int, within: Sequence[tuple[str, str]]) -> list[Bucket]:
    """Count and hash the mirror's people by province and the last digits of their numbers, everybody or `within` some (province, suffix)."""
    found = rows(
        f"SELECT province, right(pin, %(digits)s), count(*), bit_xor(digest) FROM registry_person {_within(within)} GROUP BY 1, 2",
        {"digits": suffix_digits, **_places(within)},
    )
    return [Bucket(province, suffix, int(persons), int(digest)) for province, suffix, persons, digest in found]


def members(within: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return the digest of each of the mirror's records in some buckets, by number."""
    found = rows(f"SELECT pin, digest FROM registry_person {_within(within)}", _places(within))
    return {pin: int(digest) for pin, digest in found}


def _within(within: Sequence[tuple[str, str]]) -> str:
    return (
        "JOIN unnest(%(provinces)s::text[], %(suffixes)s::text[]) w(p, s) ON w.p = province AND w.s = right(pin, length(w.s))"
        if within
        else ""
    )


def _places(within: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    return {"provinces": [one[0] for one in within], "suffixes": [one[1] for one in within]}


def reports_in(state: str, at_most: int) -> list[ErrorReport]:
    """Return the error reports in a state, the oldest first."""
    found = rows(
        "SELECT reference, pin, field, stated, evidence, state, reported_at, sent_at FROM registry_error_report WHERE state = %s"
        " ORDER BY reported_at, reference LIMIT %s",
        [state, at_most],
    )
    return [ErrorReport(*values) for values in found]


def report_states(pins: Sequence[str]) -> dict[tuple[str, str], str]:
    """Return the state of the newest error report about each (number, field) of these numbers."""
    found = rows(
        "SELECT DISTINCT ON (pin, field) pin, field, state FROM registry_error_report WHERE pin = ANY(%s) ORDER BY pin, field, reported_at DESC, reference",
        [list(pins)],
    )
    return {(pin, field): state for pin, field, state in found}


def count_reports() -> dict[str, int]:
    """Return how many error reports are in each state."""
    found = rows("SELECT state, count(*) FROM registry_error_report GROUP BY state ORDER BY state")
    return {state: int(count) for state, count in found}


def last_comparison() -> LastComparison | None:
    """Return the last comparison with the register, or None."""
    found = comparisons(1)
    return found[0] if found else None


def comparisons(at_most: int) -> list[LastComparison]:
    """Return the comparisons with the register, the newest first."""
    found = rows(
        'SELECT compared_at, feed_no, persons, buckets, differing::text, healed, "left", our_digest, their_digest FROM registry_reconciliation'
        " ORDER BY compared_at DESC LIMIT %s",
        [at_most],
    )
    return [
        LastComparison(at, feed_no, persons, buckets, tuple(json.loads(differing)), *rest)
        for at, feed_no, persons, buckets, differing, *rest in found
    ]


@dataclass(frozen=True)
class UnansweredInquiry:
    """Numbers the register was to be asked about, whose answer is not in."""

    transaction_id: uuid.UUID
    pins: tuple[str, ...]


def unanswered_inquiries(at_most: int) -> list[UnansweredInquiry]:
    """Return the inquiries whose answer is not in, the oldest first."""
    found = rows(
        "SELECT transaction_id, pins::text FROM registry_inquiry WHERE answered_at IS NULL ORDER BY noted_at, transaction_id LIMIT %s",
        [at_most],
    )
    return [UnansweredInquiry(transaction_id, tuple(json.loads(pins))) for transaction_id, pins in found]
