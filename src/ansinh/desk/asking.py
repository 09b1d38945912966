"""One look-up, from the text in the field to the verdict: read, ask the gateway, judge, and put it on the officer's list."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings as django_settings

from ansinh.access.queries import actor_of_facility_officer
from ansinh.database.urls import secrets_folder
from ansinh.desk.adapters.gateway import Outcome, Refused, ask_standing
from ansinh.desk.operations import keep_look, take_token
from ansinh.desk.presenters import Asking, VerdictPresenter, verdict_presenter
from ansinh.desk.proving import send_waiting
from ansinh.desk.queries import Seen, last_of_session, masked
from ansinh.desk.reading import Reading, read
from ansinh.desk.tokens import TokenShelf
from ansinh.desk.verdicts import UNANSWERED, VALID, Here, Judged, judge
from ansinh.foundation.clock import Clock, RealClock, legal_day
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.foundation.settings import settings
from ansinh.places.queries import facility as facility_of_code
from ansinh.signin.queries import SignedIn

REASON = "tra cứu thẻ tại bàn tiếp đón"
# An answer older than this is not shown again, even marked as old.
LAST_KNOWN_WITHIN = timedelta(hours=12)

_shelf = TokenShelf()


@dataclass(frozen=True)
class Clerk:
    """Who asks, in which session, and in which language they are answered."""

    who: SignedIn
    session_key: str
    language: str


def look_up(text: str, clerk: Clerk, clock: Clock) -> VerdictPresenter:
    """Answer one scan or typed number in words; `clock` is the agency's, which says whether a card is expired or not valid yet."""
    real = RealClock()
    try:
        reading = read(text)
    except InvalidInput as refusal:
        detail = refusal.vi if clerk.language == "vi" else refusal.en
        judged = judge(Refused("question"), None, _here(clerk), legal_day(clock.now()))
        return verdict_presenter(judged, Asking("", real.now(), "", detail=detail), clerk.language)
    judged = judge(_ask(reading, clerk), reading.card, _here(clerk), legal_day(clock.now()))
    former = None
    mark = _session_mark(clerk, reading.number)
    if judged.verdict in UNANSWERED:
        former = last_of_session(clerk.who.account, mark, real.now(), LAST_KNOWN_WITHIN)
    elif judged.audit_reference:
        _keep(judged, reading, clerk, mark)
        # There is a line: what was proven without one is asked about now.
        send_waiting(clerk.who, lambda number, officer: ask_for(clerk.who, number, officer))
    place = facility_of_code(judged.standing.facility) if judged.standing else None
    asking = Asking(reading.number, real.now(), place.name if place else "", former)
    return verdict_presenter(judged, asking, clerk.language)


def _ask(reading: Reading, clerk: Clerk) -> Outcome:
    return ask_for(clerk.who, reading.key, clerk.who.subject.officer)


def ask_for(who: SignedIn, key: str, officer: str) -> Outcome:
    """Ask the gateway about a number in the name of an officer of the facility; never raises."""
    subject, here = who.subject, settings()
    actor = actor_of_facility_officer(subject.facility, subject.officer)

    def take() -> str:
        return take_token(
            actor=actor,
            reason=REASON,
            clock=RealClock(),
            facility=subject.facility,
            secrets=secrets_folder(here),
        )

    base_url = f"http://{here.gateway_host}:{here.gateway_port}"
    try:
        for _ in range(2):
            token = _shelf.token(subject.facility, take)
            outcome = ask_standing(base_url, token=token, key=key, officer=officer)
            if outcome != Refused("desk"):
                return outcome
            # The platform's signing keys may have changed since: once more with a new token.
            _shelf.forget(subject.facility)
    except NotFound:
        return Refused("desk")
    return outcome


def _keep(judged: Judged, reading: Reading, clerk: Clerk, mark: str) -> None:
    subject = clerk.who.subject
    standing = judged.standing
    last_day: date | None = None
    if standing is not None and judged.verdict in VALID:
        last_day = standing.valid_until - timedelta(days=1)
    keep_look(
        actor=actor_of_facility_officer(subject.facility, subject.officer),
        reason=REASON,
        clock=RealClock(),
        account=clerk.who.account,
        seen=Seen(
            masked(reading.number), mark, judged.verdict.value, judged.share_percent, last_day, judged.audit_reference
        ),
    )


def _session_mark(clerk: Clerk, number: str) -> str:
    text = f"{clerk.session_key} {number}".encode()
    return hmac.new(str(django_settings.SECRET_KEY).encode(), text, hashlib.sha256).hexdigest()


def _here(clerk: Clerk) -> Here:
    code = clerk.who.subject.facility
    place = facility_of_code(code)
    return Here(code, place.level if place else "")
