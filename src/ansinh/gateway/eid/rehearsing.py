"""Rehearsals of the pulls that no other call rehearses: with a token of the scope `sandbox` nobody's record is reached.

000: an answer; 010: known, and nothing there; 101: 503; 401: 401; anything else: nobody.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from ansinh.gateway import problems
from ansinh.gateway.eid.pulls import Pull
from ansinh.gateway.health.rehearsing import rehearsed_reading
from ansinh.gateway.rehearsing import rehearsed_book

_CARD: dict[str, Any] = {
    **{"card_number": "DN4019900000000", "temporary_number": None, "full_name": "Nguyễn Thị Mẫu", "sex": "F"},
    **{"born": "1980-01-01", "address": "Phường Mẫu, Thành phố Hà Nội", "object_code": "DN", "benefit_level": 4},
    **{"share_percent": 80, "facility": "01004", "facility_name": "Bệnh viện Mẫu", "valid_from": "2025-01-01"},
    **{"valid_until": "2099-01-01", "status": "active", "in_force": True, "five_years_on": None, "next": None},
    "copay": None,
}
_PAYMENT: dict[str, Any] = {
    **{"pay_month": 202506, "pay_on": "2025-06-02", "amount": 5_000_000, "channel": "account", "partner": "970436"},
    **{"account_ends": "0017", "standing": "paid"},
    "parts": [{"kind": "pension", "month": 202506, "amount": 5_000_000}],
}
_FILE: dict[str, Any] = {
    **{"file": "1", "kind": "retirement", "state": "filed", "received_on": "2025-06-02", "closed_on": None},
    **{"step": None, "office": None, "due_on": None, "waits_vi": None, "waits_en": None},
}
_DOCUMENT: dict[str, Any] = {
    **{"number": "SBH-2025-00000001", "kind": "book_statement", "media_type": "application/pdf", "sha256": "0" * 64},
    "issued_at": "2025-06-02T08:30+07:00",
}
_RELATIVE: dict[str, Any] = {
    **{"key": "001220000000", "full_name": "Nguyễn Văn Con", "who": "parent", "until": None},
    "what": ["apply", "decide", "health", "read", "receive"],
}
_WATCH = {"watch": "00000000-0000-4000-8000-000000000000"}
_TOLD: dict[str, Any] = {
    "watch": _WATCH,
    "unwatch": _WATCH,
    "card": _CARD,
    "payments": [_PAYMENT],
    "files": [_FILE],
    "documents": [_DOCUMENT],
    "family": [_RELATIVE],
}


def rehearsed(pull: Pull, kind: int, key: str, citizen: str, today: date) -> bytes:
    """Return the answer a number's ending calls up, under the audit number 0; raises Problem where the ending asks for one."""
    if pull.kind == "book":
        return rehearsed_book(key, citizen, today)
    if pull.kind not in _TOLD:
        return rehearsed_reading(pull.told, kind, key, "own")
    ending = key[-3:]
    if ending in {"101", "401"}:
        raise problems.UNAVAILABLE if ending == "101" else problems.TOKEN_INVALID
    found = ending == "000"
    return msgspec.json.encode(
        {
            "audit_id": "0",
            "asked": {"key": key, "kind": "pin" if len(key) == len(citizen) else "si_code"},
            "found": found,
            pull.told: _TOLD[pull.kind] if found else None,
        }
    )
