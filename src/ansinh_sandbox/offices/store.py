"""An office's own store: messages as they came, its register of acts, and what it has told."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS taken (
    message_id TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    action TEXT NOT NULL,
    file TEXT NOT NULL,
    body BLOB NOT NULL,
    taken_on TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS taken_by_day ON taken (taken_on);
CREATE TABLE IF NOT EXISTS act (         -- one of each kind for a subject: an office registers nobody twice
    file TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    scenario TEXT NOT NULL,
    turn INTEGER NOT NULL DEFAULT 1,
    state TEXT NOT NULL,                 -- waiting, done, refused, correction, cancelled, withdrawn
    due_on TEXT,
    content TEXT NOT NULL,
    result TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (file, kind)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS act_once ON act (kind, subject) WHERE state IN ('waiting', 'done', 'correction');
CREATE INDEX IF NOT EXISTS act_due ON act (due_on) WHERE due_on IS NOT NULL;
CREATE TABLE IF NOT EXISTS told (
    no INTEGER PRIMARY KEY,              -- no number is left out
    id TEXT NOT NULL,                    -- the same thing said twice has the same id
    told_on TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS told_by_day ON told (told_on);
CREATE TABLE IF NOT EXISTS scenario (subject TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class Store:
    """One office's file. Used by one thread at a time, held by `lock`."""

    def __init__(self, folder: Path, office: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self._connection = sqlite3.connect(folder / f"{office}.sqlite", check_same_thread=False, isolation_level=None)
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

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a question."""
        with self.lock:
            return self._connection.execute(statement, values).fetchall()

    @property
    def today(self) -> date:
        """The day this office has reached."""
        found = self.rows("SELECT value FROM state WHERE key = 'day'")
        return date.fromisoformat(str(found[0][0])) if found else date.min

    def reach(self, day: date) -> None:
        """Go on to a day; never back."""
        with self.change() as store:
            store.execute(
                "INSERT INTO state VALUES ('day', ?) ON CONFLICT (key) DO UPDATE SET value = max(value, excluded.value)",
                (day.isoformat(),),
            )

    def tell(self, store: sqlite3.Connection, item: dict[str, Any], *, times: int = 1) -> None:
        """Lay something ready for the agency, in the transaction of what it is about."""
        body = json.dumps(item, ensure_ascii=False, sort_keys=True)
        name = hashlib.sha256(body.encode()).hexdigest()[:32]
        for _ in range(times):
            store.execute("INSERT INTO told (id, told_on, body) VALUES (?, ?, ?)", (name, item["told_on"], body))

    def books(self, day: date) -> dict[str, Any]:
        """Return what was taken and told on a day: counts, and a digest of what each was."""
        taken = self.rows("SELECT message_id, sha256 FROM taken WHERE taken_on = ? ORDER BY 1", (day.isoformat(),))
        told = self.rows("SELECT DISTINCT id FROM told WHERE told_on = ? ORDER BY 1", (day.isoformat(),))
        return {
            "day": day.isoformat(),
            "taken": len(taken),
            "taken_sha256": digest(f"{name} {sha256}" for name, sha256 in taken),
            "told": len(told),
            "told_sha256": digest(str(name) for (name,) in told),
        }


def digest(lines: Iterator[str]) -> str:
    """Return the SHA-256 digest of lines, each ended by a line feed."""
    found = hashlib.sha256()
    for line in lines:
        found.update(f"{line}\n".encode())
    return found.hexdigest()
