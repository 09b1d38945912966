"""The bytes of an attachment as kept, and as handed in."""

from __future__ import annotations

import hashlib

import zstandard

_LEVEL = 3


class BytesChanged(Exception):
    """What is kept of an attachment does not hash to its digest any more."""


def folded(content: bytes) -> bytes:
    """Return bytes as they are kept."""
    return zstandard.ZstdCompressor(level=_LEVEL).compress(content)


def opened(kept: bytes, size: int, sha256: bytes) -> bytes:
    """Return the bytes as they were handed in; raises BytesChanged when they are not those."""
    try:
        content = zstandard.ZstdDecompressor().decompress(kept, max_output_size=size)
    except zstandard.ZstdError as error:
        raise BytesChanged from error
    if len(content) != size or hashlib.sha256(content).digest() != sha256:
        raise BytesChanged
    return content
