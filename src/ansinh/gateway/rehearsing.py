"""Rehearsals: with a token of the scope `sandbox` a look-up reaches nobody's record, nor the audit; the number's last three digits call up the answer.

The endings of look-ups are those of the compatible door's sandbox (`contracts/dialect/README.md`), so that one set of invented cards serves both.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from ansinh.foundation.identifiers import KeyKind
from ansinh.gateway import problems
from ansinh.gateway.problems import Problem

_KINDS = {KeyKind.PIN: "pin", KeyKind.SI_CODE: "si_code", KeyKind.CARD: "card", KeyKind.CITIZEN_CARD_QR: "citizen_card"}
# Ending → status, what to do, and whether the card's days are over.
_STANDINGS: dict[str, tuple[str, str, bool]] = {
    "000": ("active", "treat", False),
    "001": ("managed_army", "ask_army_office", False),
    "002": ("managed_police", "ask_police_office", False),
    "003": ("active", "use_next_card", True),
    "004": ("active", "treat", False),
    "010": ("active", "expired", True),
    "110": ("withdrawn", "withdrawn", False),
    "120": ("reduced", "reduced", False),
    "121": ("reduced_moved_out", "reduced", False),
    "122": ("reduced_moved_within", "reduced", False),
    "123": ("reduced_readded", "reduced", False),
    "124": ("reduced_stopped", "reduced", False),
    "130": ("active", "treat_by_birth_certificate", False),
}
_PROBLEMS: dict[str, Problem] = {
    "054": problems.OFFICER_NOT_LISTED,
    "101": problems.UNAVAILABLE,
    "401": problems.TOKEN_INVALID,
}
# Ending → whether the book goes on.
_BOOKS = {"000": True, "010": False}
_BOOK_PROBLEMS: dict[str, Problem] = {"101": problems.UNAVAILABLE, "401": problems.TOKEN_INVALID}
_NEXT_FROM = {"003": timedelta(days=-30), "004": timedelta(days=30)}


def rehearsed(kind: int, key: str, today: date) -> bytes:
    """Return the answer a number's ending calls up, under the audit number 0; raises Problem where the ending asks for one."""
    ending = key[-3:]
    if ending in _PROBLEMS:
        raise _PROBLEMS[ending]
    found = ending in _STANDINGS
    told = {
        "audit_id": "0",
        "asked": {"key": key, "kind": _KINDS[KeyKind(kind)]},
        "found": found,
        "standing": _standing(ending, today) if found else None,
    }
    return msgspec.json.encode(told)


def rehearsed_book(key: str, citizen: str, today: date) -> bytes:
    """Return the contribution book a number's ending calls up, under the audit number 0; raises Problem where the ending asks for one."""
    ending = key[-3:]
    if ending in _BOOK_PROBLEMS:
        raise _BOOK_PROBLEMS[ending]
    found = ending == citizen[-3:] and ending in _BOOKS
    told = {
        "audit_id": "0",
        "asked": {"key": key, "kind": "pin" if len(key) == len(citizen) else "si_code"},
        "found": found,
        "book": _book(_BOOKS[ending], today) if found else None,
    }
    return msgspec.json.encode(told)


def _book(running: bool, today: date) -> dict[str, Any]:
    """A book of ten years with one employer, and of what came after while it runs on; the month it is asked in does not count."""
    since, this_month = 100 * (today.year - 5) + 1, 100 * today.year + today.month
    first = {
        "employer": "Trường Tiểu học Mẫu",
        "scheme": "compulsory",
        "unemployment": True,
        "from": since - 1_000,
        "until": since,
        "wage": 6_500_000,
    }
    later = {**first, "employer": "Công ty Mẫu", "from": since, "until": None, "wage": 9_000_000}
    months = 120 + (60 + today.month - 1 if running else 0)
    before = this_month - 1 if today.month > 1 else this_month - 89
    return {
        "months": {"total": months, "compulsory": months, "voluntary": 0, "unemployment": months},
        "first_month": since - 1_000,
        "last_month": before if running else since - 89,
        "spans": [later, first] if running else [first],
        "spans_left_out": 0,
    }


def _standing(ending: str, today: date) -> dict[str, Any]:
    status, advice, over = _STANDINGS[ending]
    first, last = date(today.year - 1, 1, 1), date(today.year + 1, 1, 1)
    until = today - timedelta(days=31) if over else last
    begins = today + _NEXT_FROM[ending] if ending in _NEXT_FROM else None
    return {
        "pin": "001180000000",
        "si_code": "9900000000",
        "card_number": None if ending == "130" else "DN4019900000000",
        "temporary_number": "TE1019900000000" if ending == "130" else None,
        "former_card_number": None,
        "full_name": "Nguyễn Thị Mẫu",
        "born": "1980-01-01",
        "sex": "F",
        "address": "Phường Mẫu, Thành phố Hà Nội",
        "issuing_office": "Bảo hiểm xã hội Thành phố Hà Nội",
        "object_code": "TE" if ending == "130" else "DN",
        "benefit_level": 1 if ending == "130" else 4,
        "share_percent": 100 if ending == "130" else 80,
        "shares": {"right_path": 80, "emergency": 80, "ceiling": True, "beyond_scope": False},
        "area": None,
        "facility": "01004",
        "valid_from": first.isoformat(),
        "valid_until": until.isoformat(),
        "in_force": status == "active" and not over,
        "status": status,
        "five_years_on": None,
        "next": {
            "card_number": "HT3019900000999",
            "facility": "01004",
            "valid_from": begins.isoformat(),
            "valid_until": last.isoformat(),
        }
        if begins
        else None,
        "copay": None,
        "advice": advice,
    }
