"""The gateway as a plain ASGI application, for whoever runs it under another server or in a test: one worker, the same calls.

Run it by its factory: granian --interface asgi --factory ansinh.gateway.app:create_app. `ansinh serve` uses the server in `server/`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ansinh.gateway import problems
from ansinh.gateway.configuration import Configuration, read_configuration
from ansinh.gateway.front import Front

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BODY_SECONDS_MAX = 10.0


class Gateway:
    """One worker behind an ASGI door."""

    def __init__(self, configuration: Configuration) -> None:
        self._front = Front(configuration)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        route = self._front.route(scope["path"])
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
                body = await _body(receive, route.body_bytes_max)
            address = (scope.get("client") or ("",))[0]
            answered = await route.answer(method, headers, query, body, address)
        except Exception as trouble:  # said to the caller, whatever it is
            answered = self._front.told(route, trouble, headers)
        status, kept, content = answered
        as_bytes = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in kept]
        await send({"type": "http.response.start", "status": status, "headers": as_bytes})
        await send({"type": "http.response.body", "body": b"" if status == 304 else content})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._front.worker.start()
        except Exception as error:  # said to the server, which ends with it
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._front.worker.stop()
        await send({"type": "lifespan.shutdown.complete"})


async def _body(receive: Receive, bytes_max: int) -> bytes:
    """Return the body, while it is neither too long nor too slow; raises Problem."""
    body, more = b"", True
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            while more:
                event = await receive()
                body += event.get("body", b"")
                more = event.get("more_body", False)
                if len(body) > bytes_max:
                    raise problems.TOO_LARGE
    except TimeoutError as late:
        raise problems.REQUEST_TOO_SLOW from late
    return body


def create_app() -> Gateway:
    """Return a gateway with its settings read; a server calls it once in each worker."""
    return Gateway(read_configuration())
