"""Signatures over the heads of chains (Ed25519), with a key the database does not hold: what they name cannot be cut off unnoticed."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ansinh.audit.chains import FIELD, microseconds

KEY_FILE = "audit-heads.key"
PUBLIC_FILE = "audit-heads.pub"


def signing_key(secrets: Path) -> Ed25519PrivateKey:
    """Return the key heads are signed with, made on first use; its public half lies beside it for auditors to take away."""
    file = secrets / KEY_FILE
    if not file.exists():
        secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
        _place(file, Ed25519PrivateKey.generate().private_bytes_raw())
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(file.read_text(encoding="ascii")))
    if not (secrets / PUBLIC_FILE).exists():
        _place(secrets / PUBLIC_FILE, key.public_key().public_bytes_raw())
    return key


def public_key(secrets: Path) -> Ed25519PublicKey | None:
    """Return the key heads are proven with, or None where none was ever signed."""
    file = secrets / PUBLIC_FILE
    if not file.exists():
        return None
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(file.read_text(encoding="ascii")))


def sign(key: Ed25519PrivateKey, chain_id: int, links: int, head: bytes, signed_at: datetime) -> str:
    """Return the signature over a head."""
    return base64.b64encode(key.sign(_text(chain_id, links, head, signed_at))).decode()


def holds(key: Ed25519PublicKey, signature: str, chain_id: int, links: int, head: bytes, signed_at: datetime) -> bool:
    """Tell whether the signature over a head is the key's."""
    try:
        key.verify(base64.b64decode(signature), _text(chain_id, links, head, signed_at))
    except (InvalidSignature, ValueError):
        return False
    return True


def broken_head(  # the columns of one row
    key: Ed25519PublicKey | None,
    signature: str,
    chain_id: int,
    links: int,
    head: bytes,
    signed_at: datetime,
    digest: bytes | None,
) -> Iterator[str]:
    """Say what is wrong with a signed head; `digest` is that of the link it names, None when that link is gone."""
    if key is not None and not holds(key, signature, chain_id, links, bytes(head), signed_at):
        yield f"chain {chain_id}: the signature over its head at link number {links} does not hold"
    elif digest is None:
        yield f"chain {chain_id}: it was signed at link number {links}, which is gone"
    elif bytes(digest) != bytes(head):
        yield f"chain {chain_id}: link number {links} is not the one that was signed"


def _text(chain_id: int, links: int, head: bytes, signed_at: datetime) -> bytes:
    return FIELD.join(
        ["ansinh audit head 1", str(chain_id), str(links), head.hex(), str(microseconds(signed_at))]
    ).encode()


def _place(file: Path, content: bytes) -> None:
    """Write a file only its owner reads, whole or not at all; one that another process has just made stands."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as open_file:
        open_file.write(base64.b64encode(content))
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
