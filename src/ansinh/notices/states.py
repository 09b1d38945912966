"""What becomes of a message: its states, the transitions permitted, and the words others see."""

from __future__ import annotations

QUEUED, SENT, DELIVERED, FAILED, REFUSED = "queued", "sent", "delivered", "failed", "refused"

# (from, to): what has happened
TRANSITIONS: dict[tuple[str, str], str] = {
    (QUEUED, SENT): "the provider took the message",
    (QUEUED, FAILED): "the provider could not be reached in time, or will never take this message",
    (QUEUED, REFUSED): "there is no address, or the provider refuses the recipient",
    (SENT, DELIVERED): "the provider says that it arrived",
    (SENT, FAILED): "the provider says that it did not arrive, or never told",
    (SENT, REFUSED): "the recipient's network refused it",
}

# state → what others see, Vietnamese and English
PUBLIC_NAMES: dict[str, tuple[str, str]] = {
    QUEUED: ("đang chờ gửi", "waiting"),
    SENT: ("đã gửi", "sent"),
    DELIVERED: ("đã nhận", "delivered"),
    FAILED: ("không gửi được", "not delivered"),
    REFUSED: ("bị từ chối", "not delivered"),
}

OPEN = (QUEUED, SENT)
"""States in which something is still to be done."""


def sources_of(state: str) -> list[str]:
    """Return the states from which `state` may be reached."""
    return [start for start, end in TRANSITIONS if end == state]
