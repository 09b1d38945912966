"""Signing access tokens with the platform's own key, for a client that has proved who it is."""

from __future__ import annotations

import secrets as randomness
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from joserfc import jws

from ansinh.access.keys import SigningKeys, signing_keys
from ansinh.access.tokens import claims
from ansinh.access.tokens.claims import Claims, Holder

# A rotation is taken up within this.
REREAD_SECONDS = 1.0


def token_keys(secrets: Path) -> SigningKeys:
    """Return the keys tokens are signed with, made on first use."""
    return signing_keys(secrets, claims.KEYS_NAME)


def issue_token(keys: SigningKeys, holder: Holder, *, now: datetime, lifetime: timedelta = claims.LIFETIME) -> str:
    """Sign a token; raises ValueError when it would live longer than LIFETIME_MAX."""
    if not timedelta(0) < lifetime <= claims.LIFETIME_MAX:
        raise ValueError(f"a token lives at most {claims.LIFETIME_MAX}")
    issued = int(now.timestamp())
    said = Claims(
        iss=claims.issuer(),
        aud=claims.AUDIENCE,
        sub=holder.client_id,
        client_id=holder.client_id,
        client_no=holder.client_no,
        facility=holder.facility,
        scope=" ".join(sorted(holder.scopes)),
        iat=issued,
        exp=issued + int(lifetime.total_seconds()),
        jti=randomness.token_urlsafe(12),
        rate=holder.rate_per_second,
    )
    header = {"alg": claims.ALGORITHM, "kid": keys.signing.kid, "typ": claims.TYPE}
    return jws.serialize_compact(header, msgspec.json.encode(said), keys.signing, [claims.ALGORITHM])


class TokenIssuer:
    """Keeps the signing keys of a folder of secrets at hand, and takes up a rotation within a second."""

    def __init__(self, secrets: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._secrets = secrets
        self._monotonic = monotonic
        self._read_at = 0.0
        self._keys: SigningKeys | None = None

    @property
    def keys(self) -> SigningKeys:
        """Return the keys as they stand; made on first use."""
        now = self._monotonic()
        if self._keys is None or now - self._read_at >= REREAD_SECONDS:
            self._keys, self._read_at = token_keys(self._secrets), now
        return self._keys
