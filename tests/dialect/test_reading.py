"""Bodies and particulars read from text: nothing breaks the reader, and what is right is read as it was meant."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.gateway.dialect.particulars import WrongForm, read_lookup
from ansinh.gateway.dialect.reading import Unreadable, read_fields

LETTERS = st.text(st.characters(categories=("Lu", "Ll"), max_codepoint=0x1EFF), min_size=1, max_size=12)
NAMES = st.lists(LETTERS, min_size=1, max_size=5).map(" ".join)
FIELDS = {
    "maThe": "001180000001",
    "hoTen": "Lê Tám",
    "ngaySinh": "1980",
    "hoTenCb": "Trần Hòa",
    "cccdCb": "001190000017",
}


@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=60)))
def test_no_bytes_break_the_reader(body: bytes, kind: str | None) -> None:
    try:
        fields = read_fields(body, kind)
    except Unreadable:
        return
    assert all(isinstance(value, str) for value in fields.values())


@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, st.text(max_size=40))))
def test_no_text_breaks_the_particulars(fields: dict[str, str]) -> None:
    body = json.dumps(fields)
    try:
        asked = read_lookup(body.encode(), "application/json")
    except WrongForm:
        return
    assert asked.name.isprintable()
    assert "\x1e" not in asked.officer


@given(NAMES, st.sampled_from(["NFC", "NFD"]), st.sampled_from([str.upper, str.lower, str.title, str]))
def test_a_name_is_read_alike_however_it_is_written(name: str, form: str, case: type[str]) -> None:
    written = unicodedata.normalize(form, case(name))  # type: ignore[arg-type]  # one of two literals
    as_json = read_lookup(json.dumps(FIELDS | {"hoTen": written}).encode(), "application/json")
    as_form = read_lookup(urlencode(FIELDS | {"hoTen": written}).encode(), "application/x-www-form-urlencoded")
    assert as_json == as_form
    assert as_json.name == unicodedata.normalize("NFC", " ".join(written.split())).title()


@given(st.dates(date(1800, 1, 1), date(2100, 12, 31)), st.sampled_from(["%d/%m/%Y", "%d%m%Y"]))
def test_every_day_is_read_in_both_forms(day: date, form: str) -> None:
    written = day.strftime(form).replace(f"{day.year}", f"{day.year:04d}")
    asked = read_lookup(json.dumps(FIELDS | {"ngaySinh": written}).encode(), "application/json")
    assert (asked.year, asked.month, asked.day) == (day.year, day.month, day.day)


@pytest.mark.parametrize(
    ("written", "read"),
    {
        "1980": (1980, 0, 0),
        "05/1980": (1980, 5, 0),
        "00/00/1980": (1980, 0, 0),
        "00/05/1980": (1980, 5, 0),
        "00001980": (1980, 0, 0),
    }.items(),
)
def test_what_is_not_known_of_a_birth_date_is_0(written: str, read: tuple[int, int, int]) -> None:
    asked = read_lookup(json.dumps(FIELDS | {"ngaySinh": written}).encode(), "application/json")
    assert (asked.year, asked.month, asked.day) == read
