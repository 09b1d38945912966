"""A month from draft to closed: what is owed is built once, sealed, signed by three, handed over, answered, and closed at zero."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansinh.database.sql import number, rows
from ansinh.payments import operations
from ansinh.payments.procedures import collect_all, send_ready
from ansinh.payments.queries import differences_of
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
    balances,
    desk_of,
    run_state,
    sign,
    signed_run,
    states,
)

pytestmark = pytest.mark.usefixtures("fresh_database")


def test_a_month_is_paid_and_closes_at_zero(tmp_path: Path) -> None:
    add_payee(1, "0011", bank=VCB)
    add_payee(2, "0022", bank=BIDV, name="Trần Thị Đào")
    add_payee(3)
    owed = [
        Owed(1, 3_000_000),
        Owed(1, 200_000, component="extra"),
        Owed(2, 1_000_000, kind="social_pension"),
        Owed(3, 500_000, urban=False),
    ]
    run_id = signed_run(owed, tmp_path)
    banks = [BankDouble(VCB), BankDouble(BIDV), BankDouble(POST)]
    desk = desk_of(TREASURER, tmp_path, banks)
    assert send_ready(desk, run_id).states == {"sent": 3}
    assert run_state(run_id) == "sent"
    collect_all(desk)
    assert states(run_id) == [(1, 1, 30), (2, 1, 30), (3, 1, 30)]
    assert all(one.zero for one in differences_of(run_id)), differences_of(run_id)
    operations.close_run(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id)
    assert run_state(run_id) == "closed"
    assert balances(run_id) == {
        101: 3_700_000,
        104: 1_000_000,
        1_970_436: -3_200_000,
        1_970_418: -1_000_000,
        240: -500_000,
    }
    assert rows(
        "SELECT key, counted, total FROM payments_indicator WHERE run_id = %s AND province = '00' ORDER BY 1", [run_id]
    ) == [
        ("account_share.amount", 4_200_000, 4_700_000),
        ("account_share.persons", 2, 3),
        ("account_share.urban", 2, 2),
    ]


def test_a_rejected_account_goes_out_in_cash_after_new_signatures(tmp_path: Path) -> None:
    add_payee(1, "0011")
    add_payee(2, "0022")
    run_id = signed_run([Owed(1, 3_000_000), Owed(2, 2_000_000)], tmp_path)
    vcb, post = BankDouble(VCB, scripts={"0022": "reject:AC04"}), BankDouble(POST)
    desk = desk_of(TREASURER, tmp_path, [vcb, post])
    send_ready(desk, run_id)
    collect_all(desk)
    assert states(run_id) == [(1, 1, 30), (2, 1, 20)]
    assert number("SELECT count(*) FROM payments_account WHERE stop_reason = 'AC04'") == 1
    assert operations.reroute_orders(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id) == 1
    assert operations.reroute_orders(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id) == 0
    assert send_ready(desk, run_id).states == {}
    sign(run_id, tmp_path)
    send_ready(desk, run_id)
    collect_all(desk)
    assert states(run_id) == [(1, 1, 30), (2, 1, 20), (2, 2, 30)]
    assert all(one.zero for one in differences_of(run_id)), differences_of(run_id)
    operations.close_run(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id)


def test_what_was_taken_in_twice_counts_once(tmp_path: Path) -> None:
    add_payee(1, "0011")
    run_id = signed_run([Owed(1, 3_000_000)], tmp_path)
    vcb = BankDouble(VCB)
    desk = desk_of(TREASURER, tmp_path, [vcb])
    send_ready(desk, run_id)
    collect_all(desk)
    before = [number(f"SELECT count(*) FROM payments_{table}") for table in ("event", "posting", "message", "case")]
    again = collect_all(desk)
    assert (again.files, again.known_files, again.matched) == (0, 1, 0)
    assert [
        number(f"SELECT count(*) FROM payments_{table}") for table in ("event", "posting", "message", "case")
    ] == before
