"""What a call is to the two doors: which address it answers, what may be sent to it, and how it is told.

A call is an object with `async answer(method, headers, query, body, address)`. What the door refuses before (method, query, kind and length of the
body) is said by its route. `address` is the peer's, without the port.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

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
    """One address: its call and what the door lets through to it. `kinds` None: the call reads whatever kind of body comes."""

    answer: Call
    methods: frozenset[str] = POST
    kinds: frozenset[str] | None = frozenset({JSON})
    body_bytes_max: int = BODY_BYTES_MAX
    length_required: bool = True
    query_length_max: int = 0
    tell: Callable[[Problem, Headers], Answered] = tell_problem

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
