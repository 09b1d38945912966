"""The bytes of a submission, wherever they lie: in their row, or in a pack."""

from __future__ import annotations

import hashlib

import zstandard


class BytesChanged(Exception):
    """What is kept does not hash to the receipt's digest any more."""


def opened(kept: bytes, size: int, sha256: bytes) -> bytes:
    """Return the bytes as they were submitted; raises BytesChanged when they are not those."""
    try:
        raw = zstandard.ZstdDecompressor().decompress(kept, max_output_size=size)
    except zstandard.ZstdError as error:
        raise BytesChanged from error
    if len(raw) != size or hashlib.sha256(raw).digest() != sha256:
        raise BytesChanged
    return raw
