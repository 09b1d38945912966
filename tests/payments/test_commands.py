"""`ansinh pay` in four officers' hands: a month on the command line, every step repeated, with banks behind folders."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from rich.console import Console
from typer.testing import CliRunner

from ansinh.access.operations import (
    Administrator,
    approve_role_grant,
    found_administration,
    prepare_role_grant,
    register_officer,
)
from ansinh.access.queries import actor_of_officer
from ansinh.cli import acting, pay, pay_runs
from ansinh.config.operations import set_nation_day
from ansinh.config.payments import partners_folder
from ansinh.foundation.errors import NotPermitted, Refusal
from ansinh.foundation.settings import settings
from tests.payments.world import BIDV, JULY_1, POST, REASON, VCB, Owed, add_payee, at, owed_select
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = pytest.mark.usefixtures("fresh_database")
OFFICERS = {
    "hanoi.an": "payment_officer",
    "hanoi.binh": "payment_approver",
    "hanoi.chi": "payment_authoriser",
    "hanoi.dung": "treasurer",
}
MAKER, FIRST, SECOND, TREASURER = OFFICERS
CLOCK = at(JULY_1)


@pytest.fixture(autouse=True)
def officers(fresh_database: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Four officers with a role each; data and secrets in a folder of the test's, banks that take files."""
    monkeypatch.setenv("ANSINH_DATA", str(tmp_path))
    monkeypatch.setenv("ANSINH_BANKS_URL", "")
    monkeypatch.setenv("ANSINH_SECRETS", str(tmp_path / "secrets"))
    settings.cache_clear()
    set_nation_day(actor=ANYBODY_WITH_RIGHTS, reason=REASON, today=date(2025, 7, 1), source="x")
    two = [Administrator("hanoi.lan", "Trần Thị Lan", "VP"), Administrator("hanoi.minh", "Lê Văn Minh", "VP")]
    found_administration(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=CLOCK, administrators=two)
    lan, minh = actor_of_officer("hanoi.lan"), actor_of_officer("hanoi.minh")
    for name, role in OFFICERS.items():
        register_officer(actor=lan, reason=REASON, officer_no=name, name=name, unit="Hà Nội")
        approve_role_grant(
            actor=minh,
            reason=REASON,
            clock=CLOCK,
            grant=prepare_role_grant(actor=lan, reason=REASON, clock=CLOCK, officer_no=name, role=role),
        )
    yield
    acting.act_as(None)
    settings.cache_clear()


