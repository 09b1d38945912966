"""What the provider keeps: one SQLite file with every message, the key it came under, and how often it was attempted."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from dataclasses import dataclass
from pathlib import Path

_TABLES = """
    CREATE TABLE IF NOT EXISTS message (
        id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, kind TEXT NOT NULL, address TEXT NOT NULL, text TEXT NOT NULL,
        status TEXT NOT NULL, reason TEXT NOT NULL, questions INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE IF NOT EXISTS letter (id TEXT PRIMARY KEY, pdf BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS attempt (key TEXT PRIMARY KEY, attempts INTEGER NOT NULL);
"""


@dataclass(frozen=True)
class Kept:
    """A message as kept; `questions` counts how often its sender asked what became of it."""

    id: str
    digest: str
    kind: str
    address: str
    status: str
    reason: str
    questions: int


class Store:
    """The provider's file; safe to use from several threads."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._inner = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._inner.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;" + _TABLES)

    def count_attempt(self, key: str) -> int:
        """Count one more attempt under the key and return how many there were."""
        with self._lock:
            counted = self._inner.execute(
                "INSERT INTO attempt VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET attempts = attempts + 1 RETURNING attempts",
                (key,),
            ).fetchone()
        return int(counted[0])

    def take(
        self, key: str, digest: str, to: tuple[str, str], text: str, outcome: tuple[str, str]
    ) -> tuple[Kept, bool]:
        """Keep a message under its key, unless one is kept there already; returns what is kept and whether it is new."""
        with self._lock:
            new = self._inner.execute(
                "INSERT INTO message (id, key, digest, kind, address, text, status, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (key) DO NOTHING",
                (uuid.uuid4().hex, key, digest, *to, text, *outcome),
            ).rowcount
            kept = self._found("key", key)
        assert kept is not None
        return kept, new == 1

    def keep_letter(self, message_id: str, pdf: bytes) -> None:
        """Keep the PDF a letter was printed from."""
        with self._lock:
            self._inner.execute("INSERT OR IGNORE INTO letter VALUES (?, ?)", (message_id, pdf))

    def asked(self, message_id: str) -> Kept | None:
        """Return a message and count the question; None when there is none."""
        with self._lock:
            self._inner.execute("UPDATE message SET questions = questions + 1 WHERE id = ?", (message_id,))
            return self._found("id", message_id)

    def settle(self, message_id: str, status: str, reason: str) -> None:
        """Write what became of a message."""
        with self._lock:
            self._inner.execute("UPDATE message SET status = ?, reason = ? WHERE id = ?", (status, reason, message_id))

    def _found(self, column: str, value: str) -> Kept | None:
        row = self._inner.execute(
            f"SELECT id, digest, kind, address, status, reason, questions FROM message WHERE {column} = ?", (value,)
        ).fetchone()
        return None if row is None else Kept(*row)
