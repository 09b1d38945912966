"""A birth becomes a card, whatever the offices do on the way."""

from __future__ import annotations

from typing import Any

import pytest

from ansinh.cards.queries import cards_of, standing_of
from ansinh.database.sql import number
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.lifeevents import operations, queries
from ansinh.lifeevents.files import NotInState
from ansinh.lifeevents.operations import carrying, exchanging
from ansinh.lifeevents.states import FileState, Office
from ansinh_sandbox.offices.scenarios import Scenario
from tests.lifeevents.world import CERTIFICATE, FACILITY, MOTHER, World, verify


def carded(world: World, file: int) -> None:
    """Let the child's number be verified and the next day come."""
    shown = world.shown(file)
    assert shown.line.person_id is not None
    pin = {one.step.value: one.result for one in shown.steps}["birth"]["pin"]
    verify(shown.line.person_id, pin, world.now.date())
    world.later()


def test_a_birth_becomes_a_card(world: World) -> None:
    file = world.born()
    assert world.shown(file).line.state is FileState.NOTICED
    assert world.file_birth() == file
    world.rounds()
    shown = world.shown(file)
    assert (shown.line.state, shown.line.province) == (FileState.REGISTERED, "01")
    assert shown.line.person_id is not None
    # A hospital finds the child before its card is there.
    assert number("SELECT count(*) FROM cards_temporary WHERE person_id = %s", [shown.line.person_id]) == 1
    assert "xác thực" in shown.line.waits_vi
    carded(world, file)
    assert set(world.states(file).values()) == {"done"}
    assert world.shown(file).line.state is FileState.DONE
    [(card, state)] = cards_of(shown.line.person_id)
    # Whoever was born after July 2025's change has no other number than the personal one.
    assert (card, state) == ({one.step.value: one.result for one in shown.steps}["birth"]["pin"], "issued")
    standing = standing_of(shown.line.person_id)
    assert standing is not None
    assert (standing["status"], standing["facility"]) == ("active", FACILITY)
    story = [(line.office, line.vi) for line in world.shown(file).story]
    assert story[0] == (Office.HOSPITAL, "gửi giấy chứng sinh")
    assert story[-1] == (Office.AGENCY, "trả kết quả")


def test_an_office_sees_what_it_has_in_hand_the_first_due_first(world: World) -> None:
    world.scenario(Office.CIVIL_STATUS, CERTIFICATE, Scenario.SILENT)
    world.born()
    file = world.file_birth()
    world.rounds()
    due = {one.step: one.due_on for one in world.shown(file).steps if one.office is Office.CIVIL_STATUS}
    [one] = queries.at_office(Office.CIVIL_STATUS)
    assert (one.file_id, one.due_on) == (file, due[one.step])
    assert queries.at_office(Office.CIVIL_STATUS, after=one.key) == []
    assert queries.at_office(Office.SOCIAL_ASSISTANCE) == []


def test_everything_said_again_changes_nothing(world: World) -> None:
    world.scenario(Office.CIVIL_STATUS, CERTIFICATE, Scenario.TWICE)
    file = world.born()
    assert world.born() == file
    world.file_birth()
    assert world.file_birth() == file
    world.rounds()
    assert world.born() == file
    carded(world, file)
    lines = len(world.shown(file).story)
    world.later(3)
    assert (len(world.shown(file).story), world.shown(file).line.state) == (lines, FileState.DONE)
    assert number("SELECT count(*) FROM cards_card") == 1
    assert number("SELECT max(turn) FROM lifeevents_told") == 3


def test_a_certificate_no_hospital_sent_is_refused_with_what_to_do(world: World) -> None:
    with pytest.raises(NotFound) as refused:
        world.file_birth("00099.GCS.01001.25")
    assert "hỏi nơi sinh" in refused.value.vi


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("home", "01-00004"),
        ("applicant_pin", "12345"),
        ("full_name", ""),
        ("first_contact_facility", "0100"),
        ("certificate", "12"),
        ("unknown", "x"),
    ],
)
def test_a_form_that_is_wrong_names_the_field(world: World, field: str, value: str) -> None:
    world.born()
    with pytest.raises(InvalidInput) as refused:
        world.file_birth(**{field: value})
    assert field in refused.value.en
    assert world.states(world.born())["birth"] == "waiting"


def test_a_correction_is_supplemented_and_the_clock_stands_still_meanwhile(world: World) -> None:
    world.scenario(Office.CIVIL_STATUS, CERTIFICATE, Scenario.CORRECT)
    file = world.born()
    world.file_birth(full_name="P. L. Anh")
    world.rounds()
    assert world.shown(file).line.state is FileState.WAITING_PAPERS
    due = world.shown(file).line.due_on
    world.later(3)
    assert operations.raise_alerts(**world.said) == 0
    operations.supplement_file(**world.said, file_id=file, content={"full_name": "Phạm Lan Anh"})
    world.rounds()
    assert world.shown(file).line.state is FileState.REGISTERED
    assert due is not None
    with pytest.raises(NotInState):
        operations.supplement_file(**world.said, file_id=file, content={"full_name": "Phạm Lan Anh"})


