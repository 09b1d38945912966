"""Names without their diacritics."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.people.matching.folding import folded_name


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Đặng Thị Quỳnh Như", "dang thi quynh nhu"),
        ("ĐẶNG  THỊ QUỲNH NHƯ ", "dang thi quynh nhu"),
        (unicodedata.normalize("NFD", "Đặng Thị Quỳnh Như"), "dang thi quynh nhu"),
        ("Ðỗ Ứng Hòa", "do ung hoa"),
        ("Ứng Hoà", "ung hoa"),
        ("H'Hen Niê", "h hen nie"),
        ("", ""),
        ("123", ""),
    ],
)
def test_folded_name_forgives_case_marks_and_composition(written: str, folded: str) -> None:
    assert folded_name(written) == folded


@given(st.text(max_size=80))
def test_folded_name_is_letters_and_single_spaces_and_folds_once(text: str) -> None:
    folded = folded_name(text)
    assert all("a" <= c <= "z" or c == " " for c in folded)
    assert "  " not in folded
    assert folded == folded.strip() == folded_name(folded)


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạ ", max_size=40))
def test_folded_name_is_the_same_composed_or_not(text: str) -> None:
    assert folded_name(unicodedata.normalize("NFD", text)) == folded_name(unicodedata.normalize("NFC", text))
