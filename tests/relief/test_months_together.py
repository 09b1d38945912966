"""Months paid together are paid once: the normal run of the later month finds only what is still owed. And a withdrawal half-way."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ansinh.config.relief import owed_of
from ansinh.database.sql import number, rows
from ansinh.payments import operations
from ansinh.payments.operations import Bank
from ansinh.payments.queries import differences_of, run_of
from ansinh.relief import operations as relief
from ansinh.relief.checks import checks
from ansinh.relief.queries import places_paid_together, report_of
from tests.payments.world import MAKER, REASON, VCB, BankDouble, add_account, run_state
from tests.relief.world import (
    CLOCK,
    OTHER,
    VILLAGE,
    PostDouble,
    add_person,
    apply,
    attempts,
    build,
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
TWO = (202507, 202508)


def whole(*runs: int) -> None:
    """Assert what must never be false."""
    for run_id in runs:
        assert all(one.zero for one in differences_of(run_id)), differences_of(run_id)
    assert all(one.ok for one in checks()), [one for one in checks() if not one.ok]


def combined(emergency: int, select: str) -> int:
    run_id = relief.open_run(actor=MAKER, reason=REASON, clock=CLOCK, emergency_id=emergency, pay_on=date(2025, 7, 6))
    build(run_id, select)
    return run_id


def test_two_months_are_one_order_and_the_normal_run_of_the_second_pays_nobody_twice(tmp_path: Path) -> None:
    add_person(1, "0011")
    add_person(2)
    add_person(3, commune=OTHER)
    bank, post, far = BankDouble(VCB), PostDouble("P01"), PostDouble("P02")
    partners: dict[str, Bank] = {VCB: bank, "P01": post, "P02": far}
    emergency = in_force(months=TWO, otherwise="cash")
    again = [combined(emergency, owed(1, 2, months=TWO)) for _ in range(2)]
    first = again[0]
    assert again == [first, first]
    assert rows("SELECT person_id, amount FROM payments_order WHERE run_id = %s ORDER BY 1", [first]) == [
        (1, 2_000_002),
        (2, 2_000_004),
    ]
    sign(first, tmp_path)
    carry(first, partners, tmp_path)
    collect(bank)
    post_tells(post, {4: "paid"})
    july = normal_run(owed(1, 2, 3))
    august = normal_run(owed(1, 2, 3, months=(202508,)), 202508, date(2025, 8, 4))
    for run_id in (july, august):
        assert rows("SELECT person_id FROM payments_order WHERE run_id = %s", [run_id]) == [(3,)]
        sign(run_id, tmp_path)
        carry(run_id, partners, tmp_path)
        post_tells(far, {3: "paid"})
    # Somebody of the area whose entitlement begins later is owed by the normal run.
    add_person(4, commune=VILLAGE)
    later = normal_run(owed(1, 2, 3, 4, months=(202508,)), 202508, date(2025, 8, 20))
    assert rows("SELECT person_id FROM payments_order WHERE run_id = %s", [later]) == [(4,)]
    assert [paid_out(person) for person in (1, 2, 3)] == [2_000_002, 2_000_004, 2_000_006]
    whole(first, july, august, later)
    assert report_of(emergency).persons == 2


def test_a_month_already_paid_is_not_paid_again_with_the_others(tmp_path: Path) -> None:
    add_person(1)
    july = normal_run(owed(1))
    emergency = in_force(months=TWO, otherwise="cash")
    both = combined(emergency, owed(1, months=TWO))
    assert rows("SELECT month, order_id FROM payments_obligation WHERE person_id = 1 ORDER BY 1") == [
        (202507, number("SELECT order_id FROM payments_order WHERE run_id = %s", [july])),
        (202508, number("SELECT order_id FROM payments_order WHERE run_id = %s", [both])),
    ]
    whole(july, both)


def test_a_run_for_communes_pays_only_them() -> None:
    add_person(1)
    add_person(2, commune=VILLAGE)
    emergency = in_force(months=TWO, provinces=(), communes=(VILLAGE,))
    run_id = relief.open_run(actor=MAKER, reason=REASON, clock=CLOCK, emergency_id=emergency, pay_on=date(2025, 7, 6))
    assert places_paid_together(run_id) == ((), (VILLAGE,))
    assert f"'{VILLAGE}'" in owed_of(run_of(run_id))
    assert places_paid_together(normal_run(owed(1))) is None


def test_withdrawn_half_way_what_was_sent_stays_and_the_rest_goes_back(tmp_path: Path) -> None:
    for person in (1, 2, 3):
        add_person(person)
    add_person(4, commune=OTHER)
    run_id = normal_run(owed(1, 2, 3, 4))
    add_account(1, "0011")
    emergency = in_force(months=TWO)
    both = combined(emergency, owed(1, 2, 3, months=(202508,)))
    assert apply(emergency, run_id).diverted.to_home == 2
    sign(run_id, tmp_path)
    bank, home, far = BankDouble(VCB), PostDouble("H01", network=False), PostDouble("P02")
    # The account goes out; the list for homes is stopped before it leaves.
    held = rows("SELECT batch_id FROM payments_batch WHERE partner = 'H01' AND state = 'ready'")
    carry(run_id, {VCB: bank, "P02": far, "H01": home}, tmp_path, but={held[0][0]})
    collect(bank)
    assert [(person, channel, state) for person, _, channel, state in attempts(run_id) if state not in {60, 4}] == [
        (1, "account", 30),
        (2, "home", 1),
        (3, "home", 1),
    ]
    done = relief.withdraw_emergency(actor=MAKER, reason=REASON, clock=CLOCK, emergency_id=emergency)
    assert [(one.run_id, one.to_cash, one.aborted) for one in done] == [(run_id, 2, False), (both, 0, True)]
    assert relief.withdraw_emergency(actor=MAKER, reason=REASON, clock=CLOCK, emergency_id=emergency) == []
    assert [(person, channel, state) for person, _, channel, state in attempts(run_id) if state not in {60, 4}] == [
        (1, "account", 30),
        (2, "cash", 1),
        (3, "cash", 1),
    ]
    sign(run_id, tmp_path)
    post = PostDouble("P01")
    carry(run_id, {"P01": post}, tmp_path)
    post_tells(post, {2: "paid", 3: "paid"})
    post_tells(far, {4: "paid"})
    assert run_state(both) == "aborted"
    august = normal_run(owed(1, 2, 3, months=(202508,)), 202508, date(2025, 8, 4))
    assert number("SELECT count(*) FROM payments_order WHERE run_id = %s", [august]) == 3
    assert [paid_out(person) for person in (1, 2, 3, 4)] == [1_000_001, 1_000_002, 1_000_003, 1_000_004]
    operations.close_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id)
    whole(run_id, august)
