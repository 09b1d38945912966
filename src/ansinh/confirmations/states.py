"""Where a confirmation stands, what may follow, and in which words."""

from __future__ import annotations

from enum import StrEnum


class ConfirmationState(StrEnum):
    """Where it stands."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    UNANSWERED = "unanswered"
    DROPPED = "dropped"


CONFIRMATION_STATES: dict[ConfirmationState, tuple[str, str]] = {
    ConfirmationState.ASKED: ("chờ xác nhận", "waiting for an answer"),
    ConfirmationState.AGREED: ("đã đồng ý", "agreed"),
    ConfirmationState.DECLINED: ("không đồng ý", "declined"),
    ConfirmationState.UNANSWERED: ("hết hạn, chưa trả lời", "not answered in time"),
    ConfirmationState.DROPPED: ("không cần nữa", "not wanted any more"),
}


class ConfirmationEvent(StrEnum):
    """What happens to it."""

    AGREED = "agreed"
    DECLINED = "declined"
    TIME_OVER = "time_over"
    DROPPED = "dropped"


# An answer is still wanted.
WAITING = frozenset({ConfirmationState.ASKED, ConfirmationState.UNANSWERED})

# Event → (states it may happen in, the state after it). A late answer counts; who declined may still agree.
TRANSITIONS: dict[ConfirmationEvent, tuple[frozenset[ConfirmationState], ConfirmationState]] = {
    ConfirmationEvent.AGREED: (WAITING | {ConfirmationState.DECLINED}, ConfirmationState.AGREED),
    ConfirmationEvent.DECLINED: (WAITING, ConfirmationState.DECLINED),
    ConfirmationEvent.TIME_OVER: (frozenset({ConfirmationState.ASKED}), ConfirmationState.UNANSWERED),
    ConfirmationEvent.DROPPED: (WAITING | {ConfirmationState.DECLINED}, ConfirmationState.DROPPED),
}


def drawn() -> str:
    """Return the transitions as a Mermaid diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {ConfirmationState.ASKED}"]
    for event, (before, following) in TRANSITIONS.items():
        lines += [f"    {state} --> {following}: {event}" for state in ConfirmationState if state in before]
    return "\n".join(lines)
