"""Steps of a restraint, states of a ceiling, and which may follow which."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """What is done to a subject; a restraint grows step by step, and only a person takes back the last two."""

    SLOW = "slow"
    """Told to come back later; ends by itself."""
    CHALLENGE = "challenge"
    """Stopped until the officer confirms with their second factor at the desk, or an officer of the agency lifts it."""
    SUSPEND = "suspend"
    """Stopped until an officer of the agency lifts it."""
    LIFTED = "lifted"


STEP_TRANSITIONS: dict[Step, frozenset[Step]] = {
    Step.SLOW: frozenset({Step.SLOW, Step.CHALLENGE, Step.SUSPEND, Step.LIFTED}),
    Step.CHALLENGE: frozenset({Step.SUSPEND, Step.LIFTED}),
    Step.SUSPEND: frozenset({Step.LIFTED}),
    Step.LIFTED: frozenset({Step.SLOW, Step.CHALLENGE, Step.SUSPEND}),
}


class CeilingState(StrEnum):
    """Where a proposed ceiling stands. Of those approved for the same subjects, the newest holds."""

    PREPARED = "prepared"
    APPROVED = "approved"
    REFUSED = "refused"


class Kind(StrEnum):
    """What a ceiling and a tally are about. Citizens who read their own records, and officers of the agency who look numbers up, are
    counted in the audit and have no tally."""

    OFFICER = "officer"
    FACILITY = "facility"
    CLIENT = "client"
    ADDRESS = "address"
    APP = "app"
    CITIZEN = "citizen"
    AGENCY = "agency"
