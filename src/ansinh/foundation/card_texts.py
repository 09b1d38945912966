"""The QR texts people show at a counter: of a citizen card (older and newer printing) and of the paper health-insurance card.

Whoever scans one may scan anything, so the text is judged before it is read: what cannot be seen, what is no text, and letters that only look like ours
are refused by name. A card is evidence of what was printed once, not of who stands there.
"""

from __future__ import annotations

import unicodedata

from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.identifiers import QR_TEXT_LENGTH_MAX, CitizenCard, parse_citizen_card
from ansinh.foundation.insurance_card import InsuranceCard, is_insurance_card, parse_insurance_card

# Controls, invisible formatting, halves of a letter, private and unassigned code points.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def read_card_text(text: str) -> CitizenCard | InsuranceCard:
    """Read a QR text into its fields, letters composed (NFC); raises InvalidInput that names the part that is wrong."""
    if len(text) > QR_TEXT_LENGTH_MAX:
        raise _refused(f"dài quá {QR_TEXT_LENGTH_MAX} ký tự", f"it is longer than {QR_TEXT_LENGTH_MAX} characters")
    plain = unicodedata.normalize("NFC", text.strip(" \t\r\n"))
    if any(unicodedata.category(letter) in _UNSEEN for letter in plain):
        raise _refused("có ký tự ẩn hoặc ký tự điều khiển", "it holds hidden or control characters")
    if "|" not in plain:
        raise _refused("không có phần nào ngăn bằng dấu |", "it has no parts joined by |")
    card = parse_insurance_card(plain) if is_insurance_card(plain) else parse_citizen_card(plain)
    for words in (card.full_name, card.address):
        _require_latin(words)
    return card


def _require_latin(words: str) -> None:
    """Letters of another script look like ours and are not; no card of Viet Nam carries one."""
    for letter in words:
        if letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN "):
            raise _refused(
                "tên hoặc địa chỉ có chữ không thuộc bảng chữ Latinh",
                "a name or address has letters that are not Latin",
            )
        if not letter.isprintable():
            raise _refused("có ký tự ẩn hoặc ký tự điều khiển", "it holds hidden or control characters")


def _refused(vi: str, en: str) -> InvalidInput:
    return InvalidInput(
        f"Nội dung không phải mã QR của thẻ căn cước hay thẻ BHYT: {vi}. Quét lại, hoặc nhập số in trên thẻ.",
        f"This is not the QR text of a citizen card or insurance card: {en}. Scan again, or type the number on the card.",
        field="text",
    )