def run(officer: str | None, *words: str, code: int = 0) -> Any:
    """Run a command as an officer and return what it printed, read as JSON where it is."""
    acting.act_as(officer)
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for module in (pay, pay_runs):
            patch.setattr(module, "out", Console(file=printed, width=200))
        result = CliRunner().invoke(pay.app, list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    text = result.output + printed.getvalue()
    return json.loads(text) if "--json" in words else text


def answer_everything() -> None:
    """Answer what lies in the partners' folders: paid, but for account 0022, which is closed."""
    for file in partners_folder(settings()).glob("*/in/*.csv"):
        out = file.parents[1] / "out"
        out.mkdir(exist_ok=True)
        lines = list(csv.reader(io.StringIO(file.read_text("utf-8"))))[1:-1]
        told = [
            f"{end_to_end_id},{'rejected' if account == '0022' else 'paid'},r{number},{'AC04' if account == '0022' else ''},{amount},2025-07-02T09:00:00+07:00"
            for number, end_to_end_id, account, _, amount, _ in lines
        ]
        (out / f"{file.stem}.csv").write_text("\n".join(["ansinh-answers-1", *told]) + "\n", "utf-8")


def test_a_month_on_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    add_payee(1, "0011", bank=VCB)
    add_payee(2, "0022", bank=BIDV)
    add_payee(3)
    monkeypatch.setattr(pay_runs, "owed_of", lambda run: owed_select([Owed(1, 1_000), Owed(2, 2_000), Owed(3, 3_000)]))
    create = ("run", "create", "--pay-on", "2025-07-02", "--month", "202507", "--act", "Quyết định 1", "--json")
    run_id = str(run(MAKER, *create)["run"])
    assert str(run(MAKER, *create)["run"]) == run_id
    built = [run(MAKER, "run", "build", run_id, "--json")["orders_built"] for _ in range(2)]
    assert built == [3, 0]
    assert run(MAKER, "run", "check", run_id, "--json")["seal_no"] == 1
    with pytest.raises(NotPermitted):
        run(MAKER, "run", "approve", run_id)
    for _ in range(2):
        assert run(FIRST, "run", "approve", run_id, "--json")["state"] == "approved"
    for _ in range(2):
        assert run(SECOND, "run", "authorise", run_id, "--json")["state"] == "authorised"
    with pytest.raises(Refusal) as refused:
        run(
            TREASURER,
            "run",
            "send",
            run_id,
            "--available",
            f"{VCB}=999",
            "--available",
            f"{BIDV}=9999",
            "--available",
            f"{POST}=9999",
        )
    assert refused.value.code == "funds_missing"
    assert run(TREASURER, "run", "send", run_id, "--json")["batches"] == {"sent": 3}
    assert run(TREASURER, "run", "send", run_id, "--json")["batches"] == {}
    answer_everything()
    assert run(TREASURER, "run", "collect", run_id, "--json")["matched"] == 3
    assert run(TREASURER, "run", "collect", run_id, "--json")["matched"] == 0
    assert run(MAKER, "run", "reroute", run_id, "--json")["attempts"] == 1
    for officer, step in ((MAKER, "check"), (FIRST, "approve"), (SECOND, "authorise"), (TREASURER, "send")):
        run(officer, "run", step, run_id)
    answer_everything()
    run(TREASURER, "run", "collect", run_id)
    assert all(one["zero"] for one in run(None, "run", "explain-difference", run_id, "--json"))
    assert run(MAKER, "run", "close", run_id, "--json")["state"] == "closed"
    shown = run(None, "run", "show", run_id, "--json")
    assert shown["attempts"] == {"rejected": 1, "paid": 3}
    assert shown["ledger"] == {"pension_fund": 6_000, f"bank:{VCB}": -1_000, "paid_in_cash": -5_000}
    story = [step["what"] for step in run(None, "run", "show", run_id, "--person", "2", "--json")]
    assert [what for what in story if "try" not in what and "taken" not in what] == [
        "ordered",
        "attempt 1 rejected",
        "attempt 2 paid",
    ]
    assert "closed" in run(None, "run", "list")
    assert "Quyết định 1" in run(None, "run", "show", run_id)
    assert run(None, "cases", "--json") == []


def test_explain_difference_exits_1_where_sums_differ(monkeypatch: pytest.MonkeyPatch, fresh_database: Any) -> None:
    add_payee(1, "0011")
    monkeypatch.setattr(pay_runs, "owed_of", lambda run: owed_select([Owed(1, 1_000)]))
    run_id = str(
        run(MAKER, "run", "create", "--pay-on", "2025-07-02", "--month", "202507", "--act", "x", "--json")["run"]
    )
    run(MAKER, "run", "build", run_id)
    with psycopg.connect(fresh_database.urls.owner) as owner:
        owner.execute("UPDATE payments_order SET amount = amount + 1")
    assert "✘" in run(None, "run", "explain-difference", run_id, code=1)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("run", "create", "--pay-on", "2025-07-02", "--month", "202513", "--act", "x"), "invalid_input"),
        (("run", "create", "--pay-on", "2025-07-02", "--month", "202507", "--act", " "), "invalid_input"),
        (
            ("run", "create", "--pay-on", "2025-07-02", "--month", "202507", "--act", "x", "--kind", "gift"),
            "invalid_input",
        ),
        (("run", "build", "99"), "not_found"),
        (("run", "check", "99"), "not_found"),
        (("run", "show", "99"), "not_found"),
        (("run", "abort", "99", "--reason", "x"), "not_found"),
    ],
)
def test_refusals_say_what_and_where(words: tuple[str, ...], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        run(MAKER, *words)
    assert refused.value.code == code
    assert refused.value.vi
