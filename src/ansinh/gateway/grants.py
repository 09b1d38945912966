"""Access tokens at the door: verified once, kept until they expire."""

from __future__ import annotations

import time
from collections.abc import Callable

from ansinh.access.tokens import BadToken, Grant, TokenVerifier
from ansinh.gateway import problems

TOKENS_KEPT_MAX = 20_000


class TokenCache:
    """Grants of tokens that were verified, until they expire; the oldest leave when it is full."""

    def __init__(
        self, verifier: TokenVerifier, *, kept_max: int = TOKENS_KEPT_MAX, now: Callable[[], float] = time.time
    ) -> None:
        self._verifier = verifier
        self._kept_max = kept_max
        self._now = now
        self._grants: dict[str, Grant] = {}

    def grant(self, authorization: str | None, scope: str) -> Grant:
        """Return what the value of an Authorization header proves, the scope included; raises Problem."""
        now = self._now()
        grant = self._grants.get(authorization) if authorization is not None else None
        if grant is None or grant.expires_at_seconds <= now:
            grant = self._verified(authorization, now)
        if scope not in grant.scopes:
            raise problems.scope_missing(scope)
        return grant

    def proved(self, authorization: str | None) -> Grant:
        """Return what the value of an Authorization header proves, for a call that looks at the scopes itself; raises Problem."""
        now = self._now()
        grant = self._grants.get(authorization) if authorization is not None else None
        if grant is None or grant.expires_at_seconds <= now:
            grant = self._verified(authorization, now)
        return grant

    def _verified(self, authorization: str | None, now: float) -> Grant:
        if authorization is None:
            raise problems.TOKEN_MISSING
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise problems.TOKEN_MISSING
        self._grants.pop(authorization, None)
        try:
            grant = self._verifier.verify(token, now)
        except BadToken as bad:
            raise problems.TOKEN_INVALID from bad
        if len(self._grants) >= self._kept_max:
            del self._grants[next(iter(self._grants))]
        self._grants[authorization] = grant
        return grant
