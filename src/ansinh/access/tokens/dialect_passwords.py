"""Passwords of hospitals' older software: what it sends is an MD5, so that MD5 is the password, and what is kept is its Argon2 hash. No Django here."""

from __future__ import annotations

import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MD5 = re.compile(r"[0-9A-Fa-f]{32}")
# The lower of the two settings recommended for servers (RFC 9106 leaves room; OWASP, 19 MiB and two passes): software asks for tokens often.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# The hash of nobody's password: an unknown account takes as long to refuse as a wrong password.
NOBODYS = _HASHER.hash("no password")


def hash_md5(password_md5: str) -> str:
    """Return what is kept of a password's MD5 (32 hexadecimal digits, of either case); raises ValueError when it is none. Takes some 30 ms."""
    if not MD5.fullmatch(password_md5):
        raise ValueError("an MD5 has 32 hexadecimal digits")
    return _HASHER.hash(password_md5.upper())


def md5_is(password_md5: str, kept: str | None) -> bool:
    """Tell whether this is the MD5 that was kept; None, nothing kept, takes as long. Takes some 30 ms."""
    try:
        right = _HASHER.verify(kept or NOBODYS, password_md5.upper())
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None
