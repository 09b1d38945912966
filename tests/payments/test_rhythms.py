"""Unemployment benefit and what is paid once go by runs of their own: own kinds, own comparison with the last, own figures; nobody is paid twice for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ansinh.benefits.states import MONTHLY, ONE_OFF
from ansinh.cli.pay_runs import _rhythm_of
from ansinh.database.sql import number, rows
from ansinh.payments import operations
from ansinh.payments.ledger.chart import FUND_OF_KIND
from ansinh.payments.operations import RunOrder
from ansinh.payments.procedures import build_all
from ansinh.payments.states import KINDS_OF_RHYTHM
from tests.payments.world import JULY_1, MAKER, REASON, Owed, add_payee, at, desk_of, owed_select

pytestmark = pytest.mark.django_db
OWED = [
    Owed(1, 3_000_000),
    Owed(1, 900_000, kind="unemployment", entitlement_id=2),
    Owed(1, 23_400_000, kind="funeral", entitlement_id=3, month=202506),
    Owed(2, 1_500_000, kind="unemployment"),
    Owed(3, 70_000_000, kind="one_off_withdrawal", month=202506),
]


def run_of(rhythm: str, tmp_path: Path, pay_on: date = date(2025, 7, 2), owed: list[Owed] | None = None) -> int:
    """Return a run of a rhythm's kinds, built."""
    months = (202506, 202507) if rhythm == "one_off" else (202507,)
    order = RunOrder(pay_on, months, "Quyết định thử", rhythm, kinds=tuple(KINDS_OF_RHYTHM[rhythm]))
    run_id = operations.create_run(actor=MAKER, reason=REASON, clock=at(JULY_1), order=order)
    build_all(desk_of(MAKER, tmp_path), run_id, owed_select(owed or OWED))
    return run_id


def test_every_kind_has_one_rhythm() -> None:
    kinds = [kind for of in KINDS_OF_RHYTHM.values() for kind in of]
    assert sorted(kinds) == sorted(FUND_OF_KIND)
    assert KINDS_OF_RHYTHM["one_off"] == {str(kind) for kind in ONE_OFF}
    assert KINDS_OF_RHYTHM["monthly"] | KINDS_OF_RHYTHM["unemployment"] == {str(kind) for kind in MONTHLY}
    for rhythm, of in KINDS_OF_RHYTHM.items():
        assert _rhythm_of(tuple(of)) == rhythm
    assert _rhythm_of(None) == _rhythm_of(("pension", "funeral")) == "monthly"


def test_each_rhythm_pays_its_own_kinds_and_together_everything_once(tmp_path: Path) -> None:
    for person in (1, 2, 3):
        add_payee(person, f"000{person}")
    runs = {rhythm: run_of(rhythm, tmp_path) for rhythm in KINDS_OF_RHYTHM}
    paid = {
        rhythm: rows("SELECT person_id, amount FROM payments_order WHERE run_id = %s ORDER BY 1", [run_id])
        for rhythm, run_id in runs.items()
    }
    assert paid == {
        "monthly": [(1, 3_000_000)],
        "unemployment": [(1, 900_000), (2, 1_500_000)],
        "one_off": [(1, 23_400_000), (3, 70_000_000)],
    }
    # A run of every kind later finds nothing left.
    order = RunOrder(date(2025, 7, 20), (202506, 202507), "Quyết định thử")
    left = operations.create_run(actor=MAKER, reason=REASON, clock=at(JULY_1), order=order)
    assert build_all(desk_of(MAKER, tmp_path), left, owed_select(OWED)) == (0, 0)
    assert number("SELECT count(*) FROM payments_obligation WHERE order_id IS NULL") == 0
    funds = rows(
        "SELECT account, sum(amount)::bigint FROM payments_posting WHERE account BETWEEN 101 AND 104 GROUP BY 1 ORDER BY 1"
    )
    assert funds == [(101, 96_400_000), (103, 2_400_000)]


def test_a_rhythm_is_compared_with_its_own_last_run(tmp_path: Path) -> None:
    for person in (1, 2, 3):
        add_payee(person)
    for rhythm in ("monthly", "unemployment"):
        run_of(rhythm, tmp_path)
    august = [Owed(2, 1_500_000, kind="unemployment", month=202508), Owed(1, 3_000_000, month=202508)]
    order = RunOrder(date(2025, 8, 5), (202508,), "Quyết định thử", "unemployment", kinds=("unemployment",))
    run_id = operations.create_run(actor=MAKER, reason=REASON, clock=at(JULY_1), order=order)
    build_all(desk_of(MAKER, tmp_path), run_id, owed_select(august))
    found = operations.check_run(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id).findings
    # The first left unemployment benefit; that their pension is in another run is no finding.
    assert found == {"gone": 1}
