"""Failures that no other file of tests proves: of connections, clocks, disks, programs, banks, and of what is known about people.

Which case each proves: test_failure_cases.py.
"""

from __future__ import annotations

import errno
import os
import random
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, transaction

from ansinh.database.sql import execute, number, row, rows
from ansinh.durable import verbs
from ansinh.foundation.clock import VIET_NAM
from ansinh.payments import carrying, operations, procedures
from ansinh.payments.adapters.drop_folder import DropFolder
from ansinh.payments.carrying import Wiring
from ansinh.payments.handover.bank import Abilities
from ansinh.payments.procedures import Partner, build_all, collect_all, is_open, list_forms, send_ready
from ansinh.payments.queries import open_cases
from ansinh.payments.runs import building
from ansinh.payments.runs.batching import line_up
from ansinh.payments.runs.run import read_run
from ansinh.payments.states import RunState
from tests.payments.simulation.engine import SimulatedClock, SimulatedEngine
from tests.payments.world import (
    BIDV,
    JULY_1,
    MAKER,
    POST,
    REASON,
    TREASURER,
    VCB,
    BankDouble,
    Owed,
    add_account,
    add_payee,
    at,
    built_run,
    desk_of,
    end_to_end,
    make_run,
    owed_select,
    run_state,
    sign,
    signed_run,
    states,
    tell,
)

pytestmark = pytest.mark.django_db
LATER = JULY_1 + timedelta(hours=2)


@pytest.fixture(autouse=True)
def within_the_tests_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """The transaction around a test, which is never committed, is not what partners must not be called in."""
    monkeypatch.setattr(procedures, "_require_no_transaction", lambda: None)
    monkeypatch.setattr(verbs, "_declared", {})


def sent_run(tmp_path: Path, *owed: Owed) -> int:
    """Return a run handed over to an honest bank that says nothing yet."""
    run_id = signed_run(list(owed), tmp_path)
    banks = [
        BankDouble(VCB, scripts=_Silent()),
        BankDouble(BIDV, scripts=_Silent()),
        BankDouble(POST, scripts=_Silent()),
    ]
    send_ready(desk_of(TREASURER, tmp_path, banks), run_id)
    return run_id


class _Silent(dict[str, str]):
    def get(self, key: str, default: Any = None) -> str:
        return "silent"


def test_a_connection_lost_in_a_chunk_leaves_nothing_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "PAYEES_A_CHUNK", 2)
    owed = [Owed(add_payee(person, f"{person:04}"), 1_000) for person in range(1, 6)]
    run_id, desk, chunks = make_run(), desk_of(MAKER, tmp_path), []

    def lost(waiting: Any, *arguments: Any) -> int:
        chunks.append(1)
        if len(chunks) == 2:
            raise OperationalError("server closed the connection")
        return line_up(waiting, *arguments)

    monkeypatch.setattr(building, "line_up", lost)
    with pytest.raises(OperationalError):
        build_all(desk, run_id, owed_select(owed))
    assert (number("SELECT count(*) FROM payments_order"), run_state(run_id)) == (2, "building")
    assert build_all(desk, run_id, owed_select(owed)) == (3, 3_000)
    assert number("SELECT count(DISTINCT person_id) FROM payments_order") == 5


def test_a_process_that_stood_still_hands_nothing_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = signed_run([Owed(add_payee(1, "0011"), 1_000)], tmp_path)
    bank = BankDouble(VCB)
    begin = operations.begin_try

    def stands_still(**arguments: Any) -> Any:
        told = begin(**arguments)
        # Meanwhile another takes the try for lost, proves absence, and hands the same bytes over.
        monkeypatch.setattr(operations, "begin_try", begin)
        for hours in (1, 2, 3, 4, 5):
            send_ready(desk_of(TREASURER, tmp_path, [bank], JULY_1 + timedelta(hours=hours)), run_id)
        return told

    monkeypatch.setattr(operations, "begin_try", stands_still)
    assert send_ready(desk_of(TREASURER, tmp_path, [bank]), run_id).states == {"sent": 1}
    assert (len(bank.messages), list(bank.credited.values())) == (1, [1_000])


