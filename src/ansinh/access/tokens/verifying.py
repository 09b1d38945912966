"""Telling what an access token proves, without a database."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from ansinh.access.keys import published_keys
from ansinh.access.tokens import claims
from ansinh.access.tokens.claims import Claims, Grant

LENGTH_MAX = 2_048
# How far the issuer's clock may be ahead of the verifier's.
AHEAD_SECONDS_MAX = 10
# A token with an unknown key makes the verifier look at the key file again, but not oftener than this.
REREAD_SECONDS_MIN = 1.0


class BadToken(Exception):
    """The token does not prove anything; `expired` tells whether it once did."""

    def __init__(self, why: str, *, expired: bool = False) -> None:
        super().__init__(why)
        self.expired = expired


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    alg: str
    kid: str
    typ: str


_header = msgspec.json.Decoder(_Header)
_claims = msgspec.json.Decoder(Claims)


def published_token_keys(secrets: Path) -> list[dict[str, Any]]:
    """Return the public halves tokens are verified with, as JWKs others may see; none while no token was ever signed."""
    return [
        key.as_dict(private=False) | {"use": "sig", "alg": claims.ALGORITHM}
        for key in published_keys(secrets, claims.KEYS_NAME).values()
    ]


class TokenVerifier:
    """Verifies tokens with the published keys of a folder of secrets, and takes up new keys when they appear."""

    def __init__(self, secrets: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._secrets = secrets
        self._monotonic = monotonic
        self._issuer = claims.issuer()
        # The first unknown key is looked for at once: a gateway may start before the first token, and so the first key, was ever made.
        self._read_at = monotonic() - REREAD_SECONDS_MIN
        self._keys = published_keys(secrets, claims.KEYS_NAME)

    def verify(self, token: str, now_seconds: float) -> Grant:
        """Return what the token proves at `now_seconds` (since 1970); raises BadToken."""
        if len(token) > LENGTH_MAX:
            raise BadToken("too long")
        try:
            found = jws.extract_compact(token.encode("ascii"))
            # The protected header is decoded strictly: no other algorithm, no key from elsewhere, nothing critical we do not know.
            header = _header.decode(msgspec.json.encode(found.headers()))
            key = self._key(header.kid)
            if (
                header.alg != claims.ALGORITHM
                or header.typ != claims.TYPE
                or key is None
                or not jws.validate_compact(found, key, [claims.ALGORITHM])
            ):
                raise BadToken("signed with none of our keys")
            said = _claims.decode(found.payload or b"")
        except (JoseError, ValueError, msgspec.MsgspecError) as error:
            raise BadToken("no token of ours") from error
        return self._checked(said, now_seconds)

    def _key(self, kid: str) -> ECKey | None:
        if kid not in self._keys and self._monotonic() - self._read_at >= REREAD_SECONDS_MIN:
            self._read_at = self._monotonic()
            self._keys = published_keys(self._secrets, claims.KEYS_NAME)
        return self._keys.get(kid)

    def _checked(self, said: Claims, now_seconds: float) -> Grant:
        if said.iss != self._issuer or said.aud != claims.AUDIENCE or said.sub != said.client_id:
            raise BadToken("from another issuer, for another audience or about another client")
        if said.iat > now_seconds + AHEAD_SECONDS_MAX or said.exp - said.iat > claims.LIFETIME_MAX.total_seconds():
            raise BadToken("not valid yet, or for too long")
        if said.exp <= now_seconds:
            raise BadToken("expired", expired=True)
        if not 0 < said.rate <= claims.RATE_PER_SECOND_MAX:
            raise BadToken("without a usable limit")
        return Grant(said.client_id, said.client_no, said.facility, frozenset(said.scope.split()), said.exp, said.rate)
