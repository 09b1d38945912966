"""Cards are replaced, facilities changed in their window, cards issued to one person, newborns numbered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ansinh.cards import checks
from ansinh.cards.operations import (
    Changed,
    NewCard,
    change_facility,
    give_temporary_number,
    issue_card,
    reduce_card,
    replace_card,
    suspend_card,
    withdraw_card,
)
from ansinh.cards.queries import history_of, holder_of
from ansinh.cards.states import CardState
from ansinh.database.sql import rows
from ansinh.foundation.errors import Refusal
from ansinh.participation.operations import NewStretch
from ansinh.rules.health_insurance import managed_status
from tests.cards.card_world import (
    LAST_DAY,
    REASON,
    TODAY,
    act,
    add_coverage,
    add_person,
    clock,
    days,
    number_of,
    project_all,
    project_due,
    standing,
)
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_insured")]


def holds(day: date = TODAY) -> bool:
    return all(result.ok for result in checks.checks(day))


def test_replace_card_ends_one_and_issues_another_on_its_day() -> None:
    on_day = TODAY + days(5)
    changed = act(replace_card, 1, on_day, key="r", new_object_code="HN")
    new = number_of(1, "HN", 2)
    assert changed.card_number == new
    assert standing(1, "card_number", "next_card_number", "next_valid_from", "valid_until") == (
        number_of(1), new, on_day, on_day,
    )  # fmt: skip
    assert act(replace_card, 1, on_day, key="r", new_object_code="HN").already
    assert project_due(on_day) == 1
    assert standing(1, "card_number", "former_card_number", "status", "level", "valid_until") == (
        new, number_of(1), "active", 2, LAST_DAY,
    )  # fmt: skip
    assert [(line.card_number, line.event, line.state) for line in history_of(1)] == [
        (number_of(1), "issued", "issued"),
        (number_of(1), "replaced", "replaced"),
        (new, "issued", "issued"),
    ]
    assert holder_of(new) == holder_of(number_of(1)) == 1
    assert holds(on_day)


def test_replace_card_and_back_brings_the_first_number_into_use_again() -> None:
    act(replace_card, 1, new_object_code="HN")
    act(replace_card, 1, TODAY + days(1), number=number_of(1, "HN", 2), new_object_code="DN")
    project_due(TODAY + days(1))
    assert standing(1, "card_number", "status") == (number_of(1), "active")
    assert holds(TODAY + days(1))


def test_replace_card_by_the_same_number_or_an_unknown_group_is_refused() -> None:
    refusals: list[tuple[dict[str, Any], str]] = [
        ({}, "same_card_number"),
        ({"new_object_code": "DN"}, "same_card_number"),
        ({"new_object_code": "ZZ"}, "invalid_input"),
        ({"new_province": "7"}, "invalid_input"),
    ]
    for more, code in refusals:
        with pytest.raises(Refusal) as refusal:
            act(replace_card, 1, **more)
        assert refusal.value.code == code
    with pytest.raises(Refusal) as refusal:
        act(replace_card, 1, LAST_DAY, new_object_code="HN")
    assert refusal.value.code == "not_covered"
    assert rows("SELECT FROM cards_event") == []


def test_change_facility_in_the_window_splits_the_stretch_and_keeps_the_number() -> None:
    on_day = date(2025, 10, 1)
    act(change_facility, 1, on_day, facility="01002")
    assert standing(1, "facility", "next_facility", "next_card_number", "next_valid_from") == (
        "01001", "01002", number_of(1), on_day,
    )  # fmt: skip
    project_due(on_day)
    assert standing(1, "facility", "valid_from", "status", "former_card_number") == ("01002", on_day, "active", None)
    assert rows(
        "SELECT valid_from, valid_until, facility FROM participation_covered_v1 WHERE person_id = 1 ORDER BY 1"
    ) == [
        (date(2025, 1, 1), on_day, "01001"),
        (on_day, LAST_DAY, "01002"),
    ]
    assert holds(on_day)


def test_change_facility_reaches_into_the_next_years_card() -> None:
    add_coverage(1, valid_from=LAST_DAY, valid_until=date(2027, 1, 1))
    act(change_facility, 1, facility="01002")
    assert rows("SELECT valid_from, facility FROM participation_covered_v1 WHERE person_id = 1 ORDER BY 1") == [
        (date(2025, 1, 1), "01001"),
        (TODAY, "01002"),
        (LAST_DAY, "01002"),
    ]


def test_change_facility_outside_the_window_names_the_next_day() -> None:
    with pytest.raises(Refusal) as refusal:
        act(change_facility, 1, date(2025, 7, 16), facility="01002")
    assert (refusal.value.code, refusal.value.facts["opens"]) == ("outside_change_window", "2025-10-01")
    assert "01/10/2025" in refusal.value.vi


@pytest.mark.parametrize("facility", ["01003", "01004", "99999", "'; --"])
def test_change_facility_to_one_that_takes_nobody_is_refused(facility: str) -> None:
    with pytest.raises(Refusal) as refusal:
        act(change_facility, 1, facility=facility)
    assert refusal.value.code == "not_first_contact"


def test_change_facility_of_a_suspended_card_is_refused_and_changes_nothing() -> None:
    act(suspend_card, 1)
    with pytest.raises(Refusal) as refusal:
        act(change_facility, 1, facility="01002")
    assert refusal.value.code == "card_not_in_state"
    assert len(rows("SELECT FROM participation_coverage WHERE person_id = 1")) == 1


def new(person: int = 3, key: str = "n", paid_on: date | None = None, **stretch: Any) -> Changed:
    plain = {"object_code": "GD", "area": None, "facility": "01002", "card_province": "01", "valid_from": TODAY}
    made = NewStretch(**{**plain, "valid_until": TODAY + days(365), **stretch})
    return issue_card(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=clock(), card=NewCard(person, made, key, paid_on))


def test_issue_card_covers_and_numbers_a_person_once() -> None:
    add_person(3)
    issued = new()
    assert issued.card_number == number_of(3, "GD", 4)
    assert standing(3, "card_number", "status", "valid_from") == (issued.card_number, "active", TODAY)
    assert new().already
    assert len(rows("SELECT FROM cards_event WHERE person_id = 3")) == 1
    assert holds()


def test_issue_card_again_after_its_end_prolongs_the_number() -> None:
    add_person(3)
    first = new()
    later = new(key="m", valid_from=TODAY + days(365), valid_until=TODAY + days(730))
    assert later.card_number == first.card_number
    assert standing(3, "next_card_number", "next_valid_from") == (first.card_number, TODAY + days(365))


def test_issue_card_of_a_withdrawn_number_is_refused_and_a_reduced_one_comes_back() -> None:
    act(withdraw_card, 1)
    with pytest.raises(Refusal) as refusal:
        new(1, object_code="DN", valid_from=LAST_DAY, valid_until=LAST_DAY + days(365))
    assert refusal.value.code == "card_not_in_state"
    assert len(rows("SELECT FROM participation_coverage WHERE person_id = 1")) == 1
    act(reduce_card, 2, kind=CardState.REDUCED_STOPPED)
    new(2, object_code="DN", valid_from=LAST_DAY, valid_until=LAST_DAY + days(365))
    assert standing(2, "status") == "reduced_stopped"
    project_due(LAST_DAY)
    assert standing(2, "status") == "active"


def test_issue_card_to_who_is_covered_counted_apart_or_dead_is_refused() -> None:
    add_person(3, excluded="army")
    add_person(4, died_on=date(2025, 5, 1))
    for person, code in (
        (1, "coverage_overlaps"),
        (3, "managed_elsewhere"),
        (4, "managed_elsewhere"),
        (99, "not_found"),
    ):
        with pytest.raises(Refusal) as refusal:
            new(person)
        assert refusal.value.code == code


def test_issue_card_to_who_pays_after_a_gap_waits_thirty_days() -> None:
    add_person(3)
    add_coverage(3, valid_from=date(2024, 1, 1), valid_until=TODAY - days(90))
    with pytest.raises(Refusal) as refusal:
        new(paid_on=TODAY)
    assert (refusal.value.code, refusal.value.facts["starts"]) == ("cover_days_not_lawful", "2025-08-09")
    new(paid_on=TODAY, valid_from=date(2025, 8, 9))


def test_issue_card_to_a_child_ends_when_the_law_says() -> None:
    add_person(3, birth_year=2022, birth_month=3, birth_day=12)
    child: dict[str, Any] = {"object_code": "TE", "valid_from": TODAY}
    with pytest.raises(Refusal) as refusal:
        new(**child, valid_until=date(2028, 10, 2))
    assert refusal.value.facts["ends"] == "2028-10-01"
    assert new(**child, valid_until=date(2028, 10, 1)).card_number == number_of(3, "TE", 1)


def give(person: int, province: str = "01") -> str:
    return give_temporary_number(
        actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=clock(), person_id=person, province=province
    )


def test_a_newborn_stands_by_a_temporary_number_until_its_card_comes() -> None:
    add_person(3, birth_year=2025, birth_month=7, birth_day=1)
    number = give(3)
    assert number.startswith("TE101")
    assert give(3) == number
    assert holder_of(number) == 3
    assert standing(3, "card_number", "temporary_number", "facility", "object_code", "level", "valid_from", "valid_until") == (
        None, number, "01000", "TE", 1, date(2025, 7, 1), date(2031, 10, 1),
    )  # fmt: skip
    assert holds()
    issued = new(3, object_code="TE", valid_from=date(2025, 7, 1), valid_until=date(2031, 10, 1))
    assert standing(3, "card_number", "temporary_number", "facility") == (issued.card_number, None, "01002")
    assert holds()


def test_a_temporary_number_is_for_children_without_a_card_only() -> None:
    add_person(3, birth_year=2019, birth_month=5, birth_day=1)
    add_person(4, birth_year=2018, birth_month=9, birth_day=30)
    add_person(5, birth_year=None, birth_month=None, birth_day=None)
    give(3)
    for person in (1, 4, 5):
        with pytest.raises(Refusal) as refusal:
            give(person)
        assert refusal.value.code == "no_child_without_card"
    add_person(6, birth_year=2025, birth_month=None, birth_day=None)
    with pytest.raises(Refusal) as refusal:
        give(6, "1x")
    assert refusal.value.code == "invalid_input"


@pytest.mark.parametrize(
    ("excluded", "code", "office"),
    [
        ("army", "QN", "army"),
        ("police", "CA", "police"),
        ("cipher", "CY", "army"),
        ("relative", "TA", "police"),
        ("relative", "TQ", "army"),
    ],
)
def test_armed_forces_are_told_apart_by_their_office(excluded: str, code: str, office: str) -> None:
    add_person(3, excluded=excluded)
    add_coverage(3, object_code=code)
    assert project_all(TODAY) == 1
    assert standing(3, "status", "card_number") == (f"managed_{office}", None)
    assert managed_status(excluded, code) == f"managed_{office}"
    assert holds()
