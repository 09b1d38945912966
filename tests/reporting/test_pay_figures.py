"""Shares paid into accounts, by month: of the former system from what it handed over, ours from what closed runs had paid."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from ansinh.database.sql import execute
from ansinh.foundation.clock import VIET_NAM
from ansinh.payments import operations
from ansinh.payments.procedures import collect_all, send_ready
from ansinh.reporting import checks
from ansinh.reporting.queries import counted, figures_by_province, recounted
from tests.benefits.entitled import Office
from tests.benefits.test_loading_and_lists import load
from tests.payments.world import (
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
    desk_of,
    end_to_end,
    signed_run,
    states,
    tell,
)
from tests.reporting.test_figures import TODAY, YEAR_END, count, value

pytestmark = pytest.mark.usefixtures("fresh_database")
SHARE, URBAN, GAP = (f"pay.account_share.{name}" for name in ("national", "urban", "urban_target_gap"))


def payee(record: int, kind: str, since: int, until: int | None = None, *, urban: bool = True) -> dict[str, object]:
    return {
        "record_no": record, "kind": kind, "amount": 3_000_000, "from_month": since, "until_month": until, "urban": urban,
    }  # fmt: skip


def closed_run(owed: list[Owed], folder: Path) -> int:
    run_id = signed_run(owed, folder)
    desk = desk_of(TREASURER, folder, [BankDouble(VCB), BankDouble(POST)])
    send_ready(desk, run_id)
    collect_all(desk)
    operations.close_run(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id)
    return run_id


def test_months_of_the_former_system_come_from_its_payees_and_accounts(tmp_path: Path) -> None:
    for person in range(101, 106):
        add_payee(person)
    add_account(101, "0101")
    add_account(102, "0102", from_month=202502)
    add_account(104, "0104")
    payees = [
        payee(1, "pension", 199403),
        payee(2, "survivor", 202301, urban=False),
        payee(2, "commune_cadre", 202301, urban=False),
        payee(3, "pension", 202001, 202503),
        payee(4, "unemployment", 202410, 202504),
        payee(5, "pension", 202501, urban=False),
    ]
    load(Office(date(2025, 6, 1)), tmp_path, payees)
    count()
    # December: 101, 102 and 103 by insurance, of whom 101 has an account; in town 101, 103 and the unemployed 104.
    assert value(SHARE)[1] == 33.33
    assert (value(URBAN)[1], value(GAP)[1]) == (66.67, 6.67)
    assert [counted(date(2025, month, 1))["pay.persons"] for month in (1, 2, 3, 4, 5)] == [4, 4, 3, 3, 3]
    assert [counted(date(2025, month, 1))["pay.persons_by_account"] for month in (1, 2, 3, 5)] == [1, 2, 2, 2]
    assert [counted(date(2025, month, 1))["pay.urban"] for month in (2, 3, 4)] == [3, 2, 1]
    assert counted(TODAY) == recounted(TODAY)
    assert value(SHARE)[0] == 66.67
    # An account given up since, in our time, was the former system's all the same.
    execute("UPDATE payments_account SET until_month = 202507 WHERE person_id = 101")
    assert counted(YEAR_END) == recounted(YEAR_END)


def test_a_closed_run_takes_the_place_of_the_month_before_and_stays_as_it_was_published(tmp_path: Path) -> None:
    for person in range(101, 105):
        add_payee(person, f"0{person}" if person != 103 else None)
    load(Office(date(2025, 6, 1)), tmp_path, [payee(3, "pension", 202001), payee(1, "pension", 202001)])
    owed = [
        Owed(101, 3_000_000),
        Owed(101, 200_000, component="extra"),
        Owed(102, 2_000_000, province="79", urban=False),
        Owed(103, 1_000_000),
        Owed(104, 4_000_000, kind="unemployment"),
    ]
    run_id = closed_run(owed, tmp_path)
    count()
    assert value(SHARE) == (66.67, 50.0)
    assert value(URBAN) == (66.67, 50.0)
    assert value(GAP) == (6.67, -10.0)
    assert (counted(date(2025, 6, 30))["pay.persons"], counted(date(2025, 7, 1))["pay.persons"]) == (2, 3)
    assert figures_by_province(SHARE, TODAY) == [("01", 50.0), ("79", 100.0)]
    assert figures_by_province(URBAN, TODAY) == [("01", 66.67)]
    assert all(result.ok for result in checks.checks())
    later = datetime(2025, 7, 9, 9, tzinfo=VIET_NAM)
    tell(VCB, [end_to_end(run_id, 101), "50", "RET1", "AC04", "3200000"], moment=later)
    assert (101, 1, 50) in states(run_id)
    assert counted(TODAY) == recounted(TODAY)
    assert all(result.ok for result in checks.checks())


def test_checks_find_a_run_that_published_what_it_had_not_paid(tmp_path: Path) -> None:
    add_payee(101, "0101")
    run_id = closed_run([Owed(101, 3_000_000)], tmp_path)
    execute(
        "INSERT INTO payments_indicator SELECT run_id, seal_no, key, '79', 1, 1, counted_at FROM payments_indicator"
        " WHERE key = 'account_share.urban' AND province = '00'"
    )
    count()
    found = {result.name: list(result.offending) for result in checks.checks() if not result.ok}
    assert found == {"reporting.runs_published_what_they_paid": [f"{run_id} account_share.urban 79"]}
