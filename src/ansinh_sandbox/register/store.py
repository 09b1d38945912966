"""The register's own store: one SQLite file with the persons it registered and the messages it has seen."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ansinh_sandbox.register import tally

STORE_FILE = "register.sqlite"

SCHEMA = f"""
CREATE TABLE person (
    pin TEXT NOT NULL,
    old_number TEXT,
    full_name TEXT NOT NULL,
    sex TEXT NOT NULL CHECK (sex IN ('M', 'F')),
    birth_date TEXT NOT NULL,          -- as precise as it is known: YYYY, YYYY-MM or YYYY-MM-DD
    born_in_province TEXT NOT NULL,
    commune TEXT NOT NULL,
    province TEXT NOT NULL,
    household INTEGER NOT NULL,
    father_pin TEXT,
    mother_pin TEXT,
    spouse_pin TEXT,
    ethnicity TEXT NOT NULL,
    registered_on TEXT NOT NULL,
    died_on TEXT,
    cancelled_on TEXT,                 -- from this day the number names nobody
    replaced_by TEXT,                  -- the number its holder was given instead
    replaces TEXT,                     -- the number its holder had before
    version INTEGER NOT NULL DEFAULT 1 -- one more with each event about this number
);
CREATE TABLE loaded (nation TEXT NOT NULL, people INTEGER NOT NULL);
CREATE TABLE message_seen (
    sender_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    message_ts TEXT NOT NULL,          -- the latest under which the message came; UTC, comparable as text
    digest TEXT NOT NULL,              -- of its content: the same id must mean the same message
    seen_at REAL NOT NULL,             -- seconds since 1970, the register's own clock
    PRIMARY KEY (sender_id, message_id)
) WITHOUT ROWID;
CREATE TABLE snapshot (
    token TEXT PRIMARY KEY,
    feed_no INTEGER NOT NULL,          -- the head of the feed when it was asked for: later events must be read from the feed
    people INTEGER NOT NULL,
    asked_at REAL NOT NULL
);
CREATE TABLE snapshot_chunk (
    token TEXT NOT NULL,
    number INTEGER NOT NULL,
    after_pin TEXT NOT NULL,           -- the chunk holds the numbers above this one
    until_pin TEXT NOT NULL,           -- up to and with this one
    persons INTEGER,                   -- empty until the chunk's file is there
    feed_no INTEGER,
    sha256 TEXT,
    bytes INTEGER,
    PRIMARY KEY (token, number)
) WITHOUT ROWID;
CREATE TABLE event (
    feed_no INTEGER PRIMARY KEY,       -- no number is left out
    event_id TEXT NOT NULL UNIQUE,
    pin TEXT NOT NULL,
    sequence INTEGER NOT NULL,         -- the version it leaves the person with
    kind TEXT NOT NULL,
    told_on TEXT NOT NULL,
    body BLOB NOT NULL,                -- the very bytes that are signed
    former TEXT NOT NULL,              -- JSON: what the changed fields held before
    withdrawn_by TEXT
);
CREATE TABLE mistake (event_id TEXT PRIMARY KEY, withdrawn_on TEXT NOT NULL) WITHOUT ROWID;   -- told wrongly, to be withdrawn
CREATE TABLE life (began_on TEXT NOT NULL, lived_until TEXT NOT NULL, seed INTEGER NOT NULL);
CREATE TABLE unborn AS SELECT * FROM person WHERE false;   -- registered after the day the register has reached
CREATE TABLE undead (pin TEXT PRIMARY KEY, died_on TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE notified (address TEXT PRIMARY KEY, feed_no INTEGER NOT NULL) WITHOUT ROWID;   -- up to where a subscriber was told
CREATE TABLE inquiry (
    transaction_id TEXT PRIMARY KEY,   -- the asker's own
    pins BLOB NOT NULL,
    asked_at REAL NOT NULL,
    answer BLOB                        -- compressed; empty until it is there
) WITHOUT ROWID;
CREATE TABLE error_report (
    reference TEXT PRIMARY KEY,        -- the asker's own
    pin TEXT NOT NULL,
    field TEXT NOT NULL,
    stated TEXT NOT NULL,
    evidence TEXT NOT NULL,
    reply TEXT NOT NULL,               -- open, corrected, confirmed or unknown
    event_id TEXT,                     -- of the correction
    received_at REAL NOT NULL
) WITHOUT ROWID;
{tally.TABLES}
"""

# Built after the rows are in: sorting once is cheaper than finding each row's place, and needs bounded memory.
INDEXES = f"""
CREATE UNIQUE INDEX person_pin ON person (pin);
CREATE INDEX message_seen_at ON message_seen (seen_at);
CREATE INDEX event_of_pin ON event (pin, sequence);
{tally.TRIGGERS}
"""

# Raised when the tables above change; a file of another number is made anew from the nation's files.
FORMAT = 5


class NotLoaded(Exception):
    """The store's folder holds no loaded register."""


def connect(file: Path) -> sqlite3.Connection:
    """Open the register's file; several processes may, one of them writing at a time."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=30.0)
    connection.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824;"
    )
    return connection


class Store:
    """The register's rows. One connection, used by one thread at a time."""

    def __init__(self, folder: Path) -> None:
        file = folder / STORE_FILE
        if not file.is_file():
            raise NotLoaded(
                f"there is no register in {folder}; load a nation first: python -m ansinh_sandbox.register load"
            )
        self.folder = folder
        self._connection = connect(file)
        if self._connection.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
            self._connection.close()
            raise NotLoaded(f"the register in {folder} was written by another version; load the nation again")

    def close(self) -> None:
        """Close the store."""
        self._connection.close()

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection itself, for the parts of the register that keep tables of their own."""
        return self._connection

    def people(self) -> int:
        """Return how many persons were loaded."""
        (people,) = self._connection.execute("SELECT people FROM loaded").fetchone()
        return int(people)

    def is_new(self, sender_id: str, message_id: str, message_ts: str, digest: str, now: float) -> bool:
        """Remember a message; tell whether it may be answered: it is new, or the same content asked again under a later time (a retry)."""
        changed = self._connection.execute(
            "INSERT INTO message_seen (sender_id, message_id, message_ts, digest, seen_at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (sender_id, message_id) DO UPDATE SET message_ts = excluded.message_ts, seen_at = excluded.seen_at "
            "WHERE excluded.digest = digest AND excluded.message_ts > message_ts",
            (sender_id, message_id, message_ts, digest, now),
        )
        return changed.rowcount == 1

    def forget_messages_before(self, moment: float) -> None:
        """Drop messages so old that their time alone would have them refused."""
        self._connection.execute("DELETE FROM message_seen WHERE seen_at < ?", (moment,))
