"""Snapshots: all persons at once, in numbered chunks that are built behind the asker's back and kept as files until fetched.

A chunk is read in one moment, chunks at different ones; each record carries its version, so that events read afterwards know whether they are in it already.
Whatever was being built when the register was killed goes on when it is started again.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import sqlite3
import threading
import time
import uuid
from pathlib import Path
from typing import Annotated

import msgspec
import pyarrow as pa

from ansinh_sandbox.register.record import COLUMNS, FIELDS
from ansinh_sandbox.register.store import STORE_FILE, Store, connect
from ansinh_sandbox.register.wire import Id, Rejected

log = logging.getLogger("ansinh_sandbox.register")

PERSONS_PER_CHUNK = 50_000
CHUNKS_LISTED_MAX = 1_000
# Files of older snapshots are removed when a new one is asked for.
SNAPSHOTS_KEPT = 2

_WHOLE = {"household": pa.int64(), "version": pa.int32()}
SCHEMA = pa.schema([(name, _WHOLE.get(name, pa.string())) for name in FIELDS])

_READ = f"SELECT {COLUMNS} FROM person WHERE pin > ? AND pin <= ? ORDER BY pin"


class StatusRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asks how far a snapshot is; lists the chunks that are ready above a number."""

    token: Id
    after_number: Annotated[int, msgspec.Meta(ge=0)] = 0


class ChunkRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asks for the bytes of one chunk."""

    token: Id
    number: Annotated[int, msgspec.Meta(ge=1)]


class ChunkReady(msgspec.Struct, frozen=True):
    """A chunk that can be fetched, and the digest its bytes have."""

    number: int
    after_pin: str
    until_pin: str
    persons: int
    feed_no: int
    sha256: str
    bytes: int


class Status(msgspec.Struct, frozen=True):
    """How far a snapshot is; `feed_no` is the head of the feed when it was asked for."""

    token: str
    feed_no: int
    people: int
    chunks: int
    ready: list[ChunkReady]


class Snapshots:
    """The register's snapshots. Asked from one thread; a second one builds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._folder = store.folder / "snapshots"
        self._wanted = threading.Event()
        self._closed = False
        self._builder: threading.Thread | None = None

    def ask(self, feed_no: int) -> Status:
        """Begin a snapshot and return its token with nothing ready yet."""
        token, connection = uuid.uuid4().hex, self._store.connection
        pins = [pin for (pin,) in connection.execute("SELECT pin FROM person ORDER BY pin")]
        edges = pins[PERSONS_PER_CHUNK - 1 :: PERSONS_PER_CHUNK]
        if pins and (not edges or edges[-1] != pins[-1]):
            edges.append(pins[-1])
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO snapshot VALUES (?, ?, ?, ?)", (token, feed_no, len(pins), time.time()))
        connection.executemany(
            "INSERT INTO snapshot_chunk (token, number, after_pin, until_pin) VALUES (?, ?, ?, ?)",
            [(token, n, after, until) for n, (after, until) in enumerate(zip(["", *edges], edges, strict=False), 1)],
        )
        connection.execute("COMMIT")
        self._forget_old()
        self.go_on()
        return self.status(StatusRequest(token))

    def status(self, asked: StatusRequest) -> Status:
        """Tell how far a snapshot is."""
        connection = self._store.connection
        row = connection.execute("SELECT feed_no, people FROM snapshot WHERE token = ?", (asked.token,)).fetchone()
        if row is None:
            raise Rejected(
                "rjct.snapshot.unknown", "no snapshot has this token, or it was forgotten: ask for a new one"
            )
        (chunks,) = connection.execute("SELECT count(*) FROM snapshot_chunk WHERE token = ?", (asked.token,)).fetchone()
        ready = connection.execute(
            "SELECT number, after_pin, until_pin, persons, feed_no, sha256, bytes FROM snapshot_chunk"
            " WHERE token = ? AND number > ? AND sha256 IS NOT NULL ORDER BY number LIMIT ?",
            (asked.token, asked.after_number, CHUNKS_LISTED_MAX),
        )
        return Status(asked.token, row[0], row[1], chunks, [ChunkReady(*one) for one in ready])

    def chunk(self, asked: ChunkRequest) -> bytes:
        """Return the bytes of a chunk that is ready."""
        try:
            return self._file(asked.token, asked.number).read_bytes()
        except (FileNotFoundError, ValueError) as error:
            raise Rejected("rjct.snapshot.chunk_not_ready", "the status lists the chunks that are") from error

    def resume(self) -> None:
        """Go on with what was being built when the register last ended."""
        missing = self._store.connection.execute("SELECT 1 FROM snapshot_chunk WHERE sha256 IS NULL LIMIT 1").fetchone()
        if missing is not None:
            self.go_on()

    def go_on(self) -> None:
        """Build what is wanted and not there, behind the back of whoever asks."""
        self._wanted.set()
        if self._builder is None:
            self._builder = threading.Thread(target=self._build_for_ever, name="snapshot", daemon=True)
            self._builder.start()

    def close(self) -> None:
        """Stop building after the chunk in hand."""
        self._closed = True
        self._wanted.set()
        if self._builder is not None:
            self._builder.join()

    def _file(self, token: str, number: int) -> Path:
        return self._folder / f"{uuid.UUID(hex=token).hex}-{number}.arrow"

    def _forget_old(self) -> None:
        connection = self._store.connection
        old = connection.execute(
            "SELECT token FROM snapshot ORDER BY asked_at DESC LIMIT -1 OFFSET ?", (SNAPSHOTS_KEPT,)
        ).fetchall()
        for (token,) in old:
            for file in self._folder.glob(f"{token}-*.arrow"):
                file.unlink(missing_ok=True)
            connection.execute("DELETE FROM snapshot_chunk WHERE token = ?", (token,))
            connection.execute("DELETE FROM snapshot WHERE token = ?", (token,))

    def _build_for_ever(self) -> None:
        self._folder.mkdir(exist_ok=True)
        connection = connect(self._store.folder / STORE_FILE)
        try:
            while True:
                self._wanted.wait()
                self._wanted.clear()
                while not self._closed and self._build_one(connection):
                    pass
                if self._closed:
                    return
        except Exception:
            log.exception("building a snapshot failed")
            raise
        finally:
            connection.close()

    def _build_one(self, connection: sqlite3.Connection) -> bool:
        """Build the next chunk that is not there; tell whether there was one."""
        wanted = connection.execute(
            "SELECT c.token, number, after_pin, until_pin FROM snapshot_chunk c JOIN snapshot s USING (token)"
            " WHERE sha256 IS NULL ORDER BY s.asked_at DESC, number LIMIT 1"
        ).fetchone()
        if wanted is None:
            return False
        token, number, after, until = wanted
        connection.execute("BEGIN")  # Rows and the feed's head are of one moment.
        rows = connection.execute(_READ, (after, until)).fetchall()
        (feed_no,) = connection.execute("SELECT coalesce(max(feed_no), 0) FROM event").fetchone()
        connection.execute("COMMIT")
        written = _arrow(rows)
        file = self._file(token, number)
        fresh = file.with_suffix(".writing")
        with fresh.open("wb") as opened:
            opened.write(written)
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(file)
        connection.execute(
            "UPDATE snapshot_chunk SET persons = ?, feed_no = ?, sha256 = ?, bytes = ? WHERE token = ? AND number = ?",
            (len(rows), feed_no, hashlib.sha256(written).hexdigest(), len(written), token, number),
        )
        return True


def _arrow(rows: list[tuple[object, ...]]) -> bytes:
    columns = zip(*rows, strict=True) if rows else [() for _ in FIELDS]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, SCHEMA, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=SCHEMA))
    return sink.getvalue()
