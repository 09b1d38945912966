"""One copy of a batch command at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from ansinh.database.refusals import DatabaseRefusal


@contextmanager
def single_runner(connection: psycopg.Connection, name: str) -> Iterator[None]:
    """Hold the turn of a named batch command while the block runs; the connection must stay open meanwhile.

    The lock belongs to the session, not to a transaction, so the block may commit as often as it likes, and the
    server lets it go by itself when the process dies. Refuses `already_running`.
    """
    digest = hashlib.blake2b(f"ansinh.single_runner:{name}".encode(), digest_size=8).digest()
    key = int.from_bytes(digest, "big", signed=True)
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", [key]).fetchone()
    if row is None or not row[0]:
        raise DatabaseRefusal(
            "already_running",
            f"Another copy of “{name}” is running on this database. Wait until it has ended.",
            f"Một bản khác của “{name}” đang chạy trên cơ sở dữ liệu này. Hãy đợi nó kết thúc.",
        )
    try:
        yield
    finally:
        # After an error inside a transaction the server refuses statements until the rollback.
        if not connection.closed:
            if connection.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
                connection.rollback()
            connection.execute("SELECT pg_advisory_unlock(%s)", [key])
