"""Access tokens of machine clients: short-lived, signed (ES256; RFC 9068), verified without a database. No Django here.

Who holds one is the client it names, at the facility it names, within the scopes it names, until it expires. Token moments are real ones, whatever day
an invented nation lives: pass the real clock's.
"""

from __future__ import annotations

import secrets as randomness
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from ansinh.access.keys import SigningKeys, published_keys, signing_keys

KEYS_NAME = "access-tokens"
ISSUER = "ansinh-access"
AUDIENCE = "ansinh-gateway"
TYPE = "at+jwt"
LIFETIME = timedelta(minutes=15)
LIFETIME_MAX = timedelta(hours=24)
LENGTH_MAX = 2_048
# How far the issuer's clock may be ahead of the verifier's.
AHEAD_SECONDS_MAX = 10
# A token with an unknown key makes the verifier look at the key file again, but not oftener than this.
REREAD_SECONDS_MIN = 1.0

STANDING_READ = "standing:read"


class BadToken(Exception):
    """The token does not prove anything; `expired` tells whether it once did."""

    def __init__(self, why: str, *, expired: bool = False) -> None:
        super().__init__(why)
        self.expired = expired


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token proves: which client, for which facility, may do what, until when (seconds since 1970)."""

    client_id: str
    client_no: int
    facility: str
    scopes: frozenset[str]
    expires_at_seconds: int


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    alg: str
    kid: str
    typ: str


class _Claims(msgspec.Struct, frozen=True):
    iss: str
    aud: str
    sub: str
    client_no: int
    facility: str
    scope: str
    iat: int
    exp: int
    jti: str


_header = msgspec.json.Decoder(_Header)
_claims = msgspec.json.Decoder(_Claims)


def token_keys(secrets: Path) -> SigningKeys:
    """Return the keys tokens are signed with, made on first use."""
    return signing_keys(secrets, KEYS_NAME)


def issue_token(
    keys: SigningKeys,
    *,
    client_id: str,
    client_no: int,
    facility: str,
    scopes: frozenset[str],
    now: datetime,
    lifetime: timedelta = LIFETIME,
) -> str:
    """Sign a token; raises ValueError when it would live longer than LIFETIME_MAX."""
    if not timedelta(0) < lifetime <= LIFETIME_MAX:
        raise ValueError(f"a token lives at most {LIFETIME_MAX}")
    issued = int(now.timestamp())
    claims = _Claims(
        iss=ISSUER,
        aud=AUDIENCE,
        sub=client_id,
        client_no=client_no,
        facility=facility,
        scope=" ".join(sorted(scopes)),
        iat=issued,
        exp=issued + int(lifetime.total_seconds()),
        jti=randomness.token_urlsafe(12),
    )
    header = {"alg": "ES256", "kid": keys.signing.kid, "typ": TYPE}
    return jws.serialize_compact(header, msgspec.json.encode(claims), keys.signing, ["ES256"])


class TokenVerifier:
    """Verifies tokens with the published keys of a folder of secrets, and takes up new keys when they appear."""

    def __init__(self, secrets: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._secrets = secrets
        self._monotonic = monotonic
        # The first unknown key is looked for at once: a gateway may start before the first token, and so the first key, was ever made.
        self._read_at = monotonic() - REREAD_SECONDS_MIN
        self._keys = published_keys(secrets, KEYS_NAME)

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
                header.alg != "ES256"
                or header.typ != TYPE
                or key is None
                or not jws.validate_compact(found, key, ["ES256"])
            ):
                raise BadToken("signed with none of our keys")
            claims = _claims.decode(found.payload or b"")
        except (JoseError, ValueError, msgspec.MsgspecError) as error:
            raise BadToken("no token of ours") from error
        return _checked(claims, now_seconds)

    def _key(self, kid: str) -> ECKey | None:
        if kid not in self._keys and self._monotonic() - self._read_at >= REREAD_SECONDS_MIN:
            self._read_at = self._monotonic()
            self._keys = published_keys(self._secrets, KEYS_NAME)
        return self._keys.get(kid)


def _checked(claims: _Claims, now_seconds: float) -> Grant:
    if claims.iss != ISSUER or claims.aud != AUDIENCE:
        raise BadToken("from another issuer or for another audience")
    if claims.iat > now_seconds + AHEAD_SECONDS_MAX or claims.exp - claims.iat > LIFETIME_MAX.total_seconds():
        raise BadToken("not valid yet, or for too long")
    if claims.exp <= now_seconds:
        raise BadToken("expired", expired=True)
    return Grant(claims.sub, claims.client_no, claims.facility, frozenset(claims.scope.split()), claims.exp)
