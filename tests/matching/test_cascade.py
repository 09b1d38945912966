"""What each step links, and what it never links."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.matching.small_worlds import crowd, decide, recorded, registered

SHE, OTHER = "001184000001", "001184000002"


TYPED: list[tuple[dict[str, Any], str, str]] = [
    ({}, "verified", "number.exact"),
    ({"full_name": "DANG THI QUYNH NHU"}, "verified", "number.exact"),
    ({"birth_month": None, "birth_day": None}, "verified", "number.date_part"),
    ({"birth_day": 12, "birth_month": 7}, "corrected", "number.date_part"),
    ({"full_name": "Đặng Quỳnh Như"}, "corrected", "number.name_variant"),
    ({"full_name": "Đặng Thị Quỳnh Nhu"}, "verified", "number.exact"),
    ({"full_name": "Đặng Thị Quỳnh Nhuw"}, "verified", "number.exact"),
    ({"full_name": "Đặng Thị Quỳn Như"}, "corrected", "number.name_slip"),
    ({"birth_year": None, "birth_month": None, "birth_day": None}, "verified", "number.no_date"),
    ({"sex": "M"}, "corrected", "number.exact"),
    ({"birth_year": 1985}, "corrected", "number.date_part"),
]


def test_an_equal_number_links_whoever_name_and_date_fit(tmp_path: Path) -> None:
    pins = [f"00118400{n:04d}" for n in range(len(TYPED))]
    records = [recorded(n, id_number=pins[n], **typed) for n, (typed, _, _) in enumerate(TYPED)]
    decided = decide(tmp_path, [*(registered(pin) for pin in pins), *crowd()], records)
    found = [(decided[n]["verdict"], decided[n]["rule"], decided[n]["pin"]) for n in range(len(TYPED))]
    assert found == [(verdict, rule, pins[n]) for n, (_, verdict, rule) in enumerate(TYPED)]


def test_leading_zeros_eaten_by_a_spreadsheet_are_put_back(tmp_path: Path) -> None:
    decision = decide(tmp_path, [registered(SHE), *crowd()], [recorded(1, id_number=SHE.lstrip("0"))])[1]
    assert (decision["verdict"], decision["pin"]) == ("verified", SHE)


def test_fields_to_correct_name_both_values_and_the_kind(tmp_path: Path) -> None:
    typed = recorded(1, id_number=SHE, full_name="Dang Quynh Nhu", birth_day=12, sex=None)
    decision = decide(tmp_path, [registered(SHE), *crowd()], [typed])[1]
    assert decision["corrections"] == [
        {"field": "full_name", "ours": "Dang Quynh Nhu", "register": "Đặng Thị Quỳnh Như", "kind": "wrong"},
        {"field": "birth_date", "ours": "1984-07-12", "register": "1984-07-21", "kind": "wrong"},
        {"field": "sex", "ours": None, "register": "F", "kind": "incomplete"},
    ]


def test_a_number_of_somebody_else_links_nobody(tmp_path: Path) -> None:
    stranger = recorded(
        1, id_number=SHE, full_name="Bùi Mai Chi", birth_month=2, birth_day=3, commune="26734", province="79"
    )
    decision = decide(tmp_path, [registered(SHE), *crowd()], [stranger])[1]
    assert (decision["verdict"], decision["pin"]) == ("not_found", None)


def test_an_old_number_given_out_twice_to_people_who_both_fit_goes_to_an_officer(tmp_path: Path) -> None:
    people = [registered(SHE, old_number="010000001"), registered(OTHER, old_number="010000001"), *crowd()]
    decision = decide(tmp_path, people, [recorded(1, id_number="010000001")])[1]
    assert decision["verdict"] == "candidate"


def test_excluded_records_are_counted_apart(tmp_path: Path) -> None:
    decision = decide(tmp_path, [registered(SHE), *crowd()], [recorded(1, id_number=SHE, excluded="army")])[1]
    assert (decision["verdict"], decision["pin"]) == ("excluded", None)


def test_one_of_a_kind_in_the_commune_is_linked_without_a_number(tmp_path: Path) -> None:
    decision = decide(tmp_path, [registered(SHE), *crowd()], [recorded(1)])[1]
    assert (decision["verdict"], decision["rule"]) == ("verified", "exact.commune")


def test_between_two_who_fit_alike_nobody_is_taken(tmp_path: Path) -> None:
    for order, pins in enumerate(((SHE, OTHER), (OTHER, SHE))):
        people = [*(registered(pin) for pin in pins), *crowd()]
        decision = decide(tmp_path / str(order), people, [recorded(1)])[1]
        assert decision["verdict"] == "candidate"
        assert {candidate["pin"] for candidate in decision["candidates"]} == {SHE, OTHER}


def test_a_different_number_is_never_overruled_by_the_rest(tmp_path: Path) -> None:
    decision = decide(tmp_path, [registered(SHE), *crowd()], [recorded(1, id_number="001184999999")])[1]
    assert decision["verdict"] not in {"verified", "corrected"}


def test_accents_that_contradict_are_another_name(tmp_path: Path) -> None:
    people = [registered(SHE, full_name="Nguyễn Thị Hòa"), *crowd()]
    decision = decide(tmp_path, people, [recorded(1, full_name="Nguyễn Thị Hóa")])[1]
    assert decision["verdict"] not in {"verified", "corrected"}


def relatives() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A mother linked by her number, whose household on file is 7 and in the register 70."""
    mother = registered("001160000009", full_name="Vũ Thị Lan", birth_month=1, birth_day=5, household=70)
    hers = recorded(9, id_number="001160000009", full_name="Vũ Thị Lan", birth_month=1, birth_day=5, household=7)
    return [mother, *crowd()], [hers]


def test_a_verified_relative_names_the_household_of_who_moved(tmp_path: Path) -> None:
    people, records = relatives()
    people += [registered(SHE, household=70), registered(OTHER, commune="26740", province="79")]
    moved = recorded(1, household=7, commune="10000", province="33")
    decision = decide(tmp_path, people, [*records, moved])[1]
    assert (decision["verdict"], decision["rule"], decision["pin"]) == ("verified", "exact.household", SHE)


def test_a_wrong_anchor_links_nobody_by_itself(tmp_path: Path) -> None:
    people, records = relatives()
    people += [registered(SHE, household=70)]
    someone = recorded(1, household=7, full_name="Phan Ngọc Bích", birth_month=3, birth_day=9)
    decision = decide(tmp_path, people, [*records, someone])[1]
    assert decision["verdict"] not in {"verified", "corrected"}


def test_who_is_claimed_by_a_number_is_not_linked_again_by_name_alone(tmp_path: Path) -> None:
    people = [registered(SHE), registered(OTHER, commune="26740", province="79"), *crowd()]
    namesake = recorded(2, commune="26740", province="79")
    decided = decide(tmp_path, people, [recorded(1, id_number=SHE), namesake])
    assert decided[1]["pin"] == SHE
    assert decided[2]["pin"] == OTHER


def test_two_records_of_one_person_are_both_linked_and_marked(tmp_path: Path) -> None:
    decided = decide(tmp_path, [registered(SHE), *crowd()], [recorded(1, id_number=SHE), recorded(2, id_number=SHE)])
    assert [(decided[n]["pin"], decided[n]["duplicate"]) for n in (1, 2)] == [(SHE, True), (SHE, True)]
