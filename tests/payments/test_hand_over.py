"""The half the database cannot hold: requests and answers that are lost, and never a second way while one is unknown."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest

from ansinh.database.sql import execute, rows
from ansinh.payments import operations
from ansinh.payments.handover.bank import Abilities
from ansinh.payments.procedures import collect_all, send_ready
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
    add_payee,
    at,
    desk_of,
    end_to_end,
    run_state,
    signed_run,
    states,
    tell,
)

pytestmark = pytest.mark.usefixtures("fresh_database")
LATER = JULY_1 + timedelta(hours=2)


def one_payee(tmp_path: Path) -> int:
    add_payee(1, "0011")
    return signed_run([Owed(1, 1_000)], tmp_path)


def test_answer_lost_is_asked_after_and_never_sent_again(tmp_path: Path) -> None:
    run_id = one_payee(tmp_path)
    bank = BankDouble(VCB, lose_answer=1)
    desk = desk_of(TREASURER, tmp_path, [bank])
    assert send_ready(desk, run_id).states == {"unknown": 1}
    assert states(run_id) == [(1, 1, 3)]
    assert operations.reroute_orders(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id) == 0
    assert send_ready(desk, run_id).states == {"sent": 1}
    assert len(bank.messages) == 1
    collect_all(desk)
    assert list(bank.credited.values()) == [1_000]


def test_request_lost_goes_again_with_the_same_bytes_only_after_proof(tmp_path: Path) -> None:
    run_id = one_payee(tmp_path)
    bank = BankDouble(VCB, lose_request=1)
    send_ready(desk_of(TREASURER, tmp_path, [bank]), run_id)
    # It may still arrive: however often the bank says no, it is too early.
    for _ in range(5):
        send_ready(desk_of(TREASURER, tmp_path, [bank]), run_id)
    assert (states(run_id), bank.messages) == ([(1, 1, 3)], [])
    send_ready(desk_of(TREASURER, tmp_path, [bank], LATER), run_id)
    assert rows("SELECT state, tries FROM payments_batch") == [("sent", 2)]
    ((message_id, body),) = bank.messages
    assert rows("SELECT message_id, size_bytes FROM payments_message WHERE direction = 'out'") == [
        (message_id, len(body))
    ]


def test_a_bank_that_cannot_be_asked_gets_the_same_bytes_where_it_refuses_duplicates(tmp_path: Path) -> None:
    run_id = one_payee(tmp_path)
    bank = BankDouble(
        VCB, Abilities(can_ask=False, refuses_duplicates=True, lateness_max=timedelta(days=1)), lose_answer=1
    )
    desk = desk_of(TREASURER, tmp_path, [bank])
    send_ready(desk, run_id)
    assert send_ready(desk, run_id).states == {"ready": 1, "sent": 1}
    assert len(bank.messages) == 1


def test_a_bank_that_neither_answers_nor_refuses_duplicates_waits_for_a_person(tmp_path: Path) -> None:
    run_id = one_payee(tmp_path)
    bank = BankDouble(VCB, Abilities(can_ask=False, refuses_duplicates=False, lateness_max=timedelta(0)), lose_answer=1)
    for moment in (JULY_1, LATER, LATER + timedelta(days=3)):
        send_ready(desk_of(TREASURER, tmp_path, [bank], moment), run_id)
    assert (states(run_id), len(bank.messages)) == ([(1, 1, 3)], 1)


def test_a_worker_lost_in_the_middle_is_treated_as_unknown(tmp_path: Path) -> None:
    run_id = one_payee(tmp_path)
    bank = BankDouble(VCB)
    desk = desk_of(TREASURER, tmp_path, [bank])
    ((batch_id,),) = rows("SELECT batch_id FROM payments_batch")
    operations.begin_try(
        actor=TREASURER,
        reason=REASON,
        clock=desk.clock,
        batch_id=batch_id,
        writer=desk.partners[VCB].writer,
        secrets=desk.secrets,
    )
    assert states(run_id) == [(1, 1, 2)]
    assert send_ready(desk, run_id).states == {}
    assert send_ready(desk_of(TREASURER, tmp_path, [bank], LATER), run_id).states == {"unknown": 1}


def test_an_answer_by_line_proves_the_bank_has_it(tmp_path: Path) -> None:
    run_id = one_payee(tmp_path)
    bank = BankDouble(VCB, lose_answer=1)
    send_ready(desk_of(TREASURER, tmp_path, [bank]), run_id)
    collect_all(desk_of(TREASURER, tmp_path, [bank]))
    assert states(run_id) == [(1, 1, 30)]
    assert rows("SELECT state FROM payments_batch") == [("answered",)]
    assert run_state(run_id) == "settling"


def test_a_silent_bank_does_not_hold_the_others(tmp_path: Path) -> None:
    add_payee(1, "0011")
    add_payee(2, "0022", bank=BIDV)
    run_id = signed_run([Owed(1, 1_000), Owed(2, 2_000)], tmp_path)
    silent, other = BankDouble(BIDV, lose_request=9), BankDouble(VCB)
    assert send_ready(desk_of(TREASURER, tmp_path, [silent, other]), run_id).states == {"unknown": 1, "sent": 1}
    assert len(other.messages) == 1


def test_a_refused_file_frees_its_orders_and_opens_a_case(tmp_path: Path) -> None:
    run_id = one_payee(tmp_path)
    send_ready(desk_of(TREASURER, tmp_path, [BankDouble(VCB, refuse="FF01")]), run_id)
    assert states(run_id) == [(1, 1, 20)]
    assert rows("SELECT kind, detail FROM payments_case") == [("batch_refused", "FF01")]
    assert operations.reroute_orders(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id) == 1


def test_the_message_stays_what_was_frozen(tmp_path: Path) -> None:
    run_id = one_payee(tmp_path)
    execute("UPDATE payments_account SET stopped_at = now(), stop_reason = 'test'")
    execute("UPDATE people_person SET full_name = 'Ai Đó', died_on = '2025-07-01'")
    bank = BankDouble(VCB)
    send_ready(desk_of(TREASURER, tmp_path, [bank]), run_id)
    assert ",0011,Nguyễn Văn An,1000," in bank.messages[0][1].decode()


def test_late_weaker_and_impossible_answers(tmp_path: Path) -> None:
    run_id = one_payee(tmp_path)
    send_ready(desk_of(TREASURER, tmp_path, [BankDouble(VCB)]), run_id)
    payment = end_to_end(run_id, 1)
    tell(VCB, [payment, "30", "p1", "", "1000"])
    tell(VCB, [payment, "10", "a1", "", ""], [payment, "30", "p1", "", "1000"], name="again")
    assert (states(run_id), rows("SELECT kind FROM payments_case")) == ([(1, 1, 30)], [])
    tell(VCB, [payment, "20", "r1", "AC04", ""], [payment, "30", "p2", "", "1000"], name="odd")
    assert states(run_id) == [(1, 1, 30)]
    assert rows("SELECT kind FROM payments_case ORDER BY 1") == [("cannot_be",), ("paid_against_rule",)]
    assert rows("SELECT count(*), sum(amount) FROM payments_posting WHERE kind = 2") == [(2, 0)]


def test_returned_weeks_later_and_with_another_amount(tmp_path: Path) -> None:
    run_id = one_payee(tmp_path)
    send_ready(desk_of(TREASURER, tmp_path, [BankDouble(VCB)]), run_id)
    payment = end_to_end(run_id, 1)
    tell(VCB, [payment, "30", "p1", "", "1000"])
    tell(VCB, [payment, "50", "x1", "AC06", "900"], name="part")
    assert (states(run_id), rows("SELECT kind, amount FROM payments_case")) == ([(1, 1, 30)], [("other_amount", 900)])
    tell(VCB, [payment, "50", "x2", "AC06", "1000"], name="whole", moment=JULY_1 + timedelta(days=40))
    assert states(run_id) == [(1, 1, 50)]
    assert operations.reroute_orders(actor=MAKER, reason=REASON, clock=at(LATER), run_id=run_id) == 1
    assert rows("SELECT sum(amount) FROM payments_posting WHERE account = 210") == [(0,)]


def test_lines_that_are_nobodys_are_kept_and_the_rest_posts(tmp_path: Path) -> None:
    run_id = one_payee(tmp_path)
    send_ready(desk_of(TREASURER, tmp_path, [BankDouble(VCB)]), run_id)
    payment = end_to_end(run_id, 1)
    wrong = payment[:-1] + ("A" if payment[-1] != "A" else "B")
    tell(
        VCB,
        ["", "30", "1", "", "5"],
        ["AS20250799", "30", "2", "", "5"],
        [wrong, "30", "3", "", "1000"],
        [payment, "30", "4", "", "1000"],
    )
    tell(BIDV, [payment, "50", "5", "", "1000"], name="of another bank")
    assert states(run_id) == [(1, 1, 30)]
    assert rows("SELECT kind, count(*) FROM payments_case GROUP BY 1") == [("unknown_payment", 4)]
    assert rows("SELECT count(*) FROM payments_answer") == [(0,)]


@pytest.mark.parametrize("name", ["Nguyễn \\ An", "An \\N", 'Ô\'Hara, "Bà"', "An\tBa"])
def test_names_with_odd_characters_are_sealed_and_written_as_they_are(tmp_path: Path, name: str) -> None:
    add_payee(1, name=name)
    run_id = signed_run([Owed(1, 1_000)], tmp_path)
    post = BankDouble(POST)
    assert send_ready(desk_of(TREASURER, tmp_path, [post]), run_id).states == {"sent": 1}
    line = list(csv.reader(io.StringIO(post.messages[0][1].decode(), newline="")))[1]
    assert line[3] == name
