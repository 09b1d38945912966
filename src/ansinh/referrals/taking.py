"""Papers as hospitals send them: a row of table XML13 or XML14 (decisions 130/QĐ-BYT, 4750/QĐ-BYT, 3176/QĐ-BYT) read into what the room keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

REFERRAL, APPOINTMENT = "referral", "appointment"


@dataclass(frozen=True, slots=True)
class TakenPaper:
    """A referral paper or appointment slip of a visit: `issued_on` the day it was signed, `due_on` the day of the appointment."""

    kind: str
    number: str
    issued_on: date
    due_on: date | None = None
    to_facility: str | None = None
    reason: int | None = None
    diagnoses: tuple[str, ...] = ()
    diagnosis_text: str | None = None
    doctor: str | None = None
    sensitive: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitPapers:
    """What the current version of a visit says of papers: all it issued, none when it is withdrawn.

    `category`: MA_DOITUONG_KCB, where 1.5 means the patient came with an appointment slip.
    """

    person_id: int
    facility: str
    episode: str
    receipt: str
    admitted_on: date | None
    category: str | None = None
    withdrawn: bool = False
    papers: tuple[TakenPaper, ...] = ()


def paper_of_row(kind: str, told: Mapping[str, str | None], sensitive: tuple[str, ...] = ()) -> TakenPaper | None:
    """Return the paper a row of XML13 (`referral`) or XML14 (`appointment`) tells of; None when it lacks a number or a day that can be used."""

    def text(*names: str) -> str | None:
        return next((value.strip() for name in names if (value := told.get(name)) and value.strip()), None)

    number = text("GIAY_CHUYEN_TUYEN", "SO_CHUYENTUYEN", "SO_HOSO") if kind == REFERRAL else text("SO_GIAYHEN_KL")
    issued_on = _day(text("NGAY_RA", "NGAY_VAO") if kind == REFERRAL else text("NGAY_CT", "NGAY_RA", "NGAY_VAO"))
    due_on = _day(text("NGAY_HEN_KL")) if kind == APPOINTMENT else None
    if number is None or issued_on is None or (kind == APPOINTMENT and (due_on is None or due_on < issued_on)):
        return None
    reason = text("MA_LYDO_CT")
    codes = ";".join(filter(None, (text("MA_BENH_CHINH"), text("MA_BENH_KT"))))
    return TakenPaper(
        kind=kind,
        number=number,
        issued_on=issued_on,
        due_on=due_on,
        to_facility=text("MA_NOI_DEN", "MA_CSKCB_DEN"),
        reason=int(reason) if reason is not None and reason in {"1", "2", "3"} else None,
        diagnoses=tuple(code.strip().upper() for code in codes.split(";") if code.strip()),
        diagnosis_text=text("CHAN_DOAN_RV"),
        doctor=text("MA_BAC_SI"),
        sensitive=sensitive,
    )


def _day(text: str | None) -> date | None:
    """Return the day that yyyyMMdd or yyyyMMddHHmm begins with; None for what is no day."""
    if text is None or len(text) < 8 or not (text[:8].isascii() and text[:8].isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
