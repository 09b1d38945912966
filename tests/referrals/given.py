"""Papers of invented patients, and who takes them in."""

from __future__ import annotations

from datetime import date, datetime

from ansinh.database.sql import execute
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.referrals.operations import take_papers, use_referral
from ansinh.referrals.queries import Found, Shown, TakenPaper, VisitPapers
from tests.support.cast import ANYBODY_WITH_RIGHTS

PATIENT = 71
ISSUER, RECEIVER, ELSEWHERE = "01097", "01004", "01817"
SIGNED = date(2025, 6, 2)
# The numbers of a referral paper and an appointment slip.
PAPER, SLIP = "GCT-2025-00071", "GHK-2025-00071"


def at(year: int, month: int, day: int, hour: int = 9) -> FixedClock:
    """Return a clock that stands at an hour of a day in Viet Nam."""
    return FixedClock(datetime(year, month, day, hour, tzinfo=VIET_NAM))


def found_facilities() -> None:
    """Let the three facilities be known, each of its level."""
    for code, name, level in (
        (ISSUER, "Trạm y tế phường Mẫu", "primary"),
        (RECEIVER, "Bệnh viện Đa khoa Mẫu", "specialised"),
        (ELSEWHERE, "Bệnh viện Khác", "basic"),
    ):
        execute(
            "INSERT INTO places_facility (code, name, level, province, commune) VALUES (%s, %s, %s, '01', '00001') ON CONFLICT DO NOTHING",
            [code, name, level],
        )


def referral(
    number: str = PAPER, *, diagnoses: tuple[str, ...] = ("K35",), to: str | None = RECEIVER, reason: int = 1
) -> TakenPaper:
    """Return a referral paper signed on SIGNED."""
    return TakenPaper(
        kind="referral",
        number=number,
        issued_on=SIGNED,
        to_facility=to,
        reason=reason,
        diagnoses=diagnoses,
        diagnosis_text="Viêm ruột thừa",
        doctor="BS-001",
    )


def slip(number: str = SLIP, due_on: date = date(2025, 7, 1)) -> TakenPaper:
    """Return an appointment slip."""
    return TakenPaper(
        kind="appointment", number=number, issued_on=SIGNED, due_on=due_on, diagnoses=("I10",), doctor="BS-001"
    )


def take(
    *papers: TakenPaper,
    episode: str = "LK-1",
    withdrawn: bool = False,
    category: str | None = None,
    facility: str = ISSUER,
    admitted_on: date = SIGNED,
) -> None:
    """Take a visit's papers in."""
    visit = VisitPapers(PATIENT, facility, episode, f"R-{episode}", admitted_on, category, withdrawn, papers)
    take_papers(actor=ANYBODY_WITH_RIGHTS, reason="hồ sơ", clock=at(2025, 6, 2), visits=[visit])


def shown(facility: str = RECEIVER, episode: str = "LK-9", number: str = PAPER) -> Shown:
    """Return a paper shown at a facility, for a visit."""
    return Shown(PATIENT, ISSUER, number, facility, episode)


def use(facility: str = RECEIVER, episode: str = "LK-9", number: str = PAPER, clock: FixedClock | None = None) -> Found:
    """Use a paper at a facility, for a visit."""
    when = clock or at(2025, 6, 5)
    return use_referral(
        actor=ANYBODY_WITH_RIGHTS, reason="tiếp đón", clock=when, shown=shown(facility, episode, number)
    )
