"""What a bank can say of an account."""

from __future__ import annotations

from enum import StrEnum


class HolderState(StrEnum):
    """A bank's answer about one account."""

    OPEN = "open"
    CLOSED = "closed"
    BLOCKED = "blocked"
    NONE = "none"
    BUSY = "busy"
    """No answer now; never read as one."""
