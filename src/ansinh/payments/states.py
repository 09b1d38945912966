"""States of runs, batches, attempts, orders and obligations as tables anybody can check; the diagrams are drawn from them (`drawn`).

An attempt's state is its end, else its strongest event that counts, else where its batch stands; so millions of rows are never updated.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, IntEnum, StrEnum

# Kinds of benefit that are paid once.
ONE_OFF_KINDS = frozenset({"one_off_withdrawal", "retirement_extra", "funeral", "survivor_one_off"})
# Kinds by the rhythm they are paid in: pensions and allowances of the month, unemployment benefit by its own calendar, and what is paid once, when granted.
KINDS_OF_RHYTHM: dict[str, frozenset[str]] = {
    "monthly": frozenset({"pension", "capacity_loss", "cadre", "survivor", "work_injury", "social_pension", "bridge"}),
    "unemployment": frozenset({"unemployment"}),
    "one_off": ONE_OFF_KINDS,
}


class RunState(StrEnum):
    """How far a run is."""

    DRAFT = "draft"
    BUILDING = "building"
    BUILT = "built"
    CHECKED = "checked"
    APPROVED = "approved"
    AUTHORISED = "authorised"
    FUNDED = "funded"
    SENDING = "sending"
    SENT = "sent"
    SETTLING = "settling"
    CLOSED = "closed"
    ABORTED = "aborted"


# Checking again seals again and voids the approvals; an order withheld after the check takes the run back before it, and so does whoever sends it back
# instead of signing it.
# Nothing is aborted once the first hand-over has begun.
RUN_TRANSITIONS: dict[RunState, tuple[RunState, ...]] = {
    RunState.DRAFT: (RunState.BUILDING, RunState.ABORTED),
    RunState.BUILDING: (RunState.BUILT, RunState.ABORTED),
    RunState.BUILT: (RunState.CHECKED, RunState.ABORTED),
    RunState.CHECKED: (RunState.CHECKED, RunState.BUILT, RunState.APPROVED, RunState.ABORTED),
    RunState.APPROVED: (RunState.CHECKED, RunState.BUILT, RunState.AUTHORISED, RunState.ABORTED),
    RunState.AUTHORISED: (RunState.CHECKED, RunState.BUILT, RunState.FUNDED, RunState.ABORTED),
    RunState.FUNDED: (RunState.SENDING, RunState.ABORTED),
    RunState.SENDING: (RunState.SENT,),
    RunState.SENT: (RunState.SETTLING,),
    RunState.SETTLING: (RunState.CLOSED,),
    RunState.CLOSED: (),
    RunState.ABORTED: (),
}


class BatchState(StrEnum):
    """Where a message to a bank stands. `sending` is written before the call; `unknown` is a state, not an error."""

    NEW = "new"
    SEALED = "sealed"
    READY = "ready"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    REFUSED = "refused"
    CANCELLED = "cancelled"


# A crash leaves `sending`, which is treated as `unknown`. Back to `ready` only by proof of absence, or by a contract that duplicates are refused; and from
# there to `sent` where the partner tells all the same that it has the message: it arrived later than any contract permits.
BATCH_TRANSITIONS: dict[BatchState, tuple[BatchState, ...]] = {
    BatchState.NEW: (BatchState.SEALED, BatchState.CANCELLED),
    BatchState.SEALED: (BatchState.SEALED, BatchState.READY, BatchState.CANCELLED),
    BatchState.READY: (BatchState.SENDING, BatchState.SENT, BatchState.CANCELLED),
    BatchState.SENDING: (BatchState.SENT, BatchState.UNKNOWN, BatchState.REFUSED),
    BatchState.UNKNOWN: (BatchState.SENT, BatchState.READY, BatchState.REFUSED),
    BatchState.SENT: (BatchState.ACKNOWLEDGED, BatchState.ANSWERED, BatchState.REFUSED),
    BatchState.ACKNOWLEDGED: (BatchState.ANSWERED, BatchState.REFUSED),
    BatchState.ANSWERED: (),
    BatchState.REFUSED: (),
    BatchState.CANCELLED: (),
}


class AttemptState(IntEnum):
    """Where an attempt stands. Numbers of events and ends are those stored, and the stronger is the larger."""

    READY = 1
    SENDING = 2
    UNKNOWN = 3
    SENT = 4
    ACCEPTED = 10
    REJECTED = 20
    PAID = 30
    UNCOLLECTED = 40
    RETURNED = 50
    CANCELLED = 60
    WITHHELD = 61
    """Cancelled before the seal: never in a message."""


# Attempts in these states keep their order from getting another; so a paid order never gets a second one.
LIVE = frozenset(
    {
        AttemptState.READY,
        AttemptState.SENDING,
        AttemptState.UNKNOWN,
        AttemptState.SENT,
        AttemptState.ACCEPTED,
        AttemptState.PAID,
    }
)
# Nothing more is awaited.
TERMINAL = frozenset(AttemptState) - LIVE | {AttemptState.PAID}


class AttemptEvent(IntEnum):
    """What a bank or the post tells of an attempt."""

    ACCEPTED = 10
    REJECTED = 20
    PAID = 30
    UNCOLLECTED = 40
    RETURNED = 50
    CANCELLED = 60


class Effect(IntEnum):
    """What an event does: counts, is stored because something stronger is known, or cannot be and opens a case."""

    COUNTS = 1
    WEAKER = 2
    CASE = 3


_ON_ITS_WAY = (AttemptState.SENDING, AttemptState.UNKNOWN, AttemptState.SENT, AttemptState.ACCEPTED)
# Event → the states in which it counts. An answer by line proves that the bank has the message, whatever we knew of the hand-over.
_COUNTS: dict[AttemptEvent, tuple[AttemptState, ...]] = {
    AttemptEvent.ACCEPTED: (AttemptState.SENDING, AttemptState.UNKNOWN, AttemptState.SENT),
    AttemptEvent.REJECTED: _ON_ITS_WAY,
    AttemptEvent.PAID: _ON_ITS_WAY,
    AttemptEvent.UNCOLLECTED: _ON_ITS_WAY,
    AttemptEvent.RETURNED: (*_ON_ITS_WAY, AttemptState.PAID),
    AttemptEvent.CANCELLED: (AttemptState.READY, *_ON_ITS_WAY),
}
# Event → the states in which it tells nothing new.
_WEAKER: dict[AttemptEvent, tuple[AttemptState, ...]] = {
    AttemptEvent.ACCEPTED: (AttemptState.ACCEPTED, AttemptState.PAID, AttemptState.REJECTED, AttemptState.RETURNED),
    AttemptEvent.PAID: (AttemptState.RETURNED,),
    AttemptEvent.REJECTED: (AttemptState.REJECTED,),
    AttemptEvent.RETURNED: (),
    AttemptEvent.UNCOLLECTED: (AttemptState.UNCOLLECTED,),
    AttemptEvent.CANCELLED: (AttemptState.CANCELLED,),
}


def effect_of(event: AttemptEvent, state: AttemptState) -> Effect:
    """Return what `event` does to an attempt in `state`; what no table names cannot be: rejected after paid, paid after rejected, paid twice."""
    if state in _COUNTS[event]:
        return Effect.COUNTS
    return Effect.WEAKER if state in _WEAKER[event] else Effect.CASE


EFFECTS: list[tuple[AttemptEvent, AttemptState, Effect]] = [
    (event, state, effect_of(event, state)) for event in AttemptEvent for state in AttemptState
]

ATTEMPT_TRANSITIONS: dict[AttemptState, tuple[AttemptState, ...]] = {
    AttemptState.READY: (AttemptState.SENDING, AttemptState.CANCELLED, AttemptState.WITHHELD),
    AttemptState.SENDING: (AttemptState.SENT, AttemptState.UNKNOWN),
    AttemptState.UNKNOWN: (AttemptState.SENT, AttemptState.PAID, AttemptState.REJECTED, AttemptState.READY),
    AttemptState.SENT: (AttemptState.ACCEPTED, AttemptState.PAID, AttemptState.REJECTED, AttemptState.UNCOLLECTED),
    AttemptState.ACCEPTED: (AttemptState.PAID, AttemptState.REJECTED, AttemptState.RETURNED, AttemptState.UNCOLLECTED),
    AttemptState.PAID: (AttemptState.RETURNED,),
    AttemptState.REJECTED: (),
    AttemptState.UNCOLLECTED: (),
    AttemptState.RETURNED: (),
    AttemptState.CANCELLED: (),
    AttemptState.WITHHELD: (),
}


class OrderState(StrEnum):
    """Where an order stands; `paying` and `paid` are read from its live attempt, the others are kept."""

    OPEN = "open"
    PAYING = "paying"
    PAID = "paid"
    WITHHELD = "withheld"
    RELEASED = "released"


ORDER_TRANSITIONS: dict[OrderState, tuple[OrderState, ...]] = {
    OrderState.OPEN: (OrderState.PAYING, OrderState.WITHHELD, OrderState.RELEASED),
    OrderState.PAYING: (OrderState.PAID, OrderState.OPEN),
    OrderState.PAID: (OrderState.OPEN,),
    OrderState.WITHHELD: (OrderState.OPEN, OrderState.RELEASED),
    OrderState.RELEASED: (),
}


class ObligationState(StrEnum):
    """Where an obligation stands: due without an order, claimed by one, settled with it, or void by a correction."""

    DUE = "due"
    CLAIMED = "claimed"
    SETTLED = "settled"
    VOID = "void"


OBLIGATION_TRANSITIONS: dict[ObligationState, tuple[ObligationState, ...]] = {
    ObligationState.DUE: (ObligationState.CLAIMED, ObligationState.VOID),
    ObligationState.CLAIMED: (ObligationState.SETTLED, ObligationState.DUE),
    ObligationState.SETTLED: (ObligationState.CLAIMED,),
    ObligationState.VOID: (),
}


def drawn(transitions: Mapping[Enum, tuple[Enum, ...]]) -> str:
    """Return the diagram of a table: a line for each state, with where it may go."""
    width = max(len(state.name) for state in transitions)
    lines = [
        f"{state.name.lower():<{width}} ──> {', '.join(after.name.lower() for after in afters) if afters else '·'}"
        for state, afters in transitions.items()
    ]
    return "\n".join(lines)
