"""What a doctor asks of the gateway about one patient, in one encounter: the purpose is chosen once and goes with every question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from ansinh.access.queries import actor_of_facility_officer
from ansinh.database.urls import secrets_folder
from ansinh.desk.adapters.gateway import Answered, Standing, ask_standing
from ansinh.desk.adapters.health import HealthOutcome, NotTold, Told, ask_health
from ansinh.desk.operations import take_token
from ansinh.desk.tokens import TokenShelf
from ansinh.foundation.clock import RealClock
from ansinh.foundation.errors import NotFound
from ansinh.foundation.purpose import Purpose
from ansinh.foundation.settings import settings
from ansinh.signin.queries import SignedIn

REASON = "đọc sổ sức khỏe tại bàn khám"
PURPOSES = (Purpose.TREATMENT, Purpose.REFERRAL)
_KEPT = "patient"

_shelf = TokenShelf()


@dataclass(frozen=True)
class Encounter:
    """The patient whose book is open, and what for. Kept in the server's session, so that no number stands in an address or in the browser."""

    key: str
    purpose: str


@dataclass(frozen=True)
class Doctor:
    """Who asks, and in which language they are answered."""

    who: SignedIn
    language: str

    def ask(self, path: str, question: dict[str, str]) -> HealthOutcome:
        """Ask the gateway about a health book, in this officer's name; never raises."""
        here = settings()
        try:
            token = self._token()
        except NotFound as refusal:
            return NotTold(refusal.code, refusal.vi if self.language == "vi" else refusal.en)
        question = question | {"officer": self.who.subject.officer}
        address = f"http://{here.gateway_host}:{here.gateway_port}/v1/{path}"
        found = ask_health(address, token=token, question=question, language=self.language)
        if isinstance(found, NotTold) and found.code in {"token_invalid", "scope_missing"}:
            # The platform's signing keys may have changed since: once more with a new token.
            _shelf.forget(self.who.subject.facility)
            found = ask_health(address, token=self._token(), question=question, language=self.language)
        return found

    def standing(self, key: str) -> Standing | None:
        """Return how the patient is insured: the name says that this is the right person."""
        here, subject = settings(), self.who.subject
        try:
            base_url = f"http://{here.gateway_host}:{here.gateway_port}"
            found = ask_standing(base_url, token=self._token(), key=key, officer=subject.officer)
        except NotFound:
            return None
        return found.standing if isinstance(found, Answered) else None

    def listed(self, path: str, encounter: Encounter) -> list[dict[str, Any]]:
        """Return a list the gateway tells, empty where it tells none."""
        found = self.ask(f"health/{path}", {"key": encounter.key, "purpose": encounter.purpose})
        return list(found.answer.get(path) or []) if isinstance(found, Told) else []

    def _token(self) -> str:
        subject = self.who.subject

        def take() -> str:
            return take_token(
                actor=actor_of_facility_officer(subject.facility, subject.officer),
                reason=REASON,
                clock=RealClock(),
                facility=subject.facility,
                secrets=secrets_folder(settings()),
            )

        return _shelf.token(subject.facility, take)


def open_encounter(request: HttpRequest) -> Encounter | None:
    """Return the encounter that is open in this session, or None."""
    kept = request.session.get(_KEPT)
    return Encounter(**kept) if kept else None


def keep_encounter(request: HttpRequest, encounter: Encounter | None) -> None:
    """Open an encounter in this session, or close the one there is."""
    if encounter is None:
        request.session.pop(_KEPT, None)
    else:
        request.session[_KEPT] = {"key": encounter.key, "purpose": encounter.purpose}
