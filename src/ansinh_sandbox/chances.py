"""Chances that are the same each time: drawn from a text, so that the same account or subject always fares alike."""

from __future__ import annotations

import hashlib

_BYTES = 6


def drawn(text: str) -> int:
    """Return a whole number below 2 to the power of 48."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=_BYTES).digest(), "big")


def share(text: str) -> float:
    """Return a number from 0 to below 1."""
    return drawn(text) / (1 << 8 * _BYTES)


def per_mille(text: str) -> int:
    """Return a whole number from 0 to 999."""
    return drawn(text) % 1_000
