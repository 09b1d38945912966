"""What a call is to the two doors: which address it answers, what may be sent to it, and how it is told.

A call is an object with `async answer(method, headers, query, body, address)`. What the door refuses before (method, query, kind and length of the
body) is said by its route. `address` is the peer's, without the port. An address that ends with `/*` stands for everything beneath it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from ansinh.gateway import problems
from ansinh.gateway.problems import Problem

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
BODY_BYTES_MAX = 8_192
_CHARSETS = {"", "charset=utf-8"}

GET = frozenset({"GET", "HEAD"})
POST = frozenset({"POST"})
# Names in small letters. Whatever is said about a person must not be kept on the way.
JSON_ANSWER: tuple[tuple[str, str], ...] = (("content-type", JSON), ("cache-control", "no-store"))
TEXT_ANSWER: Sequence[tuple[str, str]] = (("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store"))

# HTTP status, headers, body.
Answered = tuple[int, Sequence[tuple[str, str]], bytes]


class Headers(Protocol):
    """The headers of a request, by their names in small letters."""

    def get(self, name: str, /) -> str | None:
        """Return a header's first value."""


Call = Callable[[str, Headers, str, bytes, str], Awaitable[Answered]]


def tell_problem(problem: Problem, headers: Headers) -> Answered:
    """Return a refusal as a problem document, in the language the caller wants."""
    language = problems.language_of(headers.get("accept-language"))
    told = (
        ("content-type", problems.CONTENT_TYPE),
        ("content-language", language),
        ("cache-control", "no-store"),
        *problem.headers,
    )
    return problem.status, told, problem.body(language)


@dataclass(frozen=True)
class Route:
    """One address: its call and what the door lets through to it. `kinds` None: the call reads whatever kind of body comes.

    `beneath` makes the call of an address beneath this one, from what follows; such a route's `answer` is never asked itself.
    """

    answer: Call
    methods: frozenset[str] = POST
    kinds: frozenset[str] | None = frozenset({JSON})
    body_bytes_max: int = BODY_BYTES_MAX
    length_required: bool = True
    query_length_max: int = 0
    tell: Callable[[Problem, Headers], Answered] = tell_problem
    beneath: Callable[[str], Call] | None = None

    def require(self, method: str, query: str | bytes) -> None:
        """Refuse what may not be asked here; raises Problem."""
        if method not in self.methods:
            raise problems.POST_ONLY if "POST" in self.methods else problems.GET_ONLY
        if len(query) > self.query_length_max:
            raise problems.TOO_LARGE if self.query_length_max else problems.NO_QUERY

    def require_body(self, kind: str | None, length: str | None) -> None:
        """Refuse a body of the wrong kind or length before it is read; raises Problem."""
        if self.kinds is not None and kind not in self.kinds:
            media, _, parameter = (kind or "").replace(" ", "").lower().partition(";")
            if media not in self.kinds or parameter not in _CHARSETS:
                raise problems.NOT_JSON_TYPE if FORM not in self.kinds else problems.NOT_JSON_OR_FORM_TYPE
        if length is None:
            if self.length_required:
                raise problems.LENGTH_REQUIRED
        elif len(length) > 9 or int(length) > self.body_bytes_max:
            raise problems.TOO_LARGE


async def _nowhere(method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
    raise problems.NOT_FOUND


def route_beneath(beneath: Callable[[str], Call], methods: frozenset[str], **kept: Any) -> Route:
    """Return the route of an address that ends with `/*`."""
    return Route(_nowhere, methods, beneath=beneath, **kept)


class Addresses:
    """The routing table: an exact address is one look-up, whatever else there is; then the longest address that stands for all beneath it."""

    def __init__(self, routes: Mapping[str, Route]) -> None:
        self._exact = {address: route for address, route in routes.items() if not address.endswith("/*")}
        self._beneath = sorted(
            ((address[:-1], route) for address, route in routes.items() if address.endswith("/*")),
            key=lambda one: -len(one[0]),
        )

    def route(self, path: str) -> Route | None:
        """Return the route of a path, if there is one."""
        found = self._exact.get(path)
        if found is not None:
            return found
        for prefix, route in self._beneath:
            if path.startswith(prefix) and route.beneath is not None:
                return replace(route, answer=route.beneath(path[len(prefix) :]))
        return None
