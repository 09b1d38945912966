"""Relatives whom an applicant names confirm by e-ID: what waits for them has no clock, and who does not answer leaves it to an officer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ansinh.access.roles import InsuredPerson
from ansinh.confirmations import operations as confirmations
from ansinh.confirmations.operations import AnsweredAlready
from ansinh.confirmations.queries import Confirmation, asked_about, asked_of
from ansinh.confirmations.states import ConfirmationState
from ansinh.database.sql import rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.lifeevents import operations
from ansinh.lifeevents.checks import checks
from ansinh.lifeevents.states import FileState
from ansinh.signin.states import LevelTooLow
from tests.lifeevents.test_deaths import decided
from tests.lifeevents.world import DEAD, DEAD_PIN, MOTHER, MOTHER_PIN, WIDOW, WIDOW_PIN, World, pension, verify


def citizen(person: int, by: str = "") -> Actor:
    """Return somebody signed in."""
    return Actor(ActorKind.PERSON, str(person), InsuredPerson.permissions, by=by)


def asked(person: int = MOTHER) -> Confirmation:
    """Return what somebody is asked."""
    [one] = asked_of(person)
    return one


def answer(world: World, person: int = MOTHER, *, agreed: bool, because: str = "") -> None:
    """Let somebody answer on the portal."""
    confirmations.answer_confirmation(
        actor=citizen(person), reason="thử", clock=world.clock, level=2, reference=asked(person).reference, agreed=agreed, because=because
    )  # fmt: skip


def told(person: int) -> list[str]:
    """Return the templates somebody was sent."""
    return [name for (name,) in rows("SELECT template FROM notices_message WHERE person_id = %s ORDER BY 1", [person])]


def death(world: World) -> int:
    """A daughter is asked about the widow's file."""
    pension()
    file = world.file_death("funeral", confirming=[MOTHER_PIN])
    world.rounds()
    return file


def test_an_allowance_waits_for_relatives_and_begins_its_days_when_they_agreed(world: World) -> None:
    file = death(world)
    states = world.states(file)
    # What stops payments waits for nobody.
    assert (states["confirmation"], states["payments_stopped"], states["funeral"]) == ("asked", "done", "waiting")
    [funeral] = [one for one in world.shown(file).steps if one.step == "funeral"]
    assert ("không tính" in funeral.waits_vi, funeral.due_on) == (True, None)
    assert asked().until_on == date(2025, 7, 22)
    assert told(MOTHER) == ["confirmation_wanted"]
    assert "Người Vợ" in asked().question_vi
    world.later(2)
    answer(world, agreed=True)
    world.rounds()
    [funeral] = [one for one in world.shown(file).steps if one.step == "funeral"]
    # Eight working days from the answer on Thursday 17 July, not from the registration on the 15th.
    assert (funeral.state, funeral.due_on) == ("asked", date(2025, 7, 29))
    decided(world)
    world.later()
    assert world.shown(file).line.state is FileState.DONE


def test_who_answers_before_the_registration_holds_nothing_up(world: World) -> None:
    pension()
    file = world.file_death("funeral", confirming=[MOTHER_PIN])
    answer(world, agreed=True)
    world.rounds()
    states = world.states(file)
    assert (states["confirmation"], states["funeral"]) == ("done", "asked")


@pytest.mark.parametrize("declines", [True, False])
def test_relatives_who_decline_or_stay_silent_are_heard_by_an_officer(world: World, declines: bool) -> None:
    file = death(world)
    if declines:
        answer(world, agreed=False, because="tôi mới là người lo mai táng")
        world.rounds()
    else:
        world.later(10)
    shown = world.shown(file)
    assert world.states(file)["confirmation"] == "refused"
    assert (world.states(file)["funeral"], shown.line.state) == ("waiting", FileState.REGISTERED)
    [case] = shown.cases
    assert "did not confirm" in case.en
    [because] = rows("SELECT because_en FROM lifeevents_alert WHERE step = 'confirmation'")
    assert because == ("a relative declined" if declines else "relatives did not answer in time",)
    assert "confirmation_missing" in told(WIDOW)
    assert "file_late" not in told(WIDOW)
    assert all(check.ok for check in checks(world.now.date()))
    said = world.said | {"reason": "đã nghe các bên, có hóa đơn mai táng"}
    operations.settle_case(**said, file_id=file, case_no=case.case_no, how="người nộp lo mai táng")
    world.rounds()
    assert world.states(file)["funeral"] == "asked"


