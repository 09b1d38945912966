"""States of a card as a transition table, and the public words a standing carries."""

from __future__ import annotations

from enum import StrEnum


class CardState(StrEnum):
    """What has become of a card. The reasons of reduction (báo giảm) are told apart because hospitals are told them."""

    ISSUED = "issued"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    REDUCED = "reduced"
    REDUCED_MOVED_OUT = "reduced_moved_out"
    REDUCED_MOVED_WITHIN = "reduced_moved_within"
    REDUCED_READDED = "reduced_readded"
    REDUCED_STOPPED = "reduced_stopped"


REDUCTIONS = tuple(state for state in CardState if state.startswith("reduced"))


class CardEvent(StrEnum):
    """What an officer does to a card; a history row each."""

    ISSUED = "issued"
    SUSPENDED = "suspended"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    REDUCED = "reduced"
    FACILITY_CHANGED = "facility_changed"


_USED = (CardState.ISSUED, CardState.SUSPENDED)

# event → the states it may happen in → the state after it. A withdrawn card never comes back; a number that was replaced or reduced may be issued anew,
# because a number follows from group, province and social-insurance code, and people return to a group. Issuing one that is in use prolongs it.
TRANSITIONS: dict[CardEvent, dict[CardState, tuple[CardState, ...]]] = {
    CardEvent.ISSUED: dict.fromkeys((CardState.ISSUED, CardState.REPLACED, *REDUCTIONS), (CardState.ISSUED,)),
    CardEvent.SUSPENDED: {CardState.ISSUED: (CardState.SUSPENDED,)},
    CardEvent.RESTORED: dict.fromkeys((CardState.SUSPENDED, *REDUCTIONS), (CardState.ISSUED,)),
    CardEvent.WITHDRAWN: dict.fromkeys((*_USED, *REDUCTIONS), (CardState.WITHDRAWN,)),
    CardEvent.REPLACED: dict.fromkeys(_USED, (CardState.REPLACED,)),
    CardEvent.REDUCED: dict.fromkeys(_USED, REDUCTIONS),
    CardEvent.FACILITY_CHANGED: {CardState.ISSUED: (CardState.ISSUED,)},
}


def permitted(event: CardEvent, before: CardState, after: CardState) -> bool:
    """Tell whether `event` may take a card from one state to the other."""
    return after in TRANSITIONS[event].get(before, ())


class StandingStatus(StrEnum):
    """Public word for how a person stands at the counter. Cards of the armed forces are answered by their own offices."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REDUCED = "reduced"
    REDUCED_MOVED_OUT = "reduced_moved_out"
    REDUCED_MOVED_WITHIN = "reduced_moved_within"
    REDUCED_READDED = "reduced_readded"
    REDUCED_STOPPED = "reduced_stopped"
    MANAGED_ARMY = "managed_army"
    MANAGED_POLICE = "managed_police"


# Inner states that carry another public word; all others are told as they are. A replaced number that is still looked at was issued anew elsewhere.
PUBLIC_STATUS = {
    state: StandingStatus(state.value) for state in (CardState.SUSPENDED, CardState.WITHDRAWN, *REDUCTIONS)
} | {
    CardState.ISSUED: StandingStatus.ACTIVE,
    CardState.REPLACED: StandingStatus.WITHDRAWN,
}
