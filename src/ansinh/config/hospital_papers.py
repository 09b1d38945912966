"""Birth certificates and death notices of the health book, as life events hear them: nobody carries paper to the commune."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ansinh.access.queries import operator
from ansinh.foundation.clock import VIET_NAM, Clock
from ansinh.healthbook.events import PageChange, PaperOfPage
from ansinh.healthbook.states import PaperKind
from ansinh.lifeevents.operations import hear_hospital, hear_withdrawal
from ansinh.lifeevents.states import Kind

_REASON = "giấy tờ của cơ sở y tế"
_KINDS = {PaperKind.BIRTH.value: Kind.BIRTH, PaperKind.DEATH.value: Kind.DEATH}
_SEX = {"1": "M", "2": "F"}
_NUMBER = re.compile(r"[0-9]{1,6}\.[A-Z]{2,3}\.[0-9A-Z]{5}\.[0-9]{2}")


def tell_life_events(changes: Sequence[PageChange], clock: Clock) -> None:
    """Let life events hear of each birth certificate and death notice on a current page, and of pages that were taken back.

    What cannot be read there is parked there, and never keeps a page from its book.
    """
    for change in changes:
        if change.withdrawn:
            hear_withdrawal(actor=operator(), reason=_REASON, clock=clock, papers=_key(change))
            continue
        for number, paper in enumerate(one for one in change.papers if one.kind in _KINDS):
            kind = _KINDS[paper.kind]
            content = _birth(change, paper) if kind is Kind.BIRTH else _death(change, paper)
            hear_hospital(
                actor=operator(),
                reason=_REASON,
                clock=clock,
                kind=kind,
                paper=f"{_key(change)}/{number}",
                content=content,
                keep=True,
            )


def _key(change: PageChange) -> str:
    return f"{change.facility}/{change.episode}"


def _birth(change: PageChange, paper: PaperOfPage) -> dict[str, Any]:
    row = _texts(paper.content)
    born = _moment(row.get("NGAY_SINH_CON", ""))
    return {
        "certificate": _certificate(change, row, "GCS", ("MA_GCS", "SO"), born),
        "facility": change.facility,
        "mother_pin": _pin(row.get("SO_CCCD_NND", "")),
        "mother_name": row.get("HOTEN_NND") or row.get("HO_TEN_NND", ""),
        "born_at": born,
        "sex": _SEX.get(row.get("GIOI_TINH_CON", ""), ""),
        "weight_g": int(weight) if (weight := row.get("CAN_NANG_CON", "")).isdecimal() else 0,
        "intended_name": row.get("TEN_CON") or row.get("HO_TEN_CON", ""),
    }


def _death(change: PageChange, paper: PaperOfPage) -> dict[str, Any]:
    row = _texts(paper.content)
    died = _moment(row.get("NGAY_TV", ""))
    return {
        "certificate": _certificate(change, row, "GBT", ("MA_GBT", "SO_BAOTU"), died),
        "facility": change.facility,
        "pin": row.get("SO_GIAYTO", ""),
        "full_name": row.get("HO_TEN", ""),
        "birth_date": _day(row.get("NGAY_SINH", "")),
        "died_at": died,
    }


def _texts(content: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value).strip() for name, value in content.items() if value is not None}


def _certificate(change: PageChange, row: Mapping[str, str], kind: str, names: Sequence[str], at: str) -> str:
    """Return the paper's number in the form NNNNN.GCS.FFFFF.YY (Circular 22/2025/TT-BYT); a bare number is completed."""
    for name in names:
        said = row.get(name, "").upper()
        if _NUMBER.fullmatch(said):
            return said
        if said.isdecimal() and len(said) <= 6:
            return f"{said.zfill(5)}.{kind}.{change.facility}.{at[2:4]}"
    return next((row[name] for name in names if row.get(name)), "")


def _pin(said: str) -> str:
    return said if len(said) == 12 and said.isdecimal() else ""


def _moment(said: str) -> str:
    """Return yyyyMMddHHmm(ss) as a moment in Viet Nam; what is none is handed on as it is, to be refused by name."""
    for form, length in (("%Y%m%d%H%M%S", 14), ("%Y%m%d%H%M", 12), ("%Y%m%d", 8)):
        if len(said) == length and said.isdecimal():
            try:
                return datetime.strptime(said, form).replace(tzinfo=VIET_NAM).isoformat()
            except ValueError:
                return said
    return said


def _day(said: str) -> str:
    """Return yyyyMMdd(HHmm) as a day, as precise as it is known: unknown day and month are zeros."""
    if not said.isdecimal() or len(said) < 4:
        return said
    year, month, day = said[:4], said[4:6], said[6:8]
    if month in {"", "00"}:
        return year
    return f"{year}-{month}" if day in {"", "00"} else f"{year}-{month}-{day}"
