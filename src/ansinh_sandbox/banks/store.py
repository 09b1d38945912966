"""A bank's own store: messages as they came, payments, the bookings on the agency's account, and files laid ready for it."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    message_no INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    body BLOB NOT NULL,                -- compressed
    taken_on TEXT NOT NULL,
    answered_on TEXT,
    recalled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS message_by_id ON message (message_id);
CREATE TABLE IF NOT EXISTS payment (   -- not unique by name: an unkind bank pays what it is told to pay
    payment_no INTEGER PRIMARY KEY,
    message_no INTEGER NOT NULL,
    end_to_end_id TEXT NOT NULL,
    account TEXT NOT NULL,
    amount INTEGER NOT NULL,
    fate TEXT NOT NULL,
    reason TEXT NOT NULL,
    return_on TEXT
);
CREATE INDEX IF NOT EXISTS payment_returning ON payment (return_on) WHERE return_on IS NOT NULL;
CREATE TABLE IF NOT EXISTS booking (   -- the agency's account; negative left it
    booking_no INTEGER PRIMARY KEY,
    booked_on TEXT NOT NULL,
    amount INTEGER NOT NULL,
    reference TEXT NOT NULL,
    words TEXT NOT NULL,
    end_to_end_id TEXT,                -- of a single payment; empty for a message booked as a whole
    message_no INTEGER
);
CREATE INDEX IF NOT EXISTS booking_by_day ON booking (booked_on);
CREATE TABLE IF NOT EXISTS credit (    -- the payees' accounts: the bank's own truth; negative was taken back
    end_to_end_id TEXT NOT NULL,
    account TEXT NOT NULL,
    amount INTEGER NOT NULL,
    credited_on TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS outgoing (
    file_no INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS holder (account TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the bank keeps it."""

    message_no: int
    message_id: str
    sha256: str
    taken_on: date
    answered_on: date | None
    recalled: bool


@dataclass(frozen=True, slots=True)
class File:
    """A file laid ready."""

    file_no: int
    name: str
    sha256: str
    size: int


class Store:
    """One bank's file. Used by one thread at a time, held by `lock`."""

    def __init__(self, folder: Path, bank: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self._connection = sqlite3.connect(folder / f"{bank}.sqlite", check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self._connection.close()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """All of it, or none."""
        with self.lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """Return all rows of a question."""
        with self.lock:
            return self._connection.execute(statement, values).fetchall()

    def stream(self, statement: str, values: Sequence[object] = ()) -> Iterator[tuple[object, ...]]:
        """Yield rows one by one, on a cursor of their own."""
        yield from self._connection.execute(statement, values)

    def number(self, statement: str, values: Sequence[object] = ()) -> int:
        """Return one number, 0 for none."""
        found = self.rows(statement, values)
        return int(str(found[0][0])) if found and found[0][0] is not None else 0

    def kept(self, key: str) -> str | None:
        """Return a kept word."""
        found = self.rows("SELECT value FROM state WHERE key = ?", [key])
        return str(found[0][0]) if found else None

    def keep(self, key: str, value: str) -> None:
        """Keep a word."""
        with self.change() as connection:
            connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", [key, value])

    def messages(self, condition: str = "true", values: Iterable[object] = ()) -> list[Message]:
        """Return messages in the order they came."""
        found = self.rows(
            f"SELECT message_no, message_id, sha256, taken_on, answered_on, recalled FROM message WHERE {condition} ORDER BY message_no",
            [*values],
        )
        return [
            Message(
                int(str(number)),
                str(name),
                str(digest),
                date.fromisoformat(str(taken)),
                date.fromisoformat(str(answered)) if answered else None,
                bool(recalled),
            )
            for number, name, digest, taken, answered, recalled in found
        ]

    def body_of(self, message_no: int) -> bytes:
        """Return a message's bytes."""
        (found,) = self.rows("SELECT body FROM message WHERE message_no = ?", [message_no])
        assert isinstance(found[0], bytes)
        return zlib.decompress(found[0])

    def take(self, message_id: str, body: bytes, day: date) -> None:
        """Keep a message as it came."""
        with self.change() as connection:
            connection.execute(
                "INSERT INTO message (message_id, sha256, body, taken_on) VALUES (?, ?, ?, ?)",
                [message_id, hashlib.sha256(body).hexdigest(), zlib.compress(body, 1), day.isoformat()],
            )

    def lay_ready(self, connection: sqlite3.Connection, name: str, body: bytes) -> None:
        """Lay a file ready, within a change."""
        connection.execute(
            "INSERT INTO outgoing (name, sha256, size, body) VALUES (?, ?, ?, ?)",
            [name, hashlib.sha256(body).hexdigest(), len(body), zlib.compress(body, 1)],
        )

    def files(self, after: int, limit: int) -> list[File]:
        """Return files laid ready after a number."""
        found = self.rows(
            "SELECT file_no, name, sha256, size FROM outgoing WHERE file_no > ? ORDER BY file_no LIMIT ?",
            [after, limit],
        )
        return [File(int(str(no)), str(name), str(digest), int(str(size))) for no, name, digest, size in found]

    def file(self, file_no: int) -> bytes | None:
        """Return a file's bytes."""
        found = self.rows("SELECT body FROM outgoing WHERE file_no = ?", [file_no])
        if not found:
            return None
        assert isinstance(found[0][0], bytes)
        return zlib.decompress(found[0][0])
