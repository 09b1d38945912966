"""States of role grants, machine clients and compatible doors, and which may follow which."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class GrantState(StrEnum):
    """Where a role grant stands."""

    PREPARED = "prepared"
    """One officer proposed it; it gives nothing yet."""
    APPROVED = "approved"
    """Another officer agreed; the role is theirs."""
    REFUSED = "refused"
    ENDED = "ended"


GRANT_TRANSITIONS: dict[GrantState, frozenset[GrantState]] = {
    GrantState.PREPARED: frozenset({GrantState.APPROVED, GrantState.REFUSED}),
    GrantState.APPROVED: frozenset({GrantState.ENDED}),
    GrantState.REFUSED: frozenset(),
    GrantState.ENDED: frozenset(),
}

# A grant in one of these is the only one of its officer and role.
OPEN_GRANT_STATES = (GrantState.PREPARED, GrantState.APPROVED)


# How long a role may be lent; for longer it is granted.
COVER_MAX = timedelta(days=90)


class ClientState(StrEnum):
    """Whether a machine client is let in."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


CLIENT_TRANSITIONS: dict[ClientState, frozenset[ClientState]] = {
    ClientState.ACTIVE: frozenset({ClientState.SUSPENDED}),
    ClientState.SUSPENDED: frozenset({ClientState.ACTIVE}),
}


class DoorState(StrEnum):
    """Whether a facility's older software may use the compatible door."""

    OPEN = "open"
    CLOSED = "closed"
