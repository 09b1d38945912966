"""What may be done at the door: officers are invited, enrolled and let in; citizens whom the e-ID vouches for are let in, and leave."""

from __future__ import annotations

from ansinh.signin.operations.citizens import (
    Arrival,
    EndedThere,
    act_for,
    end_other_sessions,
    end_provider_sessions,
    leave,
    let_citizen_in,
    raise_level,
)
from ansinh.signin.operations.former import load_former_entries
from ansinh.signin.operations.officers import (
    INVITATION_LIFETIME,
    Enrolment,
    Invitation,
    LetIn,
    NotLetIn,
    Proof,
    enrol_account,
    invite_account,
    sign_in,
)
from ansinh.signin.operations.requests import EidRequest, open_request, take_request, turn_away

__all__ = [
    "INVITATION_LIFETIME",
    "Arrival",
    "EidRequest",
    "EndedThere",
    "Enrolment",
    "Invitation",
    "LetIn",
    "NotLetIn",
    "Proof",
    "act_for",
    "end_other_sessions",
    "end_provider_sessions",
    "enrol_account",
    "invite_account",
    "leave",
    "let_citizen_in",
    "load_former_entries",
    "open_request",
    "raise_level",
    "sign_in",
    "take_request",
    "turn_away",
]
