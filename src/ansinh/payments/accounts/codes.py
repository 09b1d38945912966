"""One-time codes that confirm a change of account: six digits, told to the payee alone, kept as a digest with the account's number in it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

CODE_DIGITS = 6
CODE_LIVES = timedelta(minutes=10)
MISSES_MAX = 5


def new_code() -> str:
    """Return a fresh code."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def digest_of(account_id: int, code: str) -> bytes:
    """Return what is kept of a code."""
    return hashlib.sha256(f"ansinh account code 1\x1f{account_id}\x1f{code}".encode()).digest()


def same(kept: bytes, account_id: int, code: str) -> bool:
    """Compare in the same time whatever differs."""
    return hmac.compare_digest(kept, digest_of(account_id, code))
