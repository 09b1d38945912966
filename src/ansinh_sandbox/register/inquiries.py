"""Inquiries: questions about many numbers at once, taken now and answered later, behind the asker's back.

The same inquiry again is the same inquiry. What was being answered when the register was killed is answered when it is started again.
"""

from __future__ import annotations

import logging
import threading
import time
import zlib
from typing import Annotated, Any

import msgspec

from ansinh_sandbox.register.record import COLUMNS, as_record
from ansinh_sandbox.register.store import STORE_FILE, Store, connect
from ansinh_sandbox.register.wire import Id, Rejected

log = logging.getLogger("ansinh_sandbox.register")

PINS_MAX = 5_000
# Answers older than this may be forgotten; whoever asks for one is told to inquire again.
KEPT_SECONDS = 30 * 86_400

_encode = msgspec.json.Encoder().encode


class InquiryRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asks for the whole records of some numbers, to be answered later."""

    transaction_id: Id
    pins: Annotated[
        list[Annotated[str, msgspec.Meta(pattern="^[0-9]{12}$")]], msgspec.Meta(min_length=1, max_length=PINS_MAX)
    ]


class InquiryStatusRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asks whether an inquiry is answered."""

    transaction_id: Id


class Inquiries:
    """The register's inquiries. Asked from one thread; a second one answers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wanted = threading.Event()
        self._closed = False
        self._answerer: threading.Thread | None = None

    def take(self, asked: InquiryRequest) -> dict[str, Any]:
        """Take an inquiry, or recognise one taken before."""
        connection, pins = self._store.connection, _encode(asked.pins)
        connection.execute("DELETE FROM inquiry WHERE asked_at < ?", (time.time() - KEPT_SECONDS,))
        connection.execute(
            "INSERT INTO inquiry (transaction_id, pins, asked_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (asked.transaction_id, pins, time.time()),
        )
        (known,) = connection.execute(
            "SELECT pins FROM inquiry WHERE transaction_id = ?", (asked.transaction_id,)
        ).fetchone()
        if known != pins:
            raise Rejected("rjct.transaction_id.duplicate", "another inquiry has this transaction_id")
        self.go_on()
        return {"transaction_id": asked.transaction_id, "ack_status": "ACK"}

    def status(self, asked: InquiryStatusRequest) -> bytes:
        """Return an inquiry's answer, or say that it is pending."""
        row = self._store.connection.execute(
            "SELECT answer FROM inquiry WHERE transaction_id = ?", (asked.transaction_id,)
        ).fetchone()
        if row is None:
            raise Rejected("rjct.transaction_id.unknown", "nobody inquired under it, or it was forgotten")
        if row[0] is None:
            return _encode({"transaction_id": asked.transaction_id, "status": "pdng"})
        return zlib.decompress(row[0])

    def resume(self) -> None:
        """Answer what was asked before the register last ended."""
        if self._store.connection.execute("SELECT 1 FROM inquiry WHERE answer IS NULL LIMIT 1").fetchone() is not None:
            self.go_on()

    def go_on(self) -> None:
        """Let what waits be answered."""
        self._wanted.set()
        if self._answerer is None:
            self._answerer = threading.Thread(target=self._answer_for_ever, name="inquiries", daemon=True)
            self._answerer.start()

    def close(self) -> None:
        """Stop after the inquiry in hand."""
        self._closed = True
        self._wanted.set()
        if self._answerer is not None:
            self._answerer.join()

    def _answer_for_ever(self) -> None:
        connection = connect(self._store.folder / STORE_FILE)
        try:
            while not self._closed:
                self._wanted.wait()
                self._wanted.clear()
                while not self._closed:
                    waiting = connection.execute(
                        "SELECT transaction_id, pins FROM inquiry WHERE answer IS NULL ORDER BY asked_at LIMIT 1"
                    ).fetchone()
                    if waiting is None:
                        break
                    transaction_id, pins = waiting
                    connection.execute("BEGIN")  # Records and the feed's head are of one moment.
                    found = connection.execute(
                        f"SELECT {COLUMNS} FROM person WHERE pin IN (SELECT value FROM json_each(?)) ORDER BY pin",
                        (pins.decode(),),
                    ).fetchall()
                    (head,) = connection.execute("SELECT coalesce(max(feed_no), 0) FROM event").fetchone()
                    connection.execute("COMMIT")
                    records = [
                        {name: value for name, value in as_record(row).items() if value is not None} for row in found
                    ]
                    answer = {"transaction_id": transaction_id, "status": "succ", "head": head, "records": records}
                    connection.execute(
                        "UPDATE inquiry SET answer = ? WHERE transaction_id = ?",
                        (zlib.compress(_encode(answer), 1), transaction_id),
                    )
        except Exception:
            log.exception("answering an inquiry failed")
            raise
        finally:
            connection.close()
