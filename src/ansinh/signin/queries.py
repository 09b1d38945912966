"""What others may ask about who is signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.sessions.backends.base import SessionBase

from ansinh.access import queries as access
from ansinh.signin.citizens import (
    IDLE_MAX,
    WARNED_BEFORE,
    WHOLE_MAX,
    Citizen,
    Device,
    Entry,
    citizen_of,
    devices_of,
    entries_of,
)
from ansinh.signin.models import Account
from ansinh.signin.second_factor import enrolment_uri, new_secret, opened_offer, sealed
from ansinh.signin.slowing import door_wait
from ansinh.signin.states import SubjectKind

__all__ = [
    "IDLE_MAX",
    "OFFICER_IDLE_MAX",
    "OFFICER_WARNED_BEFORE",
    "OFFICER_WHOLE_MAX",
    "WARNED_BEFORE",
    "WHOLE_MAX",
    "Citizen",
    "Device",
    "Entry",
    "Offer",
    "SignedIn",
    "Subject",
    "agency_officer",
    "citizen_of",
    "devices_of",
    "door_wait",
    "entries_of",
    "facility_officer",
    "listed_name",
    "offer_second_factor",
    "officer_at",
    "signed_in",
]


# Officers, of facilities and of the agency alike: 15 minutes at rest, 12 hours in all; pages say so two minutes before.
OFFICER_IDLE_MAX = timedelta(minutes=15)
OFFICER_WHOLE_MAX = timedelta(hours=12)
OFFICER_WARNED_BEFORE = timedelta(minutes=2)


@dataclass(frozen=True)
class Subject:
    """Who signs in, or wants to: an officer of a facility, or (without a facility) of the agency."""

    kind: SubjectKind
    facility: str
    officer: str

    def named(self) -> str:
        """Return one text that stands for nobody else."""
        return f"{self.kind.value}:{self.facility}:{self.officer}"


@dataclass(frozen=True)
class SignedIn:
    """Somebody signed in who is still on their list."""

    account: int
    subject: Subject
    name: str


def facility_officer(facility: str, officer: str) -> Subject:
    """Return the officer of a facility, forgiving case and blanks in what was typed."""
    return Subject(SubjectKind.FACILITY_OFFICER, "".join(facility.split()).upper(), "".join(officer.split()))


def agency_officer(officer: str) -> Subject:
    """Return an officer of the agency, forgiving case and blanks in what was typed."""
    return Subject(SubjectKind.AGENCY_OFFICER, "", "".join(officer.split()).lower())


def listed_name(subject: Subject) -> str | None:
    """Return the name under which somebody is on their list; None when they are on none."""
    if subject.kind is SubjectKind.AGENCY_OFFICER:
        return access.officer_name(subject.officer)
    return access.listed_name(subject.facility, subject.officer)


def signed_in(account: int) -> SignedIn | None:
    """Return who an account is, while it is enrolled and its owner is on their list; None otherwise."""
    found = Account.objects.filter(pk=account, enrolled_at__isnull=False).first()
    if found is None:
        return None
    subject = Subject(SubjectKind(found.kind), found.facility, found.officer)
    name = listed_name(subject)
    return SignedIn(found.pk, subject, name) if name is not None else None


def officer_at(session: SessionBase, kind: SubjectKind, now: datetime) -> SignedIn | None:
    """Return the officer of this kind behind a session, and note that they are there; None, and an end of the session, when nobody is or not any more."""
    account, moment = session.get("account"), now.timestamp()
    if account is None:
        return None
    rested, whole = moment - session.get("seen_at", 0), moment - session.get("signed_in_at", 0)
    who = signed_in(account)
    if (
        who is None
        or who.subject.kind is not kind
        or rested > OFFICER_IDLE_MAX.total_seconds()
        or whole > OFFICER_WHOLE_MAX.total_seconds()
    ):
        session.flush()
        return None
    session["seen_at"] = moment
    return who


@dataclass(frozen=True)
class Offer:
    """A second factor offered on an enrolment page: as the page carries it (`sealed`), as a person types it, and as a QR code says it."""

    sealed: str
    secret: str = field(repr=False)
    uri: str = field(repr=False)


def offer_second_factor(name: str, secrets: Path, now: datetime, former: str = "") -> Offer:
    """Return a second factor to enrol with; the `former` offer again while it is good, because the telephone has it already."""
    secret = opened_offer(former, secrets, now) if former else None
    kept = former if secret else ""
    secret = secret or new_secret()
    return Offer(kept or sealed(secret, secrets, now), secret, enrolment_uri(secret, name))
