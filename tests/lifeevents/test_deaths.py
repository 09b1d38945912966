"""A death ends payments and opens allowances, told by whomever; a mistaken one is undone."""

from __future__ import annotations

from datetime import date

import pytest

from ansinh.benefits import operations as benefits
from ansinh.benefits.queries import changes_waiting, entitlements_of
from ansinh.cards.queries import standing_of
from ansinh.database.sql import execute, number, rows
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.lifeevents import operations
from ansinh.lifeevents.queries import files
from ansinh.lifeevents.states import FileState, Office
from ansinh_sandbox.offices.scenarios import Scenario
from tests.lifeevents.world import APPROVES, DEAD, DEAD_PIN, PREPARES, REASON, WIDOW, World, parked, pension, verify

SUBJECT = f"person:{DEAD}"


def freeze(world: World, *months: int) -> None:
    """Fix what months owe."""
    for month in months:
        benefits.freeze_month(**world.said, month=month)


def decided(world: World) -> None:
    """Let two officers decide what is filed."""
    for (application,) in rows("SELECT application_id FROM benefits_application WHERE closed_on IS NULL"):
        said = {"reason": REASON, "clock": world.clock, "application": application}
        benefits.prepare_decision(actor=PREPARES, **said)
        benefits.decide_application(actor=APPROVES, **said)


def died_on(person: int) -> date | None:
    """Return the day of death our record knows."""
    [(day,)] = rows("SELECT died_on FROM people_person WHERE person_id = %s", [person])
    return day  # type: ignore[no-any-return]  # a date column


def paid(person: int) -> int:
    """Return what was frozen for a person, corrections included."""
    return number(
        "SELECT coalesce(sum(amount), 0) FROM (SELECT amount FROM benefits_frozen WHERE person_id = %(p)s AND correction = 0"
        " UNION ALL SELECT amount FROM benefits_correction WHERE person_id = %(p)s) AS told",
        {"p": person},
    )


def test_a_death_ends_payments_and_pays_for_the_funeral(world: World) -> None:
    pension()
    freeze(world, 202507, 202508)
    file = world.died()
    assert file is not None
    assert world.shown(file).line.state is FileState.NOTICED
    # A hospital's notice alone stops nothing.
    assert died_on(DEAD) is None
    assert world.file_death("funeral") == file
    world.rounds()
    assert died_on(DEAD) == date(2025, 7, 13)
    states = world.states(file)
    assert (states["death"], states["payments_stopped"], states["card_locked"]) == ("done", "done", "done")
    assert states["funeral"] == "asked"
    # July is owed, August was frozen and is to be recovered.
    assert paid(DEAD) == 5_000_000
    decided(world)
    world.later()
    assert world.shown(file).line.state is FileState.DONE
    [funeral] = entitlements_of(WIDOW)
    assert (funeral.kind, funeral.versions[0].amount) == ("funeral", 10 * 2_340_000)


def test_one_death_told_by_three_has_one_effect(world: World) -> None:
    pension()
    freeze(world, 202507, 202508)
    operations.hear_register(**world.said, deaths=[(DEAD_PIN, date(2025, 7, 13), "event-1")])
    world.rounds()
    file = world.died()
    assert file is not None
    world.died(paper="BT-2")
    world.lines[Office.CIVIL_STATUS].office.tell_of_itself(
        "death", DEAD_PIN, {"pin": DEAD_PIN, "died_at": "2025-07-13T22:10:00+07:00"}
    )
    world.rounds()
    operations.hear_register(**world.said, deaths=[(DEAD_PIN, date(2025, 7, 13), "event-1")])
    world.later(2)
    assert number("SELECT count(*) FROM lifeevents_file") == 1
    assert world.shown(file).line.state is FileState.DONE
    assert number("SELECT count(*) FROM benefits_change WHERE kind = 'end'") == 1
    assert paid(DEAD) == 5_000_000
    assert parked() == []


def test_whoever_files_later_adds_what_they_pick(world: World) -> None:
    operations.hear_register(**world.said, deaths=[(DEAD_PIN, date(2025, 7, 13), "event-1")])
    world.rounds()
    file = world.file_death("funeral_support")
    assert world.states(file)["funeral_support"] == "asked"
    world.later(6)
    assert world.states(file)["funeral_support"] == "done"
    assert world.shown(file).line.state is FileState.DONE


@pytest.mark.parametrize("wrong", [{"full_name": "Người Khác"}, {"birth_date": "1950-03-03"}])
def test_a_notice_that_does_not_agree_with_the_record_is_parked(world: World, wrong: dict[str, str]) -> None:
    assert world.died(**wrong) is None
    [(what, because)] = parked()
    assert (what, "not that of the number's holder" in because) == ("death", True)
    assert number("SELECT count(*) FROM lifeevents_file") == 0


def test_somebody_the_agency_does_not_know_waits_until_their_number_is_known(world: World) -> None:
    assert world.died(pin="001199999999") is None
    assert [what for what, _ in parked()] == ["death"]
    with pytest.raises(NotFound):
        world.file_death("funeral", pin="001199999999")
    world.rounds()
    assert len(parked()) == 1
    verify(DEAD, "001199999999", world.now.date())
    world.rounds()
    assert parked() == []
    [file] = files()
    assert (file.person_id, file.state) == (DEAD, FileState.NOTICED)


