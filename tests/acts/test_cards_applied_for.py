"""A child's card and another first-contact facility, from the application to the card, decided by an officer at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from ansinh.access.queries import actor_of_person
from ansinh.cards.queries import printed_card, standing_of
from ansinh.database.sql import rows
from ansinh.foundation.clock import VIET_NAM, Clock, FixedClock
from ansinh.services import operations, queries
from ansinh.services.operations import Form
from ansinh.services.states import ApplicationState
from tests.acts.world import citizen, give_card, see
from tests.mandates.family import LAN, MORNING, MOTHER, TODDLER, name_of, pin_of

pytestmark = pytest.mark.usefixtures("rolled_back")
OTHER = "01002"


def decided(service: str, filed: Clock = MORNING, worked: Clock = MORNING, **answers: str) -> queries.ApplicationShown:
    """The mother applies, an officer receives and hands on; returns what came of it."""
    said: dict[str, Any] = {"actor": LAN, "reason": "thử", "clock": worked}
    form = Form(MOTHER, service, f"form-{service}", answers)
    receipt = operations.submit_application(actor=actor_of_person(MOTHER), reason="thử", clock=filed, form=form)
    operations.receive_application(**said, reference=receipt.reference)
    operations.forward_application(**said, reference=receipt.reference)
    found = queries.application(MOTHER, receipt.reference)
    assert found is not None
    return found


def test_a_child_has_its_card_to_the_day_of_the_law() -> None:
    assert standing_of(TODDLER) is None
    one = decided(
        "birth_card", child_number=pin_of(TODDLER), child_name=name_of(TODDLER), first_contact_facility="01001"
    )
    assert one.state is ApplicationState.GRANTED
    [(number, group, until)] = rows(
        "SELECT card_number, object_code, valid_until FROM cards_standing WHERE person_id = %s",
        [TODDLER],
    )
    # Born on 5 April 2021: through 30 September of the year of 72 months; the day after is kept.
    assert (number, group, until) == (pin_of(TODDLER), "TE", date(2027, 10, 1))
    assert number in [value for *_, value in one.result_facts]


def test_another_facility_holds_from_the_day_the_portal_names_too() -> None:
    give_card(MOTHER, "0100061001")
    named = see(citizen(MOTHER), "/card/facility")
    one = decided("facility_change", facility=OTHER)
    assert one.state is ApplicationState.GRANTED
    [day] = [value for _, name, value in one.result_facts if name == "From"]
    assert day == "01/10/2025"
    assert f"có hiệu lực từ {day}" in named
    card = printed_card(MOTHER)
    assert card is not None
    assert (card.facility, card.next_facility, card.next_valid_from) == ("01001", OTHER, date(2025, 10, 1))


def test_who_asks_in_the_window_loses_no_quarter_by_a_late_answer() -> None:
    give_card(MOTHER, "0100061001")
    filed, worked = (FixedClock(datetime(2025, 10, day, 9, tzinfo=VIET_NAM)) for day in (14, 17))
    one = decided("facility_change", filed, worked, facility=OTHER)
    assert one.state is ApplicationState.GRANTED
    assert [value for _, name, value in one.result_facts if name == "From"] == ["14/10/2025"]
    card = printed_card(MOTHER)
    assert card is not None
    assert (card.facility, card.next_facility) == (OTHER, None)
