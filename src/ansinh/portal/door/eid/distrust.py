"""Why we do not believe what came: one word for each cause, which the audit keeps, and which people are never bothered with."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """What was wrong with an answer of the e-ID, or with who brought it."""

    STATE = "state"
    """No such request: used, too old, never made, or begun in another browser."""
    ISSUER = "issuer"
    CODE = "code"
    SHAPE = "shape"
    ALGORITHM = "algorithm"
    SIGNATURE = "signature"
    AUDIENCE = "audience"
    TIME = "time"
    NONCE = "nonce"
    SUBJECT = "subject"
    LEVEL = "level"
    EVENT = "event"
    REPLAY = "replay"


class Distrusted(Exception):
    """An answer we do not believe; nothing was done."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class Declined(Exception):
    """The e-ID says no: the person refused, or it could not do what we asked; `error` is its word (RFC 6749, 4.1.2.1)."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error
