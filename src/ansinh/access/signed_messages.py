"""Messages to and from partner registries: an envelope of signature, header and message (SPDCI), signed both ways.

The signature is a detached JWS (RFC 7515, appendix F; ES256) whose payload is the SHA-256 digest of the header's bytes followed by the message's bytes,
as they stand on the wire; `contracts/registry/README.md` has the agreement. No Django here.
"""

from __future__ import annotations

import hashlib

import msgspec
from joserfc.jwk import ECKey

from ansinh.foundation.detached import BadSignature, require, sign

SIGNATURE_TYPE = "dci-message+jws"

__all__ = ["SIGNATURE_TYPE", "BadSignature", "Envelope", "opened", "sealed"]


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message as received; header and message stay raw, because the signature is over their very bytes."""

    header: msgspec.Raw
    message: msgspec.Raw = msgspec.Raw(b"")
    signature: str = ""


_envelope = msgspec.json.Decoder(Envelope)


def sealed(header: bytes, message: bytes, key: ECKey) -> bytes:
    """Return the signed envelope around the encoded `header` and `message`; an empty message is left out."""
    signature = sign(_digest(header, message), key, SIGNATURE_TYPE)
    parts = [b'{"signature":"', signature.encode(), b'","header":', header]
    if message:
        parts += [b',"message":', message]
    return b"".join([*parts, b"}"])


def opened(body: bytes, keys: dict[str, ECKey]) -> Envelope:
    """Return the envelope in `body`, its signature verified with the sender's `keys`; raises BadSignature, or msgspec.MsgspecError when it is none."""
    envelope = _envelope.decode(body)
    require(
        _digest(memoryview(envelope.header), memoryview(envelope.message)), envelope.signature, keys, SIGNATURE_TYPE
    )
    return envelope


def _digest(header: bytes | memoryview, message: bytes | memoryview) -> bytes:
    digest = hashlib.sha256(header)
    digest.update(message)
    return digest.digest()
