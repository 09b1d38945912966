"""The failure cases every payment system meets, by number: which test proves each; those that had none stand here.

The list is the design's: crash and time 1-7, banks 8-24, people and what is known of them 25-33, emergencies 34-38.
"""

from __future__ import annotations

import ast
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
ROOT = Path(__file__).resolve().parents[2]
LATER = JULY_1 + timedelta(hours=2)

P, R, C = "tests/payments/", "tests/relief/", "tests/reckoning/"
CASES: dict[int, tuple[str, tuple[str, ...]]] = {
    1: (
        "worker killed at every commit",
        (
            f"{P}test_carried_runs.py::test_a_worker_killed_at_some_commits_of_steps_and_engine_is_made_good",
            f"{P}test_carried_runs.py::test_a_worker_killed_at_every_commit_of_steps_and_engine_is_made_good",
            f"{P}test_killed_workers.py::test_a_worker_killed_at_every_commit_is_made_good",
        ),
    ),
    2: (
        "server killed in mid-chunk",
        (
            f"{P}test_failure_cases.py::test_a_connection_lost_in_a_chunk_leaves_nothing_of_it",
            f"{P}test_server_killed.py::test_a_server_killed_in_mid_chunk_comes_back_with_whole_chunks",
        ),
    ),
    3: (
        "a stopped process wakes",
        (
            f"{P}test_failure_cases.py::test_a_process_that_stood_still_hands_nothing_over",
            "tests/durable/test_durable_work.py::test_what_a_lost_worker_left_is_taken_over_and_the_lost_one_is_refused",
        ),
    ),
    4: (
        "two start the same run",
        (
            f"{P}test_concurrency.py::test_two_runs_claim_each_obligation_once",
            f"{P}test_concurrency.py::test_one_try_at_a_time",
            f"{P}test_failure_cases.py::test_two_officers_hand_over_one_run_once",
        ),
    ),
    5: (
        "clock, month end, holiday, cut-off",
        (
            f"{P}test_failure_cases.py::test_outside_its_hours_and_days_a_partner_gets_nothing",
            f"{P}test_failure_cases.py::test_a_clock_that_jumps_sends_nothing_twice",
            f"{P}test_accounts.py::test_the_rule_of_the_20th",
        ),
    ),
    6: (
        "disk full, half a file left",
        (
            f"{P}test_failure_cases.py::test_a_full_disk_leaves_the_batch_unknown_and_the_same_bytes_go_later",
            f"{P}test_partners.py::test_half_written_files_are_nobodys",
        ),
    ),
    7: ("deploy in mid-run", (f"{P}test_failure_cases.py::test_a_newer_program_carries_on_what_an_older_began",)),
    8: ("request lost", (f"{P}test_hand_over.py::test_request_lost_goes_again_with_the_same_bytes_only_after_proof",)),
    9: (
        "arrives after we asked",
        (
            f"{P}test_failure_cases.py::test_a_message_that_arrives_later_than_any_contract_permits_is_not_sent_again",
            f"{P}test_simulation.py::test_months_from_seeds",
        ),
    ),
    10: ("answer lost", (f"{P}test_hand_over.py::test_answer_lost_is_asked_after_and_never_sent_again",)),
    11: (
        "silent for days",
        (f"{P}test_killed_workers.py::test_banks_that_are_silent_for_days_and_tell_everything_twice_pay_once",),
    ),
    12: (
        "whole file refused",
        (
            f"{P}test_killed_workers.py::test_whole_files_refused_are_paid_in_cash_once_a_person_has_looked",
            f"{P}test_hand_over.py::test_a_refused_file_frees_its_orders_and_opens_a_case",
        ),
    ),
    13: (
        "told twice, corrected",
        (
            f"{P}test_month.py::test_what_was_taken_in_twice_counts_once",
            f"{P}test_failure_cases.py::test_the_same_answers_in_two_files_count_once_and_a_correction_is_a_case",
        ),
    ),
    14: (
        "accepted, then rejected",
        (f"{P}test_failure_cases.py::test_accepted_then_rejected_at_settlement_goes_another_way",),
    ),
    15: (
        "returned after next month was paid",
        (f"{P}test_failure_cases.py::test_money_returned_after_the_run_was_closed_is_due_again",),
    ),
    16: (
        "returned with another amount, or without our id",
        (
            f"{P}test_hand_over.py::test_returned_weeks_later_and_with_another_amount",
            f"{P}test_hand_over.py::test_lines_that_are_nobodys_are_kept_and_the_rest_posts",
        ),
    ),
    17: (
        "statement with a hole",
        (
            f"{C}test_comparing.py::test_an_entry_left_out_is_a_hole",
            f"{C}test_comparing.py::test_a_day_nobody_told_of_shows_in_the_next_opening",
            f"{C}test_statements.py::test_a_hole_and_a_missing_day_are_named_and_later_answers_explain_what_they_can",
        ),
    ),
    18: ("unknown line", (f"{P}test_hand_over.py::test_lines_that_are_nobodys_are_kept_and_the_rest_posts",)),
    19: (
        "answer for another bank's batch",
        (f"{P}test_hand_over.py::test_lines_that_are_nobodys_are_kept_and_the_rest_posts",),
    ),
    20: (
        "a bank pays twice",
        (
            f"{P}test_killed_workers.py::test_a_bank_that_pays_twice_is_noticed_and_one_that_loses_answers_pays_once",
            f"{C}test_statements.py::test_a_bank_that_pays_twice_is_noticed_whether_it_says_so_or_not",
        ),
    ),
    21: ("slow bank", (f"{P}test_hand_over.py::test_a_silent_bank_does_not_hold_the_others",)),
    22: (
        "bank renamed in mid-run",
        (f"{P}test_failure_cases.py::test_what_changes_about_people_and_banks_after_the_freeze_changes_no_message",),
    ),
    23: (
        "twenty minutes dark",
        (
            f"{P}test_failure_cases.py::test_twenty_minutes_of_darkness_send_nothing_twice",
            f"{P}test_simulation.py::test_months_from_seeds",
        ),
    ),
    24: (
        "refused as a duplicate",
        (f"{P}test_failure_cases.py::test_refused_as_a_duplicate_is_asked_after_and_never_paid_another_way",),
    ),
    25: (
        "account changed after the freeze",
        (
            f"{P}test_hand_over.py::test_the_message_stays_what_was_frozen",
            f"{P}test_failure_cases.py::test_what_changes_about_people_and_banks_after_the_freeze_changes_no_message",
        ),
    ),
    26: (
        "death",
        (
            f"{P}test_building.py::test_checks_find_and_withhold",
            f"{P}test_failure_cases.py::test_a_death_told_by_the_bank_withholds_and_nothing_goes_out_again",
            f"{C}test_recoveries.py::test_what_was_paid_after_death_and_too_much_is_asked_back_once",
        ),
    ),
    27: (
        "one account, many payees",
        (
            f"{P}test_building.py::test_checks_find_and_withhold",
            f"{P}test_building.py::test_two_children_of_one_guardian_are_both_paid_the_same",
        ),
    ),
    28: (
        "two benefits, equal amounts",
        (
            f"{P}test_building.py::test_two_children_of_one_guardian_are_both_paid_the_same",
            f"{P}test_failure_cases.py::test_two_benefits_of_one_sum_are_both_paid",
        ),
    ),
    29: (
        "moved in mid-month",
        (f"{P}test_failure_cases.py::test_what_changes_about_people_and_banks_after_the_freeze_changes_no_message",),
    ),
    30: (
        "names with Đ, spaces, decomposed",
        (
            f"{P}test_building.py::test_names_are_compared_as_banks_print_them",
            f"{P}test_hand_over.py::test_names_with_odd_characters_are_sealed_and_written_as_they_are",
        ),
    ),
    31: (
        "letters and leading zeros in accounts",
        (f"{P}test_failure_cases.py::test_an_account_is_text_from_the_freeze_to_the_message",),
    ),
    32: (
        "nothing to pay, corrections larger than the benefit",
        (f"{P}test_building.py::test_corrections_net_and_what_is_not_positive_stays_due",),
    ),
    33: (
        "maker approves, role removed, row altered",
        (
            f"{P}test_three_people.py::test_no_run_is_authorised_by_fewer_than_three",
            f"{P}test_three_people.py::test_a_role_taken_away_between_signatures_ends_it",
            f"{P}test_tables.py::test_a_line_changed_after_the_seal_is_not_handed_over",
        ),
    ),
    34: (
        "re-routed while the list is at the post",
        (
            f"{R}test_lists_at_the_post.py::test_a_recall_that_is_confirmed_lets_cash_go_to_the_account",
            f"{R}test_lists_at_the_post.py::test_a_list_the_post_does_not_give_back_stays_with_it",
        ),
    ),
    35: (
        "combined months, then the normal run",
        (
            f"{R}test_months_together.py::test_two_months_are_one_order_and_the_normal_run_of_the_second_pays_nobody_twice",
        ),
    ),
    36: (
        "withdrawn half-way",
        (f"{R}test_months_together.py::test_withdrawn_half_way_what_was_sent_stays_and_the_rest_goes_back",),
    ),
    37: (
        "offline list twice, out of order, lines nobody sent",
        (f"{R}test_without_a_network.py::test_results_come_twice_out_of_order_and_with_lines_nobody_sent",),
    ),
    38: (
        "three days without a network",
        (
            f"{R}test_without_a_network.py::test_a_province_dark_for_three_days_keeps_its_list_unknown_and_gets_the_same_bytes",
        ),
    ),
}


@pytest.mark.parametrize("number_of_case", range(1, 39))
def test_every_case_has_its_tests(number_of_case: int) -> None:
    for named in CASES[number_of_case][1]:
        file, _, name = named.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}, named


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
        assert carrying._next_of_run(wiring, read_run(run_id)) == {"deed": "wait"}
    carrying.collect(wiring)
    carrying.take(wiring, VCB)
    assert [run_state(run_id) for run_id in (drafted, sealed)] == [RunState.DRAFT, RunState.CHECKED]
