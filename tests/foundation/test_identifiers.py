"""The numbers people carry: told apart by form, refused with a sentence when they have none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.identifiers import (
    Key,
    KeyKind,
    card_number,
    parse_citizen_card,
    parse_key,
    pin_structure,
    plain_number,
)

CARD = "001160012345|012345678|Đặng Thị Quỳnh Như|02031960|Nữ|Phường Ba Đình, Hà Nội|15062022"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("001160012345", Key(KeyKind.PIN, "001160012345")),
        ("001 160 012 345", Key(KeyKind.PIN, "001160012345")),
        ("0112345678", Key(KeyKind.SI_CODE, "0112345678")),
        ("dn4010112345678", Key(KeyKind.CARD, "DN4010112345678")),
        ("DN 4 01 0112345678", Key(KeyKind.CARD, "DN4010112345678")),
        ("\u200b0112.345.678", Key(KeyKind.SI_CODE, "0112345678")),
        (CARD, Key(KeyKind.CITIZEN_CARD_QR, "001160012345")),
        (CARD + "|cha|mẹ", Key(KeyKind.CITIZEN_CARD_QR, "001160012345")),
    ],
)
def test_parse_key_of_each_form_tells_its_kind(text: str, key: Key) -> None:
    assert parse_key(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000000000",
        "１２３４５６７８９０１２",
        "12345678901",
        "1234567890123",
        "DN6010112345678",
        "DN401011234567A",
        "|" * 30,
        "9" * 5_000,
        CARD.replace("02031960", "30021960"),
        CARD.replace("Nữ", "F"),
        CARD.replace("001160012345", "00116001234X"),
        CARD.replace("Như", "Như\x00"),
    ],
)
def test_parse_key_without_a_known_form_is_refused_in_both_languages(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_key(text)
    assert refused.value.vi
    assert refused.value.en
    assert refused.value.facts["field"] == "key"


@given(st.text(max_size=300))
def test_parse_key_of_any_text_answers_or_refuses(text: str) -> None:
    try:
        key = parse_key(text)
    except InvalidInput:
        return
    assert key.value.isascii()
    assert len(key.value) in {10, 12, 15}


@given(st.text(alphabet="0123456789", min_size=12, max_size=12), st.lists(st.sampled_from(" .-\u200b"), max_size=12))
def test_plain_number_forgives_separators(digits: str, separators: list[str]) -> None:
    spread = "".join(digit + (separators[at] if at < len(separators) else "") for at, digit in enumerate(digits))
    assert plain_number(spread) == digits


def test_parse_citizen_card_reads_every_part() -> None:
    card = parse_citizen_card(CARD)
    assert (card.pin, card.old_number, card.full_name) == ("001160012345", "012345678", "Đặng Thị Quỳnh Như")
    assert (card.born_on, card.sex, card.issued_on) == (date(1960, 3, 2), "F", date(2022, 6, 15))


@pytest.mark.parametrize(
    ("pin", "sex", "year"), [("001160012345", "F", 1960), ("079205000001", "M", 2005), ("034399000001", "F", 2099)]
)
def test_pin_structure_tells_sex_and_year(pin: str, sex: str, year: int) -> None:
    structure = pin_structure(pin)
    assert structure is not None
    assert (structure.birth_province, structure.sex, structure.birth_year) == (pin[:3], sex, year)


def test_card_number_is_built_from_its_parts_or_refused() -> None:
    assert card_number("DN", 4, "01", "0112345678") == "DN4010112345678"
    with pytest.raises(ValueError, match="do not make a card number"):
        card_number("DN", 6, "01", "0112345678")
