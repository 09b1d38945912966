"""`ansinh healthbook referral` and `access`: what people and machines read of it, and the codes it ends with."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ansinh.cli import healthbook_reading, referrals
from ansinh.config.operations import set_nation_day
from ansinh.referrals.states import PaperRefused
from tests.referrals.given import ISSUER, PAPER, PATIENT, RECEIVER, found_facilities, referral, slip, take
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = pytest.mark.django_db
SHOWN = [str(PATIENT), "--issuer", ISSUER, "--number", PAPER, "--at", RECEIVER, "--reason", "tiếp đón"]


@pytest.fixture(autouse=True)
def _papers(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    found_facilities()
    take(referral(), slip())
    set_nation_day(actor=ANYBODY_WITH_RIGHTS, reason="thử", today=date(2025, 6, 5), source="test")
    monkeypatch.setattr(referrals, "actor", lambda: ANYBODY_WITH_RIGHTS)
    monkeypatch.setattr(healthbook_reading, "actor", lambda: ANYBODY_WITH_RIGHTS)


def run(*words: str) -> Any:
    return CliRunner().invoke(referrals.app, list(words), catch_exceptions=True)


def test_a_paper_is_listed_checked_and_used_once() -> None:
    listed = json.loads(run("list", str(PATIENT), "--reason", "xem", "--json").output)
    assert [(one["number"], one["standing"]) for one in listed["referrals"]] == [(PAPER, "issued")]
    assert run("check", *SHOWN).exit_code == 0
    used = json.loads(run("use", *SHOWN, "--visit", "LK-1", "--json").output)
    assert used["verdict"] == "usable"
    refused = run("use", *SHOWN, "--visit", "LK-2")
    assert isinstance(refused.exception, PaperRefused)
    assert RECEIVER in refused.exception.en
    assert run("check", *SHOWN).exit_code == 1
    assert run("list", str(PATIENT), "--reason", "xem").exit_code == 0


def test_tables_are_shown_to_people_and_machines(tmp_path: Path) -> None:
    assert json.loads(run("year-long", "--json").output)[0]["first"] == "A15"
    assert run("year-long").exit_code == 0
    assert run("remind", "--reason", "nhắc", "--days", "30").exit_code == 0
    told = CliRunner().invoke(healthbook_reading.app, ["rules", "--json"])
    assert len(json.loads(told.output)) == 110
    for words in (["rules"], ["emergencies"], ["emergencies", "--json"]):
        assert CliRunner().invoke(healthbook_reading.app, words).exit_code == 0
