"""The QR text of the paper health-insurance card: parts joined by `|`, name and address as hexadecimal UTF-8.

The parts: card number, name, birth date, sex (1 man, 2 woman), address, first-contact facility such as `01 - 013`, first day of validity, and further
parts that differ between printings (issuing office, check text) and are ignored. An insured person may have shown such a card since 2014.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.identifiers import QR_TEXT_LENGTH_MAX, KeyKind, parse_key

PARTS_MIN, PARTS_MAX = 7, 30
_FACILITY = re.compile(r"([0-9]{2})\s*-?\s*([0-9A-Z]{3})")
_DAY = re.compile(r"(?:(?:([0-9]{2})/)?([0-9]{2})/)?([0-9]{4})")
_SEXES = {"1": "M", "2": "F"}


@dataclass(frozen=True)
class InsuranceCard:
    """What the QR code on a paper health-insurance card says. `born` is a day, or as much of it as is known: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`."""

    card_number: str
    full_name: str
    born: str
    sex: str
    address: str
    facility: str
    valid_from: date | None


def is_insurance_card(text: str) -> bool:
    """Tell whether a QR text begins as one of an insurance card does."""
    first, bar, _ = text.strip().partition("|")
    try:
        return bool(bar) and parse_key(first).kind is KeyKind.CARD
    except InvalidInput:
        return False


def parse_insurance_card(text: str) -> InsuranceCard:
    """Read the QR text of a paper health-insurance card; unknown further parts are ignored; raises InvalidInput when a part is wrong."""
    if len(text) > QR_TEXT_LENGTH_MAX:
        raise _wrong("số phần", "number of parts")
    parts = [part.strip() for part in text.strip().split("|")]
    if not PARTS_MIN <= len(parts) <= PARTS_MAX or not is_insurance_card(text):
        raise _wrong("mã thẻ", "card number")
    number, name, born, sex, address, facility, valid_from = parts[:7]
    place = _FACILITY.fullmatch(facility.upper())
    if facility and not place:
        raise _wrong("nơi đăng ký khám chữa bệnh ban đầu", "first-contact facility")
    full_name = _text_of(name, "họ tên", "name")
    if not full_name:
        raise _wrong("họ tên", "name")
    if sex not in _SEXES:
        raise _wrong("giới tính", "sex")
    return InsuranceCard(
        parse_key(number).value,
        full_name,
        _born(born),
        _SEXES[sex],
        _text_of(address, "địa chỉ", "address"),
        f"{place[1]}{place[2]}" if place else "",
        _first_day(valid_from),
    )


def insurance_card_text(card: InsuranceCard) -> str:
    """Return the QR text of a card: what `parse_insurance_card` reads back as the same card."""
    sexes = {letter: digit for digit, letter in _SEXES.items()}
    place = f"{card.facility[:2]} - {card.facility[2:]}" if card.facility else ""
    return "|".join(
        (
            card.card_number,
            card.full_name.encode().hex(),
            "/".join(reversed(card.born.split("-"))),
            sexes.get(card.sex, ""),
            card.address.encode().hex(),
            place,
            f"{card.valid_from:%d/%m/%Y}" if card.valid_from else "",
        )
    )


def _text_of(hexadecimal: str, vi: str, en: str) -> str:
    try:
        text = unicodedata.normalize("NFC", bytes.fromhex(hexadecimal).decode("utf-8")).strip()
    except ValueError as error:
        raise _wrong(vi, en) from error
    if not text.isprintable():
        raise _wrong(vi, en)
    return text


def _born(text: str) -> str:
    found = _DAY.fullmatch(text)
    if not found or not text.isascii():
        raise _wrong("ngày sinh", "birth date")
    day, month, year = found.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise _wrong("ngày sinh", "birth date") from error
    return "-".join(part for part in (year, month, day) if part)


def _first_day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    if not text:
        return None
    if not found or found[1] is None or not text.isascii():
        raise _wrong("ngày bắt đầu", "first day")
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError as error:
        raise _wrong("ngày bắt đầu", "first day") from error


def _wrong(vi: str, en: str) -> InvalidInput:
    return InvalidInput(
        f"Mã QR không phải của thẻ BHYT giấy: phần “{vi}” sai. Quét lại, hoặc nhập mã thẻ in trên thẻ.",
        f"The QR text is not of a paper insurance card: the part “{en}” is wrong. Scan again, or type the number on the card.",
        field="key",
    )
