"""Telling an event: the register changes its own record and appends the event to the feed, in the caller's transaction."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

import msgspec

from ansinh_sandbox.register.record import COLUMNS, FIELDS, as_record

_VIET_NAM = timezone(timedelta(hours=7))
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Told:
    """An event as it was told."""

    event_id: str
    feed_no: int
    pin: str


def tell(
    connection: sqlite3.Connection,
    kind: str,
    pin: str,
    days: tuple[date, date],
    *,
    changes: dict[str, Any] | None = None,
    record: dict[str, Any] | None = None,
    withdraws: str | None = None,
) -> Told:
    """Let something happen to a person and tell it; `days` are the one on which it happened and the one on which it is told.

    A `record` brings a new number; `changes` changes fields; `withdraws` puts back what that event changed.
    """
    happened_on, told_on = days
    (head,) = connection.execute("SELECT coalesce(max(feed_no), 0) FROM event").fetchone()
    feed_no = int(head) + 1
    event_id = str(uuid.UUID(bytes=hashlib.sha256(f"{feed_no}:{kind}:{pin}".encode()).digest()[:16]))
    if withdraws is not None:
        changes = _taken_back(connection, withdraws, event_id, told_on)
    if record is not None:
        sequence, former = 1, {}
        _add(connection, record | {"version": 1})
    else:
        assert changes is not None
        before = as_record(connection.execute(f"SELECT {COLUMNS} FROM person WHERE pin = ?", (pin,)).fetchone())
        sequence, former = int(before["version"]) + 1, {name: before[name] for name in changes}
        _change(connection, pin, changes | {"version": sequence})
    # Seconds of the working day in the order of telling; the feed number orders, not the clock.
    told_at = datetime(told_on.year, told_on.month, told_on.day, 8, tzinfo=_VIET_NAM) + timedelta(
        seconds=feed_no % 30_000
    )
    body = _encode(
        {
            "event_id": event_id, "feed_no": feed_no, "kind": kind, "pin": pin, "sequence": sequence,
            "happened_on": happened_on.isoformat(), "told_at": told_at.isoformat(),
            **({"record": {name: value for name, value in record.items() if value is not None}} if record is not None else {}),
            **({"changes": changes} if changes is not None else {}),
            **({"withdraws": withdraws} if withdraws is not None else {}),
        }
    )  # fmt: skip
    connection.execute(
        "INSERT INTO event (feed_no, event_id, pin, sequence, kind, told_on, body, former) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (feed_no, event_id, pin, sequence, kind, told_on.isoformat(), body, json.dumps(former)),
    )
    return Told(event_id, feed_no, pin)


def _taken_back(connection: sqlite3.Connection, withdraws: str, by: str, on: date) -> dict[str, Any]:
    """Return what the fields a withdrawn event changed hold without it; a number it brought is cancelled."""
    (former,) = connection.execute("SELECT former FROM event WHERE event_id = ?", (withdraws,)).fetchone()
    connection.execute("UPDATE event SET withdrawn_by = ? WHERE event_id = ?", (by, withdraws))
    restored: dict[str, Any] = json.loads(former)
    return restored or {"cancelled_on": on.isoformat()}


def _add(connection: sqlite3.Connection, record: dict[str, Any]) -> None:
    columns = [*FIELDS, "born_in_province", "ethnicity"]
    values = [*(record.get(name) for name in FIELDS), str(record["pin"])[:3], "Kinh"]
    connection.execute(f"INSERT INTO person ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", values)


def _change(connection: sqlite3.Connection, pin: str, changes: dict[str, Any]) -> None:
    fields = ", ".join(f"{name} = ?" for name in changes)
    connection.execute(f"UPDATE person SET {fields} WHERE pin = ?", (*changes.values(), pin))
