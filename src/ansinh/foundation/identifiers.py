"""The numbers people carry, and how to tell them apart. Nothing here knows whether a number exists.

Formats: personal identification number (12 digits: birth province or country 3, century and sex 1, year 2, random 6), old identity number (9),
social-insurance code (10), health-insurance card number (2 letters, benefit level, province 2, social-insurance code 10), and the text of the
QR code on a citizen card (seven or more parts joined by `|`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from ansinh.foundation.errors import InvalidInput

# The longest QR text seen on a card is below 400 characters; more is not a card.
QR_TEXT_LENGTH_MAX = 1_000
_CARD = re.compile(r"[A-Z]{2}[1-5][0-9]{12}")
_SEPARATORS = re.compile(r"[\s.\-\u00ad\u200b-\u200f\u2060\ufeff]+")


class KeyKind(IntEnum):
    """What a person was asked for by; the numbers are stored in the audit and never reused."""

    PIN = 1
    SI_CODE = 2
    CARD = 3
    CITIZEN_CARD_QR = 4
    OLD_NUMBER = 5

    @property
    def scheme(self) -> str:
        """Return the identifier scheme a key of this kind is looked up in."""
        return _SCHEMES[self]


_SCHEMES = {
    KeyKind.PIN: "pin",
    KeyKind.SI_CODE: "si_code",
    KeyKind.CARD: "card",
    KeyKind.CITIZEN_CARD_QR: "pin",
    KeyKind.OLD_NUMBER: "old_number",
}


@dataclass(frozen=True)
class Key:
    """A number somebody is asked for by: its kind and its plain value."""

    kind: KeyKind
    value: str


def _unknown_key() -> InvalidInput:
    return InvalidInput(
        "Số cần tra không đúng dạng. Nhập số định danh cá nhân (12 số), mã số BHXH (10 số), số thẻ BHYT (15 ký tự) "
        "hoặc nội dung mã QR trên thẻ căn cước.",
        "The number asked for has no known form. Give a personal identification number (12 digits), a social-insurance code "
        "(10 digits), a card number (15 characters) or the QR text of a citizen card.",
        field="key",
    )


def plain_number(text: str) -> str:
    """Return `text` without spaces, dots, dashes and invisible characters, letters upper-cased."""
    return _SEPARATORS.sub("", text).upper()


def parse_key(text: str) -> Key:
    """Tell which number `text` is by its form; raises InvalidInput when it is none of them."""
    if len(text) > QR_TEXT_LENGTH_MAX:
        raise _unknown_key()
    if "|" in text:
        return Key(KeyKind.CITIZEN_CARD_QR, parse_citizen_card(text).pin)
    value = text if text.isascii() and text.isalnum() else plain_number(text)
    if value.isascii():
        if value.isdigit():
            if len(value) == 12:
                return Key(KeyKind.PIN, value)
            if len(value) == 10 and value != "0000000000":
                return Key(KeyKind.SI_CODE, value)
        elif len(value) == 15 and _CARD.fullmatch(value.upper()):
            return Key(KeyKind.CARD, value.upper())
    raise _unknown_key()


@dataclass(frozen=True)
class CitizenCard:
    """What the QR code on a citizen card says."""

    pin: str
    old_number: str | None
    full_name: str
    born_on: date
    sex: str
    address: str
    issued_on: date


def parse_citizen_card(text: str) -> CitizenCard:
    """Read the QR text of a citizen card; unknown further parts are ignored; raises InvalidInput when a part is wrong."""

    def wrong(part: str) -> InvalidInput:
        return InvalidInput(
            f"Mã QR không phải của thẻ căn cước: phần “{part}” sai. Quét lại, hoặc nhập 12 số in trên thẻ.",
            f"The QR text is not of a citizen card: the part “{part}” is wrong. Scan again, or type the 12 digits on the card.",
            field="key",
        )

    parts = text.strip().split("|")
    if len(text) > QR_TEXT_LENGTH_MAX or not 7 <= len(parts) <= 20:
        raise wrong("number of parts")
    pin, old_number, name, born, sex, address, issued = (part.strip() for part in parts[:7])
    if not (pin.isascii() and pin.isdigit() and len(pin) == 12):
        raise wrong("number")
    if old_number and not (old_number.isascii() and old_number.isdigit() and len(old_number) == 9):
        raise wrong("old number")
    if not name or any(ord(c) < 32 for c in text):
        raise wrong("name")
    if sex not in {"Nam", "Nữ"}:
        raise wrong("sex")
    try:
        return CitizenCard(
            pin,
            old_number or None,
            name,
            _compact_day(born),
            "M" if sex == "Nam" else "F",
            address,
            _compact_day(issued),
        )
    except ValueError as error:
        raise wrong("date") from error


def _compact_day(text: str) -> date:
    if not (text.isascii() and text.isdigit() and len(text) == 8):
        raise ValueError(text)
    return date(int(text[4:]), int(text[2:4]), int(text[:2]))


@dataclass(frozen=True)
class PinStructure:
    """What the digits of a personal identification number say: evidence, never proof."""

    birth_province: str
    sex: str
    birth_year: int


def pin_structure(pin: str) -> PinStructure | None:
    """Return what the digits say, or None when `pin` is not 12 digits. The fourth digit counts centuries from the 20th, odd for women."""
    if not (pin.isascii() and pin.isdigit() and len(pin) == 12):
        return None
    century = int(pin[3])
    return PinStructure(pin[:3], "F" if century % 2 else "M", 1900 + 100 * (century // 2) + int(pin[4:6]))


def card_number(object_code: str, level: int, province: str, si_code: str) -> str:
    """Build a card number from its parts; raises ValueError when the parts do not make one."""
    number = f"{object_code}{level}{province}{si_code}"
    if not _CARD.fullmatch(number):
        raise ValueError("object code, level, province and social-insurance code do not make a card number")
    return number
