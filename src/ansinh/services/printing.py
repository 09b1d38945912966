"""The result of an application as page data for its Typst template, and the QR code by which anybody can tell a true one."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import segno

from ansinh.people.queries import person_as_known
from ansinh.services.rows import Application
from ansinh.services.states import APPLICATION_STATES

TEMPLATE = Path(__file__).parent / "papers" / "result.typ"
PREFIX = "KQ"
_ISSUER = "Bảo hiểm xã hội Việt Nam"


def code_of(one: Application) -> str:
    """Return the text of the QR code: `ANSINH|KQ|receipt|digest`; the digest is of what the result says, so that another result has another code."""
    said = "|".join(
        [str(one.receipt), one.state.value, str(one.result_vi), *(value for *_, value in one.result_facts or ())]
    )
    return f"ANSINH|{PREFIX}|{one.receipt}|{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def told(one: Application, at: datetime) -> dict[str, Any]:
    """Return what the paper says; the person is named, no number of theirs is printed."""
    known = person_as_known(one.person_id, at)
    fields = known.fields if known else {}
    born = "/".join(reversed((fields.get("birth_date") or "").split("-")))
    code, drawn = code_of(one), io.BytesIO()
    segno.make(code, error="m", micro=False).save(drawn, kind="svg", scale=4, border=2)
    vi, en = APPLICATION_STATES[one.state]
    return {
        "issuer": _ISSUER,
        "title": "KẾT QUẢ GIẢI QUYẾT HỒ SƠ",
        "title_en": "Result of an application",
        "service": [one.told.vi, one.told.en],
        "receipt": str(one.receipt),
        "outcome": [vi, en],
        "granted": one.state.value == "granted",
        "result": [str(one.result_vi), str(one.result_en)],
        "basis": one.told.basis,
        "lines": [
            ["Họ và tên · Name", fields.get("full_name") or "—"],
            ["Ngày sinh · Born", born or "—"],
            ["Nộp ngày · Submitted", f"{one.submitted_at:%d/%m/%Y}" if one.submitted_at else "—"],
            ["Giải quyết ngày · Decided", f"{one.closed_on:%d/%m/%Y}" if one.closed_on else "—"],
            *([f"{name} · {name_en}", value] for name, name_en, value in one.result_facts or ()),
        ],
        "qr": drawn.getvalue().decode(),
        "code": code,
        "words": {
            "country": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "motto": "Độc lập – Tự do – Hạnh phúc",
            "signed": "Ký số bởi cơ quan BHXH; quét mã để kiểm tra. · Signed by the agency; scan the code to check.",
            "basis": "Căn cứ · By law",
        },
    }
