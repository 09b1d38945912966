"""Why we do not believe what came: one word for each cause, which the audit keeps, and which people are never bothered with."""

from __future__ import annotations

from enum import StrEnum

# RFC 6749, 4.1.2.1; OpenID Connect Core 1.0, 3.1.2.6.
_ERRORS = frozenset(
    {
        "access_denied",
        "account_selection_required",
        "consent_required",
        "interaction_required",
        "invalid_request",
        "invalid_request_object",
        "invalid_request_uri",
        "invalid_scope",
        "login_required",
        "registration_not_supported",
        "request_not_supported",
        "request_uri_not_supported",
        "server_error",
        "temporarily_unavailable",
        "unauthorized_client",
        "unsupported_response_type",
    }
)


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
        # Whoever makes an address may write anything there; the audit keeps words of the standards alone.
        self.error = error if error in _ERRORS else "other"
        super().__init__(self.error)
