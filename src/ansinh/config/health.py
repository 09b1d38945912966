"""What the worker of the health book is given: facilities it knows, where packs lie, and who hears of changed pages."""

from __future__ import annotations

from collections.abc import Sequence

from ansinh.access.queries import operator
from ansinh.config.hospital_papers import tell_life_events
from ansinh.config.queries import agency_clock
from ansinh.database.sql import rows
from ansinh.foundation.clock import VIET_NAM, Clock, legal_day
from ansinh.foundation.settings import Settings
from ansinh.healthbook.adapters.packs import packs_at
from ansinh.healthbook.events import Means, PageChange, PaperOfPage, Receiver
from ansinh.healthbook.operations import pack_away, prepare_months
from ansinh.healthbook.states import PaperKind
from ansinh.referrals.operations import take_papers
from ansinh.referrals.taking import TakenPaper, VisitPapers, paper_of_row

# Some 64 MB each; what is left over is packed the next day.
PACKS_A_DAY_MAX = 500
_DAILY = "giữ sổ sức khỏe hằng ngày"
_REASON = "giấy tờ trong hồ sơ khám chữa bệnh"
_REFERRED = {PaperKind.REFERRAL.value, PaperKind.APPOINTMENT.value}
# The patient came with an appointment slip (MA_DOITUONG_KCB).
_BY_APPOINTMENT = "1.5"


def means(settings: Settings, clock: Clock | None = None) -> Means:
    """Return what settling needs in this deployment."""
    facilities = frozenset(str(code) for (code,) in rows("SELECT code FROM places_facility"))
    return Means(facilities or None, packs_at(settings), receivers(clock or agency_clock()))


def keep_books(settings: Settings) -> dict[str, int]:
    """Do what the health book needs every day: room for the months to come, and raw bytes of months that have ended into packs. Safe to run twice.

    Raises PartnerTrouble when packs cannot be kept: then nothing of the last one has moved.
    """
    clock, actor = agency_clock(), operator()
    prepare_months(actor=actor, reason=_DAILY, clock=clock)
    packs, before = packs_at(settings), legal_day(clock.now()).replace(day=1)
    made = members = 0
    while packs is not None and made < PACKS_A_DAY_MAX:
        packed = pack_away(actor=actor, reason=_DAILY, clock=clock, before=before, packs=packs)
        if packed is None:
            break
        made, members = made + 1, members + packed.members
    return {"packs": made, "submissions": members}


def receivers(clock: Clock) -> tuple[Receiver, ...]:
    """Return who hears of changed pages, in the transaction that writes them."""
    return (lambda changes: tell_referrals(changes, clock), lambda changes: tell_life_events(changes, clock))


def tell_referrals(changes: Sequence[PageChange], clock: Clock) -> None:
    """Let referral papers and appointments be what the current pages say; pages without any, which never had any, are left out."""
    visits = []
    for change in changes:
        papers = [paper for paper in change.papers if paper.kind in _REFERRED]
        if papers or change.withdrawn or change.version > 1 or change.category == _BY_APPOINTMENT:
            visits.append(_visit(change, papers))
    if visits:
        take_papers(actor=operator(), reason=_REASON, clock=clock, visits=visits)


def _visit(change: PageChange, papers: Sequence[PaperOfPage]) -> VisitPapers:
    taken = (_taken(paper) for paper in papers)
    return VisitPapers(
        person_id=change.person_id,
        facility=change.facility,
        episode=change.episode,
        receipt=change.receipt,
        admitted_on=change.admitted_at.astimezone(VIET_NAM).date() if change.admitted_at else None,
        category=change.category,
        withdrawn=change.withdrawn,
        papers=tuple(paper for paper in taken if paper is not None),
    )


def _taken(paper: PaperOfPage) -> TakenPaper | None:
    told = {name: str(value) for name, value in paper.content.items()}
    return paper_of_row(paper.kind, told, (paper.sensitive,) if paper.sensitive else ())
