"""What others may ask about referral papers and appointments: frozen answers only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ansinh.database.sql import row, rows
from ansinh.foundation.clock import VIET_NAM
from ansinh.people.queries import records_of, resolve
from ansinh.referrals.rules import tier_of, year_long_diseases
from ansinh.referrals.states import VERDICT_WORDS, AppointmentState, Reach, ReferralState, Verdict
from ansinh.referrals.taking import TakenPaper, VisitPapers, paper_of_row

__all__ = ["TakenPaper", "VisitPapers", "paper_of_row", "year_long_diseases"]

PAPERS_MAX = 100


@dataclass(frozen=True, slots=True)
class Used:
    """A visit a paper was used for."""

    facility: str
    facility_name: str
    episode: str
    at: datetime

    @property
    def at_local(self) -> datetime:
        """Return the moment on the clock of Viet Nam."""
        return self.at.astimezone(VIET_NAM)


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral paper as it stands; `standing`: issued, used, withdrawn, or expired where it is past its last day."""

    person_id: int
    referral_id: int
    facility: str
    facility_name: str
    number: str
    episode: str
    to_facility: str | None
    to_facility_name: str
    issued_on: date
    valid_until: date
    reach: str
    path: str
    tier: str
    main_diagnosis: str | None
    diagnosis_text: str | None
    doctor: str | None
    sensitive: tuple[str, ...]
    state: str
    standing: str
    uses: tuple[Used, ...]


@dataclass(frozen=True, slots=True)
class Appointment:
    """An appointment as it stands; `standing`: booked, kept, withdrawn, or missed where nobody came within its window."""

    person_id: int
    appointment_id: int
    facility: str
    facility_name: str
    number: str
    episode: str
    issued_on: date
    due_on: date
    valid_until: date
    main_diagnosis: str | None
    diagnosis_text: str | None
    doctor: str | None
    sensitive: tuple[str, ...]
    state: str
    standing: str
    reminded_at: datetime | None


