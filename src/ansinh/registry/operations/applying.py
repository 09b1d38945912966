"""Applying events: each person's in their order, the mirror, the event's state and what is announced in one commit."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
import psycopg

from ansinh.audit.operation import note, operation
from ansinh.database.sql import driver, execute, number, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.registry.effects import Contradicted, Effect, Withdrawn, effect_of
from ansinh.registry.mirror import COLUMNS, columns_of, known_records
from ansinh.registry.record import Record
from ansinh.registry.states import APPLIED, CONTAINED, PARKED, UNDONE
from ansinh.registry.told import Told, read_told

PERSONS_AT_ONCE = 500


@dataclass(frozen=True)
class Settled:
    """What became of an event whose turn came."""

    told: Told
    state: str
    reason: str | None = None
    before: Record | None = None
    effect: Effect | None = None


@dataclass
class PersonsTurn:
    """One person's waiting events in their order, and what the mirror and the inbox know beside them."""

    pin: str
    record: Record | None
    feed_no: int
    waiting: list[Told] = field(default_factory=list)
    heard: dict[int, str] = field(default_factory=dict)
    """Sequence → id of the event that was applied there."""
    applied: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    """Id → sequence and what the changed fields held before, of events applied and not undone."""

    def settle(self) -> list[Settled]:
        """Decide about each waiting event until one is missing before the next."""
        settled: list[Settled] = []
        for told in sorted(self.waiting, key=lambda one: (one.sequence, one.feed_no)):
            version = self.record.version if self.record else 0
            if told.sequence > version + 1:
                break
            settled.append(self._settle(told, version))
        return settled

    def _settle(self, told: Told, version: int) -> Settled:
        if told.sequence <= version:
            contained = told.sequence not in self.heard and told.feed_no <= self.feed_no
            return Settled(told, CONTAINED) if contained else Settled(told, PARKED, "sequence_taken")
        before = self.record
        try:
            effect = effect_of(before, told, self._withdrawn(told))
        except Contradicted as contradiction:
            return Settled(told, PARKED, contradiction.reason)
        self.record, self.feed_no = effect.record, max(self.feed_no, told.feed_no)
        self.heard[told.sequence] = told.event_id
        if told.withdraws is not None:
            self.applied.pop(told.withdraws, None)
        self.applied[told.event_id] = (told.sequence, effect.former)
        return Settled(told, APPLIED, before=before, effect=effect)

    def _withdrawn(self, told: Told) -> Withdrawn | None:
        """Return what a withdrawal takes back, or None when it is no withdrawal or we were given the person whole after that event."""
        found = self.applied.get(told.withdraws or "")
        if found is None:
            return None
        sequence, former = found
        later = frozenset(name for at, changed in self.applied.values() if at > sequence for name in changed)
        return Withdrawn(told.withdraws or "", former, later)


@operation(permission="registry.synchronise")
def apply_next(*, actor: Actor, reason: str, clock: Clock, at_most: int = PERSONS_AT_ONCE) -> int:
    """Apply the waiting events of up to `at_most` persons whose turn has come; returns how many events were settled, 0 when nothing is due.

    An event that contradicts what was told before is parked with the reason, and nobody else's waits for it.
    """
    execute("SELECT pg_advisory_xact_lock(hashtext('registry.mirror'))")
    turns = _turns(min(at_most, PERSONS_AT_ONCE))
    settled = {pin: turn.settle() for pin, turn in turns.items()}
    now = clock.now()
    try:
        with driver().transaction():
            _write([one for events in settled.values() for one in events], now)
    except (psycopg.DataError, psycopg.IntegrityError):
        settled = {pin: _one_by_one(events, now) for pin, events in settled.items()}
    outcomes = [one.state for events in settled.values() for one in events]
    counts = {state: outcomes.count(state) for state in (APPLIED, CONTAINED, PARKED)}
    note(**counts)
    return len(outcomes)


def _one_by_one(events: list[Settled], now: datetime) -> list[Settled]:
    """Write a person's events one after the other; the one the database refuses is parked, those behind it wait."""
    written: list[Settled] = []
    for event in events:
        try:
            with driver().transaction():
                _write([event], now)
            written.append(event)
        except (psycopg.DataError, psycopg.IntegrityError):
            parked = Settled(event.told, PARKED, "refused_by_database")
            _write([parked], now)
            return [*written, parked]
    return written


def _turns(at_most: int) -> dict[str, PersonsTurn]:
    due = rows(_DUE, [at_most])
    events: dict[str, list[Told]] = defaultdict(list)
    for pin, body in due:
        events[pin].append(read_told(bytes(body)))
    known = known_records(events)
    turns = {}
    for pin, told in events.items():
        record, feed_no = known.get(pin, (None, 0))
        turns[pin] = PersonsTurn(pin, record, feed_no, told)
    past = rows(
        "SELECT pin, event_id, sequence, state, former FROM registry_event WHERE pin = ANY(%s) AND state IN ('applied', 'undone')",
        [list(turns)],
    )
    for pin, event_id, sequence, state, former in past:
        turns[pin].heard[sequence] = event_id
        if state == APPLIED:
            turns[pin].applied[event_id] = (sequence, _json(former))
    return turns


