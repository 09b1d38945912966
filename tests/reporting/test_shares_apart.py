"""Shares by account apart: social insurance, unemployment and what is paid once; what is missing to the target, and the list for those who call on people."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from ansinh.cli import pay, pay_share
from ansinh.foundation.errors import Refusal
from ansinh.payments import operations
from ansinh.payments.operations import RunOrder
from ansinh.payments.procedures import build_all, collect_all, send_ready
from ansinh.reporting import checks
from ansinh.reporting.queries import communes, counted, missing, published, recounted
from tests.payments.world import (
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
    owed_select,
    sign,
)
from tests.reporting.test_figures import TODAY, count, value

pytestmark = pytest.mark.usefixtures("fresh_database")


def closed(folder: Path, rhythm: str, owed: list[Owed], pay_on: date = date(2025, 7, 2)) -> int:
    order = RunOrder(pay_on, (202507,), f"QĐ {rhythm}", rhythm)
    run_id = operations.create_run(actor=MAKER, reason=REASON, clock=at(JULY_1), order=order)
    build_all(desk_of(MAKER, folder), run_id, owed_select(owed))
    sign(run_id, folder)
    desk = desk_of(TREASURER, folder, [BankDouble(name) for name in (VCB, POST, "P79")])
    send_ready(desk, run_id)
    collect_all(desk)
    operations.close_run(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id)
    return run_id


def run(*words: str) -> Any:
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pay_share, "out", Console(file=printed, width=200))
        result = CliRunner().invoke(pay.app, list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    text = result.output + printed.getvalue()
    return json.loads(text) if "--json" in words else text


def test_each_kind_has_its_share_and_a_person_counts_once(tmp_path: Path) -> None:
    for person in range(1, 9):
        add_payee(person, f"00{person}{person}" if person in {1, 2, 6} else None)
    closed(tmp_path, "monthly", [Owed(1, 1_000), Owed(2, 1_000, urban=False), Owed(3, 1_000), Owed(4, 1_000)])
    assert counted(TODAY)["pay.persons"] == 0
    count()
    closed(
        tmp_path,
        "unemployment",
        [Owed(5, 1_000, kind="unemployment"), Owed(3, 1_000, kind="unemployment", entitlement_id=2)],
    )
    first = closed(
        tmp_path,
        "one_off",
        [
            Owed(6, 9_000, kind="funeral"),
            Owed(7, 9_000, kind="funeral", province="79"),
            Owed(1, 5, kind="funeral", entitlement_id=3),
        ],
    )
    count()
    count()
    key = "pay.account_share."
    # In town: 1, 3 and 4 by insurance; 5 and, apart, 3 by unemployment; together 1, 3, 4 and 5.
    assert (value(f"{key}national")[0], value(f"{key}urban")[0]) == (50.0, 25.0)
    assert (value(f"{key}urban_insurance")[0], value(f"{key}urban_unemployment")[0]) == (33.33, 0.0)
    assert (value(f"{key}one_off")[0], value(f"{key}urban_one_off")[0]) == (66.67, 66.67)
    assert value(f"{key}urban_missing")[0] == 2
    assert counted(TODAY) == recounted(TODAY)
    assert [one.name for one in checks.checks() if not one.ok] == []
    told = published("one_off")
    assert (told.run_id, len(told.seal), told.version != "") == (first, 64, True)
    assert told.figures["79"]["account_share.persons"] == (0, 1)
    lines = communes(published())
    assert [(one.province, one.commune, one.in_cash, one.persons, one.missing) for one in lines] == [
        ("01", "00004", 2, 4, 1)
    ]
    assert communes(published(), "79") == []
    shown = run("share", "--json")
    assert (shown["run"], shown["provinces"][0]["share"], shown["provinces"][0]["urban_missing"]) == (1, 50.0, 1)
    assert run("outreach", "--province", "01", "--json")["communes"][0]["in_cash"] == 2
    assert "00004" in run("outreach")
    assert "Cả nước" in run("share", "--rhythm", "unemployment")
    with pytest.raises(Refusal) as refused:
        run("share", "--run", "99")
    assert refused.value.code == "not_found"


@pytest.mark.parametrize(
    ("by_account", "persons", "wanted"),
    [(0, 0, 0), (0, 1, 1), (1, 1, 0), (59, 100, 1), (60, 101, 1), (61, 101, 0), (90, 100, 0)],
)
def test_what_is_missing_to_the_target(by_account: int, persons: int, wanted: int) -> None:
    assert missing(by_account, persons) == wanted
