"""Signatures beside bytes: detached JWS (RFC 7515 appendix F) with ES256 over the very bytes, so that any JOSE library can prove them."""

from __future__ import annotations

from collections.abc import Mapping

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

# What the signature is of: a key used for anything else could never be made to sign one of these.
SIGNATURE_TYPE = "ansinh-paper+jws"
KEYS_NAME = "papers"


def sign(content: bytes, key: ECKey) -> str:
    """Return the detached signature over the bytes."""
    protected = {"alg": "ES256", "kid": key.kid, "typ": SIGNATURE_TYPE}
    return jws.detach_content(jws.serialize_compact(protected, content, key, ["ES256"]))


def proven(content: bytes, signature: str, keys: Mapping[str, ECKey]) -> bool:
    """Tell whether one of the keys, by id, made the signature over these very bytes."""
    # A signature that carries bytes of its own would be proven over those, whatever it lies beside.
    if signature.count(".") != 2 or ".." not in signature:
        return False
    try:
        found = jws.extract_compact(signature.strip().encode(), content)
        protected = found.headers()
        key = keys.get(str(protected.get("kid")))
        return (
            key is not None
            and protected.get("typ") == SIGNATURE_TYPE
            and bool(jws.validate_compact(found, key, ["ES256"]))
        )
    except (JoseError, ValueError):
        return False