def test_two_officers_hand_over_one_run_once(tmp_path: Path) -> None:
    owed = owed_select([Owed(add_payee(1, "0011"), 1_000)])
    run_id = make_run()
    for _ in range(2):
        operations.build_run(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id, owed=owed, by_worker=True)
    assert rows("SELECT workflow_uuid, status FROM durable.workflow_status") == [(f"run:{run_id}", "ENQUEUED")]
    with transaction.atomic():
        other = make_run(act="Quyết định khác")
        operations.build_run(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=other, owed=owed, by_worker=True)
        transaction.set_rollback(True)
    assert number("SELECT count(*) FROM durable.workflow_status") == 1


@pytest.mark.parametrize(
    ("moment", "takes"),
    [
        (datetime(2025, 7, 2, 7, 59, tzinfo=VIET_NAM), False),
        (datetime(2025, 7, 2, 8, 0, tzinfo=VIET_NAM), True),
        (datetime(2025, 7, 2, 15, 59, tzinfo=VIET_NAM), True),
        (datetime(2025, 7, 2, 16, 0, tzinfo=VIET_NAM), False),
        (datetime(2025, 7, 31, 23, 59, tzinfo=VIET_NAM), False),
        (datetime(2025, 9, 2, 9, 0, tzinfo=VIET_NAM), False),
    ],
)
def test_outside_its_hours_and_days_a_partner_gets_nothing(tmp_path: Path, moment: datetime, takes: bool) -> None:
    run_id = signed_run([Owed(add_payee(1, "0011"), 1_000)], tmp_path)
    hours = Abilities(True, False, timedelta(minutes=30), opens_hour=8, closes_hour=16)
    bank = BankDouble(VCB, hours)
    desk = desk_of(TREASURER, tmp_path, [bank], moment)
    partner = replace(desk.partners[VCB], open_on=lambda day: day != date(2025, 9, 2))
    desk = replace(desk, partners={VCB: partner})
    assert is_open(partner, moment) is takes
    assert send_ready(desk, run_id).states == {"sent" if takes else "ready": 1}
    assert len(bank.messages) == takes
    # The next day of work the same bytes go, once.
    send_ready(replace(desk, clock=at(datetime(2025, 9, 3, 9, tzinfo=VIET_NAM))), run_id)
    assert len(bank.messages) == 1


@pytest.mark.parametrize("jump", [timedelta(days=-90), timedelta(hours=-1), timedelta(hours=1), timedelta(days=90)])
def test_a_clock_that_jumps_sends_nothing_twice(tmp_path: Path, jump: timedelta) -> None:
    run_id = signed_run([Owed(add_payee(1, "0011"), 1_000)], tmp_path)
    bank = BankDouble(VCB, lose_answer=1)
    send_ready(desk_of(TREASURER, tmp_path, [bank]), run_id)
    for _ in range(5):
        send_ready(desk_of(TREASURER, tmp_path, [bank], JULY_1 + jump), run_id)
    assert (len(bank.messages), states(run_id)) == (1, [(1, 1, 4)])
    collect_all(desk_of(TREASURER, tmp_path, [bank], JULY_1 + jump))
    assert list(bank.credited.values()) == [1_000]


def test_a_full_disk_leaves_the_batch_unknown_and_the_same_bytes_go_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = signed_run([Owed(add_payee(1), 1_000)], tmp_path)
    partner = Partner(DropFolder(POST, tmp_path, ".csv"), *list_forms())
    desk = replace(desk_of(TREASURER, tmp_path), partners={POST: partner})

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert send_ready(desk, run_id).states == {"unknown": 1}
    assert [one.suffix for one in (tmp_path / POST / "in").iterdir()] == [".part"]
    for _ in range(3):
        send_ready(desk, run_id)
    (file,) = (tmp_path / POST / "in").glob("*.csv")
    found = row("SELECT size_bytes, (SELECT tries FROM payments_batch) FROM payments_message")
    assert found == (file.stat().st_size, 2)


