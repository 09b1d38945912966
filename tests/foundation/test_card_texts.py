"""QR texts as people show them: what is printed comes out as printed, whatever else is scanned is refused by name."""

from __future__ import annotations

import contextlib
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.foundation.card_texts import read_card_text
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.identifiers import CitizenCard
from ansinh.foundation.insurance_card import InsuranceCard

OLD = "001180000017|012345678|Đặng Thị Quỳnh Như|01011980|Nữ|Ứng Hòa, Hà Nội|02012022"
NEW = OLD + "|Đặng Văn Tỵ|Lê Thị Hòa|||x"
PAPER = (
    "DN4010100000017|"
    + "Đặng Thị Như".encode().hex()
    + "|01/01/1980|2|"
    + "Hà Nội".encode().hex()
    + "|01 - 013|01/01/2020|-|x|$"
)

NAMES = st.text(st.sampled_from("AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXYaăâáàảãạđêôơưýỷ "), min_size=1, max_size=40).filter(
    str.strip
)
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


def test_both_printings_of_a_citizen_card_and_the_paper_card_are_read() -> None:
    for text in (OLD, NEW, f" {OLD}\r\n"):
        card = read_card_text(text)
        assert isinstance(card, CitizenCard)
        assert (card.pin, card.old_number, card.full_name) == ("001180000017", "012345678", "Đặng Thị Quỳnh Như")
    paper = read_card_text(PAPER)
    assert isinstance(paper, InsuranceCard)
    assert (paper.card_number, paper.full_name, paper.facility) == ("DN4010100000017", "Đặng Thị Như", "01013")


def test_letters_are_composed() -> None:
    card = read_card_text(unicodedata.normalize("NFD", OLD))
    assert card == read_card_text(OLD)


@given(
    pin=st.from_regex(r"[0-9]{12}", fullmatch=True),
    old=st.one_of(st.just(""), st.from_regex(r"[0-9]{9}", fullmatch=True)),
    name=NAMES,
    born=DAYS,
    issued=DAYS,
    sex=st.sampled_from(["Nam", "Nữ"]),
    more=st.lists(NAMES, max_size=4),
)
def test_whatever_a_citizen_card_says_comes_out(
    pin: str, old: str, name: str, born: date, issued: date, sex: str, more: list[str]
) -> None:
    text = "|".join([pin, old, name, f"{born:%d%m%Y}", sex, "Hà Nội", f"{issued:%d%m%Y}", *more])
    expected = CitizenCard(
        pin,
        old or None,
        unicodedata.normalize("NFC", name.strip()),
        born,
        "M" if sex == "Nam" else "F",
        "Hà Nội",
        issued,
    )
    assert read_card_text(text) == expected


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_and_never_a_crash(text: str) -> None:
    with contextlib.suppress(InvalidInput):
        assert read_card_text(text).full_name.isprintable()


@given(place=st.integers(0, 60), letter=st.sampled_from("\x00\x1b\n\u202e\u200b\u2066\ufeff\ue000\u0378\u2028"))
def test_what_cannot_be_seen_is_refused_wherever_it_hides(place: int, letter: str) -> None:
    text = OLD[: place + 1] + letter + OLD[place + 1 :]
    with pytest.raises(InvalidInput):
        read_card_text(text)


HOSTILE = {
    "empty": "",
    "a link": "https://elsewhere.example/?q=1",
    "two parts": "001180000017|x",
    "hundred parts": "|".join(["001180000017"] * 100),
    "endless": OLD + "|" + "x" * 2_000,
    "13 digits": OLD.replace("001180000017", "0011800000170"),
    "full-width digits": OLD.replace("001180000017", "００１１８０００００１７"),
    "Arabic digits": OLD.replace("012345678", "٠١٢٣٤٥٦٧٨"),
    "30 February": OLD.replace("01011980", "30021980"),
    "year 0": OLD.replace("01011980", "01010000"),
    "two-digit year": OLD.replace("01011980", "010180"),
    "another sex": OLD.replace("Nữ", "X"),
    "no name": OLD.replace("Đặng Thị Quỳnh Như", " "),
    "Cyrillic letter in the name": OLD.replace("Như", "Nhу"),
    "Greek letter in the address": OLD.replace("Hà Nội", "Hà Νội"),
    "lone surrogate": OLD.replace("Như", "Nh\ud800"),
    "paper card, name no text": PAPER.replace("Đặng Thị Như".encode().hex(), "ff"),
    "paper card, name with a control": PAPER.replace("Đặng Thị Như".encode().hex(), b"A\x1b[31m".hex()),
    "paper card, Cyrillic name": PAPER.replace("Đặng Thị Như".encode().hex(), "Нгуен".encode().hex()),
    "paper card, half a byte": PAPER.replace("Đặng Thị Như".encode().hex(), "abc"),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_are_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_card_text(text)
    assert refused.value.vi
    assert refused.value.en
    assert refused.value.facts["field"] in {"text", "key"}
