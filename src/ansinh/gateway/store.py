"""The worker's one connection to what the other rooms publish: compared at start, opened again when it breaks, every call with a deadline."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Sequence

import asyncpg

from ansinh.foundation.clock import Clock
from ansinh.gateway.batching import QuestionRefused, StoreAway

CONNECT_SECONDS_MAX = 3.0
BATCH_SECONDS_MAX = 2.0
RECONNECT_SECONDS = 0.25

# Kind of key, key, client number, facility, officer, purpose.
Question = tuple[int, str, int, str, str, int]
# Result (0 nobody, 1 answered, 2 never insured), answer as JSON.
Answer = tuple[int, bytes]

_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
_STANDING = "SELECT result, answer FROM published.standing_v1($1, $2, $3, $4, $5, $6, $7, $8)"

# What this gateway was written against: name → arguments and result, as PostgreSQL writes them.
NEEDED = {
    "open_chain_v1": ("p_opened_at timestamp with time zone, p_opened_by text", "bigint"),
    "standing_v1": (
        (
            "p_chain_id bigint, p_asked_at timestamp with time zone, p_kinds smallint[], p_keys text[], p_clients integer[], "
            "p_facilities text[], p_officers text[], p_purposes smallint[]"
        ),
        "TABLE(result smallint, answer bytea)",
    ),
}
_PUBLISHED = """
SELECT p.proname, pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'published' AND has_function_privilege(p.oid, 'EXECUTE')
"""


class Mismatch(Exception):
    """The database does not publish what this gateway needs."""


class Store:
    """Answers batches over one connection. After `start`, it reconnects by itself until `stop`."""

    def __init__(self, database_url: str, clock: Clock) -> None:
        self._database_url = database_url
        self._clock = clock
        self._connection: asyncpg.Connection | None = None
        self._standing: asyncpg.prepared_stmt.PreparedStatement | None = None
        self._chain_id = 0
        self._keeper: asyncio.Task[None] | None = None
        self._broken = asyncio.Event()

    @property
    def ready(self) -> bool:
        """Tell whether a batch can be answered now."""
        return self._standing is not None

    async def start(self) -> None:
        """Connect, or go on trying in the background while the database is away; raises Mismatch."""
        try:
            await self._connect()
        except _AWAY:
            self._broken.set()
        self._keeper = asyncio.get_running_loop().create_task(self._keep())

    async def stop(self) -> None:
        """Close the connection."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        connection = self._let_go()
        if connection is not None and not connection.is_closed():
            try:
                await connection.close(timeout=CONNECT_SECONDS_MAX)
            except _AWAY:
                connection.terminate()

    async def ask_standing(self, questions: Sequence[Question]) -> list[Answer]:
        """Answer a batch and record it, in one transaction; raises QuestionRefused or StoreAway."""
        statement = self._standing
        if statement is None:
            raise StoreAway("not connected")
        kinds, keys, clients, facilities, officers, purposes = zip(*questions, strict=True)
        try:
            answers: list[Answer] = await statement.fetch(
                self._chain_id,
                self._clock.now(),
                kinds,
                keys,
                clients,
                facilities,
                officers,
                purposes,
                timeout=BATCH_SECONDS_MAX,
            )
        except asyncpg.DataError as refused:
            raise QuestionRefused from refused
        except asyncpg.IntegrityConstraintViolationError as refused:
            if refused.constraint_name is None:  # No month to write into: no question's fault.
                raise StoreAway from refused
            raise QuestionRefused from refused
        except _AWAY as away:
            # Whether the batch was committed is unknown now, so the connection and its chain end here.
            self._break(statement)
            raise StoreAway from away
        return answers

    async def _connect(self) -> None:
        connection = await asyncpg.connect(
            self._database_url,
            timeout=CONNECT_SECONDS_MAX,
            command_timeout=BATCH_SECONDS_MAX,
            server_settings={"application_name": "ansinh gateway", "jit": "off"},
        )
        try:
            await _compare(connection)
            self._chain_id = await connection.fetchval(
                "SELECT published.open_chain_v1($1, $2)", self._clock.now(), f"{socket.gethostname()}/{os.getpid()}"
            )
            self._standing = await connection.prepare(_STANDING)
            connection.add_termination_listener(self._noticed)
            self._connection = connection
        except BaseException:
            connection.terminate()
            raise

    async def _keep(self) -> None:
        """Connect again whenever the connection broke."""
        while True:
            await self._broken.wait()
            try:
                await self._connect()
                self._broken.clear()
            except (*_AWAY, Mismatch):
                await asyncio.sleep(RECONNECT_SECONDS)

    def _break(self, statement: asyncpg.prepared_stmt.PreparedStatement) -> None:
        if statement is not self._standing:
            return
        connection = self._let_go()
        if connection is not None:
            connection.terminate()
        self._broken.set()

    def _noticed(self, connection: object) -> None:
        """The server closed an idle connection: do not wait for a question to find out."""
        if connection is self._connection:
            self._let_go()
            self._broken.set()

    def _let_go(self) -> asyncpg.Connection | None:
        connection, self._connection, self._standing = self._connection, None, None
        return connection


async def require_published(database_url: str) -> None:
    """Compare what the database publishes with what this gateway needs; raises Mismatch. A database that is away is no mismatch."""
    try:
        connection = await asyncpg.connect(database_url, timeout=CONNECT_SECONDS_MAX)
    except _AWAY:
        return
    try:
        await _compare(connection)
    finally:
        await connection.close(timeout=CONNECT_SECONDS_MAX)


async def _compare(connection: asyncpg.Connection) -> None:
    published = {name: (arguments, result) for name, arguments, result in await connection.fetch(_PUBLISHED)}
    wrong = sorted(name for name, form in NEEDED.items() if published.get(name) != form)
    if wrong:
        raise Mismatch(
            f"the database does not publish {', '.join(wrong)} as this gateway needs it. "
            "Migrate the database (ansinh db migrate) or run the gateway of its release."
        )
