"""Values of FHIR as the tables write them. Numbers stay numbers and texts stay texts: what is of another JSON type is refused, not guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from ansinh.foundation.clock import VIET_NAM
from ansinh.healthbook.formats.bundle_tree import Json, Refused

TEXT_CHARACTERS_MAX = 100_000
DIGITS_MAX = 30
_COMPARATORS = frozenset({"<", "<=", ">", ">="})
# What XML cannot hold, the book does not either (XML 1.0, production 2).
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})", re.ASCII)
_FORM = "YYYY-MM-DD, YYYY-MM-DDThh:mm:ss+07:00"

Codes = Mapping[str, str]
Reader = Callable[[Json, str, Codes], str]


def text(value: Json, at: str, codes: Codes) -> str:
    """Return a text: trimmed, its marks joined to their letters."""
    if not isinstance(value, str):
        raise Refused(at, "json_type", expected="string")
    if len(value) > TEXT_CHARACTERS_MAX:
        raise Refused(at, "too_long", length=str(len(value)), limit=str(TEXT_CHARACTERS_MAX))
    if _FORBIDDEN.search(value):
        raise Refused(at, "json_character")
    return unicodedata.normalize("NFC", value).strip()


def code(value: Json, at: str, codes: Codes) -> str:
    """Return the tables' code for one of FHIR's; empty where the tables have none for it."""
    said = text(value, at, codes)
    if said not in codes:
        raise Refused(at, "not_in_list", list=", ".join(sorted(codes)))
    return codes[said]


def decimal(value: Json, at: str, codes: Codes) -> str:
    """Return a number with all its digits."""
    if not isinstance(value, Decimal):
        raise Refused(at, "json_type", expected="number")
    if abs(value.adjusted()) > DIGITS_MAX or len(value.as_tuple().digits) > DIGITS_MAX:
        raise Refused(at, "out_of_range", least=f"-1e{DIGITS_MAX}", most=f"1e{DIGITS_MAX}")
    return format(value, "f")


def comparator(value: Json, at: str) -> str:
    """Return what stands before a number."""
    said = text(value, at, {})
    if said not in _COMPARATORS:
        raise Refused(at, "not_in_list", list=", ".join(sorted(_COMPARATORS)))
    return said


def facility(value: Json, at: str, codes: Codes) -> str:
    """Return the facility that ends a system of numbers."""
    return text(value, at, codes).rpartition(":")[2]


def moment(value: Json, at: str, codes: Codes) -> str:
    """Return a moment as yyyyMMddHHmm in the legal time of Viet Nam; a day begins at midnight."""
    said = text(value, at, codes)
    if _MOMENT.fullmatch(said):
        try:
            return f"{datetime.fromisoformat(said).astimezone(VIET_NAM):%Y%m%d%H%M}".rjust(12, "0")
        except (ValueError, OverflowError) as error:
            raise Refused(at, "bad_date", format=_FORM) from error
    return f"{_parts(said, at, 3)}0000"


def day(value: Json, at: str, codes: Codes) -> str:
    """Return a day as yyyyMMdd."""
    return moment(value, at, codes)[:8]


def birth(value: Json, at: str, codes: Codes) -> str:
    """Return a birthday as the tables write it; zeros stand for a month and a day that are not known."""
    return f"{_parts(text(value, at, codes), at, 1)}0000"


def _parts(said: str, at: str, least: int) -> str:
    found = _DAY.fullmatch(said)
    told = [part for part in found.groups() if part] if found else []
    try:
        if len(told) < least:
            raise ValueError(said)
        date(int(told[0]), *(int(part) for part in (*told[1:], "1", "1")[:2]))
    except ValueError as error:
        raise Refused(at, "bad_date", format=_FORM) from error
    return "".join(told).ljust(8, "0")


READERS: dict[str, Reader] = {
    "text": text,
    "code": code,
    "decimal": decimal,
    "facility": facility,
    "moment": moment,
    "day": day,
    "birth": birth,
}
