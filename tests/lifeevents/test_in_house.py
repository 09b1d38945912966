"""What the agency finds by itself: each event once, with what registers know, and with a way back."""

from __future__ import annotations

from datetime import date

import pytest

from ansinh.benefits.file_states import FileState as ApplicationState
from ansinh.benefits.operations import decide_application, freeze_month, prepare_decision
from ansinh.benefits.queries import entitlements_of, file_numbered
from ansinh.database.sql import execute, number, rows
from ansinh.foundation.errors import Refusal
from ansinh.lifeevents import operations
from ansinh.lifeevents.files import NotInState
from ansinh.lifeevents.operations import Move
from ansinh.lifeevents.queries import FileShown
from ansinh.lifeevents.states import FileState, Kind
from tests.benefits.filed import pay
from tests.lifeevents.in_house import (
    CHILD,
    HOME,
    THERE,
    WOMAN,
    WORKER,
    covered,
    days_without_cover,
    file_of,
    found,
    leaves,
    settle_workers,
    status,
)
from tests.lifeevents.world import APPROVES, DEAD, DEAD_PIN, PREPARES, REASON, World, pension


def only(kind: Kind, person: int) -> FileShown:
    """Return the one file of a kind about somebody."""
    shown = file_of(kind, person)
    assert shown is not None
    assert number("SELECT count(*) FROM lifeevents_file WHERE kind = %s AND person_id = %s", [kind.value, person]) == 1
    return shown


def application(shown: FileShown) -> int:
    """Return the application a file made."""
    return int(next(one.reference for one in shown.effects if one.kind == "application_filed"))


def decided(world: World, shown: FileShown) -> ApplicationState:
    """Two officers decide."""
    number_, clock = application(shown), world.clock
    prepare_decision(actor=PREPARES, reason=REASON, clock=clock, application=number_)
    decide_application(actor=APPROVES, reason=REASON, clock=clock, application=number_)
    world.desk.carry_on()
    return file_numbered(application(shown)).state


def test_retirement_next_month_opens_a_file_and_leads_to_a_pension_by_two_officers(world: World) -> None:
    settle_workers()
    found(world)
    found(world)
    shown = only(Kind.RETIREMENT, WOMAN)
    assert shown.line.state is FileState.NOTICED
    assert "mời nộp hồ sơ; dự tính" in shown.story[1].vi
    assert number("SELECT count(*) FROM notices_message WHERE template = 'retirement_invited'") == 1
    operations.supplement_file(**world.said, file_id=shown.line.file_id, content={"work_ended": "2025-07-31"})
    shown = only(Kind.RETIREMENT, WOMAN)
    assert shown.line.state is FileState.REGISTERED
    assert decided(world, shown) is ApplicationState.GRANTED
    assert only(Kind.RETIREMENT, WOMAN).line.state is FileState.DONE
    [granted] = entitlements_of(WOMAN)
    expected = rows("SELECT content->>'expected' FROM lifeevents_file WHERE kind = 'retirement'")[0][0]
    assert (granted.versions[0].valid_from, str(granted.versions[0].amount)) == (202509, expected)
    found(world)
    only(Kind.RETIREMENT, WOMAN)


def test_retirement_without_the_years_says_why(world: World) -> None:
    settle_workers(woman_years=10)
    found(world)
    shown = only(Kind.RETIREMENT, WOMAN)
    assert shown.line.state is FileState.DONE
    assert shown.steps[-1].state.value == "not_needed"
    assert "chưa đủ điều kiện" in shown.story[-2].vi
    with pytest.raises(NotInState):
        operations.supplement_file(**world.said, file_id=shown.line.file_id, content={})


@pytest.mark.parametrize("answered", [False, True])
def test_a_birth_date_corrected_takes_the_retirement_back(world: World, answered: bool) -> None:
    settle_workers()
    found(world)
    file = only(Kind.RETIREMENT, WOMAN).line.file_id
    if answered:
        operations.supplement_file(**world.said, file_id=file, content={"work_ended": "2025-07-31"})
    execute("UPDATE people_person SET birth_year = 1972 WHERE person_id = %s", [WOMAN])
    world.later()
    found(world)
    shown = only(Kind.RETIREMENT, WOMAN)
    assert shown.line.state is (FileState.UNDONE if answered else FileState.WITHDRAWN)
    if answered:
        assert file_numbered(application(shown)).state is ApplicationState.WITHDRAWN