@dataclass(frozen=True, slots=True)
class PapersOf:
    """A person's papers, newest first."""

    person_id: int
    referrals: tuple[Referral, ...]
    appointments: tuple[Appointment, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper shown at a facility at the beginning of a visit: whose, which (the issuer's code and the number on it), where, for which visit."""

    person_id: int
    issuer: str
    number: str
    facility: str
    episode: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a shown paper is found to be; `used`: where it was used first, `used_here`: for this very visit already."""

    verdict: Verdict
    referral: Referral | None = None
    used: Used | None = None
    used_here: bool = False


def code_text(kind: str, facility: str, number: str) -> str:
    """Return the text of a paper's QR code: `ANSINH|GCT|issuer|number` of a referral, `ANSINH|GHK|…` of an appointment. It names the paper, never whose."""
    return f"ANSINH|{kind}|{facility}|{number}"


def papers_of(person_id: int, today: date) -> PapersOf:
    """Return the papers of a person, those of records merged into theirs too, at most PAPERS_MAX of each kind."""
    person = resolve(person_id)
    records = records_of(person)
    found = rows(
        f"{_REFERRALS} WHERE r.person_id = ANY(%s) ORDER BY r.issued_on DESC, r.referral_id DESC LIMIT %s",
        [records, PAPERS_MAX],
    )
    booked = rows(_APPOINTMENTS, [records, PAPERS_MAX])
    return PapersOf(
        person,
        tuple(_referral(one, today) for one in found),
        tuple(_appointment(one, today) for one in booked),
    )


def usable_papers(today: date, length: int) -> list[Referral]:
    """Return some papers that are good for one visit at a named facility today, newest first, at most PAPERS_MAX."""
    which = (
        "WHERE r.state = 'issued' AND r.reach = 'once' AND r.to_facility IS NOT NULL AND t.code IS NOT NULL AND %s BETWEEN r.issued_on AND r.valid_until "
        "ORDER BY r.issued_on DESC, r.person_id LIMIT %s"
    )
    return [_referral(one, today) for one in rows(f"{_REFERRALS} {which}", [today, min(length, PAPERS_MAX)])]


def referral_shown(shown: Shown, today: date, *, lock: bool = False) -> Found:
    """Return what a paper is found to be when it is shown at a facility on a day; `lock` keeps it as it is until the transaction ends."""
    person = resolve(shown.person_id)
    which = f"{_REFERRALS} WHERE r.person_id = ANY(%s) AND r.facility = %s AND r.number = %s LIMIT 1"
    found = row(which + (" FOR UPDATE OF r" if lock else ""), [records_of(person), shown.issuer, shown.number])
    if found is None:
        return Found(Verdict.UNKNOWN)
    paper = _referral(found, today)
    here = any((use.facility, use.episode) == (shown.facility, shown.episode) for use in paper.uses)
    return Found(_verdict(paper, shown, today, here), paper, paper.uses[0] if paper.uses else None, here)


def refused_words(found: Found) -> tuple[str, str]:
    """Return why a paper cannot be used, in both languages; of a used one when and where it was."""
    vi, en = VERDICT_WORDS[found.verdict]
    if found.verdict is Verdict.USED and found.used is not None:
        vi += f" Đã dùng lúc {found.used.at_local:%H:%M ngày %d/%m/%Y} tại cơ sở {found.used.facility} ({found.used.facility_name})."
        en += f" It was used at {found.used.at_local:%H:%M on %Y-%m-%d} at facility {found.used.facility} ({found.used.facility_name})."
    return vi, en


def _verdict(paper: Referral, shown: Shown, today: date, here: bool) -> Verdict:
    """The order is `states.Verdict`'s. For the visit it was used for already, a paper stays usable whatever came later."""
    if here:
        return Verdict.USABLE
    if paper.state == ReferralState.WITHDRAWN:
        return Verdict.WITHDRAWN
    if paper.uses and (paper.reach == Reach.ONCE or paper.uses[0].facility != shown.facility):
        return Verdict.USED
    if paper.to_facility is not None and paper.to_facility != shown.facility:
        return Verdict.OTHER_FACILITY
    if today < paper.issued_on:
        return Verdict.NOT_YET
    return Verdict.EXPIRED if today > paper.valid_until else Verdict.USABLE


def _referral(one: tuple[Any, ...], today: date) -> Referral:
    (*told, main_diagnosis, text, doctor, state, sensitive, from_level, to_level, uses) = one
    named = dict(zip(_OF_REFERRAL, told, strict=True))
    expired = state == ReferralState.ISSUED and today > named["valid_until"]
    return Referral(
        **named,
        tier=tier_of(from_level or "", to_level or ""),
        main_diagnosis=main_diagnosis,
        diagnosis_text=text,
        doctor=doctor,
        sensitive=tuple(sensitive),
        state=state,
        standing="expired" if expired else state,
        uses=tuple(
            Used(where, name or where, episode, datetime.fromisoformat(at))
            for where, name, episode, at in json.loads(uses)
        ),
    )


def _appointment(one: tuple[Any, ...], today: date) -> Appointment:
    named = dict(zip(_OF_APPOINTMENT, one, strict=True))
    missed = named["state"] == AppointmentState.BOOKED and today > named["valid_until"]
    return Appointment(
        **named | {"sensitive": tuple(named["sensitive"])}, standing="missed" if missed else named["state"]
    )


_OF_REFERRAL = (
    *("person_id", "referral_id", "facility", "facility_name", "number", "episode"),
    *("to_facility", "to_facility_name", "issued_on", "valid_until", "reach", "path"),
)
_OF_APPOINTMENT = (
    *(
        "person_id",
        "appointment_id",
        "facility",
        "facility_name",
        "number",
        "episode",
        "issued_on",
        "due_on",
        "valid_until",
    ),
    *("main_diagnosis", "diagnosis_text", "doctor", "sensitive", "state", "reminded_at"),
)
_REFERRALS = """
SELECT r.person_id, r.referral_id, r.facility, coalesce(f.name, r.facility), r.number, r.episode, r.to_facility, coalesce(t.name, r.to_facility, ''),
    r.issued_on, r.valid_until, r.reach, r.path, r.main_diagnosis, r.diagnosis_text, r.doctor, r.state, r.sensitive, f.level, t.level,
    coalesce((SELECT jsonb_agg(jsonb_build_array(u.facility, p.name, u.episode, u.used_at) ORDER BY u.used_at, u.use_no)
        FROM referrals_use u LEFT JOIN places_facility p ON p.code = u.facility
        WHERE u.person_id = r.person_id AND u.referral_id = r.referral_id AND u.released_at IS NULL), '[]')::text
FROM referrals_referral r LEFT JOIN places_facility f ON f.code = r.facility LEFT JOIN places_facility t ON t.code = r.to_facility
"""
_APPOINTMENTS = """
SELECT a.person_id, a.appointment_id, a.facility, coalesce(f.name, a.facility), a.number, a.episode, a.issued_on, a.due_on, a.valid_until,
    a.main_diagnosis, a.diagnosis_text, a.doctor, a.sensitive, a.state, a.reminded_at
FROM referrals_appointment a LEFT JOIN places_facility f ON f.code = a.facility
WHERE a.person_id = ANY(%s) ORDER BY a.due_on DESC, a.appointment_id DESC LIMIT %s
"""
