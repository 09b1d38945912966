"""Key proofs of wallets (OpenID4VCI 1.0, appendix F.1, `jwt`): whose key a credential is bound to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

TYPE = "openid4vci-proof+jwt"
ALGORITHM = "ES256"
LENGTH_MAX = 4_000
AGE_MAX = timedelta(minutes=5)
AHEAD_MAX = timedelta(minutes=1)


class BadProof(Exception):
    """A proof that proves no key for us, now."""


@dataclass(frozen=True)
class Holder:
    """A holder's public key, and the nonce its proof carries."""

    key: dict[str, Any]
    nonce: str


def read_proof(text: str, audience: str, now: datetime) -> Holder:
    """Return what a proof proves: a key of the wallet's own, for this issuer, made now; whether its nonce is good is for the caller. Raises BadProof."""
    if not isinstance(text, str) or len(text) > LENGTH_MAX:
        raise BadProof("not a proof")
    try:
        found = jws.extract_compact(text.encode("ascii"))
        head = found.headers()
        if head.get("typ") != TYPE or head.get("alg") != ALGORITHM or "kid" in head or "x5c" in head:
            raise BadProof("its head is not one of a proof with a key inside")
        told = head.get("jwk")
        if not isinstance(told, dict) or told.get("kty") != "EC" or told.get("crv") != "P-256" or "d" in told:
            raise BadProof("no public key of P-256")
        public = {name: told[name] for name in ("kty", "crv", "x", "y")}
        if not jws.validate_compact(found, ECKey.import_key(public), [ALGORITHM]):
            raise BadProof("not made by the key it holds")
        payload: dict[str, Any] = json.loads(found.payload or b"")
        made, nonce = payload["iat"], payload["nonce"]
        if payload["aud"] != audience or not isinstance(made, int) or not isinstance(nonce, str):
            raise BadProof("made for another issuer, or not saying when")
    except (JoseError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise BadProof("cannot be read") from error
    age = now.timestamp() - made
    if not -AHEAD_MAX.total_seconds() <= age <= AGE_MAX.total_seconds():
        raise BadProof("not made now")
    return Holder(public, nonce)