def test_a_newer_program_carries_on_what_an_older_began(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owed = owed_select([Owed(add_payee(1, "0011"), 1_000)])
    clock = SimulatedClock(JULY_1)
    engine = SimulatedEngine(clock, random.Random(1), 0)

    class Asking:
        """A step that the older program did not know."""

        asked = 0

        def left(self, run_id: int) -> int:
            """One question."""
            return 1 - self.asked

        def ask(self, desk: object, run_id: int) -> int:
            """Ask it."""
            self.asked = 1
            return 1

    names = Asking()
    wiring = Wiring(lambda officer: nullcontext(desk_of(MAKER if officer else TREASURER, tmp_path)), lambda run: owed)
    verbs.declare(carrying.RUN, "runs", lambda run_id: carrying.carry_run(wiring, run_id))
    run_id = make_run()
    with engine.at_work():
        operations.build_run(actor=MAKER, reason=REASON, clock=clock, run_id=run_id, owed=owed, by_worker=True)
        engine.crash_rate = 1  # the older program gets no further than its first steps
        engine.chance.random = _after(8)  # type: ignore[method-assign]
        engine.turn()
        engine.crash_rate = 0
        newer = replace(wiring, names=names)
        verbs.declare(carrying.RUN, "runs", lambda run_id: carrying.carry_run(newer, run_id))
        engine.turn()
    assert run_state(run_id) == "checked"
    done = [name for name, _ in engine.works[f"run:{run_id}"].results]
    assert done[:2] == ["look", "build"]
    assert "check" in done


def _after(calls: int) -> Callable[[], float]:
    """Chance that strikes at the given call."""
    left = iter(range(calls))
    return lambda: 0.0 if next(left, None) is None else 1.0


@pytest.mark.parametrize("told", ["by line", "as a whole", "when asked"])
def test_a_message_that_arrives_later_than_any_contract_permits_is_not_sent_again(tmp_path: Path, told: str) -> None:
    run_id = signed_run([Owed(add_payee(1, "0011"), 1_000)], tmp_path)
    bank = BankDouble(VCB, lose_request=1)
    send_ready(desk_of(TREASURER, tmp_path, [bank]), run_id)
    ((batch_id, message_id),) = rows("SELECT batch_id, message_id FROM payments_batch")
    by: dict[str, Any] = {"actor": TREASURER, "reason": REASON, "clock": at(LATER), "batch_id": batch_id}
    for _ in range(3):
        operations.end_try(**by, outcome="not_known", abilities=bank.abilities)
    assert rows("SELECT state FROM payments_batch") == [("ready",)]
    if told == "by line":
        tell(VCB, [end_to_end(run_id, 1), "30", "p1", "", "1000"])
        assert (states(run_id), open_cases()) == ([(1, 1, 30)], [])
    elif told == "as a whole":
        tell(VCB, ["file", message_id, "taken", ""])
    else:
        operations.end_try(**by, outcome="known", abilities=bank.abilities)
    assert send_ready(desk_of(TREASURER, tmp_path, [bank], LATER), run_id).states == {}
    assert bank.messages == []


def test_the_same_answers_in_two_files_count_once_and_a_correction_is_a_case(tmp_path: Path) -> None:
    run_id = sent_run(tmp_path, Owed(add_payee(1, "0011"), 1_000), Owed(add_payee(2, "0022"), 2_000))
    one, two = end_to_end(run_id, 1), end_to_end(run_id, 2)
    tell(VCB, [one, "30", "p1", "", "1000"], [two, "20", "r2", "AC04", "2000"], name="first")
    tell(VCB, [two, "20", "r2", "AC04", "2000"], [one, "30", "p1", "", "1000"], name="second")
    assert number("SELECT count(*) FROM payments_event") == 2
    assert open_cases() == []
    tell(VCB, [one, "20", "r1", "AC04", "1000"], name="corrected")
    assert states(run_id) == [(1, 1, 30), (2, 1, 20)]
    assert [case.kind for case in open_cases()] == ["cannot_be"]


def test_accepted_then_rejected_at_settlement_goes_another_way(tmp_path: Path) -> None:
    run_id = sent_run(tmp_path, Owed(add_payee(1, "0011"), 1_000))
    payment = end_to_end(run_id, 1)
    tell(VCB, [payment, "10", "a", "", ""])
    assert states(run_id) == [(1, 1, 10)]
    assert operations.reroute_orders(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id) == 0
    tell(VCB, [payment, "20", "r", "AC04", "1000"], name="late")
    assert operations.reroute_orders(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id) == 1
    assert rows("SELECT channel FROM payments_attempt WHERE ended IS NULL") == [("cash",)]


def test_money_returned_after_the_run_was_closed_is_due_again(tmp_path: Path) -> None:
    owed = [Owed(add_payee(1, "0011"), 1_000), Owed(1, 1_100, month=202508)]
    july = sent_run(tmp_path, owed[0])
    tell(VCB, [end_to_end(july, 1), "30", "p", "", "1000"])
    operations.close_run(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=july)
    august = built_run([owed[1]], tmp_path, months=(202508,), pay_on=date(2025, 8, 2), act="Tháng 8")
    tell(VCB, [end_to_end(july, 1), "50", "x", "AC06", "1000"], name="returned", moment=JULY_1 + timedelta(days=40))
    assert states(july) == [(1, 1, 50)]
    (case,) = open_cases(july)
    assert (case.kind, case.amount) == ("returned_after_close", 1_000)
    operations.hold_order(actor=MAKER, reason=REASON, clock=at(LATER), run_id=july, person_id=1, verb="release")
    assert rows("SELECT order_id FROM payments_obligation WHERE month = 202507") == [(None,)]
    assert number("SELECT sum(amount) FROM payments_posting WHERE run_id = %s AND account IN (200, 210)", [july]) == 0
    september = built_run([Owed(1, 1_200, month=202509)], tmp_path, months=(202509,), pay_on=date(2025, 9, 3), act="9")
    assert number("SELECT amount FROM payments_order WHERE run_id = %s", [september]) == 2_200
    assert number("SELECT amount FROM payments_order WHERE run_id = %s", [august]) == 1_100


def test_what_changes_about_people_and_banks_after_the_freeze_changes_no_message(tmp_path: Path) -> None:
    owed = [Owed(add_payee(1, "0011", name="Trần Thị Bình"), 1_000), Owed(add_payee(2), 2_000)]
    run_id = built_run(owed, tmp_path)
    execute("UPDATE payments_account SET until_month = 202501 WHERE person_id = 1")
    add_account(1, "0999", bank=BIDV)
    execute("UPDATE people_person SET province = '79', commune = '26734', full_name = 'Ai Đó'")
    execute("UPDATE places_bank SET name = 'Ngân hàng hợp nhất' WHERE bin = %s", [VCB])
    sign(run_id, tmp_path)
    banks = [BankDouble(VCB), BankDouble(BIDV), BankDouble(POST)]
    send_ready(desk_of(TREASURER, tmp_path, banks), run_id)
    sent = [body.decode() for bank in banks for _, body in bank.messages]
    assert len(sent) == 2
    assert ",0011,Trần Thị Bình,1000," in sent[0]
    assert "0999" not in "".join(sent)
    assert [bank.partner for bank in banks if bank.messages] == [VCB, POST]


def test_twenty_minutes_of_darkness_send_nothing_twice(tmp_path: Path) -> None:
    run_id = signed_run([Owed(add_payee(1, "0011"), 1_000), Owed(add_payee(2, "0022", bank=BIDV), 2_000)], tmp_path)
    dark, light = BankDouble(VCB, lose_answer=1), BankDouble(BIDV)
    for minute in range(0, 60, 5):
        dark.lose_request = 9 if 5 <= minute < 25 else 0
        send_ready(desk_of(TREASURER, tmp_path, [dark, light], JULY_1 + timedelta(minutes=minute)), run_id)
    assert (len(dark.messages), len(light.messages)) == (1, 1)
    assert rows("SELECT state, tries FROM payments_batch ORDER BY partner") == [("sent", 1), ("sent", 1)]


@pytest.mark.parametrize("code", ["DUPL", "AM05", "HTTP 409"])
@pytest.mark.parametrize("has_it", [True, False])
def test_refused_as_a_duplicate_is_asked_after_and_never_paid_another_way(
    tmp_path: Path, code: str, has_it: bool
) -> None:
    run_id = signed_run([Owed(add_payee(1, "0011"), 1_000)], tmp_path)
    bank = BankDouble(VCB, refuse=code)
    if has_it:
        bank.messages.append((str(rows("SELECT message_id FROM payments_batch")[0][0]), b""))
    send_ready(desk_of(TREASURER, tmp_path, [bank]), run_id)
    assert rows("SELECT state FROM payments_batch") == [("unknown",)]
    assert [case.kind for case in open_cases(run_id)] == ["ask_first_result"]
    assert operations.reroute_orders(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id) == 0
    send_ready(desk_of(TREASURER, tmp_path, [bank]), run_id)
    assert rows("SELECT state FROM payments_batch") == [("sent" if has_it else "unknown",)]
    assert number("SELECT count(*) FROM payments_attempt") == 1


def test_a_report_that_calls_the_file_a_duplicate_ends_nothing(tmp_path: Path) -> None:
    run_id = sent_run(tmp_path, Owed(add_payee(1, "0011"), 1_000))
    message_id = str(rows("SELECT message_id FROM payments_batch")[0][0])
    tell(VCB, ["file", message_id, "refused", "DUPL already received"])
    assert (states(run_id), [case.kind for case in open_cases(run_id)]) == ([(1, 1, 4)], ["ask_first_result"])
    tell(VCB, [end_to_end(run_id, 1), "30", "p", "", "1000"], name="the first one's")
    assert states(run_id) == [(1, 1, 30)]


def test_a_death_told_by_the_bank_withholds_and_nothing_goes_out_again(tmp_path: Path) -> None:
    run_id = sent_run(tmp_path, Owed(add_payee(1, "0011"), 1_000))
    execute("UPDATE people_person SET died_on = '2025-07-01'")
    tell(VCB, [end_to_end(run_id, 1), "20", "r", "MD07", "1000"])
    assert [case.kind for case in open_cases(run_id)] == ["death_check"]
    assert rows("SELECT state FROM payments_order") == [("withheld",)]
    assert operations.reroute_orders(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id) == 0


def test_two_benefits_of_one_sum_are_both_paid(tmp_path: Path) -> None:
    add_payee(1, "0011")
    run_id = built_run([Owed(1, 1_000), Owed(1, 1_000, entitlement_id=2, kind="cadre")], tmp_path)
    assert rows("SELECT amount, count(*) FROM payments_order WHERE run_id = %s GROUP BY 1", [run_id]) == [(2_000, 1)]


@pytest.mark.parametrize("account", ["0001", "000000000", "0012AB34C"])
def test_an_account_is_text_from_the_freeze_to_the_message(tmp_path: Path, account: str) -> None:
    run_id = signed_run([Owed(add_payee(1, account), 1_000)], tmp_path)
    bank = BankDouble(VCB)
    send_ready(desk_of(TREASURER, tmp_path, [bank]), run_id)
    assert f",{account},Nguyễn Văn An,1000," in bank.messages[0][1].decode()


def test_a_schedule_moves_no_run_that_people_must_move(tmp_path: Path) -> None:
    owed = [Owed(add_payee(1, "0011"), 1_000)]
    drafted = make_run(act="Nháp")
    sealed = built_run(owed, tmp_path)
    operations.check_run(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=sealed)
    wiring = Wiring(
        lambda officer: nullcontext(desk_of(TREASURER, tmp_path, [BankDouble(VCB)])), lambda run: owed_select(owed)
    )
    for run_id in (drafted, sealed):
        assert carrying.next_deed(wiring, read_run(run_id)) == "wait"
    carrying.collect(wiring)
    carrying.take(wiring, VCB)
    assert [run_state(run_id) for run_id in (drafted, sealed)] == [RunState.DRAFT, RunState.CHECKED]
