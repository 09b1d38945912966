"""Rehearsals of the calls about health books: with a token of the scope `sandbox` a number's last three digits call up the answer; nobody's record is reached.

000: an answer; 101: 503; 777: no ground, or a paper used already; anything else: nobody.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ansinh.foundation.identifiers import KeyKind
from ansinh.gateway import problems
from ansinh.gateway.health.asking import NO_GROUND_HERE

_KINDS = {KeyKind.PIN: "pin", KeyKind.SI_CODE: "si_code", KeyKind.CARD: "card", KeyKind.CITIZEN_CARD_QR: "citizen_card"}
_AT = "2025-06-02T08:30+07:00"
_FACILITY = {"facility": "01004", "facility_name": "Bệnh viện Mẫu"}
_LINE = {
    **{"visit": "1", **_FACILITY, "admitted_at": _AT, "discharged_at": _AT, "care_kind": "01", "diagnosis": "I10"},
    **{"diagnosis_text": "Tăng huyết áp", "result": "2", "department": None, "doctor": "BS-MAU", "next_visit_on": None},
    **{"recorded_at": _AT, "sensitive": []},
}
_MEDICINE = {
    **{"name": "Amlodipin", "strength": "5 mg", "dose": "1 viên/ngày", "usage": None, "quantity": 30, "unit": "viên"},
    **{"prescriber": "BS-MAU", "facility": "01004", "visit": "1", "ordered_at": _AT},
}
_PAPER = {
    **{
        "issuer": "01097",
        "issuer_name": "Trạm y tế Mẫu",
        "number": "GCT-MAU",
        "to": "01004",
        "issued_on": "2025-06-02",
    },
    **{
        "valid_until": "2025-06-16",
        "reach": "once",
        "path": "right",
        "diagnosis": "K35",
        "diagnosis_text": "Viêm ruột thừa",
    },
    "doctor": "BS-MAU",
}
_APPOINTMENT = {
    **{
        **_FACILITY,
        "number": "GHK-MAU",
        "issued_on": "2025-06-02",
        "due_on": "2025-07-01",
        "valid_until": "2025-07-15",
    },
    **{"diagnosis": "I10", "diagnosis_text": None, "doctor": "BS-MAU", "standing": "booked"},
}
_LISTED = {
    **{"paper": "1", "kind": "discharge", "number": "RV-MAU", "issued_on": "2025-06-02", **_FACILITY, "visit": "1"},
    **{"signed": True, "content": None},
}
_PARTS: dict[str, Any] = {
    "book": {
        **{"visits": [_LINE], "visits_left_out": 0, "withheld": 0, "medicines": [_MEDICINE], "last_here_at": None},
        "allergies": {"asked": True, "none_known": False, "known": ["Penicillin"]},
        "problems": [{"code": "I10", "title": None, "times": 1, "first_at": _AT, "last_at": _AT}],
    },
    "visit": {**_LINE, "version": 1, "diagnoses": [], "medicines": [], "services": [], "results": [], "course": []},
    "referrals": [{**_PAPER, "to_name": "Bệnh viện Mẫu", "standing": "issued", "uses": []}],
    "appointments": [_APPOINTMENT],
    "papers": [_LISTED],
}


def rehearsed_reading(part: str, kind: int, key: str, ground: str = "checked_in") -> bytes:
    """Return what a number's ending calls up, under the audit number 0; raises Problem where the ending asks for one."""
    if key[-3:] == "777":
        raise NO_GROUND_HERE
    found = _found(key)
    told = {**_begin(kind, key, found=found), **({"grounds": [ground]} if found else {})}
    return msgspec.json.encode({**told, part: _PARTS[part] if found else None})


def rehearsed_glass(kind: int, key: str) -> bytes:
    """Return an emergency as the ending calls it up; raises Problem where the ending asks for one."""
    found = _found(key)
    return msgspec.json.encode({**_begin(kind, key, found=found), "open_until": _AT if found else None})


def rehearsed_allergy(kind: int, key: str) -> bytes:
    """Return what became of a statement about allergies as the ending calls it up; raises Problem where the ending asks for one."""
    if key[-3:] == "777":
        raise NO_GROUND_HERE
    found = _found(key)
    line = {"substance": "Penicillin", "code": None, "facility": "01004", "recorded_at": _AT}
    told = {"outcome": "recorded", "allergies": {"asked": True, "none_known": False, "known": [line]}}
    return msgspec.json.encode({**_begin(kind, key, found=found), **(told if found else dict.fromkeys(told))})


def rehearsed_referral(kind: int, key: str) -> bytes:
    """Return a referral paper as the ending calls it up; raises Problem where the ending asks for one."""
    found = _found(key) or key[-3:] == "777"
    verdict = "used" if key[-3:] == "777" else "usable"
    used = {**_FACILITY, "used_at": _AT} if verdict == "used" else None
    told = {
        "verdict": verdict if found else None,
        "used": used,
        "paper": {**_PAPER, "category": "1.3", "from_level": "primary"},
    }
    return msgspec.json.encode({**_begin(kind, key, found=found), **(told if found else dict.fromkeys(told))})


def _found(key: str) -> bool:
    if key[-3:] == "101":
        raise problems.UNAVAILABLE
    return key[-3:] == "000"


def _begin(kind: int, key: str, *, found: bool) -> dict[str, Any]:
    return {"audit_id": "0", "asked": {"key": key, "kind": _KINDS[KeyKind(kind)]}, "found": found}
