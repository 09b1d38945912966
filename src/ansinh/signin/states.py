"""The kinds of people who sign in."""

from __future__ import annotations

from enum import StrEnum


class SubjectKind(StrEnum):
    """Who signs in on our screens."""

    FACILITY_OFFICER = "facility_officer"
    """Somebody on a facility's list; named by the facility and their number there."""
    AGENCY_OFFICER = "agency_officer"
    """Somebody who works for the agency; named by their officer number alone."""
