"""The four credentials that come with each call: proven once, kept until the token expires. Where they stand differs from service to service."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from ansinh.access.tokens import BadToken
from ansinh.access.tokens.dialect import DialectGrant, DialectVerifier
from ansinh.access.tokens.dialect_passwords import MD5
from ansinh.gateway.routes import Headers

KEPT_MAX = 20_000
QUERY_LENGTH_MAX = 3_000
PARAMETERS_MAX = 20
PROVEN_LENGTH_MAX = 2_000

_Four = tuple[str, str, str, str]


class NotProven(Exception):
    """The credentials are missing, wrong or too old; the answer is one, whichever it was."""


class Credentials:
    """Grants by the credentials they were proven with; the oldest leave when it is full."""

    def __init__(
        self, verifier: DialectVerifier, *, kept_max: int = KEPT_MAX, now: Callable[[], float] = time.time
    ) -> None:
        self._verifier = verifier
        self._kept_max = kept_max
        self._now = now
        self._grants: dict[str | _Four, DialectGrant] = {}

    def of_query(self, query: str) -> DialectGrant:
        """Return what the parameters token, id_token, username and password of a query prove; raises NotProven."""
        kept = self._grants.get(query)
        if kept is not None and kept.grant.expires_at_seconds > self._now():
            return kept
        return self._proven(query, _from_query(query))

    def of_headers(self, headers: Headers, username: str) -> DialectGrant:
        """Return what the headers accessToken, tokenId and passwordHash prove of a user name; raises NotProven."""
        given = tuple(headers.get(name) or "" for name in ("accesstoken", "tokenid", "passwordhash"))
        four: _Four = (given[0], given[1], username, given[2])
        kept = self._grants.get(four)
        if kept is not None and kept.grant.expires_at_seconds > self._now():
            return kept
        return self._proven(four, four)

    def of_fields(self, fields: Mapping[str, str]) -> DialectGrant:
        """Return what the fields token, id_token, username and password of a body prove; raises NotProven."""
        four: _Four = (
            fields.get("token", ""),
            fields.get("id_token", ""),
            fields.get("username", ""),
            fields.get("password", ""),
        )
        kept = self._grants.get(four)
        if kept is not None and kept.grant.expires_at_seconds > self._now():
            return kept
        return self._proven(four, four)

    def _proven(self, name: str | _Four, four: _Four) -> DialectGrant:
        self._grants.pop(name, None)
        token, id_token, username, password = four
        if not MD5.fullmatch(password) or sum(map(len, four)) > PROVEN_LENGTH_MAX:
            raise NotProven
        try:
            grant = self._verifier.verify(token, id_token, username, password, self._now())
        except (BadToken, UnicodeError) as bad:
            raise NotProven from bad
        if len(self._grants) >= self._kept_max:
            del self._grants[next(iter(self._grants))]
        self._grants[name] = grant
        return grant


def _from_query(query: str) -> _Four:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=PARAMETERS_MAX)
    except ValueError as error:
        raise NotProven from error
    values = {name.lower(): value for name, value in pairs}
    if len(values) != len(pairs):
        raise NotProven  # A parameter twice: two readers might take two different ones.
    return (
        values.get("token", ""),
        values.get("id_token", ""),
        values.get("username", ""),
        values.get("password", ""),
    )
