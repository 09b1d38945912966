"""Cards are suspended, restored, withdrawn and reduced, on their day, once a request, with a line of history each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from ansinh.cards import checks
from ansinh.cards.operations import (
    OnCard,
    reduce_card,
    replace_card,
    restore_card,
    suspend_card,
    withdraw_card,
)
from ansinh.cards.queries import history_of
from ansinh.cards.states import REDUCTIONS, CardState
from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.errors import NotPermitted, Refusal
from tests.cards.card_world import TODAY, act, clock, days, number_of, project_all, project_due, standing
from tests.support.cast import A_STRANGER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_insured")]


def refused(code: str, operation: Any, *args: Any, **more: Any) -> Refusal:
    """Expect a refusal of a code that leaves cards, history and standings as they were."""
    before = everything()
    with pytest.raises(Refusal) as refusal:
        act(operation, *args, **more)
    assert refusal.value.code == code
    assert refusal.value.vi
    assert everything() == before
    return refusal.value


def everything() -> list[Any]:
    return [
        rows(f"SELECT * FROM {table} ORDER BY 1, 2")
        for table in ("cards_card", "cards_event", "cards_standing", "participation_coverage")
    ]


def holds() -> bool:
    return all(result.ok for result in checks.checks(TODAY))


def test_suspend_and_restore_card_change_the_standing_at_once_and_leave_history() -> None:
    act(suspend_card, 1)
    assert standing(1, "status") == "suspended"
    assert standing(2, "status") == "active"
    act(restore_card, 1)
    assert standing(1, "status") == "active"
    assert [(line.event, line.state, line.actor) for line in history_of(1)] == [
        ("issued", "issued", None),
        ("suspended", "suspended", "system:test"),
        ("restored", "issued", "system:test"),
    ]
    assert holds()


def test_withdraw_card_ends_it_for_good() -> None:
    act(withdraw_card, 1)
    assert standing(1, "status") == "withdrawn"
    for operation in (suspend_card, restore_card, withdraw_card):
        assert refused("card_not_in_state", operation, 1).facts["state"] == "withdrawn"
    refused("card_not_in_state", replace_card, 1, new_object_code="HN")


@pytest.mark.parametrize("kind", REDUCTIONS)
def test_reduce_card_tells_its_kind_and_can_be_restored(kind: CardState) -> None:
    act(reduce_card, 1, kind=kind)
    assert standing(1, "status") == kind.value
    refused("card_not_in_state", reduce_card, 1, kind=kind)
    act(restore_card, 1)
    assert standing(1, "status") == "active"
    assert holds()


def test_reduce_card_to_no_kind_is_refused() -> None:
    refused("invalid_input", reduce_card, 1, kind=CardState.SUSPENDED)


def test_a_planned_change_takes_effect_on_its_day_and_touches_nobody_else() -> None:
    planned = TODAY + days(20)
    act(suspend_card, 1, planned)
    assert standing(1, "status", "changes_on") == ("active", planned)
    assert project_due(planned - days(1)) == 0
    assert standing(1, "status") == "active"
    assert project_due(planned) == 1
    assert standing(1, "status", "changes_on") == ("suspended", None)
    assert row("SELECT state FROM cards_card WHERE person_id = 1") == ("suspended",)
    assert project_due(planned) == 0
    assert all(result.ok for result in checks.checks(planned))


def test_a_planned_change_of_a_card_without_coverage_takes_effect_too() -> None:
    act(suspend_card, 1, TODAY + days(3))
    execute("UPDATE participation_coverage SET superseded_at = now() WHERE person_id = 1")
    project_due(TODAY)
    execute("DELETE FROM cards_standing WHERE person_id = 1")
    assert project_due(TODAY + days(5)) == 1
    assert row("SELECT state FROM cards_card WHERE person_id = 1") == ("suspended",)


def test_an_old_day_of_effect_holds_at_once_but_not_before_issue_or_the_last_change() -> None:
    act(suspend_card, 1, date(2025, 3, 1))
    assert standing(1, "status") == "suspended"
    assert refused("effect_out_of_order", restore_card, 1, date(2025, 2, 28)).facts["earliest"] == "2025-03-01"
    refused("effect_out_of_order", suspend_card, 2, date(2024, 12, 31))
    refused("effect_out_of_order", suspend_card, 2, TODAY + days(367))
    act(restore_card, 1, date(2025, 3, 1))
    assert standing(1, "status") == "active"


def test_a_request_sent_twice_is_done_once_and_its_key_serves_nothing_else() -> None:
    first = act(suspend_card, 1, key="r-1")
    again = act(suspend_card, 1, key="r-1")
    assert (again.event_id, again.already, first.already) == (first.event_id, True, False)
    assert number("SELECT count(*) FROM cards_event") == 1
    refused("request_key_used", restore_card, 1, key="r-1")
    refused("request_key_used", suspend_card, 1, TODAY + days(1), key="r-1")
    assert act(suspend_card, 2, key="r-1").already is False


def test_a_key_too_long_is_refused() -> None:
    refused("invalid_input", suspend_card, 1, key="x" * 101)


@pytest.mark.parametrize("wrong", ["DN4010100000009", "'; DROP TABLE cards_card; --", "DN401\u202e", "x" * 100_000])
def test_a_card_nobody_has_is_refused(wrong: str) -> None:
    refused("not_found", suspend_card, 1, number=wrong)
    refused("not_found", suspend_card, 1, number=number_of(2))


def test_who_has_no_role_changes_nothing() -> None:
    before = everything()
    with pytest.raises(NotPermitted):
        suspend_card(actor=A_STRANGER, reason="thử", clock=clock(), on=OnCard(1, number_of(1), TODAY, "k"))
    assert everything() == before


@pytest.mark.parametrize("change", ["UPDATE cards_event SET reason = 'x'", "DELETE FROM cards_event"])
def test_history_is_append_only(change: str) -> None:
    act(suspend_card, 1)
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"), transaction.atomic():
        execute(change)


def test_checks_find_a_state_that_history_does_not_tell() -> None:
    act(suspend_card, 1)
    execute("UPDATE cards_card SET state = 'issued' WHERE person_id = 1")
    offending = {result.name: list(result.offending) for result in checks.checks(TODAY)}
    assert offending["cards.states_follow_history"] == ["1"]


def test_the_dead_have_no_card_in_force() -> None:
    execute("UPDATE people_person SET died_on = '2025-07-01' WHERE person_id = 1")
    assert project_due(TODAY) == 0
    assert project_all(TODAY) == 1
    assert standing(1, "status") == "withdrawn"