def test_who_wants_no_pension_yet_withdraws(world: World) -> None:
    settle_workers()
    found(world)
    file = only(Kind.RETIREMENT, WOMAN).line.file_id
    operations.supplement_file(**world.said, file_id=file, content={"work_ended": "2025-07-31"})
    operations.withdraw_file(**world.said, file_id=file)
    shown = only(Kind.RETIREMENT, WOMAN)
    assert shown.line.state is FileState.UNDONE
    assert file_numbered(application(shown)).state is ApplicationState.WITHDRAWN
    found(world)
    only(Kind.RETIREMENT, WOMAN)


def test_a_childs_card_is_followed_by_a_pupils_without_a_gap(world: World) -> None:
    settle_workers()
    found(world)
    assert file_of(Kind.CHILD_GROWN, CHILD) is None
    world.later(20)
    found(world)
    found(world)
    shown = only(Kind.CHILD_GROWN, CHILD)
    assert shown.line.state is FileState.DONE
    assert covered(CHILD) == [
        ("TE", date(2019, 5, 5), date(2025, 10, 1)),
        ("HS", date(2025, 10, 1), date(2026, 1, 1)),
    ]
    assert days_without_cover(CHILD, date(2025, 8, 1), date(2026, 1, 1)) == 0
    assert (status(CHILD)["object_code"], status(CHILD)["next_valid_from"]) == ("TE", date(2025, 10, 1))


def test_a_childs_birth_date_corrected_gives_the_childs_card_back(world: World) -> None:
    settle_workers()
    world.later(20)
    found(world)
    execute("UPDATE people_person SET birth_year = 2020 WHERE person_id = %s", [CHILD])
    world.later()
    found(world)
    assert only(Kind.CHILD_GROWN, CHILD).line.state is FileState.UNDONE
    assert days_without_cover(CHILD, date(2025, 8, 1), date(2026, 10, 1)) == 0
    assert {code for code, *_ in covered(CHILD)} == {"TE"}


def test_what_the_school_declared_stands(world: World) -> None:
    settle_workers()
    execute(
        "INSERT INTO participation_coverage (person_id, coverage_id, object_code, facility, card_province, valid_from, valid_until, recorded_at)"
        " VALUES (%s, 2, 'HS', '01001', '01', '2025-10-01', '2026-10-01', '2025-07-01')",
        [CHILD],
    )
    world.later(20)
    found(world)
    assert world.states(only(Kind.CHILD_GROWN, CHILD).line.file_id)["pupil_card"] == "not_needed"


def test_a_job_lost_ends_cover_and_opens_a_claim(world: World) -> None:
    settle_workers()
    leaves(world)
    found(world)
    found(world)
    shown = only(Kind.JOB_LOST, WORKER)
    assert shown.line.state is FileState.REGISTERED
    assert covered(WORKER) == [("DN", date(2025, 1, 1), date(2025, 8, 1))]
    assert (status(WORKER)["status"], status(WORKER)["valid_until"]) == ("active", date(2025, 8, 1))
    assert shown.line.due_on == date(2025, 10, 31)
    assert number("SELECT count(*) FROM notices_message WHERE template = 'job_lost'") == 1
    operations.supplement_file(**world.said, file_id=shown.line.file_id, content={"broke_contract": False})
    world.later(20)
    shown = only(Kind.JOB_LOST, WORKER)
    assert decided(world, shown) is ApplicationState.GRANTED
    assert only(Kind.JOB_LOST, WORKER).line.state is FileState.DONE


def test_a_claim_can_be_withdrawn_and_made_again_until_its_last_day(world: World) -> None:
    settle_workers()
    leaves(world)
    found(world)
    file = only(Kind.JOB_LOST, WORKER).line.file_id
    for _ in range(2):
        operations.supplement_file(**world.said, file_id=file, content={"broke_contract": False})
        operations.withdraw_file(**world.said, file_id=file)
    assert only(Kind.JOB_LOST, WORKER).line.due_on == date(2025, 10, 31)
    assert covered(WORKER) == [("DN", date(2025, 1, 1), date(2025, 8, 1))]
    world.now = world.now.replace(month=11, day=3)
    world.desk.carry_on()
    assert only(Kind.JOB_LOST, WORKER).line.state is FileState.DONE
    with pytest.raises(NotInState):
        operations.supplement_file(**world.said, file_id=file, content={"broke_contract": False})


