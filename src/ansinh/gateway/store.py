"""The worker's connections to what the other rooms publish: compared at start, opened again when they break, every call with a deadline.

The hot line answers batches one after the other and owns the worker's chain of the audit; the cold line is for the few calls that read no person; the wide
line takes what facilities submit.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from ansinh.foundation.clock import Clock
from ansinh.gateway.batching import QuestionRefused, StoreAway

CONNECT_SECONDS_MAX = 3.0
BATCH_SECONDS_MAX = 2.0
WIDE_SECONDS_MAX = 10.0
RECONNECT_SECONDS = 0.25

_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


@dataclass(frozen=True)
class Published:
    """A function of the schema `published` that a call asks: its arguments and its result as PostgreSQL writes them.

    A hot function takes the chain and the moment first, then arrays with an element a question; it records every question in that chain, and
    returns a row a question, in their order. One that is `wide` carries bytes: it takes the moment first, then such arrays, on a line of its own, so that
    no look-up waits for it. Any other function is `cold`: it takes what it is given.
    """

    name: str
    arguments: str
    result: str
    cold: bool = False
    wide: bool = False

    @property
    def statement(self) -> str:
        """Return the one statement that calls it."""
        places = ", ".join(f"${n}" for n in range(1, len(self.arguments.split(", ")) + 1)) if self.arguments else ""
        return f"SELECT * FROM published.{self.name}({places})"  # names of our own


OPEN_CHAIN = Published("open_chain_v1", "p_opened_at timestamp with time zone, p_opened_by text", "bigint", cold=True)

_PUBLISHED = """
SELECT p.proname, pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'published' AND has_function_privilege(p.oid, 'EXECUTE')
"""


class Mismatch(Exception):
    """The database does not publish what this gateway needs."""


class Store:
    """Answers batches over one connection. After `start`, it reconnects by itself until `stop`."""

    def __init__(self, database_url: str, clock: Clock, functions: Sequence[Published]) -> None:
        self._clock = clock
        self.turn = asyncio.Lock()
        self.wide_turn = asyncio.Lock()
        hot = [one for one in functions if not one.cold and not one.wide]
        self._hot = _Line(database_url, hot, functions, clock)
        wide = [one for one in functions if one.wide]
        self._wide = _Line(database_url, wide, functions, None, seconds_max=WIDE_SECONDS_MAX)
        self._cold = _Line(database_url, [one for one in functions if one.cold], functions, None)
        self._cold_turn = asyncio.Lock()

    @property
    def ready(self) -> bool:
        """Tell whether a batch can be answered now."""
        return self._hot.connection is not None

    async def start(self) -> None:
        """Connect, or go on trying in the background while the database is away; raises Mismatch."""
        await self._hot.start()
        for line in (self._cold, self._wide):
            if line.functions:
                await line.start()

    async def stop(self) -> None:
        """Close the connections."""
        await self._hot.stop()
        await self._cold.stop()
        await self._wide.stop()

    async def ask(self, function: Published, questions: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Answer a batch and record it, in one transaction; raises QuestionRefused or StoreAway. Whoever asks holds the turn."""
        if function.wide:
            return await self._wide.fetch(function, (self._clock.now(), *zip(*questions, strict=True)))
        line = self._hot
        return await line.fetch(function, (line.chain_id, self._clock.now(), *zip(*questions, strict=True)))

    async def call(self, function: Published, *arguments: object) -> list[Any]:
        """Call a cold function and return its rows; raises QuestionRefused or StoreAway. Bound who may wait for this before."""
        async with self._cold_turn:
            return await self._cold.fetch(function, arguments)


class _Line:
    """One connection: kept, with a prepared statement for each function it is for, and a chain of its own if it has a clock."""

    def __init__(
        self,
        database_url: str,
        functions: Sequence[Published],
        needed: Sequence[Published],
        clock: Clock | None,
        seconds_max: float = BATCH_SECONDS_MAX,
    ) -> None:
        self.functions = functions
        self.connection: asyncpg.Connection | None = None
        self.chain_id = 0
        self._database_url = database_url
        self._needed = needed
        self._clock = clock
        self._seconds_max = seconds_max
        self._statements: dict[str, asyncpg.prepared_stmt.PreparedStatement] = {}
        self._keeper: asyncio.Task[None] | None = None
        self._broken = asyncio.Event()

    async def start(self) -> None:
        try:
            await self._connect()
        except _AWAY:
            self._broken.set()
        self._keeper = asyncio.get_running_loop().create_task(self._keep())

    async def stop(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        connection = self._let_go()
        if connection is not None and not connection.is_closed():
            try:
                await connection.close(timeout=CONNECT_SECONDS_MAX)
            except _AWAY:
                connection.terminate()

    async def fetch(self, function: Published, arguments: Sequence[object]) -> list[Any]:
        statement = self._statements.get(function.name)
        if statement is None:
            raise StoreAway("not connected")
        try:
            rows: list[Any] = await statement.fetch(*arguments, timeout=self._seconds_max)
        except asyncpg.DataError as refused:
            raise QuestionRefused from refused
        except asyncpg.IntegrityConstraintViolationError as refused:
            if refused.constraint_name is None:  # No month to write into: no question's fault.
                raise StoreAway from refused
            raise QuestionRefused from refused
        except _AWAY as away:
            # Whether it was committed is unknown now, so the connection and its chain end here.
            self._break(statement)
            raise StoreAway from away
        return rows

    async def _connect(self) -> None:
        connection = await asyncpg.connect(
            self._database_url,
            timeout=CONNECT_SECONDS_MAX,
            command_timeout=self._seconds_max,
            server_settings={"application_name": "ansinh gateway", "jit": "off"},
        )
        try:
            await _compare(connection, self._needed)
            if self._clock is not None:
                self.chain_id = await connection.fetchval(
                    OPEN_CHAIN.statement, self._clock.now(), f"{socket.gethostname()}/{os.getpid()}"
                )
            self._statements = {one.name: await connection.prepare(one.statement) for one in self.functions}
            connection.add_termination_listener(self._noticed)
            self.connection = connection
        except BaseException:
            self._statements = {}
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
        if statement not in self._statements.values():
            return
        connection = self._let_go()
        if connection is not None:
            connection.terminate()
        self._broken.set()

    def _noticed(self, connection: object) -> None:
        """The server closed an idle connection: do not wait for a question to find out."""
        if connection is self.connection:
            self._let_go()
            self._broken.set()

    def _let_go(self) -> asyncpg.Connection | None:
        connection, self.connection, self._statements = self.connection, None, {}
        return connection


async def require_published(database_url: str, functions: Sequence[Published]) -> None:
    """Compare what the database publishes with what this gateway needs; raises Mismatch. A database that is away is no mismatch."""
    try:
        connection = await asyncpg.connect(database_url, timeout=CONNECT_SECONDS_MAX)
    except _AWAY:
        return
    try:
        await _compare(connection, functions)
    finally:
        await connection.close(timeout=CONNECT_SECONDS_MAX)


async def _compare(connection: asyncpg.Connection, functions: Sequence[Published]) -> None:
    published = {name: (arguments, result) for name, arguments, result in await connection.fetch(_PUBLISHED)}
    wrong = sorted(
        one.name for one in (OPEN_CHAIN, *functions) if published.get(one.name) != (one.arguments, one.result)
    )
    if wrong:
        raise Mismatch(
            f"the database does not publish {', '.join(wrong)} as this gateway needs it. "
            "Migrate the database (ansinh db migrate) or run the gateway of its release."
        )
