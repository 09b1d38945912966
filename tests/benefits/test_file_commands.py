"""The commands of files: what a person reads, and the same for machines."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from ansinh.cli import benefit_files, benefit_screens
from ansinh.foundation.actor import Actor
from tests.benefits.filed import DUC, HOA, TODAY, WOMAN, WORKER, settle

pytestmark = pytest.mark.django_db


class Desk:
    """A command line at which somebody sits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        monkeypatch.setattr(benefit_files, "agency_clock", lambda: TODAY)
        self._written = io.StringIO()
        for module in (benefit_files, benefit_screens):
            monkeypatch.setattr(module, "out", Console(file=self._written, width=200))

    def says(self, actor: Actor, *words: str) -> str:
        """Return what a command prints."""
        self._patch.setattr(benefit_files, "actor", lambda: actor)
        self._written.truncate(0)
        ran = CliRunner().invoke(benefit_files.app, list(words), catch_exceptions=False)
        assert ran.exit_code == 0, ran.output
        return ran.stdout + self._written.getvalue()

    def told(self, actor: Actor, *words: str) -> Any:
        """Return what a command tells machines."""
        return json.loads(self.says(actor, *words, "--json"))


@pytest.fixture
def desk(db: None, monkeypatch: pytest.MonkeyPatch) -> Desk:
    settle()
    return Desk(monkeypatch)


def test_a_pension_from_filing_to_decision_on_the_command_line(desk: Desk) -> None:
    filed = desk.told(HOA, "apply", "retirement", str(WOMAN))
    number = str(filed["application_id"])
    assert (filed["state"], filed["due_on"]) == ("gathering", "2025-07-31")
    prepared = desk.told(HOA, "prepare", number)
    assert (prepared["outcome"], prepared["state"]) == ("granted", "prepared")
    decided = desk.told(DUC, "decide", number)
    assert decided["state"] == "granted"
    shown = desk.says(DUC, "decision", str(decided["decision_id"]))
    for words in (
        "lương hưu hằng tháng",
        "sổ bảo hiểm xã hội điện tử",
        "Điều 66 Luật 41/2024/QH15",
        "hanoi.hoa",
        "hanoi.duc",
    ):
        assert words in shown
    english = desk.says(DUC, "decision", str(decided["decision_id"]), "--explain", "en")
    assert "Law 41/2024/QH15 art. 66" in english
    assert "the contribution book" in english
    whole = desk.told(DUC, "file", number)
    assert whole["decisions"][0] == decided["decision"]
    assert "đã quyết định hưởng" in desk.says(DUC, "file", number)
    assert desk.told(DUC, "files") == []
    assert [one["application_id"] for one in desk.told(DUC, "files", "--person", str(WOMAN))] == [int(number)]


def test_what_is_missing_is_said_with_paper_place_and_what_to_do(desk: Desk) -> None:
    shown = desk.says(HOA, "apply", "unemployment", str(WORKER))
    for words in ("Thiếu", "quyết định thôi việc", "người sử dụng lao động", "contract_end="):
        assert words in shown
    number = str(desk.told(HOA, "files")[0]["application_id"])
    assert "chờ bổ sung giấy tờ" in desk.says(HOA, "file", number)
    stated = desk.told(HOA, "state", number, "contract_end=2025-06-30", "broke_contract=no")
    assert stated["missing"] == []


def test_a_simulation_says_what_it_assumes(desk: Desk) -> None:
    shown = desk.says(HOA, "simulate", str(WORKER), "--age", "62", "--growth", "2")
    for words in ("Giả định", "tăng 2 % một năm", "price_coefficient.year_2026", "Không lưu gì"):
        assert words in shown
    assert desk.told(HOA, "simulate", str(WORKER), "--age", "62")["from_month"] == 205203


def test_deadlines_come_with_their_sources_and_the_kinds_with_their_papers(desk: Desk) -> None:
    told = desk.told(HOA, "deadlines", "--on", "2025-07-15")
    assert {"kind": "unemployment", "days": 20}.items() <= next(
        {"kind": one["kind"], "days": one["days"]} for one in told["deadlines"] if one["kind"] == "unemployment"
    ).items()
    assert "Nghị định 28/2015" in desk.says(HOA, "deadlines", "--on", "2025-07-15")
    assert set(desk.told(HOA, "kinds")) >= {"retirement", "survivors", "unemployment"}
