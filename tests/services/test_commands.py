"""The counter's commands, from somebody without a phone to the paper in their hand."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from ansinh.benefits.operations import decide_application, prepare_decision
from ansinh.benefits.queries import files_of
from ansinh.cli import services
from ansinh.foundation.actor import Actor
from tests.benefits.filed import DUC, WIDOW
from tests.services.applied import FUNERAL, HOA, LAN, REASON, TODAY, at, settle_people
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = pytest.mark.django_db


class Counter:
    """A command line at which somebody sits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, secrets: Path) -> None:
        self._patch = monkeypatch
        monkeypatch.setattr(services, "agency_clock", lambda: TODAY)
        monkeypatch.setattr(services, "secrets_folder", lambda _: secrets)
        self._written = io.StringIO()
        monkeypatch.setattr(services, "out", Console(file=self._written, width=200))

    def says(self, actor: Actor, *words: str) -> str:
        """Return what a command prints."""
        self._patch.setattr(services, "actor", lambda: actor)
        self._written.truncate(0)
        ran = CliRunner().invoke(services.app, list(words), catch_exceptions=False)
        assert ran.exit_code == 0, ran.output
        return ran.stdout + self._written.getvalue()

    def told(self, actor: Actor, *words: str) -> Any:
        """Return what a command tells machines."""
        return json.loads(self.says(actor, *words, "--json"))


def test_somebody_without_a_phone_applies_and_leaves_with_a_paper(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settle_people()
    counter, form = Counter(monkeypatch, tmp_path), tmp_path / "form.json"
    form.write_text(json.dumps(FUNERAL), encoding="utf-8")
    assert "funeral" in counter.told(LAN, "kinds")
    filled = (
        "submit",
        str(WIDOW),
        "funeral",
        "--key",
        "paper-00017",
        "--why",
        "không có điện thoại",
        "--form",
        str(form),
    )
    receipt = counter.told(LAN, *filled)
    assert counter.told(LAN, *filled) == receipt
    reference = receipt["reference"]
    counter.says(LAN, "receive", reference)
    counter.says(LAN, "answer", reference, "--vi", "đang xử lý", "--en", "at work")
    counter.says(HOA, "forward", reference)
    (line,) = counter.told(LAN, "list", "--office", "benefits")
    assert (line["state"], line["due_on"], line["late"]) == ("forwarded", "2025-07-29", False)
    (file,) = [one.application_id for one in files_of(WIDOW)]
    prepare_decision(actor=HOA, reason=REASON, clock=at(15), application=file)
    decide_application(actor=DUC, reason=REASON, clock=at(15), application=file)
    assert counter.told(ANYBODY_WITH_RIGHTS, "work") == {"near": 0, "late": 0, "unanswered": 0}
    shown = counter.says(LAN, "show", reference)
    for words in ("đang xử lý", "officer:hanoi.lan", "23.400.000 ₫"):
        assert words in shown
    paper = tmp_path / "result.pdf"
    counter.says(LAN, "result", reference, "--into", str(paper))
    assert paper.read_bytes().startswith(b"%PDF-")
    assert not counter.told(LAN, "list")
