"""One HTTP/1.1 connection, answered on the event loop itself; the parser is llhttp's (httptools).

Requests of a connection are answered one after the other, in their order. Everything is bounded: how long a request may take to arrive, how large its
head and body may be, how many may wait behind one another, how long an answer may wait to be read.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import unquote

import httptools

from ansinh.gateway import problems
from ansinh.gateway.front import Front
from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import Answered, Route

REQUEST_SECONDS_MAX = 10.0
# A long body may take longer, as long as it comes at this pace.
BODY_BYTES_A_SECOND_MIN = 65_536
IDLE_SECONDS_MAX = 75.0
UNREAD_SECONDS_MAX = 20.0
LINGER_SECONDS = 1.0
HEAD_BYTES_MAX = 16_384
HEADERS_MAX = 100
ADDRESS_LENGTH_MAX = 4_096
PIPELINED_MAX = 16
# So much of bodies that have not arrived whole may one worker hold, of all its connections together: whoever sends them has proven nothing yet. Bodies of
# this length count until they are answered, and the next request of their connection waits unread.
HELD_BYTES_MAX = 64 << 20
LONG_BYTES_MIN = 1 << 20
# So much of a body is read past when its request was refused, so that the connection can go on.
SKIPPED_BYTES_MAX = 65_536
_REASONS = {200: "OK", 304: "Not Modified", 400: "Bad Request", 503: "Service Unavailable"}
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
# A request that says one of these twice means two things.
_SINGLE = frozenset({"authorization", "content-type", "host", "transfer-encoding"})


class Held:
    """Bytes of bodies that have not arrived whole, of all connections of a worker."""

    __slots__ = ("bytes",)

    def __init__(self) -> None:
        self.bytes = 0


_held = Held()


@dataclass(slots=True)
class Request:
    """A request that has arrived whole, or a refusal of one that has not."""

    route: Route | None
    method: str
    headers: dict[str, str]
    query: str
    body: bytes
    refusal: Problem | None
    last: bool


class Connection(asyncio.Protocol):
    """Reads requests, has them answered, writes the answers; the worker sweeps it now and then for what took too long."""

    def __init__(self, front: Front, connections: set[Connection], loop: asyncio.AbstractEventLoop) -> None:
        self._front = front
        self._connections = connections
        self._loop = loop
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[Request] = deque()
        self._busy = False
        self._unread_since = 0.0
        self._closing_at = 0.0
        self._last_words: Answered | None = None
        self._begun_at = 0.0
        self._idle_since = monotonic()
        self._draining = False
        self._transport: Any = None
        self._task: asyncio.Task[None] | None = None
        self._address = ""
        self._held_bytes = self._arriving_bytes = self._long_bytes = 0
        self._paused = False
        self.on_message_begin()

    # The transport's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._address = (transport.get_extra_info("peername") or ("",))[0]
        self._connections.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._connections.discard(self)
        self._waiting.clear()
        self._transport = None
        self._long_bytes = 0
        self._hold(0)

    def data_received(self, data: bytes) -> None:
        if self._closing_at:
            return
        if not self._begun_at:
            self._begun_at = monotonic()
        if not self._head_ended:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._end_with(problems.MALFORMED_REQUEST)
        except httptools.HttpParserError:
            self._end_with(problems.MALFORMED_REQUEST)
        else:
            if not self._head_ended and self._head_bytes > HEAD_BYTES_MAX + ADDRESS_LENGTH_MAX:
                self._end_with(problems.HEAD_TOO_LARGE)
            elif self._begun_at and self._pieces:
                self._hold(self._body_bytes)
                if _held.bytes > HELD_BYTES_MAX:
                    # Whoever holds most gives way, so that long bodies that come slowly are no trouble to short ones.
                    max(self._connections, key=lambda one: one._arriving_bytes)._end_with(problems.OVERLOADED)

    def eof_received(self) -> bool:
        # Whoever has said all may still hear the answers to it.
        self._draining = True
        return bool(self._busy or self._waiting)

    def pause_writing(self) -> None:
        self._unread_since = monotonic()
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._unread_since = 0.0
        if self._transport is not None:
            self._transport.resume_reading()
        self._next()

    # The parser's side

    def on_message_begin(self) -> None:
        self._url = b""
        self._headers: dict[str, str] = {}
        self._pieces: list[bytes] = []
        self._body_bytes = 0
        self._head_bytes = 0
        self._said_bytes = 0
        self._head_ended = False
        self._route: Route | None = None
        self._query = ""
        self._method = ""
        self._refusal: Problem | None = None

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        headers = self._headers
        self._said_bytes += len(name) + len(value)
        key = name.decode("latin-1").lower()
        if key in headers:
            if key in _SINGLE:
                self._refusal = problems.MALFORMED_REQUEST
            headers[key] += ", " + value.decode("latin-1")
            return
        headers[key] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self._head_ended = True
        headers = self._headers
        path, _, query = self._url.decode("latin-1").partition("?")
        method = self._method = self._parser.get_method().decode("latin-1")
        self._query = query
        route = self._route = self._front.route(path) or (
            self._front.route(_plain_path(path)) if path[:1] != "/" or "%" in path else None
        )
        if self._refusal is None:
            try:
                if (
                    len(self._url) > ADDRESS_LENGTH_MAX
                    or self._said_bytes > HEAD_BYTES_MAX
                    or len(headers) > HEADERS_MAX
                ):
                    raise problems.HEAD_TOO_LARGE
                if "host" not in headers and self._parser.get_http_version() == "1.1":
                    raise problems.MALFORMED_REQUEST
                if route is None:
                    raise problems.NOT_FOUND
                route.require(method, query)
                if route.body_bytes_max:
                    route.require_body(headers.get("content-type"), headers.get("content-length"))
            except Problem as refusal:
                self._refusal = refusal
        if "expect" in headers and self._refusal is None and not self._busy and self._transport is not None:
            self._transport.write(_CONTINUE)
        if self._refusal is not None and (
            "expect" in headers or "transfer-encoding" in headers or _length(headers) > SKIPPED_BYTES_MAX
        ):
            self._end_with(self._refusal)

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._refusal is not None:
            return
        if self._route is None or self._body_bytes > self._route.body_bytes_max:
            self._end_with(problems.TOO_LARGE)
            return
        self._pieces.append(body)

    def on_message_complete(self) -> None:
        if self._closing_at:
            return
        self._begun_at = 0.0
        pieces = self._pieces
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        self._pieces = []
        if len(body) >= LONG_BYTES_MIN:
            self._long_bytes += len(body)
        if self._held_bytes or self._long_bytes:
            self._hold(0)
        last = not self._parser.should_keep_alive()
        self._waiting.append(Request(self._route, self._method, self._headers, self._query, body, self._refusal, last))
        if not self._busy:
            self._next()
        elif (len(self._waiting) >= PIPELINED_MAX or self._long_bytes) and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()

    # Answering

    def _next(self) -> None:
        if self._busy or not self._waiting or self._unread_since or self._transport is None:
            return
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        self._busy = True
        self._task = self._loop.create_task(self._answer(self._waiting.popleft()))

    async def _answer(self, request: Request) -> None:
        try:
            if request.refusal is not None:
                raise request.refusal
            assert request.route is not None
            answered = await request.route.answer(
                request.method, request.headers, request.query, request.body, self._address
            )
        except Exception as trouble:  # said to the caller, whatever it is
            answered = self._front.told(request.route, trouble, request.headers)
        self._busy = False
        if self._long_bytes and len(request.body) >= LONG_BYTES_MIN:
            self._long_bytes -= len(request.body)
            self._hold(self._arriving_bytes)
        if self._transport is None:
            return
        if self._last_words is not None:
            self._write(answered)
            self._write(self._last_words, last=True)
            return
        last = request.last or (self._draining and not self._waiting)
        self._write(answered, head_only=request.method == "HEAD", last=last)
        if last:
            self._transport.close()
            return
        self._idle_since = monotonic()
        if self._waiting:
            self._next()

    def _write(self, answered: Answered, *, head_only: bool = False, last: bool = False) -> None:
        status, headers, body = answered
        # Of an answer the caller has already, the length is told and the body is not (RFC 9110, section 15.4.5).
        head_only = head_only or status == 304
        end = b"\r\nconnection: close\r\n\r\n" if last else b"\r\n\r\n"
        self._transport.write(b"%b%d%b%b" % (_head(status, headers), len(body), end, b"" if head_only else body))

    def _end_with(self, problem: Problem) -> None:
        """Refuse what cannot be read further, and close when that was heard: what still comes is not looked at."""
        if self._closing_at or self._transport is None:
            return
        self._closing_at = monotonic() + LINGER_SECONDS
        self._waiting.clear()
        self._pieces = []
        self._hold(0)
        told = self._front.told(self._route, problem, self._headers)
        if self._busy:
            self._last_words = told
        else:
            self._write(told, last=True)

    def _hold(self, count: int) -> None:
        """Hold so many bytes of a body that has not arrived whole, besides long ones that are not answered yet."""
        self._arriving_bytes = count
        count += self._long_bytes
        _held.bytes += count - self._held_bytes
        self._held_bytes = count

    # The worker's side

    def sweep(self, now: float) -> None:
        """End what took too long."""
        transport = self._transport
        if transport is None:
            return
        if self._closing_at:
            if now > self._closing_at:
                transport.abort()
        elif self._unread_since:
            if now - self._unread_since > UNREAD_SECONDS_MAX:
                transport.abort()
        elif self._begun_at and not self._busy:
            if now - self._begun_at > REQUEST_SECONDS_MAX + self._body_bytes / BODY_BYTES_A_SECOND_MIN:
                self._end_with(problems.REQUEST_TOO_SLOW)
        elif not self._busy and now - self._idle_since > IDLE_SECONDS_MAX:
            transport.close()

    def drain(self) -> None:
        """Close after what is being answered now; a request that comes before then is the last."""
        self._draining = True

    @property
    def idle(self) -> bool:
        """Tell whether nothing of a request has come since the last answer."""
        return not (self._busy or self._waiting or self._begun_at)

    def close(self) -> None:
        """Close now."""
        if self._transport is not None:
            self._transport.close()


_heads: dict[tuple[int, Sequence[tuple[str, str]]], bytes] = {}
HEADS_KEPT_MAX = 256


def _head(status: int, headers: Sequence[tuple[str, str]]) -> bytes:
    """Return status line and headers up to the value of content-length; those that come as tuples come often, so they are kept."""
    often = isinstance(headers, tuple)
    if often:
        kept = _heads.get((status, headers))
        if kept is not None:
            return kept
    lines = [
        f"HTTP/1.1 {status} {_REASONS.get(status, 'See The Body')}",
        *(f"{name}: {value}" for name, value in headers),
    ]
    made = ("\r\n".join(lines) + "\r\ncontent-length: ").encode("latin-1")
    if often:
        if len(_heads) >= HEADS_KEPT_MAX:
            _heads.clear()
        _heads[status, headers] = made
    return made


def _length(headers: dict[str, str]) -> int:
    """Return the length a body claims to have; the parser has seen that it is a number."""
    length = headers.get("content-length", "0")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 19 else SKIPPED_BYTES_MAX + 1


def _plain_path(path: str) -> str:
    """Return the path of an address that was sent whole (RFC 9112, section 3.2.2) or with characters written as codes."""
    if path.startswith(("http://", "https://")):
        path = "/" + path.split("/", 3)[3] if path.count("/") > 2 else "/"
    return unquote(path, errors="replace")