def test_a_report_taken_back_restores_cover_and_withdraws_the_claim(world: World) -> None:
    settle_workers()
    before = status(WORKER)
    leaves(world)
    found(world)
    file = only(Kind.JOB_LOST, WORKER).line.file_id
    operations.supplement_file(**world.said, file_id=file, content={"broke_contract": False})
    world.later()
    leaves(world, start="2025-07", act="withdrawal", withdraws="202507/1:2")
    found(world)
    shown = only(Kind.JOB_LOST, WORKER)
    assert shown.line.state is FileState.UNDONE
    assert days_without_cover(WORKER, date(2025, 1, 1), date(2026, 1, 1)) == 0
    after = status(WORKER)
    assert {key: after[key] for key in ("card_number", "status", "facility")} == {
        key: before[key] for key in ("card_number", "status", "facility")
    }
    assert file_numbered(application(shown)).state is ApplicationState.WITHDRAWN


def test_who_goes_on_with_another_employer_has_lost_no_job(world: World) -> None:
    settle_workers()
    execute(
        "INSERT INTO participation_employer (employer_id, code, name, kind, province, commune, region) "
        "VALUES (2, 'HH0100002', 'Công ty Khác', 'enterprise', '01', '00004', 1)"
    )
    pay(WORKER, 202508, None, 12_000_000, employer_id=2)
    leaves(world)
    found(world)
    assert file_of(Kind.JOB_LOST, WORKER) is None


def moves(
    world: World, province: str, commune: str, event: str, *, withdrawn: bool = False, pin: str = DEAD_PIN
) -> int:
    """The register tells of a move."""
    return operations.hear_moves(**world.said, moves=[Move(pin, province, commune, event, withdrawn)])


def paid_by(person: int) -> dict[int, list[str]]:
    """Return which province each month frozen is paid by."""
    told: dict[int, list[str]] = {}
    for month, province in rows(
        "SELECT month, province FROM benefits_frozen WHERE person_id = %s AND correction = 0 ORDER BY 1", [person]
    ):
        told.setdefault(int(month), []).append(str(province))
    return told


def frozen(world: World, *months: int) -> None:
    """Freeze months."""
    for month in months:
        freeze_month(**world.said, month=month)


def test_a_move_lets_the_new_province_pay_without_a_gap_or_double(world: World) -> None:
    pension()
    frozen(world, 202507)
    assert moves(world, THERE, "26734", "move-1") == 1
    assert moves(world, THERE, "26734", "move-1") == 0
    shown = only(Kind.MOVE, DEAD)
    assert shown.line.state is FileState.DONE
    world.later(10)
    frozen(world, 202508, 202509)
    assert paid_by(DEAD) == {202507: [HOME], 202508: [THERE], 202509: [THERE]}


def test_after_the_cut_off_the_month_being_prepared_is_still_paid_where_it_was(world: World) -> None:
    pension()
    world.later(6)
    moves(world, THERE, "26734", "move-1")
    frozen(world, 202507, 202508, 202509)
    assert paid_by(DEAD) == {202507: [HOME], 202508: [HOME], 202509: [THERE]}


def test_a_move_taken_back_moves_the_payments_back(world: World) -> None:
    pension()
    moves(world, THERE, "26734", "move-1")
    world.later()
    assert moves(world, HOME, "00004", "move-2", withdrawn=True) == 1
    assert only(Kind.MOVE, DEAD).line.state is FileState.UNDONE
    frozen(world, 202507, 202508)
    assert paid_by(DEAD) == {202507: [HOME], 202508: [HOME]}


def test_who_moved_chooses_a_facility_there(world: World) -> None:
    settle_workers()
    execute(
        "INSERT INTO places_facility (code, name, level, province, commune) VALUES ('79001', 'Bệnh viện Nơi Mới', 'basic', '79', '26734'),"
        " ('79002', 'Bệnh viện Chuyên Khoa', 'specialised', '79', '26734')"
    )
    moves(world, THERE, "26734", "move-1", pin="001090000302")
    shown = only(Kind.MOVE, WORKER)
    assert shown.line.state is FileState.REGISTERED
    assert "79001" in shown.line.waits_vi
    assert "79002" not in shown.line.waits_vi
    file = shown.line.file_id
    with pytest.raises(Refusal):
        operations.supplement_file(**world.said, file_id=file, content={"facility": "79002"})
    operations.supplement_file(**world.said, file_id=file, content={"facility": "79001"})
    assert only(Kind.MOVE, WORKER).line.state is FileState.DONE
    assert status(WORKER)["facility"] == "79001"
    moves(world, HOME, "00004", "move-2", withdrawn=True, pin="001090000302")
    assert only(Kind.MOVE, WORKER).line.state is FileState.UNDONE
    assert status(WORKER)["facility"] == "01001"
