"""Messages of the registry family (SPDCI): an envelope of signature, header and message, signed both ways.

The signature is a detached JWS (RFC 7515, appendix F; ES256) whose payload is the SHA-256 digest of the bytes of the header followed by the bytes of the
message, as they stand on the wire. `contracts/registry/README.md` is what both sides agreed; each side has written its own code for it.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

# What the signature is of; a key used for anything else can never make one by accident.
SIGNATURE_TYPE = "dci-message+jws"
# A partner publishes the key it signs with and the one before.
KEYS_PUBLISHED_MAX = 2


class BadSignature(Exception):
    """The envelope carries no signature, or one that does not hold; the code is SPDCI's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message as received: header and message stay raw, because the signature is over their very bytes."""

    header: msgspec.Raw
    message: msgspec.Raw = msgspec.Raw(b"")
    signature: str = ""


_ENVELOPE = msgspec.json.Decoder(Envelope)


def read_envelope(body: bytes) -> Envelope:
    """Split a body into its three parts; raises msgspec.MsgspecError when it is no envelope."""
    return _ENVELOPE.decode(body)


def _digest(header: bytes | memoryview, message: bytes | memoryview) -> bytes:
    digest = hashlib.sha256(header)
    digest.update(message)
    return digest.digest()


def signature_of(header: bytes, key: ECKey, message: bytes = b"") -> str:
    """Return the detached signature of a header and its message; an event that stands alone is signed like a header without one."""
    return detached(_digest(header, message), key, SIGNATURE_TYPE)


def sealed(header: bytes, message: bytes, key: ECKey) -> bytes:
    """Return the envelope around `header` and `message` (empty: the envelope has none), signed with `key`."""
    signature = signature_of(header, key, message)
    parts = [b'{"signature":"', signature.encode(), b'","header":', header]
    if message:
        parts += [b',"message":', message]
    return b"".join([*parts, b"}"])


def check_signature(envelope: Envelope, keys: dict[str, ECKey]) -> None:
    """Raise BadSignature unless one of the sender's `keys` (by key id) signed header and message."""
    if not envelope.signature:
        raise BadSignature("err.signature.missing")
    digest = _digest(memoryview(envelope.header), memoryview(envelope.message))
    if not holds(envelope.signature, digest, keys, SIGNATURE_TYPE):
        raise BadSignature("err.signature.invalid")


def detached(content: bytes, key: ECKey, kind: str) -> str:
    """Return the detached signature over bytes; `kind` (`typ`) says what it is of."""
    protected = {"alg": "ES256", "kid": key.kid, "typ": kind}
    return jws.detach_content(jws.serialize_compact(protected, content, key, ["ES256"]))


def holds(signature: str, content: bytes, keys: dict[str, ECKey], kind: str) -> bool:
    """Tell whether one of the sender's `keys` made a signature of this kind over these bytes."""
    # A signature that carries bytes of its own would be proven over those.
    if ".." not in signature:
        return False
    try:
        found = jws.extract_compact(signature.encode(), content)
        protected = found.headers()
        key = keys.get(str(protected.get("kid")))
        return key is not None and protected.get("typ") == kind and bool(jws.validate_compact(found, key, ["ES256"]))
    except (JoseError, ValueError):
        return False


def own_key(secrets: Path, name: str) -> ECKey:
    """Return the key `name` signs with, made on first use; its public half is published beside it for the other side to read."""
    private_file = secrets / f"{name}.private.jwks.json"
    if not private_file.exists():
        made = ECKey.generate_key("P-256", auto_kid=True)
        secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_once(private_file, [made.as_dict(private=True)])
    keys = [ECKey.import_key(entry) for entry in _entries(private_file)]
    # Written at every start, so that a crash between the two files heals.
    _write(secrets / f"{name}.public.jwks.json", [key.as_dict(private=False) for key in keys[:KEYS_PUBLISHED_MAX]])
    return keys[0]


def published_keys(secrets: Path, name: str) -> dict[str, ECKey]:
    """Return the public keys `name` has published, by key id; empty while it has not."""
    file = secrets / f"{name}.public.jwks.json"
    if not file.exists():
        return {}
    keys = [ECKey.import_key(entry) for entry in _entries(file)[:KEYS_PUBLISHED_MAX]]
    return {str(key.kid): key for key in keys}


def _entries(file: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["keys"]
    return entries


def _new_file(target: Path, entries: list[dict[str, Any]]) -> Path:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")  # born readable by its owner only
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"keys": entries}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _write(target: Path, entries: list[dict[str, Any]]) -> None:
    _new_file(target, entries).replace(target)


def _write_once(target: Path, entries: list[dict[str, Any]]) -> None:
    """Write unless another process was first; its file then stands."""
    made = _new_file(target, entries)
    try:
        os.link(made, target)
    except FileExistsError:
        pass
    finally:
        made.unlink()
