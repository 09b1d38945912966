"""Who has an e-ID account: adults of the population register, which the same house keeps, and invented numbers that call up each trouble."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ansinh_sandbox.chances import per_mille
from ansinh_sandbox.register.store import STORE_FILE

LEVEL_ONE, LEVEL_TWO = "mosip:idp:acr:generated-code", "mosip:idp:acr:biometrics"
# The youngest who may have an account are fourteen (69/2024/NĐ-CP); the invented nation lives in 2025.
BORN_UNTIL = "2011"
# Accounts of level 1 hold what the person stated; of level 2, a portrait as well.
_LEVEL_ONE_PER_MILLE = 60


class Lie(StrEnum):
    """What goes wrong with an invented number."""

    REFUSES = "refuses"
    SLOW = "slow"
    WEAKER = "weaker"
    UNVERIFIED = "unverified"
    SWAPPED = "swapped"
    ROTATED = "rotated"
    STRANGER = "stranger"
    NONCE = "nonce"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    UNSIGNED = "unsigned"
    SYMMETRIC = "symmetric"
    MIXED_UP = "mixed_up"
    SILENT = "silent"
    ISSUER = "issuer"
    BARE = "bare"
    ANOTHERS = "anothers"
    BROKEN = "broken"
    FORGED = "forged"


MAGIC = {
    "000000000101": (Lie.REFUSES, "Thử Từ Chối", "always refuses"),
    "000000000102": (Lie.SLOW, "Thử Chậm Chạp", "the token comes too late"),
    "000000000103": (Lie.WEAKER, "Thử Mức Thấp", "never more than level 1, whatever was asked"),
    "000000000104": (Lie.UNVERIFIED, "Thử Chưa Xác Thực", "not verified: no personal number is told"),
    "000000000105": (Lie.SWAPPED, "Thử Tráo Người", "userinfo is another's"),
    "000000000106": (Lie.ROTATED, "Thử Đổi Khóa", "a key nobody knows yet signs"),
    "000000000107": (Lie.STRANGER, "Thử Người Lạ", "verified, and unknown to every agency"),
    "000000000108": (Lie.NONCE, "Thử Sai Nonce", "another nonce"),
    "000000000109": (Lie.AUDIENCE, "Thử Sai Nơi Nhận", "a token for another client"),
    "000000000110": (Lie.EXPIRED, "Thử Hết Hạn", "a token that has expired"),
    "000000000111": (Lie.UNSIGNED, "Thử Không Ký", "alg none"),
    "000000000112": (Lie.SYMMETRIC, "Thử Khóa Chung", "HS256 with the public key"),
    "000000000113": (Lie.MIXED_UP, "Thử Nhầm Nơi Cấp", "another iss in the response"),
    "000000000114": (Lie.SILENT, "Thử Không Nói", "no iss in the response"),
    "000000000115": (Lie.ISSUER, "Thử Sai Nơi Cấp", "another iss in the ID token"),
    "000000000116": (Lie.BARE, "Thử Trần", "userinfo as plain JSON"),
    "000000000117": (Lie.ANOTHERS, "Thử Gửi Nhầm", "userinfo for another client"),
    "000000000118": (Lie.BROKEN, "Thử Hỏng", "the token endpoint breaks"),
    "000000000119": (Lie.FORGED, "Thử Giả Mạo", "signed by a key that is not the provider's"),
}


@dataclass(frozen=True)
class Account:
    """Somebody with an e-ID account: the personal number, name and birth date the register holds, and how sure the e-ID can be of them."""

    pin: str
    name: str
    birth_date: str
    level: int
    lie: Lie | None = None

    def acr(self, asked: str) -> str:
        """Return what this account proves when so much was asked."""
        return LEVEL_TWO if asked == LEVEL_TWO and self.level > 1 and self.lie is not Lie.WEAKER else LEVEL_ONE


class Accounts:
    """Accounts by personal number, from the register as it is now."""

    def __init__(self, register: Path | None, invented: dict[str, str] | None = None) -> None:
        self._file = register / STORE_FILE if register else None
        self._invented = invented or {}

    def find(self, pin: str) -> Account | None:
        """Return the account under a personal number; None when there is none: unknown, dead, replaced, or too young."""
        if pin in MAGIC:
            lie, name, _ = MAGIC[pin]
            return Account(pin, name, "1990-01-01", 2, lie)
        if pin in self._invented:
            return Account(pin, self._invented[pin], "1970-01-01", 2)
        if self._file is None or not (len(pin) == 12 and pin.isascii() and pin.isdigit()):
            return None
        connection = sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, timeout=5.0)
        try:
            found = connection.execute(
                "SELECT full_name, birth_date FROM person WHERE pin = ? AND died_on IS NULL AND cancelled_on IS NULL AND birth_date < ?",
                (pin, BORN_UNTIL),
            ).fetchone()
        finally:
            connection.close()
        if found is None:
            return None
        return Account(pin, found[0], found[1], level_of(pin))


def level_of(pin: str) -> int:
    """Return how sure the e-ID is of a person of the register: the same each time."""
    return 1 if per_mille(f"eid-level {pin}") < _LEVEL_ONE_PER_MILLE else 2
