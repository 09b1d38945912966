"""The QR text of the paper insurance card: read as printed, refused with a sentence when it is not one."""

from __future__ import annotations

import contextlib
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.insurance_card import InsuranceCard, insurance_card_text, is_insurance_card, parse_insurance_card


def qr_text(name: str = "Đặng Thị Quỳnh Như", born: str = "02/03/1960", address: str = "Ứng Hòa, Hà Nội") -> str:
    hexadecimal = [text.encode().hex() for text in (name, address)]
    return f"DN4010112345678|{hexadecimal[0]}|{born}|2|{hexadecimal[1]}|01 - 013|01/01/2020|-|-|-|4|x$"


def test_parse_insurance_card_reads_every_part() -> None:
    assert parse_insurance_card(qr_text()) == InsuranceCard(
        "DN4010112345678", "Đặng Thị Quỳnh Như", "1960-03-02", "F", "Ứng Hòa, Hà Nội", "01013", date(2020, 1, 1)
    )


@pytest.mark.parametrize(("printed", "read"), [("1960", "1960"), ("03/1960", "1960-03"), ("29/02/1960", "1960-02-29")])
def test_parse_insurance_card_keeps_what_is_known_of_the_birth_date(printed: str, read: str) -> None:
    assert parse_insurance_card(qr_text(born=printed)).born == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "|" * 12,
        qr_text().replace("DN4", "DN9"),
        qr_text().replace("|2|", "|3|"),
        qr_text(born="30/02/1960"),
        qr_text(born="٠٢/٠٣/١٩٦٠"),
        qr_text(name="a\x00b"),
        qr_text(name=""),
        qr_text().replace("01 - 013", "013"),
        qr_text().replace("01/01/2020", "2020"),
        qr_text().replace("|2|", "|2|zz"),
        qr_text() + "x" * 1_000,
    ],
)
def test_parse_insurance_card_refuses_what_is_none(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_insurance_card(text)
    assert refused.value.facts["field"] == "key"


@given(st.text(max_size=200))
def test_parse_insurance_card_reads_or_refuses_any_text(text: str) -> None:
    for one in (text, f"DN4010112345678|{text}", qr_text() + text):
        with contextlib.suppress(InvalidInput):
            assert parse_insurance_card(one).card_number == "DN4010112345678"


@given(st.text(st.characters(categories=["L", "M", "Zs"]), min_size=1, max_size=40).filter(lambda name: name.strip()))
def test_any_name_survives_the_card(name: str) -> None:
    if name.strip().isprintable():
        assert is_insurance_card(qr_text(name=name))
        assert parse_insurance_card(qr_text(name=name)).full_name


def test_a_citizen_card_is_no_insurance_card() -> None:
    assert not is_insurance_card("001160012345||Đặng Thị Quỳnh Như|02031960|Nữ|Hà Nội|15062022")


@given(
    name=st.text("ABCĐđáâăơưệỗữợẵ ", min_size=1).map(str.strip).filter(bool),
    born=st.sampled_from(["1960", "1960-03", "1960-03-02"]),
    sex=st.sampled_from("MF"),
    facility=st.sampled_from(["01013", "79A12", ""]),
    since=st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2090, 1, 1))),
)
def test_what_is_printed_is_read_back_as_the_same_card(
    name: str, born: str, sex: str, facility: str, since: date | None
) -> None:
    name = unicodedata.normalize("NFC", name)
    card = InsuranceCard("DN4010112345678", name, born, sex, "Ứng Hòa, Hà Nội", facility, since)
    assert parse_insurance_card(insurance_card_text(card)) == card
