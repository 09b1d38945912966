"""The gateway as a plain ASGI application; Granian's own interface (RSGI) is a second door to the same calls, cheaper per request.

Run it by its factory: granian --interface rsgi --factory ansinh.gateway.app:create_app
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

from ansinh.gateway import problems
from ansinh.gateway.calls import PUBLISHED, routes_of
from ansinh.gateway.configuration import Configuration, read_configuration
from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import Answered, Headers, Route, tell_problem
from ansinh.gateway.worker import Worker

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

SUPERVISOR_SECONDS = 0.5
GARBAGE_THRESHOLD = 100_000
BODY_SECONDS_MAX = 10.0
_log = logging.getLogger("ansinh.gateway")


class Gateway:
    """One worker behind its two doors."""

    def __init__(self, configuration: Configuration) -> None:
        self._worker = Worker(configuration, PUBLISHED)
        self._routes = routes_of(self._worker)
        self._problems = self._worker.metrics.problems
        self._supervisor_pid = configuration.supervisor_pid
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect and begin to answer; raises Mismatch when the database publishes something else than this gateway needs."""
        await self._worker.start()
        if self._supervisor_pid is not None:
            self._watch = asyncio.get_running_loop().create_task(_end_with(self._supervisor_pid))
        # Nothing on the hot path makes cycles; looking for them at the usual rate costs a tenth of the worker's time.
        gc.collect()
        gc.freeze()
        gc.set_threshold(GARBAGE_THRESHOLD)

    async def stop(self) -> None:
        """Answer what waits, then let go of the database."""
        if self._watch is not None:
            self._watch.cancel()
        await self._worker.stop()

    # Granian's interface

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.run_until_complete(self.start())

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.run_until_complete(self.stop())

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        route, headers = self._routes.get(scope.path), scope.headers
        try:
            if route is None:
                raise problems.NOT_FOUND
            method, query = scope.method, scope.query_string
            route.require(method, query)
            body = b""
            if route.body_bytes_max:
                length = headers.get("content-length")
                route.require_body(headers.get("content-type"), length)
                body = await protocol() if length is not None else await _whole(aiter(protocol), route.body_bytes_max)
            address = scope.client.rpartition(":")[0]
            protocol.response_bytes(*await route.answer(method, headers, query, body, address))
        except Exception as trouble:  # said to the caller, whatever it is
            protocol.response_bytes(*self._told(route, trouble, headers))

    # ASGI

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        route = self._routes.get(scope["path"])
        headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1"), value.decode("latin-1"))
        try:
            if route is None:
                raise problems.NOT_FOUND
            method, query = scope["method"], scope["query_string"].decode("latin-1")
            route.require(method, query)
            body = b""
            if route.body_bytes_max:
                route.require_body(headers.get("content-type"), headers.get("content-length"))
                body = await _whole(_pieces(receive), route.body_bytes_max)
            address = (scope.get("client") or ("",))[0]
            answered = await route.answer(method, headers, query, body, address)
        except Exception as trouble:  # said to the caller, whatever it is
            answered = self._told(route, trouble, headers)
        status, kept, content = answered
        as_bytes = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in kept]
        await send({"type": "http.response.start", "status": status, "headers": as_bytes})
        await send({"type": "http.response.body", "body": content})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.start()
        except Exception as error:  # said to the server, which ends with it
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    def _told(self, route: Route | None, trouble: Exception, headers: Headers) -> Answered:
        """Return what a caller is told of a refusal, or of a mistake of ours: that leaves a line that names the place and nothing that was asked."""
        if isinstance(trouble, Problem):
            problem = trouble
            # The same refusal is raised again and again: without this, it would keep every frame it ever came through.
            problem.__traceback__ = problem.__cause__ = problem.__context__ = None
        else:
            problem = problems.OUR_MISTAKE
            place = trouble.__traceback__
            while place is not None and place.tb_next is not None:
                place = place.tb_next
            where = f"{place.tb_frame.f_code.co_qualname}:{place.tb_lineno}" if place is not None else "?"
            _log.error("our mistake: %s at %s", type(trouble).__name__, where)
        self._problems[problem.status, problem.code] += 1
        return (route.tell if route is not None else tell_problem)(problem, headers)


async def _end_with(supervisor_pid: int) -> None:
    """Stop this worker when whoever started it is gone; otherwise it would share the port with its successors for ever."""
    while os.getppid() == supervisor_pid:
        await asyncio.sleep(SUPERVISOR_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


async def _whole(pieces: AsyncIterator[bytes], bytes_max: int) -> bytes:
    """Return a body whose length nobody said, while it is not too long; raises Problem."""
    body = b""
    async with asyncio.timeout(BODY_SECONDS_MAX):
        async for piece in pieces:
            body += piece
            if len(body) > bytes_max:
                raise problems.TOO_LARGE
    return body


async def _pieces(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        event = await receive()
        yield event.get("body", b"")
        more = event.get("more_body", False)


def create_app() -> Gateway:
    """Return a gateway with its settings read; a server calls it once in each worker."""
    return Gateway(read_configuration())
