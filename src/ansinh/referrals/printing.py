"""Referral papers and appointment slips as page data for their Typst templates, and the QR code they carry.

The code says which paper it is (issuer and number), never whose: whoever reads it must know the patient's number as well, and the gateway says the rest.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import segno

from ansinh.people.queries import person_as_known
from ansinh.places.queries import diagnosis
from ansinh.referrals.queries import Appointment, Referral, code_text
from ansinh.referrals.states import Path as CarePath
from ansinh.referrals.states import Reach

_PAPERS = Path(__file__).parent / "papers"
REFERRAL_TEMPLATE = APPOINTMENT_TEMPLATE = _PAPERS / "slip.typ"

_WORDS = {
    "country": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "motto": "Độc lập – Tự do – Hạnh phúc",
    "signed": "Bản in từ dữ liệu cơ sở khám chữa bệnh đã gửi; được cơ quan BHXH ký số. · Printed from what the facility sent; signed by the agency.",
}
_TITLES = {
    "GCT": ("GIẤY CHUYỂN CƠ SỞ KHÁM BỆNH, CHỮA BỆNH", "Referral paper"),
    "GHK": ("GIẤY HẸN KHÁM LẠI", "Re-examination appointment"),
}
_SEXES = {"M": "Nam · Male", "F": "Nữ · Female"}


def referral_told(person_id: int, paper: Referral, now: datetime) -> dict[str, Any]:
    """Return a referral paper as page data (form 6 of the appendix to Decree 75/2023/ND-CP, in substance)."""
    reach = (
        "Có giá trị một năm, tại cơ sở đã dùng lần đầu · Valid for a year, at the facility that used it first"
        if paper.reach == Reach.YEAR
        else "Có giá trị 10 ngày làm việc, dùng một lần · Valid for ten working days, for one visit"
    )
    path = (
        "Đúng trình tự chuyển cơ sở · On the path of the law"
        if paper.path == CarePath.RIGHT
        else "Theo yêu cầu của người bệnh: không hưởng mức đúng trình tự · At the patient's own wish: not on the path of the law"
    )
    lines = [
        ("Cơ sở chuyển đi · From", f"{paper.facility_name} ({paper.facility})"),
        ("Cơ sở chuyển đến · To", f"{paper.to_facility_name} ({paper.to_facility})" if paper.to_facility else "—"),
        *_illness(paper),
        ("Trình tự · Path", path),
    ]
    until = f"{_day(paper.issued_on)} – {_day(paper.valid_until)}"
    return _told("GCT", paper, _person(person_id, now), lines, until, reach)


def appointment_told(person_id: int, paper: Appointment, now: datetime) -> dict[str, Any]:
    """Return an appointment slip as page data (XML14; Decree 146/2018/ND-CP art. 15(5))."""
    lines = [("Cơ sở hẹn · Facility", f"{paper.facility_name} ({paper.facility})"), *_illness(paper)]
    rule = (
        f"Dùng một lần, đến hết ngày {_day(paper.valid_until)} · Good for one visit, through {_day(paper.valid_until)}"
    )
    return _told("GHK", paper, _person(person_id, now), lines, _day(paper.due_on), rule)


def _illness(paper: Referral | Appointment) -> list[tuple[str, str]]:
    known = diagnosis(paper.main_diagnosis) if paper.main_diagnosis else None
    text = paper.diagnosis_text or (known.title_en if known else "") or "—"
    code = f" ({paper.main_diagnosis})" if paper.main_diagnosis else ""
    return [("Chẩn đoán · Diagnosis", f"{text}{code}"), ("Bác sĩ · Doctor", paper.doctor or "—")]


def _told(
    kind: str,
    paper: Referral | Appointment,
    person: list[tuple[str, str]],
    lines: list[tuple[str, str]],
    until: str,
    rule: str,
) -> dict[str, Any]:
    drawn = io.BytesIO()
    code = code_text(kind, paper.facility, paper.number)
    title, title_en = _TITLES[kind]
    segno.make(code, error="m", micro=False).save(drawn, kind="svg", scale=4, border=2)
    return {
        "title": title,
        "title_en": title_en,
        "words": _WORDS,
        "number": f"Số · No. {paper.number}",
        "issuer": paper.facility_name,
        "person": [list(one) for one in person],
        "lines": [list(one) for one in lines],
        "withdrawn": "ĐÃ THU HỒI · WITHDRAWN" if paper.state == "withdrawn" else "",
        "qr": drawn.getvalue().decode(),
        "code": code,
        "until": until,
        "rule": rule,
    }


def _person(person_id: int, now: datetime) -> list[tuple[str, str]]:
    """Name, day of birth and sex: with the citizen card that is enough to see whose paper it is, so no number is printed."""
    known = person_as_known(person_id, now)
    fields = known.fields if known else {}
    born = fields.get("birth_date") or ""
    return [
        ("Họ và tên · Name", fields.get("full_name") or "—"),
        ("Ngày sinh · Born", "/".join(reversed(born.split("-"))) or "—"),
        ("Giới tính · Sex", _SEXES.get(fields.get("sex") or "", "—")),
    ]


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