def _json(value: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return loaded


def _write(settled: list[Settled], now: datetime) -> None:
    """Write what was decided; the version in the mirror must be the one it was decided on, or the database refuses."""
    applied = [one for one in settled if one.effect is not None]
    first_no = number("SELECT coalesce(max(announcement_no), 0) FROM registry_announcement") if applied else 0
    with driver().cursor() as cursor:
        cursor.executemany(_SETTLE, [_event_row(one, now) for one in settled])
        if settled and cursor.rowcount != len(settled):
            raise RuntimeError("events changed under the mirror's lock")
        cursor.executemany(
            _UNDO, [[one.told.event_id, one.told.withdraws, one.told.pin] for one in applied if one.told.withdraws]
        )
        cursor.executemany(_FORMER, [_former_row(one, now) for one in applied if one.before is not None])
        cursor.executemany(_ANNOUNCE, [_announced_row(one, no, now) for no, one in enumerate(applied, first_no + 1)])
        for one in applied:
            _put(cursor, one, now)


def _put(cursor: psycopg.Cursor[Any], one: Settled, now: datetime) -> None:
    assert one.effect is not None
    columns = columns_of(one.effect.record) | {
        "valid_from": one.told.happened_on,
        "recorded_at": now,
        "feed_no": one.told.feed_no,
    }
    names = [*COLUMNS, "valid_from", "recorded_at", "feed_no"]
    if one.before is None:
        marks = ", ".join(f"%({name})s" for name in names)
        cursor.execute(f"INSERT INTO registry_person ({', '.join(names)}) VALUES ({marks})", columns)
        return
    sets = ", ".join(f"{name} = %({name})s" for name in names if name not in {"pin", "feed_no"})
    cursor.execute(
        f"UPDATE registry_person SET {sets}, feed_no = greatest(feed_no, %(feed_no)s) WHERE pin = %(pin)s AND version = %(was)s",
        columns | {"was": one.before.version},
    )
    if cursor.rowcount != 1:
        raise RuntimeError("the mirror changed under its lock")


def _event_row(one: Settled, now: datetime) -> dict[str, object]:
    return {
        "event_id": one.told.event_id,
        "state": one.state,
        "reason": one.reason,
        "now": now,
        "former": None if one.effect is None else json.dumps(one.effect.former),
    }


def _former_row(one: Settled, now: datetime) -> dict[str, object]:
    assert one.before is not None
    record = msgspec.json.encode(columns_of(one.before)).decode()
    return {
        "pin": one.told.pin,
        "version": one.before.version,
        "now": now,
        "cause": one.told.event_id,
        "record": record,
    }


def _announced_row(one: Settled, announcement_no: int, now: datetime) -> dict[str, object]:
    assert one.effect is not None
    return {
        "pin": one.told.pin,
        "announcement_no": announcement_no,
        "announced_on": legal_day(now),
        "fact": one.effect.fact,
        "event_id": one.told.event_id,
        "happened_on": one.told.happened_on,
        "other_pin": one.effect.other_pin,
        "changed": json.dumps(one.effect.changed),
    }


# All waiting events of the persons of whom one is due, the longest waiting person first.
_DUE = """
WITH due AS (
    SELECT e.pin, min(e.feed_no) AS first_no FROM registry_event e LEFT JOIN registry_person p USING (pin)
    WHERE e.state = 'waiting' AND e.sequence <= coalesce(p.version, 0) + 1 GROUP BY e.pin ORDER BY first_no LIMIT %s
)
SELECT e.pin, e.body FROM registry_event e JOIN due USING (pin) WHERE e.state = 'waiting'
"""

_SETTLE = """
UPDATE registry_event SET state = %(state)s, reason = %(reason)s, settled_at = %(now)s, former = %(former)s
WHERE event_id = %(event_id)s AND state = 'waiting'
"""

_UNDO = f"""
UPDATE registry_event SET state = '{UNDONE}', withdrawn_by = %s WHERE event_id = %s AND pin = %s AND state IN ('{APPLIED}', '{CONTAINED}')
"""

# The moment the record was learned and true from stands in the mirror until it is changed below; of several versions in one commit only the first was seen.
_FORMER = """
INSERT INTO registry_former_record (pin, version, superseded_at, recorded_at, valid_from, cause, record)
SELECT p.pin, %(version)s, %(now)s, CASE WHEN p.version = %(version)s THEN p.recorded_at ELSE %(now)s END, p.valid_from, %(cause)s, %(record)s
FROM registry_person p WHERE p.pin = %(pin)s
"""

_ANNOUNCE = """
INSERT INTO registry_announcement (pin, announcement_no, announced_on, fact, event_id, happened_on, other_pin, changed)
VALUES (%(pin)s, %(announcement_no)s, %(announced_on)s, %(fact)s, %(event_id)s, %(happened_on)s, %(other_pin)s, %(changed)s)
"""
