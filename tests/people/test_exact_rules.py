"""Verification by exact rules: agreement on everything is needed, and nothing less ever links."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.people.verification.exact import NUMBER_OF_ANOTHER, NUMBER_UNKNOWN, SEVERAL, decide
from ansinh.people.verification.normal import folded_name, stated_number


@dataclass(frozen=True)
class One:
    full_name: str = "Đặng Thị Quỳnh Như"
    birth_year: int | None = 1960
    birth_month: int | None = 3
    birth_day: int | None = 2
    pin: str = "001160012345"


SHE = One()


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


@pytest.mark.parametrize(
    ("raw", "meaning"),
    [
        ("001160012345", ("pin", "001160012345")),
        ("1160012345", ("pin", "001160012345")),
        ("012345678", ("old_number", "012345678")),
        ("12345678", ("old_number", "012345678")),
        ("001.160.012.345", ("pin", "001160012345")),
        ("1234567", None),
        ("", None),
        (None, None),
    ],
)
def test_stated_number_restores_leading_zeros(raw: str | None, meaning: tuple[str, str] | None) -> None:
    assert stated_number(raw) == meaning


def test_decide_on_full_agreement_verifies() -> None:
    decision = decide(replace(SHE, full_name="DANG THI QUYNH NHU"), [SHE])
    assert (decision.verdict, decision.register_pin) == ("verified", SHE.pin)


def test_decide_when_one_side_knows_only_the_year_verifies_on_the_year() -> None:
    year_only = replace(SHE, birth_month=None, birth_day=None)
    assert decide(year_only, [SHE]).verdict == "verified"
    assert decide(SHE, [year_only]).verdict == "verified"
    assert decide(replace(year_only, birth_year=1961), [SHE]).verdict == "candidate"


@pytest.mark.parametrize("different", [{"full_name": "Đặng Thị Quỳnh Nga"}, {"birth_day": 3}, {"birth_year": None}])
def test_decide_when_something_differs_leaves_it_to_a_person(different: dict[str, object]) -> None:
    assert decide(replace(SHE, **different), [SHE]).verdict == "candidate"  # type: ignore[arg-type]


def test_decide_when_name_and_date_differ_says_the_number_is_anothers() -> None:
    assert decide(replace(SHE, full_name="Trần Văn Ba", birth_year=1980), [SHE]) == NUMBER_OF_ANOTHER


def test_decide_without_an_answer_says_unknown() -> None:
    assert decide(SHE, []) == NUMBER_UNKNOWN


def test_decide_between_two_who_fit_never_takes_the_first() -> None:
    assert decide(SHE, [SHE, replace(SHE, pin="001160099999")]) == SEVERAL
    other = replace(SHE, pin="001160099999", full_name="Lê Văn Tám")
    assert decide(SHE, [other, SHE]).register_pin == SHE.pin


@given(
    st.builds(One, full_name=st.sampled_from(["Lê An", "Le An", "Trần Bình"]), birth_day=st.sampled_from([1, 2, None])),
    st.lists(
        st.builds(One, full_name=st.sampled_from(["Lê An", "Trần Bình"]), birth_day=st.sampled_from([1, 2, None])),
        max_size=3,
    ),
)
def test_decide_verifies_only_someone_who_agrees_on_name_and_year(record: One, answered: list[One]) -> None:
    decision = decide(record, answered)
    if decision.verdict == "verified":
        fitting = [one for one in answered if folded_name(one.full_name) == folded_name(record.full_name)]
        assert fitting
        assert decision.register_pin == SHE.pin
