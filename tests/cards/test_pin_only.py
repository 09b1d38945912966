"""Whoever came too late for a social-insurance code is carded under their PIN, and stands at the counter like everybody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ansinh.cards import checks
from ansinh.cards.operations import (
    NewCard,
    change_facility,
    issue_card,
    replace_card,
    restore_card,
    suspend_card,
    withdraw_card,
)
from ansinh.cards.queries import holder_of
from ansinh.database.sql import execute, rows
from ansinh.foundation.errors import NotFound, Refusal
from ansinh.participation.operations import NewStretch
from tests.cards.card_world import TODAY, act, add_coverage, add_person, clock, issue_all, project_all, standing
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

PIN, NEXT_PIN = "001080000001", "001080000002"


def newcomer(person: int = 1, pin: str | None = PIN) -> int:
    """Insert a record without a social-insurance code, with a verified PIN unless told."""
    add_person(person, stated_number=PIN)
    execute("DELETE FROM people_identifier WHERE person_id = %s", [person])
    if pin:
        carry(person, pin)
    return person


def carry(person: int, pin: str, since: date = date(2025, 1, 1)) -> None:
    execute(
        "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'pin', %s, %s)",
        [pin, person, since],
    )


def replaced_by_the_register(person: int, old: str, new: str) -> None:
    execute(
        "UPDATE people_identifier SET valid_until = %s, ended_because = 'replaced' WHERE scheme = 'pin' AND value = %s",
        [TODAY, old],
    )
    carry(person, new, TODAY)


def cards() -> list[Any]:
    return rows("SELECT card_number, object_code, level, state FROM cards_card ORDER BY card_number")


def holds() -> bool:
    return all(result.ok for result in checks.checks(TODAY))


def test_issue_cards_under_the_pin_makes_one_card_whatever_the_group() -> None:
    newcomer()
    add_coverage(1, valid_until=date(2025, 6, 1))
    add_coverage(1, object_code="HS", facility="01002", valid_from=date(2025, 6, 1))
    assert issue_all() == 1
    assert issue_all() == 0
    assert cards() == [(PIN, "DN", 4, "issued")]
    assert standing(1, "card_number", "pin", "si_code", "object_code", "facility", "status") == (
        PIN,
        PIN,
        None,
        "HS",
        "01002",
        "active",
    )
    assert rows("SELECT scheme FROM people_identifier WHERE person_id = 1") == [("pin",)]
    assert holder_of(PIN) == 1
    assert holds()


def test_issue_cards_leaves_out_a_pin_that_is_only_stated() -> None:
    newcomer(pin=None)
    add_coverage(1)
    assert issue_all() == 0
    assert standing(1, "card_number", "pin") == (None, None)
    with pytest.raises(NotFound):
        holder_of(PIN)
    assert holds()


def test_holders_of_a_code_keep_their_card_and_get_no_second_one() -> None:
    add_person(1)
    carry(1, PIN)
    add_coverage(1)
    assert issue_all() == 1
    assert standing(1, "card_number", "pin") == ("DN4010100000001", PIN)
    assert holds()


def test_card_under_a_pin_is_suspended_restored_and_withdrawn() -> None:
    newcomer()
    add_coverage(1)
    issue_all()
    for operation, status in ((suspend_card, "suspended"), (restore_card, "active"), (withdraw_card, "withdrawn")):
        act(operation, 1, number=PIN)
        assert standing(1, "status") == status
    assert holds()


def test_change_facility_of_a_card_under_a_pin_changes_its_coverage() -> None:
    newcomer()
    add_coverage(1, facility="01001")
    issue_all()
    act(change_facility, 1, number=PIN, facility="01002")
    assert standing(1, "facility", "card_number") == ("01002", PIN)
    assert holds()


def test_replace_card_under_a_pin_is_refused_because_the_number_stays() -> None:
    newcomer()
    add_coverage(1)
    issue_all()
    with pytest.raises(Refusal) as refusal:
        act(replace_card, 1, number=PIN, new_object_code="HS")
    assert refusal.value.code == "same_card_number"
    assert cards() == [(PIN, "DN", 4, "issued")]


def test_issue_card_to_a_newcomer_records_coverage_and_uses_the_pin() -> None:
    stretch = NewStretch("DN", None, "01001", "01", TODAY, date(2026, 1, 1))
    who: dict[str, Any] = {"actor": ANYBODY_WITH_RIGHTS, "reason": "thử", "clock": clock()}
    issued = issue_card(card=NewCard(newcomer(), stretch, "k"), **who)
    assert issued.card_number == PIN
    assert standing(1, "card_number", "status") == (PIN, "active")
    with pytest.raises(Refusal) as refusal:
        issue_card(card=NewCard(newcomer(2, pin=None), stretch, "k"), **who)
    assert refusal.value.code == "invalid_input"
    assert holds()


@pytest.mark.parametrize(
    ("before", "status", "old_state"),
    [(None, "active", "replaced"), (suspend_card, "suspended", "replaced"), (withdraw_card, "withdrawn", "withdrawn")],
)
def test_a_replaced_pin_is_a_new_card_in_the_state_of_the_old_one(before: Any, status: str, old_state: str) -> None:
    newcomer()
    add_coverage(1)
    issue_all()
    if before:
        act(before, 1, number=PIN)
    replaced_by_the_register(1, PIN, NEXT_PIN)
    assert issue_all() == 1
    assert issue_all() == 0
    new_state = "issued" if status == "active" else status
    assert [(one[0], one[3]) for one in cards()] == [(PIN, old_state), (NEXT_PIN, new_state)]
    assert standing(1, "card_number", "pin", "status") == (NEXT_PIN, NEXT_PIN, status)
    assert holder_of(PIN) == holder_of(NEXT_PIN) == 1
    assert project_all(TODAY) == 0
    assert holds()
