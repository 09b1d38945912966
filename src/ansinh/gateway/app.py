"""The gateway as a plain ASGI application; Granian's own interface (RSGI) is a second door to the same calls, cheaper per request.

Run it by its factory: granian --interface rsgi --factory ansinh.gateway.app:create_app
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ansinh.access.tokens import TokenVerifier
from ansinh.gateway import problems
from ansinh.gateway.batching import Batcher
from ansinh.gateway.configuration import Configuration, read_configuration
from ansinh.gateway.metrics import CONTENT_TYPE as METRICS_TYPE
from ansinh.gateway.metrics import Metrics
from ansinh.gateway.problems import Problem
from ansinh.gateway.standing import BODY_BYTES_MAX, StandingCall, TokenCache
from ansinh.gateway.store import Answer, Question, Store

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

STANDING = "/v1/standing"
SUPERVISOR_SECONDS = 0.5
GARBAGE_THRESHOLD = 100_000
_JSON_HEADERS = [("content-type", "application/json"), ("cache-control", "no-store")]
_JSON_HEADERS_BYTES = [(name.encode(), value.encode()) for name, value in _JSON_HEADERS]


class Gateway:
    """One worker: its connection, its batches, its counters."""

    def __init__(self, configuration: Configuration) -> None:
        self.metrics = Metrics()
        self._store = Store(configuration.database_url, configuration.clock)
        self._batcher: Batcher[Question, Answer] = Batcher(self._ask_standing)
        self._supervisor_pid = configuration.supervisor_pid
        self._guard: asyncio.Task[None] | None = None
        self._standing = StandingCall(self._batcher, TokenCache(TokenVerifier(configuration.secrets)), self.metrics)

    async def start(self) -> None:
        """Connect and begin to answer; raises Mismatch when the database publishes something else than this gateway needs."""
        await self._store.start()
        self._batcher.start()
        if self._supervisor_pid is not None:
            self._guard = asyncio.get_running_loop().create_task(_end_with(self._supervisor_pid))
        # Nothing on the hot path makes cycles; looking for them at the usual rate costs a tenth of the worker's time.
        gc.collect()
        gc.freeze()
        gc.set_threshold(GARBAGE_THRESHOLD)

    async def stop(self) -> None:
        """Answer what waits, then let go of the database."""
        if self._guard is not None:
            self._guard.cancel()
        await self._batcher.drain()
        await self._store.stop()

    async def _ask_standing(self, questions: list[Question]) -> list[Answer]:
        began = time.perf_counter()
        answers = await self._store.ask_standing(questions)
        self.metrics.batch(len(questions), time.perf_counter() - began)
        return answers

    # Granian's interface

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.run_until_complete(self.start())

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.run_until_complete(self.stop())

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        headers = scope.headers
        try:
            if scope.path == STANDING and scope.method == "POST" and not scope.query_string:
                _require_json(headers.get("content-type"), headers.get("content-length"))
                answer = await self._standing.answer(headers.get("authorization"), await protocol())
                protocol.response_bytes(200, _JSON_HEADERS, answer)
                return
            status, kind, body = self._cold(scope.method, scope.path, scope.query_string)
            protocol.response_bytes(status, [("content-type", kind), ("cache-control", "no-store")], body)
        except Problem as problem:
            self.metrics.problems[problem.status, problem.code] += 1
            protocol.response_bytes(
                problem.status,
                [("content-type", problems.CONTENT_TYPE), ("cache-control", "no-store"), *problem.headers],
                problem.body,
            )

    # ASGI

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        try:
            if scope["path"] == STANDING and scope["method"] == "POST" and not scope["query_string"]:
                authorization = kind = length = None
                for name, value in scope["headers"]:
                    if name == b"authorization":
                        authorization = value.decode("latin-1")
                    elif name == b"content-type":
                        kind = value.decode("latin-1")
                    elif name == b"content-length":
                        length = value.decode("latin-1")
                _require_json(kind, length)
                answer = await self._standing.answer(authorization, await _body(receive))
                await send({"type": "http.response.start", "status": 200, "headers": _JSON_HEADERS_BYTES})
                await send({"type": "http.response.body", "body": answer})
                return
            status, kind, body = self._cold(scope["method"], scope["path"], scope["query_string"])
            headers = [(b"content-type", kind.encode()), (b"cache-control", b"no-store")]
        except Problem as problem:
            self.metrics.problems[problem.status, problem.code] += 1
            status, body = problem.status, problem.body
            headers = [(b"content-type", problems.CONTENT_TYPE.encode()), (b"cache-control", b"no-store")]
            headers += [(name.encode(), value.encode()) for name, value in problem.headers]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

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

    def _cold(self, method: str, path: str, query: str | bytes) -> tuple[int, str, bytes]:
        """Answer what is not hot; raises Problem."""
        if path == STANDING:
            raise problems.POST_ONLY if method != "POST" else problems.NO_QUERY
        if path not in {"/livez", "/readyz", "/metrics"}:
            raise problems.NOT_FOUND
        if method not in {"GET", "HEAD"}:
            raise problems.GET_ONLY
        if query:
            raise problems.NO_QUERY
        if path == "/metrics":
            return 200, METRICS_TYPE, self.metrics.text(waiting=len(self._batcher), ready=self._store.ready)
        if path == "/readyz" and not self._store.ready:
            raise problems.UNAVAILABLE
        return 200, "text/plain; charset=utf-8", b"ok\n"


async def _end_with(supervisor_pid: int) -> None:
    """Stop this worker when whoever started it is gone; otherwise it would share the port with its successors for ever."""
    while os.getppid() == supervisor_pid:
        await asyncio.sleep(SUPERVISOR_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def _require_json(kind: str | None, length: str | None) -> None:
    if kind != "application/json" and (kind is None or kind.replace(" ", "").lower() not in _JSON_KINDS):
        raise problems.NOT_JSON_TYPE
    if length is None:
        raise problems.LENGTH_REQUIRED
    if len(length) > 4 or int(length) > BODY_BYTES_MAX:
        raise problems.TOO_LARGE


_JSON_KINDS = {"application/json", "application/json;charset=utf-8"}


async def _body(receive: Receive) -> bytes:
    event = await receive()
    body: bytes = event.get("body", b"")
    while event.get("more_body", False):
        event = await receive()
        body += event.get("body", b"")
        if len(body) > BODY_BYTES_MAX:
            raise problems.TOO_LARGE
    return body


def create_app() -> Gateway:
    """Return a gateway with its settings read; a server calls it once in each worker."""
    return Gateway(read_configuration())
