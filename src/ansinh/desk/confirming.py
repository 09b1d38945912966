"""An officer who was stopped for asking too much proves both factors again, and goes on."""

from __future__ import annotations

from ansinh.access.queries import actor_of_facility_officer, sign_in_door
from ansinh.ceilings.operations import confirm_challenge
from ansinh.database.urls import secrets_folder
from ansinh.desk.doors import no_entry
from ansinh.desk.words import WORDS
from ansinh.foundation.clock import RealClock
from ansinh.foundation.errors import Refusal
from ansinh.foundation.settings import settings
from ansinh.signin.operations import NotLetIn, Proof, sign_in
from ansinh.signin.queries import SignedIn

REASON = "xác nhận lại tại bàn tiếp đón"


def proven_again(who: SignedIn, given: dict[str, str], address: str, language: str) -> dict[str, str]:
    """Lift the officer's challenge if password and code are right; return what was wrong, by field, nothing when they may go on."""
    answer = sign_in(
        actor=sign_in_door(),
        reason=REASON,
        clock=RealClock(),
        subject=who.subject,
        proof=Proof(given["password"], given["code"], address),
        secrets=secrets_folder(settings()),
    )
    if isinstance(answer, NotLetIn):
        return {"password": no_entry(answer, WORDS[language], "not_confirmed")}
    subject = who.subject
    try:
        confirm_challenge(
            actor=actor_of_facility_officer(subject.facility, subject.officer),
            reason=REASON,
            clock=RealClock(),
            facility=subject.facility,
            officer=subject.officer,
        )
    except Refusal as refusal:
        return {"password": refusal.vi if language == "vi" else refusal.en}
    return {}