def test_who_has_no_phone_signs_a_paper_at_the_counter(world: World) -> None:
    file = death(world)
    said = world.said | {"reference": asked().reference, "agreed": True}
    with pytest.raises(InvalidInput):
        confirmations.record_answer(**said, paper=" ")
    confirmations.record_answer(**said, paper="giấy đồng ý có chữ ký ngày 15/07/2025")
    world.rounds()
    assert world.states(file)["funeral"] == "asked"


def test_only_who_is_asked_answers_and_surely(world: World) -> None:
    death(world)
    one = asked()
    said: dict[str, Any] = {"reason": "thử", "clock": world.clock, "reference": one.reference, "agreed": True}
    with pytest.raises(LevelTooLow):
        confirmations.answer_confirmation(actor=citizen(MOTHER), level=1, **said)
    for actor in (
        citizen(WIDOW),
        citizen(MOTHER, by=str(WIDOW)),
        Actor(ActorKind.OFFICER, "x", InsuredPerson.permissions),
    ):
        with pytest.raises(NotFound):
            confirmations.answer_confirmation(actor=actor, level=2, **said)
    with pytest.raises(NotFound):
        confirmations.answer_confirmation(actor=citizen(MOTHER), level=2, **said | {"reference": "không phải"})
    assert asked().state is ConfirmationState.ASKED
    confirmations.answer_confirmation(actor=citizen(MOTHER), level=2, **said)
    confirmations.answer_confirmation(actor=citizen(MOTHER), level=2, **said)
    with pytest.raises(AnsweredAlready):
        confirmations.answer_confirmation(actor=citizen(MOTHER), level=2, **said | {"agreed": False})


@pytest.mark.parametrize("pin", [WIDOW_PIN, DEAD_PIN, "001199999999"])
def test_relatives_are_other_people_whom_we_know(world: World, pin: str) -> None:
    with pytest.raises(InvalidInput):
        world.file_death("funeral", confirming=[pin])
    assert asked_of(WIDOW) + asked_of(DEAD) == []


def test_a_file_withdrawn_asks_nobody_any_more(world: World) -> None:
    file = world.file_death("funeral", confirming=[MOTHER_PIN])
    operations.withdraw_file(**world.said, file_id=file)
    assert asked().state is ConfirmationState.DROPPED
    assert world.states(file)["confirmation"] == "not_needed"


def test_a_death_undone_while_relatives_are_asked_is_undone_whole(world: World) -> None:
    file = death(world)
    operations.hear_register(**world.said, deaths=[(DEAD_PIN, None, "event-2")])
    world.rounds()
    assert asked().state is ConfirmationState.DROPPED
    assert world.states(file)["confirmation"] == "undone"


@pytest.mark.parametrize(("agreed", "residence"), [(True, "asked"), (False, "refused")])
def test_a_householder_agrees_to_a_childs_residence_and_the_card_waits_for_nobody(
    world: World, agreed: bool, residence: str
) -> None:
    world.born()
    file = world.file_birth(confirming=[WIDOW_PIN])
    world.rounds()
    assert world.states(file)["residence"] == "waiting"
    answer(world, WIDOW, agreed=agreed)
    child = world.shown(file).line.person_id
    assert child is not None
    [(pin,)] = rows("SELECT content->>'pin' FROM lifeevents_file WHERE file_id = %s", [file])
    verify(child, str(pin), world.now.date())
    world.desk.carry_on()
    states = world.states(file)
    assert (states["residence"], states["card"]) == (residence, "done")
    assert [one.state.value for one in asked_about(f"lifeevents.file:{file}")] == ["agreed" if agreed else "declined"]
