"""What becomes of a message: its states, the transitions permitted, and the words others see."""

from __future__ import annotations

QUEUED, SENT, DELIVERED, FAILED, REFUSED = "queued", "sent", "delivered", "failed", "refused"

# (from, to): what has happened
TRANSITIONS: dict[tuple[str, str], str] = {
    (QUEUED, SENT): "the provider took the message",
    (QUEUED, FAILED): "the provider could not be reached in time, or will never take this message",
    (QUEUED, REFUSED): "there is no address, or the provider refuses the recipient",
    (SENT, QUEUED): "it did not arrive by this channel, or nothing was heard in time; the next channel's turn",
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

# Channels in the order they are tried: what costs nothing and is read by its owner alone first, paper last.
CHANNELS: dict[str, tuple[str, str]] = {
    "app": ("thông báo ứng dụng", "app message"),
    "sms": ("tin nhắn SMS", "SMS"),
    "email": ("thư điện tử", "e-mail"),
    "letter": ("thư bưu điện", "letter"),
}
LETTER = "letter"

OPEN = (QUEUED, SENT)
"""States in which something is still to be done."""


def sources_of(state: str) -> list[str]:
    """Return the states from which `state` may be reached."""
    return [start for start, end in TRANSITIONS if end == state]
