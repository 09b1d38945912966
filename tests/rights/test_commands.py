"""`ansinh rights` on a command line: the desk lists and answers, officers record guardians and representatives by two."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console
from typer.testing import CliRunner

from ansinh.cli import rights
from ansinh.database.sql import execute, rows
from ansinh.foundation.actor import Actor
from ansinh.mandates.queries import may_act, may_declare
from ansinh.mandates.states import What, Who
from tests.mandates.family import GRANDMOTHER, LAN, MINH, MORNING, NEIGHBOUR
from tests.rights.test_requests import DPO, ask, dispute, looked_at, people

__all__ = ["people"]
pytestmark = pytest.mark.django_db


def run(shell: pytest.MonkeyPatch, actor: Actor, *words: str) -> str:
    """Run a command as somebody, by the family's clock; returns what was printed."""
    printed = io.StringIO()
    console = Console(file=printed, width=200)
    shell.setattr(rights, "actor", lambda: actor)
    shell.setattr(rights, "agency_clock", lambda: MORNING)
    shell.setattr(rights, "out", console)
    shell.setattr(rights, "print_json", lambda told: printed.write(json.dumps(told)))
    result = CliRunner().invoke(rights.app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return printed.getvalue()


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Who acts can be set, and what is printed is caught."""
    return monkeypatch


def test_the_desk_lists_and_answers(shell: pytest.MonkeyPatch) -> None:
    request, disputed = ask(), dispute(looked_at(GRANDMOTHER))
    listed = json.loads(run(shell, DPO, "list", "--json"))
    assert [one["request"] for one in listed["open"]] == [request, disputed]
    assert "khiếu nại" in run(shell, DPO, "list")
    run(shell, DPO, "look-into", str(disputed))
    run(shell, DPO, "answer", str(disputed), "unjustified", "Không có lượt khám nào hôm đó.")
    run(shell, DPO, "answer", str(request), "granted", "Đã sửa.")
    assert [one["request"] for one in json.loads(run(shell, DPO, "list", "--json"))["breaches"]] == [disputed]
    assert json.loads(run(shell, DPO, "findings", "--json"))[0]["officer"] == "BS02"
    run(shell, DPO, "breach", str(disputed), "CV 12/2025")
    assert json.loads(run(shell, DPO, "list", "--json")) == {"open": [], "breaches": []}
    assert "BS02" in run(shell, DPO, "findings")


def test_watching_is_safe_to_repeat(shell: pytest.MonkeyPatch) -> None:
    operator = Actor(LAN.kind, "vh", LAN.permissions)
    for _ in range(2):
        assert json.loads(run(shell, operator, "watch", "--json")) == {"late": 0, "breaches": 0, "emptied": 0}
    assert "0" in run(shell, operator, "watch")


def test_two_officers_record_a_guardian_and_a_representative(shell: pytest.MonkeyPatch) -> None:
    execute(
        "INSERT INTO participation_employer (employer_id, code, name, kind, province, commune, region) "
        "VALUES (77, 'DV0077', 'May Mặc', 'company', '01', '00004', 1)"
    )
    run(shell, LAN, "guardian", str(NEIGHBOUR), str(GRANDMOTHER), "QĐ 5/2025")
    run(shell, LAN, "representative", str(NEIGHBOUR), "DV0077", "GGT 1/2025", "--until", "2026-01-01")
    waiting = json.loads(run(shell, MINH, "waiting", "--json"))
    assert [one["kind"] for one in waiting] == ["guardian", "representative"]
    for one in waiting:
        run(shell, MINH, "approve", str(one["number"]))
    assert may_act(NEIGHBOUR, GRANDMOTHER, What.DECIDE, MORNING.at) is Who.GUARDIAN
    assert may_declare(NEIGHBOUR, 77, MORNING.at)
    run(shell, LAN, "end", str(waiting[0]["number"]))
    run(shell, LAN, "end", "--employer", str(waiting[1]["number"]))
    assert rows("SELECT state FROM mandates_mandate UNION ALL SELECT state FROM mandates_representative") == [
        ("revoked",),
        ("revoked",),
    ]
    assert "Chờ duyệt" in run(shell, MINH, "waiting")
