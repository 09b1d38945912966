"""The kinds of people who sign in, the ways in for citizens, and what rooms answer a session that is not strong enough."""

from __future__ import annotations

from enum import StrEnum

from ansinh.foundation.errors import Refusal


class SubjectKind(StrEnum):
    """Which officer signs in on our screens."""

    FACILITY_OFFICER = "facility_officer"
    """Somebody on a facility's list; named by the facility and their number there."""
    AGENCY_OFFICER = "agency_officer"
    """Somebody who works for the agency; named by their officer number alone."""


class Channel(StrEnum):
    """Through what a citizen comes."""

    PORTAL = "portal"
    """The public-service portal in a browser."""
    APP = "app"
    """The citizens' app: the portal installed on a telephone."""


class EntryKind(StrEnum):
    """What an entry in the list of sign-ins was."""

    SIGN_IN = "sign_in"
    STEP_UP = "step_up"
    """The same session, after a surer proof; no sign-in of its own for the figures."""


class LevelTooLow(Refusal):
    """The session is not strong enough for this; signing in again at level 2 helps."""

    code = "level_too_low"
