"""How many people each province has, and their digests together, kept as the people change: a register compares itself every day without reading everybody.

Triggers of the store note whom somebody touched, as they were counted last; whoever asks counts those again. So the tally is right whoever wrote.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from typing import Any

from ansinh_sandbox.register.record import COLUMNS, FIELDS

PROVINCE_AT = FIELDS.index("province")
_FORMER = ", ".join(f"former_{name}" for name in FIELDS)
_OLD = ", ".join(f"OLD.{name}" for name in FIELDS)

# A person touched keeps what was counted; nothing was counted of one who came since.
TABLES = f"""
CREATE TABLE tally (province TEXT PRIMARY KEY, persons INTEGER NOT NULL, digest INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE touched (person INTEGER PRIMARY KEY, {_FORMER});
"""
# Made after the people are in: loading touches nobody.
TRIGGERS = f"""
CREATE TRIGGER person_came AFTER INSERT ON person BEGIN INSERT OR IGNORE INTO touched (person) VALUES (NEW.rowid); END;
CREATE TRIGGER person_changed AFTER UPDATE ON person BEGIN INSERT OR IGNORE INTO touched VALUES (OLD.rowid, {_OLD}); END;
CREATE TRIGGER person_went AFTER DELETE ON person BEGIN INSERT OR IGNORE INTO touched VALUES (OLD.rowid, {_OLD}); END;
"""
_NOW = ", ".join(f"p.{name}" for name in FIELDS)
_TOUCHED = f"SELECT {_FORMER}, {_NOW} FROM touched LEFT JOIN person p ON p.rowid = touched.person"

Tally = dict[str, list[int]]


def digest_of(row: tuple[Any, ...]) -> int:
    """Return a record's digest: the first eight bytes of the MD5 of its fields with unit separators between, as a signed number."""
    text = "\x1f".join("" if value is None else str(value) for value in row)
    return int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest()[:8], "big", signed=True)


def tally_of(connection: sqlite3.Connection) -> Tally:
    """Return persons and digest by province as they are now, in a transaction of its own."""
    connection.execute("BEGIN IMMEDIATE")
    kept = {province: [persons, digest] for province, persons, digest in connection.execute("SELECT * FROM tally")}
    found: Tally = defaultdict(lambda: [0, 0], kept)
    if not kept:
        for row in connection.execute(f"SELECT {COLUMNS} FROM person"):
            _count(found, row, 1)
    else:
        for row in connection.execute(_TOUCHED):
            _count(found, row[: len(FIELDS)], -1)
            _count(found, row[len(FIELDS) :], 1)
    connection.execute("DELETE FROM touched")
    connection.executemany(
        "INSERT INTO tally VALUES (?, ?, ?) ON CONFLICT (province) DO UPDATE SET persons = excluded.persons, digest = excluded.digest"
        " WHERE (persons, digest) <> (excluded.persons, excluded.digest)",
        [(province, persons, digest) for province, (persons, digest) in found.items()],
    )
    connection.execute("COMMIT")
    return {province: counted for province, counted in found.items() if counted[0]}


def _count(tally: Tally, row: tuple[Any, ...], change: int) -> None:
    if row[0] is not None:
        counted = tally[row[PROVINCE_AT]]
        counted[0] += change
        counted[1] ^= digest_of(row)
