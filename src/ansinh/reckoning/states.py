"""States of recoveries as a table anybody can check. A recovery's state is read from its events, so nothing is ever rewritten."""

from __future__ import annotations

from enum import StrEnum


class RecoveryState(StrEnum):
    """How far money is on its way back."""

    OPEN = "open"
    DEMANDED = "demanded"
    REPAID_IN_PART = "repaid_in_part"
    SETTLED = "settled"
    WRITTEN_OFF = "written_off"


# Writing off takes two people, and only what was demanded may be written off. What is repaid in part stays so until the rest came or was written off.
RECOVERY_TRANSITIONS: dict[RecoveryState, tuple[RecoveryState, ...]] = {
    RecoveryState.OPEN: (RecoveryState.DEMANDED, RecoveryState.REPAID_IN_PART, RecoveryState.SETTLED),
    RecoveryState.DEMANDED: (RecoveryState.REPAID_IN_PART, RecoveryState.SETTLED, RecoveryState.WRITTEN_OFF),
    RecoveryState.REPAID_IN_PART: (RecoveryState.REPAID_IN_PART, RecoveryState.SETTLED, RecoveryState.WRITTEN_OFF),
    RecoveryState.SETTLED: (),
    RecoveryState.WRITTEN_OFF: (),
}
