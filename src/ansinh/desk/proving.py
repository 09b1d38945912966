"""Prove a card by its code where no line is, with what was fetched before; and ask the gateway about it once there is one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import httpx

from ansinh.access.queries import actor_of_facility_officer
from ansinh.credentials.offline import Kept, NotFetched, Verdict
from ansinh.credentials.queries import issuer
from ansinh.database.folder import data_folder
from ansinh.desk.adapters.gateway import Answered, Nobody, Outcome
from ansinh.desk.operations import keep_offline, settle_offline
from ansinh.desk.queries import Proved, waiting_looks
from ansinh.foundation.clock import RealClock
from ansinh.foundation.settings import settings
from ansinh.signin.queries import SignedIn

REASON = "kiểm tra thẻ khi mất đường truyền"
# Lists younger than this are not fetched again.
FETCHED_WITHIN = timedelta(minutes=10)
SENT_AT_ONCE_MAX = 50
# A clerk waits: no line is known as such soon.
_TIMEOUT = httpx.Timeout(3.0, connect=1.0)

Ask = Callable[[str, str], Outcome]


def kept() -> Kept:
    """Return where this server keeps what proves cards without a line."""
    return Kept(data_folder(settings()) / "desk-offline")


def refresh(store: Kept, now: datetime) -> None:
    """Fetch keys and lists anew where they are not fresh and there is a line; what was kept stays otherwise."""
    fetched = store.fetched_at()
    if fetched is not None and now - fetched < FETCHED_WITHIN:
        return
    try:
        with httpx.Client(timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as line:
            store.fetch(issuer(), now, via=line)
    except NotFetched:
        return


def prove(text: str, who: SignedIn, store: Kept, today: date) -> Verdict | None:
    """Return what a code proves now, and write down that it was shown; None when nothing was ever fetched here."""
    clock = RealClock()
    try:
        verdict = store.verify(text, clock.now(), today)
    except NotFetched:
        return None
    number = verdict.says.get("card_number")
    age = None if verdict.list_age is None else int(verdict.list_age.total_seconds())
    subject = who.subject
    keep_offline(
        actor=actor_of_facility_officer(subject.facility, subject.officer),
        reason=REASON,
        clock=clock,
        facility=subject.facility,
        officer=subject.officer,
        proved=Proved(verdict.verdict, age, number if isinstance(number, str) else None),
    )
    return verdict


def send_waiting(who: SignedIn, ask: Ask) -> int:
    """Ask the gateway about every card that was proven without a line, each in the name of who looked; returns how many were answered.

    Stops at the first that is not: the line is cut again.
    """
    sent, subject = 0, who.subject
    for one in waiting_looks(subject.facility, SENT_AT_ONCE_MAX):
        outcome = ask(one.card_number, one.officer)
        if not isinstance(outcome, Answered | Nobody):
            break
        settle_offline(
            actor=actor_of_facility_officer(subject.facility, subject.officer),
            reason=REASON,
            now=RealClock().now(),
            look_id=one.look_id,
            audit_reference=outcome.audit_reference,
        )
        sent += 1
    return sent