def test_an_officer_says_whom_a_notice_is_about_and_the_procedure_goes_on(world: World) -> None:
    pension()
    world.died(pin="001199999999", full_name="N. Thử")
    said = world.said | {"reason": "đã xem hồ sơ giấy"}
    for paper, person in (("BT-9", DEAD), ("BT-1", 999)):
        with pytest.raises(NotFound):
            operations.link_paper(**said, paper=paper, person_id=person)
    file = operations.link_paper(**said, paper="BT-1", person_id=DEAD)
    assert parked() == []
    with pytest.raises(NotFound):
        operations.link_paper(**said, paper="BT-1", person_id=DEAD)
    assert world.file_death("funeral") == file
    world.rounds()
    assert world.states(file)["payments_stopped"] == "done"


@pytest.mark.parametrize("wrong", [{"picks": ["pension"]}, {"died_at": "2025-08-01T00:00:00+07:00"}, {"pin": "1"}])
def test_a_wrong_form_is_refused(world: World, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        world.file_death(**wrong)


def test_somebody_wrongly_declared_dead_is_alive_again(world: World) -> None:
    entitlement = pension()
    freeze(world, 202507, 202508)
    world.scenario(Office.CIVIL_STATUS, SUBJECT, Scenario.WITHDRAW)
    file = world.file_death("funeral")
    world.rounds()
    assert paid(DEAD) == 5_000_000
    world.later(3)
    shown = world.shown(file)
    assert shown.line.state is FileState.UNDOING
    assert died_on(DEAD) is None
    assert {one.kind: one.undo for one in shown.effects} == {
        "death_recorded": "undone",
        "entitlement_ended": "prepared",
        "application_filed": "undone",
    }
    [waiting] = changes_waiting()
    assert (waiting.entitlement_id, waiting.kind) == (entitlement, "reinstate")
    benefits.approve_change(
        actor=APPROVES, reason=REASON, clock=world.clock, person_id=DEAD, change_id=waiting.change_id
    )
    world.later()
    assert world.shown(file).line.state is FileState.UNDONE
    # Both months are owed again, and nothing besides.
    assert paid(DEAD) == 10_000_000
    assert number("SELECT count(*) FROM benefits_application WHERE state = 'withdrawn'") == 1


def test_an_allowance_that_was_paid_to_the_living_becomes_a_case(world: World) -> None:
    world.scenario(Office.CIVIL_STATUS, SUBJECT, Scenario.WITHDRAW)
    pension()
    file = world.file_death("funeral")
    world.rounds()
    decided(world)
    world.later(3)
    [waiting] = changes_waiting()
    benefits.approve_change(
        actor=APPROVES, reason=REASON, clock=world.clock, person_id=DEAD, change_id=waiting.change_id
    )
    world.later()
    shown = world.shown(file)
    [case] = shown.cases
    assert (shown.line.state, "thu hồi" in case.vi) == (FileState.UNDOING, True)
    with pytest.raises(InvalidInput):
        operations.settle_case(**world.said, file_id=file, case_no=case.case_no, how=" ")
    operations.settle_case(**world.said, file_id=file, case_no=case.case_no, how="đã thu hồi")
    world.later()
    assert world.shown(file).line.state is FileState.UNDONE


def test_the_register_takes_a_death_back(world: World) -> None:
    operations.hear_register(**world.said, deaths=[(DEAD_PIN, date(2025, 7, 13), "event-1")])
    world.rounds()
    operations.hear_register(**world.said, deaths=[(DEAD_PIN, None, "event-2")])
    world.rounds()
    assert died_on(DEAD) is None
    [(state,)] = rows("SELECT state FROM lifeevents_file")
    assert state == "undone"
    # Whoever dies later, dies anew.
    operations.hear_register(**world.said, deaths=[(DEAD_PIN, date(2025, 7, 14), "event-3")])
    world.rounds()
    assert died_on(DEAD) == date(2025, 7, 14)
    assert number("SELECT count(*) FROM lifeevents_file") == 2


def test_a_card_answers_so_from_the_moment_the_death_is_registered(world: World) -> None:
    execute(
        "INSERT INTO participation_coverage (person_id, coverage_id, object_code, facility, card_province, valid_from, valid_until)"
        " VALUES (%s, 1, 'HT', '01001', '01', '2025-01-01', '2026-01-01')",
        [DEAD],
    )
    from ansinh.cards.operations import issue_cards, project_standing_of  # noqa: PLC0415 - the cards of one test

    issue_cards(**world.said, from_person=DEAD, until_person=DEAD + 1)
    project_standing_of(**world.said, persons=[DEAD])
    before = standing_of(DEAD)
    assert before is not None
    assert before["status"] == "active"
    world.file_death()
    world.rounds()
    after = standing_of(DEAD)
    assert after is None or after["status"] != "active"
