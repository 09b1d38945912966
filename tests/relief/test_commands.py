"""`ansinh pay emergency` in officers' hands: a storm on the command line, every step repeated, with posts behind folders."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

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
from ansinh.cli import acting, pay, pay_emergency, pay_emergency_views, pay_runs
from ansinh.config.operations import set_nation_day
from ansinh.config.payments import partners_folder
from ansinh.foundation.errors import InvalidInput, NotPermitted
from ansinh.foundation.settings import settings
from ansinh_sandbox import home_delivery
from tests.payments.world import REASON, add_account
from tests.relief.world import CLOCK, OTHER, add_person, add_places, owed
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = pytest.mark.usefixtures("fresh_database")
OFFICERS = {
    "hanoi.an": "payment_officer",
    "hanoi.binh": "payment_approver",
    "hanoi.chi": "payment_authoriser",
    "hanoi.dung": "treasurer",
}
MAKER, FIRST, SECOND, TREASURER = OFFICERS
DECLARE = (
    "emergency",
    "declare",
    "--name",
    "Bão thử",
    "--act",
    "Công văn 1",
    "--days",
    "2025-07-01/2025-09-01",
    "--json",
)


@pytest.fixture(autouse=True)
def officers(fresh_database: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Four officers with a role each, two provinces; data and secrets in a folder of the test's, partners that take files."""
    monkeypatch.setenv("ANSINH_DATA", str(tmp_path))
    monkeypatch.setenv("ANSINH_BANKS_URL", "")
    monkeypatch.setenv("ANSINH_SECRETS", str(tmp_path / "secrets"))
    settings.cache_clear()
    add_places()
    set_nation_day(actor=ANYBODY_WITH_RIGHTS, reason=REASON, today=date(2025, 7, 5), source="x")
    two = [Administrator("hanoi.lan", "Trần Thị Lan", "VP"), Administrator("hanoi.minh", "Lê Văn Minh", "VP")]
    found_administration(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=CLOCK, administrators=two)
    lan, minh = actor_of_officer("hanoi.lan"), actor_of_officer("hanoi.minh")
    for name, role in OFFICERS.items():
        register_officer(actor=lan, reason=REASON, officer_no=name, name=name, unit="Hà Nội")
        grant = prepare_role_grant(actor=lan, reason=REASON, clock=CLOCK, officer_no=name, role=role)
        approve_role_grant(actor=minh, reason=REASON, clock=CLOCK, grant=grant)
    yield
    acting.act_as(None)
    settings.cache_clear()


def run(officer: str | None, *words: str) -> Any:
    """Run a command as an officer and return what it printed, read as JSON where it is."""
    acting.act_as(officer)
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for module in (pay, pay_runs, pay_emergency, pay_emergency_views):
            patch.setattr(module, "out", Console(file=printed, width=200))
        result = CliRunner().invoke(pay.app, list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    text = result.output + printed.getvalue()
    return json.loads(text) if "--json" in words else text


def sign_and_send(run_id: str) -> None:
    for officer, step in ((MAKER, "check"), (FIRST, "approve"), (SECOND, "authorise"), (TREASURER, "send")):
        run(officer, "run", step, run_id)


def test_a_storm_on_the_command_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for person in (1, 2, 3):
        add_person(person)
    add_person(4, commune=OTHER)
    months = ("--month", "202507", "--month", "202508")
    declare = (*DECLARE, "--place", "01", *months, "--channel", "account", "--channel", "home")
    emergency = str(run(MAKER, *declare)["emergency"])
    assert run(MAKER, *declare) == {"emergency": int(emergency), "state": "declared"}
    with pytest.raises(NotPermitted):
        run(MAKER, "emergency", "approve", emergency)
    for _ in range(2):
        assert run(FIRST, "emergency", "approve", emergency, "--json")["state"] == "approved"
    opened = [
        run(MAKER, "emergency", "open-run", emergency, "--pay-on", "2025-07-06", "--json")["run"] for _ in range(2)
    ]
    assert opened[0] == opened[1]
    run_id = str(opened[0])
    monkeypatch.setattr(pay_runs, "owed_of", lambda run: owed(1, 2, 3, months=(202507, 202508)))
    assert run(MAKER, "run", "build", run_id, "--json")["orders_built"] == 3
    sign_and_send(run_id)
    # The list lies in the post's folder; one payee has confirmed an account since.
    add_account(1, "0011")
    applied = run(MAKER, "emergency", "apply", emergency, "--run", run_id, "--json")
    assert (applied["recalls"], applied["to_account"], applied["to_home"]) == ({"confirmed": 1}, 1, 2)
    assert run(MAKER, "emergency", "apply", emergency, "--run", run_id, "--json")["to_home"] == 0
    sign_and_send(run_id)
    folder = tmp_path / "lists"
    lists = ("emergency", "lists", emergency, "--run", run_id, "--folder", str(folder), "--json")
    made = [run(MAKER, *lists) for _ in range(2)]
    assert made[0] == made[1]
    (told,) = made[0]["lists"]
    assert told["lines"] == 2
    assert sorted(path.suffix for path in folder.iterdir()) == [".csv", ".jws", ".pdf"]
    files = home_delivery.live(partners_folder(settings()), date(2025, 7, 7))
    for file in (*files, *files):
        run(TREASURER, "emergency", "results", str(file))
    assert run(TREASURER, "emergency", "results", str(files[0]), "--json")["known"]
    _pay_into_accounts()
    run(TREASURER, "run", "collect", run_id)
    report = run(None, "emergency", "report", emergency, "--json")
    assert (report["persons"], report["amount"]) == (3, 6_000_012)
    assert sum(one["persons"] for one in report["lines"]) == 3
    assert {one["channel"] for one in report["lines"]} == {"account", "home"}
    assert "Nơi 01" in run(None, "emergency", "report", emergency)
    assert "Bão thử" in run(None, "emergency", "list")
    assert run(None, "emergency", "list", "--json")[0]["state"] == "approved"
    assert run(MAKER, "emergency", "end", emergency, "--json")["state"] == "ended"


def test_withdrawing_says_what_came_of_each_run() -> None:
    emergency = str(run(MAKER, *DECLARE, "--place", "01", "--place", OTHER, "--month", "202507")["emergency"])
    run(FIRST, "emergency", "approve", emergency)
    run_id = run(MAKER, "emergency", "open-run", emergency, "--pay-on", "2025-07-06", "--json")["run"]
    done = run(MAKER, "emergency", "withdraw", emergency, "--reason", "bão tan", "--json")
    assert (done["state"], [(one["run_id"], one["aborted"]) for one in done["runs"]]) == ("withdrawn", [(run_id, True)])
    assert run(MAKER, "emergency", "withdraw", emergency, "--reason", "bão tan", "--json")["runs"] == []


@pytest.mark.parametrize("words", [("--days", "hôm qua"), ("--channel", "drone")])
def test_what_cannot_be_read_is_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        run(MAKER, *DECLARE, "--place", "01", "--channel", "account", *words)


def _pay_into_accounts() -> None:
    """Let banks credit what lies in their folders."""
    for file in partners_folder(settings()).glob("[0-9]*/in/*.csv"):
        out = file.parents[1] / "out"
        out.mkdir(exist_ok=True)
        lines = list(csv.reader(io.StringIO(file.read_text("utf-8"))))[1:-1]
        told = [f"{line[1]},paid,r{line[0]},,{line[4]},2025-07-07T09:00:00+07:00" for line in lines]
        (out / f"{file.stem}.csv").write_text("\n".join(["ansinh-answers-1", *told]) + "\n", "utf-8")
