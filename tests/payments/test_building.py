"""What is owed becomes orders: combined months, corrections, releases, equal payments, odd accounts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ansinh.database.sql import execute, number, rows
from ansinh.foundation.errors import Refusal
from ansinh.payments import operations
from ansinh.payments.procedures import build_all
from ansinh.payments.queries import findings_of
from ansinh.payments.runs import batching, building
from tests.payments.world import (
    JULY_1,
    MAKER,
    REASON,
    VCB,
    Owed,
    add_account,
    add_payee,
    at,
    balances,
    built_run,
    desk_of,
    make_run,
    owed_select,
    run_state,
    states,
)

pytestmark = pytest.mark.django_db
CLOCK = at(JULY_1)


def orders() -> list[tuple[int, int]]:
    return [
        tuple(one)
        for one in rows("SELECT person_id, amount FROM payments_order WHERE state <> 'released' ORDER BY 1, 2")
    ]


def test_combined_months_are_one_order_and_the_next_run_pays_nothing_again(tmp_path: Path) -> None:
    add_payee(1, "0011")
    both = [Owed(1, 1_000), Owed(1, 1_100, month=202508)]
    built_run(both, tmp_path, months=(202507, 202508))
    assert orders() == [(1, 2_100)]
    nothing = make_run(months=(202508,), pay_on=date(2025, 8, 4), act="tháng Tám")
    with pytest.raises(Refusal):
        build_all(desk_of(MAKER, tmp_path), nothing, f"SELECT * FROM ({owed_select(both)}) AS v WHERE false")
    august = make_run(months=(202508,), pay_on=date(2025, 8, 4), act="tháng Tám, thường")
    assert build_all(desk_of(MAKER, tmp_path), august, owed_select(both)) == (0, 0)


def test_corrections_net_and_what_is_not_positive_stays_due(tmp_path: Path) -> None:
    for person in (1, 2, 3):
        add_payee(person, f"00{person}1")
    owed = [
        Owed(1, 1_000),
        Owed(1, -300, month=202503, correction=1),
        Owed(2, 1_000),
        Owed(2, -1_500, month=202504, correction=1),
        Owed(3, 1_000),
        Owed(3, -1_000, month=201911, correction=2),
    ]
    run_id = built_run(owed, tmp_path)
    assert orders() == [(1, 700)]
    assert number("SELECT count(*) FROM payments_obligation WHERE order_id IS NULL") == 4
    assert findings_of(run_id) == {"nothing_to_pay": (2, 0)}
    august = make_run(months=(202508,), pay_on=date(2025, 8, 4))
    build_all(
        desk_of(MAKER, tmp_path), august, owed_select([Owed(2, 1_000, month=202508), Owed(3, 1_000, month=202508)])
    )
    assert orders() == [(1, 700), (2, 500), (3, 1_000)]
    assert number("SELECT count(*) FROM payments_obligation WHERE order_id IS NULL") == 0


def test_two_children_of_one_guardian_are_both_paid_the_same(tmp_path: Path) -> None:
    for child in (1, 2):
        add_payee(child)
        add_account(child, "0099", holder="TRAN THI ME", relation="guardian")
    run_id = built_run(
        [Owed(1, 500, kind="survivor"), Owed(2, 500, kind="survivor"), Owed(2, 500, entitlement_id=2)], tmp_path
    )
    assert orders() == [(1, 500), (2, 1_000)]
    assert operations.check_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id).findings == {}


def test_checks_find_and_withhold(tmp_path: Path) -> None:
    june = [Owed(person, 1_000, month=202506) for person in range(1, 9)]
    for person in range(1, 9):
        add_payee(person, "0077" if person > 4 else f"{person:04}", died_on=date(2025, 6, 5) if person == 2 else None)
    built_run(june, tmp_path, months=(202506,), pay_on=date(2025, 6, 3))
    execute("UPDATE payments_account SET stopped_at = now(), stop_reason = 'moved' WHERE person_id = 3")
    add_account(3, "0333", holder="LE THI KHAC")
    add_payee(9, "0009")
    july = [Owed(1, 1_500), *(Owed(person, 1_000) for person in (2, 3, 4, 5, 6, 7, 8, 9))]
    run_id = built_run(july, tmp_path)
    found = operations.check_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id).findings
    assert found == {"changed": 1, "dead": 1, "name_differs": 1, "new": 1, "shared_account": 4}
    assert [person for person, _, state in states(run_id) if state == 61] == [2, 3]
    assert rows("SELECT lines, amount FROM payments_batch WHERE run_id = %s", [run_id]) == [(7, 7_500)]
    again = operations.check_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id)
    assert (again.findings, again.seal_no) == (found, 2)


@pytest.mark.parametrize("name", ["Nguyễn  Văn Đạt", "NGUYEN VAN DAT", "Nguye\u0302\u0303n Va\u0306n Đa\u0323t"])
def test_names_are_compared_as_banks_print_them(tmp_path: Path, name: str) -> None:
    add_payee(1, name="Nguyễn Văn Đạt")
    add_account(1, "0011", holder=name)
    run_id = built_run([Owed(1, 1_000)], tmp_path)
    assert operations.check_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id).findings == {}


def test_abort_gives_everything_back(tmp_path: Path) -> None:
    add_payee(1, "0011")
    add_payee(2)
    owed = [Owed(1, 1_000), Owed(2, 2_000, kind="cadre")]
    run_id = built_run(owed, tmp_path)
    operations.check_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id)
    assert operations.abort_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id) == 2
    assert operations.abort_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id) == 0
    assert (run_state(run_id), balances(run_id)) == ("aborted", {})
    built_run(owed, tmp_path, act="lần hai")
    assert orders() == [(1, 1_000), (2, 2_000)]


def test_release_of_one_order_makes_it_due_again(tmp_path: Path) -> None:
    add_payee(1, "0011")
    add_payee(2, "0022")
    run_id = built_run([Owed(1, 1_000), Owed(2, 2_000)], tmp_path)
    held = {"actor": MAKER, "reason": REASON, "clock": CLOCK, "run_id": run_id, "person_id": 1}
    assert operations.hold_order(**held, verb="withhold") == "withheld"  # type: ignore[arg-type]  # arguments by name, of several types
    assert operations.hold_order(**held, verb="release") == "released"  # type: ignore[arg-type]  # arguments by name, of several types
    assert number("SELECT count(*) FROM payments_obligation WHERE order_id IS NULL") == 1
    assert balances(run_id) == {101: 2_000, 200: -2_000}
    built_run([Owed(1, 1_000)], tmp_path, act="lần hai")
    assert orders() == [(1, 1_000), (2, 2_000)]


def test_chunks_and_batches_of_any_size_hold_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "PAYEES_A_CHUNK", 3)
    monkeypatch.setattr(batching, "LINES_A_BATCH", 4)
    for person in range(1, 12):
        add_payee(person, f"{person:04}" if person != 5 else None, bank=VCB)
    built_run([Owed(person, person) for person in range(1, 12)] + [Owed(3, 100, component="extra")], tmp_path)
    assert rows("SELECT partner, number, lines FROM payments_batch ORDER BY 1, 2") == [
        (VCB, 1, 4),
        (VCB, 2, 4),
        (VCB, 3, 2),
        ("P01", 1, 1),
    ]
    assert number("SELECT count(*) FROM payments_chunk WHERE done_at IS NOT NULL") == 4
    assert number("SELECT sum(amount)::bigint FROM payments_attempt") == 166


def test_accounts_are_those_of_the_month(tmp_path: Path) -> None:
    add_payee(1, "0011")
    execute("UPDATE payments_account SET until_month = 202508")
    add_account(1, "00A22", from_month=202508)
    built_run([Owed(1, 1_000)], tmp_path)
    august = make_run(months=(202508,), pay_on=date(2025, 8, 4))
    build_all(desk_of(MAKER, tmp_path), august, owed_select([Owed(1, 1_000, month=202508)]))
    assert rows("SELECT account FROM payments_attempt ORDER BY pay_month") == [("0011",), ("00A22",)]


def test_an_unknown_person_stops_nobody(tmp_path: Path) -> None:
    add_payee(1, "0011")
    built_run([Owed(1, 1_000), Owed(99, 1_000)], tmp_path)
    assert orders() == [(1, 1_000)]
