"""Cash becomes an account transfer while the list is with the post: only what the post confirms, or never had, moves. Nobody is paid twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansinh.database.sql import number, rows
from ansinh.payments import operations
from ansinh.payments.operations import Recalled
from ansinh.payments.queries import differences_of
from ansinh.relief.checks import checks
from ansinh.relief.queries import report_of
from tests.payments.world import MAKER, REASON, VCB, BankDouble, add_account, balances
from tests.relief.world import (
    CLOCK,
    OTHER,
    VILLAGE,
    PostDouble,
    add_person,
    apply,
    attempts,
    carry,
    collect,
    in_force,
    normal_run,
    owed,
    paid_out,
    post_tells,
    sign,
)

pytestmark = pytest.mark.django_db


def whole(run_id: int) -> None:
    """Assert what must never be false."""
    assert all(one.zero for one in differences_of(run_id)), differences_of(run_id)
    assert all(one.ok for one in checks()), [one for one in checks() if not one.ok]


def sent_run(tmp_path: Path, post: PostDouble) -> int:
    """Three payees in cash, their list with the post; the first has an account confirmed since."""
    for person in (1, 2, 3):
        add_person(person)
    run_id = normal_run(owed(1, 2, 3))
    sign(run_id, tmp_path)
    assert carry(run_id, {"P01": post}, tmp_path) == {"P01": "sent"}
    add_account(1, "0011")
    return run_id


def test_a_recall_that_is_confirmed_lets_cash_go_to_the_account(tmp_path: Path) -> None:
    post, home, bank = PostDouble("P01"), PostDouble("H01"), BankDouble(VCB)
    run_id = sent_run(tmp_path, post)
    emergency = in_force()
    done = apply(emergency, run_id, {"P01": post})
    assert done.recalls == {"confirmed": 1}
    assert (done.diverted.to_account, done.diverted.to_home) == (1, 2)
    assert attempts(run_id) == [
        (1, 1, "cash", 60),
        (1, 2, "account", 1),
        (2, 1, "cash", 60),
        (2, 2, "home", 1),
        (3, 1, "cash", 60),
        (3, 2, "home", 1),
    ]
    assert apply(emergency, run_id, {"P01": post}).diverted.to_account == 0
    whole(run_id)
    sign(run_id, tmp_path)
    assert carry(run_id, {VCB: bank, "H01": home}, tmp_path) == {VCB: "sent", "H01": "sent"}
    collect(bank)
    post_tells(home, {2: "paid", 3: "uncollected"})
    assert [paid_out(person) for person in (1, 2, 3)] == [1_000_001, 1_000_002, 0]
    whole(run_id)
    report = report_of(emergency)
    assert {(one.channel, one.why): (one.persons, one.amount) for one in report.lines} == {
        ("account", "reached"): (1, 1_000_001),
        ("home", "reached"): (1, 1_000_002),
        ("home", "not_collected"): (1, 1_000_003),
    }
    assert (report.persons, report.amount) == (3, 3_000_006)
    operations.close_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id)
    assert balances(run_id) == {101: 2_000_003, 1_970_436: -1_000_001, 240: -1_000_002}
    whole(run_id)


def test_a_list_the_post_does_not_give_back_stays_with_it(tmp_path: Path) -> None:
    post = PostDouble("P01", recall_says=Recalled.TOO_LATE)
    run_id = sent_run(tmp_path, post)
    emergency = in_force()
    done = apply(emergency, run_id, {"P01": post})
    assert done.recalls == {"too_late": 1}
    assert [state for _, _, _, state in attempts(run_id)] == [4, 4, 4]
    assert {one.why for one in report_of(emergency).lines} == {"recall_not_confirmed"}
    post_tells(post, {1: "paid", 2: "paid", 3: "paid"})
    assert apply(emergency, run_id, {"P01": post}).recalls == {}
    assert [paid_out(person) for person in (1, 2, 3)] == [1_000_001, 1_000_002, 1_000_003]
    whole(run_id)


def test_a_silent_post_keeps_everything_until_it_tells_line_by_line(tmp_path: Path) -> None:
    post = PostDouble("P01")
    run_id = sent_run(tmp_path, post)
    emergency = in_force()
    post.network = False
    for _ in range(3):
        assert apply(emergency, run_id, {"P01": post}).recalls == {"unknown": 1}
    assert len(attempts(run_id)) == 3
    # Two days later: one was paid before the recall was read, two were not.
    post.network = True
    post_tells(post, {1: "cancelled", 2: "paid", 3: "cancelled"})
    done = apply(emergency, run_id, {"P01": post})
    assert (done.diverted.to_account, done.diverted.to_home) == (1, 1)
    assert attempts(run_id) == [
        (1, 1, "cash", 60),
        (1, 2, "account", 1),
        (2, 1, "cash", 30),
        (3, 1, "cash", 60),
        (3, 2, "home", 1),
    ]
    whole(run_id)


def test_a_post_that_pays_what_it_gave_back_is_noticed(tmp_path: Path) -> None:
    post = PostDouble("P01")
    run_id = sent_run(tmp_path, post)
    apply(in_force(), run_id, {"P01": post})
    post_tells(post, {2: "paid"})
    assert rows("SELECT kind, run_id FROM payments_case WHERE settled_at IS NULL") == [("paid_against_rule", run_id)]
    assert paid_out(2) == 0
    whole(run_id)


def test_a_recall_without_an_account_to_go_to_is_not_asked(tmp_path: Path) -> None:
    post = PostDouble("P01")
    for person in (1, 2):
        add_person(person)
    run_id = normal_run(owed(1, 2))
    sign(run_id, tmp_path)
    carry(run_id, {"P01": post}, tmp_path)
    done = apply(in_force(otherwise="cash"), run_id, {"P01": post})
    assert (done.recalls, done.diverted.to_account) == ({}, 0)
    assert number("SELECT count(*) FROM relief_recall") == 0


def test_others_of_a_recalled_list_are_lined_up_again_where_they_were(tmp_path: Path) -> None:
    post = PostDouble("P01")
    add_person(1)
    add_person(2, commune=VILLAGE)
    add_person(3, commune=OTHER)
    run_id = normal_run(owed(1, 2, 3))
    sign(run_id, tmp_path)
    carry(run_id, {"P01": post, "P02": PostDouble("P02")}, tmp_path)
    done = apply(in_force(provinces=(), communes=(VILLAGE,)), run_id, {"P01": post})
    assert (done.diverted.to_home, done.diverted.to_cash) == (1, 0)
    assert attempts(run_id) == [
        (1, 1, "cash", 60),
        (1, 2, "cash", 1),
        (2, 1, "cash", 60),
        (2, 2, "home", 1),
        (3, 1, "cash", 4),
    ]
    whole(run_id)


def test_what_is_ready_moves_before_it_is_handed_over(tmp_path: Path) -> None:
    add_person(1)
    add_person(2, "0022")
    add_person(3, commune=OTHER)
    run_id = normal_run(owed(1, 2, 3))
    add_account(1, "0011")
    emergency = in_force()
    assert apply(emergency, run_id).diverted.to_account == 1
    sign(run_id, tmp_path)
    assert apply(emergency, run_id).diverted.to_account == 0
    whole(run_id)
    bank = BankDouble(VCB)
    assert carry(run_id, {VCB: bank, "P02": PostDouble("P02")}, tmp_path) == {VCB: "sent", "P02": "sent"}
    collect(bank)
    assert bank.credited.keys() == {
        line
        for line, *_ in rows(
            "SELECT payments_end_to_end_id(pay_month, order_id, attempt_no) FROM payments_attempt WHERE channel = 'account'"
        )
    }
    assert attempts(run_id) == [(1, 1, "cash", 60), (1, 2, "account", 30), (2, 1, "account", 30), (3, 1, "cash", 4)]
    whole(run_id)