def test_a_refusal_of_civil_status_ends_the_file(world: World) -> None:
    world.scenario(Office.CIVIL_STATUS, CERTIFICATE, Scenario.REFUSE)
    file = world.born()
    world.file_birth()
    world.rounds()
    assert world.shown(file).line.state is FileState.REFUSED
    assert set(world.states(file).values()) == {"refused", "not_needed"}


def test_a_silent_office_is_asked_and_the_parents_hear_an_apology(world: World) -> None:
    world.scenario(Office.POLICE, CERTIFICATE, Scenario.SILENT)
    file = world.born()
    world.file_birth()
    world.rounds()
    carded(world, file)
    assert world.states(file)["residence"] == "asked"
    world.later(3)
    asked, raised = world.desk.chase()
    assert (asked, raised) == (1, 1)
    assert world.desk.chase() == (0, 0)
    assert number("SELECT count(*) FROM notices_message WHERE template = 'file_late' AND person_id = %s", [MOTHER]) == 1
    world.rounds()
    assert world.shown(file).line.state is FileState.DONE


def test_all_that_is_overdue_is_chased_however_little_a_call_takes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanging, "ASKED_A_CALL_MAX", 1)
    monkeypatch.setattr(carrying, "ALERTS_A_CALL_MAX", 1)
    twins = ["00021.GCS.01001.25", "00022.GCS.01001.25"]
    for certificate, name in zip(twins, ("Phạm Lan Anh", "Phạm Lan Chi"), strict=True):
        world.scenario(Office.CIVIL_STATUS, certificate, Scenario.SILENT)
        world.born(certificate)
        world.file_birth(certificate, full_name=name)
    world.later(3)
    assert world.desk.chase() == (2, 2)
    assert world.desk.chase() == (0, 0)


def test_an_office_that_is_away_loses_nothing(world: World) -> None:
    world.lines[Office.CIVIL_STATUS].away = True
    file = world.born()
    world.file_birth()
    assert world.rounds().away == ("civil-status",)
    assert [one[:4] for one in queries.exchanged()] == [("civil-status", 1, 0, 1)]
    world.lines[Office.CIVIL_STATUS].away = False
    world.rounds()
    assert world.shown(file).line.state is FileState.REGISTERED
    assert all(
        sent == acknowledged + pending + refused for _, sent, acknowledged, pending, refused in queries.exchanged()
    )


def test_a_file_is_withdrawn_before_it_is_registered_and_not_afterwards(world: World) -> None:
    world.scenario(Office.CIVIL_STATUS, CERTIFICATE, Scenario.SLOW)
    file = world.born()
    world.file_birth()
    world.rounds()
    operations.withdraw_file(**world.said, file_id=file)
    world.later(8)
    assert world.shown(file).line.state is FileState.WITHDRAWN
    again = world.born("00013.GCS.01001.25")
    world.file_birth("00013.GCS.01001.25")
    world.rounds()
    with pytest.raises(NotInState) as refused:
        operations.withdraw_file(**world.said, file_id=again)
    assert "hủy đăng ký" in refused.value.vi


def test_a_birth_registered_by_mistake_is_undone(world: World) -> None:
    world.scenario(Office.CIVIL_STATUS, CERTIFICATE, Scenario.WITHDRAW)
    file = world.born()
    world.file_birth()
    world.rounds()
    carded(world, file)
    child = world.shown(file).line.person_id
    assert child is not None
    world.later(4)
    shown = world.shown(file)
    assert shown.line.state is FileState.UNDONE
    assert {one.undo for one in shown.effects} == {"undone"}
    [(_, state)] = cards_of(child)
    assert state == "withdrawn"


def test_a_days_books_agree_with_each_office(world: World) -> None:
    world.born()
    world.file_birth()
    world.rounds()
    today = world.now.date()
    assert set(world.desk.compare(today).values()) == {True}
    with world.lines[Office.POLICE].office.store.change() as store:
        store.execute("DELETE FROM taken")
    assert world.desk.compare(today)["police"] is False


def told(world: World, **more: Any) -> int | None:
    """Send a certificate that is wrong somewhere."""
    return world.born(**more)


@pytest.mark.parametrize(
    ("field", "value"),
    [("weight_g", 20), ("sex", "X"), ("born_at", "2025-07-14T03:20:00"), ("born_at", "hôm qua"), ("mother_pin", "1")],
)
def test_a_certificate_that_cannot_be_read_is_refused_and_nothing_kept(world: World, field: str, value: object) -> None:
    with pytest.raises(InvalidInput):
        told(world, **{field: value})
    assert number("SELECT count(*) FROM lifeevents_file") == 0
