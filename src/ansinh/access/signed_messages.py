"""Messages to and from partner registries: an envelope of signature, header and message (SPDCI), signed both ways.

The signature is a detached JWS (RFC 7515, appendix F; ES256) whose payload is the SHA-256 digest of the header's bytes followed by the message's bytes,
as they stand on the wire; `contracts/registry/README.md` has the agreement. No Django here.
"""

from __future__ import annotations

import hashlib

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

# What the signature is of: a key used for tokens as well could never be made to sign one of these.
SIGNATURE_TYPE = "dci-message+jws"


class BadSignature(Exception):
    """A message carries no signature, or one that none of the sender's keys made over these bytes."""


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message as received; header and message stay raw, because the signature is over their very bytes."""

    header: msgspec.Raw
    message: msgspec.Raw = msgspec.Raw(b"")
    signature: str = ""


_envelope = msgspec.json.Decoder(Envelope)


def sealed(header: bytes, message: bytes, key: ECKey) -> bytes:
    """Return the signed envelope around the encoded `header` and `message`; an empty message is left out."""
    protected = {"alg": "ES256", "kid": key.kid, "typ": SIGNATURE_TYPE}
    signature = jws.detach_content(jws.serialize_compact(protected, _digest(header, message), key, ["ES256"]))
    parts = [b'{"signature":"', signature.encode(), b'","header":', header]
    if message:
        parts += [b',"message":', message]
    return b"".join([*parts, b"}"])


def opened(body: bytes, keys: dict[str, ECKey]) -> Envelope:
    """Return the envelope in `body`, its signature verified with the sender's `keys`; raises BadSignature, or msgspec.MsgspecError when it is none."""
    envelope = _envelope.decode(body)
    digest = _digest(memoryview(envelope.header), memoryview(envelope.message))
    try:
        found = jws.extract_compact(envelope.signature.encode(), digest)
        protected = found.headers()
        key = keys.get(str(protected.get("kid")))
        if key is None:
            raise BadSignature("signed with a key the sender has not published")
        if protected.get("typ") != SIGNATURE_TYPE or not jws.validate_compact(found, key, ["ES256"]):
            raise BadSignature("the signature does not hold")
    except (JoseError, ValueError) as error:
        raise BadSignature("no signature, or none that can be read") from error
    return envelope


def _digest(header: bytes | memoryview, message: bytes | memoryview) -> bytes:
    digest = hashlib.sha256(header)
    digest.update(message)
    return digest.digest()
