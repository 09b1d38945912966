"""Signatures beside bytes: detached JWS (RFC 7515, appendix F) with ES256.

A signature that carries bytes of its own would be proven over those, whatever it lies beside: such a one is none.
"""

from __future__ import annotations

from collections.abc import Mapping

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey


class BadSignature(Exception):
    """There is no signature, or one that none of the sender's keys made over these bytes."""


def sign(content: bytes, key: ECKey, kind: str) -> str:
    """Return the detached signature over the bytes; `kind` (`typ`) says what it is of, so that a key used for anything else never makes one."""
    protected = {"alg": "ES256", "kid": key.kid, "typ": kind}
    return jws.detach_content(jws.serialize_compact(protected, content, key, ["ES256"]))


def require(content: bytes, signature: str, keys: Mapping[str, ECKey], kind: str) -> None:
    """Raise BadSignature unless one of the keys, by id, made the signature of this kind over these very bytes."""
    head, dots, tail = signature.strip().partition("..")
    if not dots or "." in head or "." in tail:
        raise BadSignature("no detached signature")
    try:
        found = jws.extract_compact(f"{head}..{tail}".encode(), content)
        protected = found.headers()
        key = keys.get(str(protected.get("kid")))
        if key is None:
            raise BadSignature("signed with a key the sender has not published")
        if protected.get("typ") != kind or not jws.validate_compact(found, key, ["ES256"]):
            raise BadSignature("the signature does not hold")
    except (JoseError, ValueError) as error:
        raise BadSignature("no signature, or none that can be read") from error


def proven(content: bytes, signature: str, keys: Mapping[str, ECKey], kind: str) -> bool:
    """Tell whether `require` would let the bytes pass."""
    try:
        require(content, signature, keys, kind)
    except BadSignature:
        return False
    return True
