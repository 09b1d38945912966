"""`ansinh pay ledger`, `recoveries`, `unclaimed` and `recall` in officers' hands, each step repeated."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # its types are a package of their own
import pytest
from rich.console import Console
from typer.testing import CliRunner

from ansinh.cli import acting, pay, pay_ledger, pay_recoveries, pay_runs
from ansinh.database.sql import execute
from ansinh.foundation.errors import NotPermitted, Refusal
from tests.payments.test_commands import FIRST, MAKER, SECOND, TREASURER, answer_everything, officers
from tests.payments.world import VCB, Owed, add_payee, owed_select

__all__ = ["officers"]
pytestmark = pytest.mark.usefixtures("fresh_database")


def run(officer: str | None, *words: str, code: int = 0) -> Any:
    """Run a command as an officer and return what it printed, read as JSON where it is."""
    acting.act_as(officer)
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for module in (pay, pay_runs, pay_ledger, pay_recoveries):
            patch.setattr(module, "out", Console(file=printed, width=200))
        result = CliRunner().invoke(pay.app, list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    text = result.output + printed.getvalue()
    return json.loads(text) if "--json" in words else text


def sent_run(monkeypatch: pytest.MonkeyPatch) -> str:
    """A run of two payees handed over, one by account and one in cash."""
    monkeypatch.setattr(pay_runs, "owed_of", lambda run: owed_select([Owed(1, 1_000), Owed(2, 2_000)]))
    made = run(MAKER, "run", "create", "--pay-on", "2025-07-02", "--month", "202507", "--act", "x", "--json")
    run_id = str(made["run"])
    for officer, step in (
        (MAKER, "build"),
        (MAKER, "check"),
        (FIRST, "approve"),
        (SECOND, "authorise"),
        (TREASURER, "send"),
    ):
        run(officer, "run", step, run_id)
    return run_id


def test_books_recoveries_and_unclaimed_money_on_the_command_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    add_payee(1, "0011")
    add_payee(2)
    run_id = sent_run(monkeypatch)
    answer_everything()
    run(TREASURER, "run", "collect", run_id)
    for _ in range(2):
        assert run(None, "ledger", "reckon", "--json")["opened"] == 0
    file = tmp_path / "t.xlsx"
    found = run(None, "ledger", "trial-balance", "--month", "202507", "--xlsx", str(file), "--json")
    assert found["zero"]
    assert found["sums"][2:4] == [8_000, 8_000]
    assert openpyxl.load_workbook(file).active.max_row == 5 + 1 + len(found["lines"]) + 1
    assert "Cộng" in run(None, "ledger", "trial-balance", "--month", "202507")
    assert {one["key"]: one["balance"] for one in run(None, "ledger", "balances", "--json")["accounts"]}[
        "pension_fund"
    ] == 3_000
    assert "pension_fund" in run(None, "ledger", "balances")
    assert run(None, "ledger", "differences", "--json") == []
    with pytest.raises(Refusal):
        run(TREASURER, "ledger", "settle", VCB, "9", "x")
    execute("UPDATE people_person SET died_on = '2025-06-01' WHERE person_id = 1")
    assert [run(MAKER, "recoveries", "open", "--month", "202507", "--json")["paid_after_death"] for _ in range(2)] == [
        1,
        0,
    ]
    number = str(run(None, "recoveries", "list", "--json")[0]["recovery_id"])
    assert [run(MAKER, "recoveries", "demand", "1", number, "--json")["state"] for _ in range(2)] == ["demanded"] * 2
    repaid = ("recoveries", "repaid", "1", number, "--amount", "400", "--reference", "FT1", "--bank", VCB, "--json")
    assert [run(TREASURER, *repaid)["state"] for _ in range(2)] == ["repaid_in_part"] * 2
    run(MAKER, "recoveries", "ask-write-off", "1", number, "--reason", "không còn ai")
    with pytest.raises(NotPermitted):
        run(MAKER, "recoveries", "decide-write-off", "1", number, "--agree", "--reason", "x")
    run(SECOND, "recoveries", "decide-write-off", "1", number, "--agree", "--reason", "đủ căn cứ")
    assert "written_off" in run(None, "recoveries", "list", "--state", "written_off")
    assert [step["event"] for step in run(MAKER, "recoveries", "show", "1", number, "--json")][-1] == "written_off"
    assert "FT1" in run(MAKER, "recoveries", "show", "1", number)
    assert run(MAKER, "unclaimed", "set-aside", "--month", "202507", "--json") == {"persons": 0, "amount": 0}
    assert run(None, "unclaimed", "list", "--json") == []
    for words, refusal in (
        (("unclaimed", "claim", "2"), "not_found"),
        (("ledger", "trial-balance", "--month", "202513"), "invalid_input"),
    ):
        with pytest.raises(Refusal) as refused:
            run(MAKER, *words)
        assert refused.value.code == refusal


def test_a_list_is_called_back_from_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    add_payee(1, "0011")
    add_payee(2)
    run_id = sent_run(monkeypatch)
    batches = {one["partner"]: str(one["batch_id"]) for one in run(None, "run", "show", run_id, "--json")["batches"]}
    for cancelled in (1, 0):
        told = run(TREASURER, "recall", batches["P01"], "--reason", "sai danh sách", "--json")
        assert told == {"batch": int(batches["P01"]), "outcome": "confirmed", "cancelled": cancelled}
    assert run(None, "run", "show", run_id, "--json")["attempts"] == {"cancelled": 1, "sent": 1}
    assert all(one["zero"] for one in run(None, "run", "explain-difference", run_id, "--json"))
