"""`ansinh cards` in a card officer's hands: clear, safe to run twice, and without whole numbers on the screen."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
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
from ansinh.cli import acting, card_changes, cards
from ansinh.config.operations import set_nation_day
from ansinh.database.sql import number
from ansinh.foundation.errors import NotPermitted, Refusal
from tests.cards.card_world import REASON, TODAY, add_person, number_of, si_code
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_insured")]


@pytest.fixture(autouse=True)
def card_officer() -> Iterator[None]:
    """A card officer whom two administrators gave the role; the nation lives on TODAY."""
    set_nation_day(actor=ANYBODY_WITH_RIGHTS, reason=REASON, today=TODAY, source="x")
    first = [Administrator("hanoi.lan", "Trần Thị Lan", "VP"), Administrator("hanoi.minh", "Lê Văn Minh", "VP")]
    found_administration(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY, administrators=first)
    lan, minh = actor_of_officer("hanoi.lan"), actor_of_officer("hanoi.minh")
    register_officer(actor=lan, reason=REASON, officer_no="hanoi.thu", name="Phạm Thị Thu", unit="Hà Nội")
    grant = prepare_role_grant(actor=lan, reason=REASON, clock=JULY, officer_no="hanoi.thu", role="card_officer")
    approve_role_grant(actor=minh, reason=REASON, clock=JULY, grant=grant)
    acting.act_as("hanoi.thu")
    yield
    acting.act_as(None)


def run(*words: str) -> str:
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for module in (cards, card_changes):
            patch.setattr(module, "out", Console(file=printed, width=200))
        result = CliRunner().invoke(cards.app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output + printed.getvalue()


def told(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


def test_an_officer_changes_a_card_and_the_second_run_changes_nothing() -> None:
    first = told("suspend", "1", "--reason", "nghi mượn thẻ")
    assert (first["state"], first["already"]) == ("suspended", False)
    assert told("suspend", "1", "--reason", "nghi mượn thẻ")["already"] is True
    assert told("restore", "1", "--reason", "đã xác minh")["state"] == "issued"
    assert told("reduce", "1", "--kind", "moved_out", "--reason", "chuyển tỉnh")["state"] == "reduced_moved_out"
    assert told("withdraw", "1", "--reason", "cấp trùng")["state"] == "withdrawn"
    assert number("SELECT count(*) FROM cards_event WHERE person_id = 1 AND actor_reference = 'hanoi.thu'") == 4
    assert [line["event"] for line in told("show", "1")["history"]][1:] == [
        "suspended",
        "restored",
        "reduced",
        "withdrawn",
    ]


def test_show_never_prints_a_whole_number() -> None:
    run("replace", "1", "--to", "HN", "--reason", "hộ nghèo")
    for text in (run("show", "1"), run("show", "1", "--json")):
        assert si_code(1) not in text
        assert f"HN201…{number_of(1)[-3:]}" in text


def test_replace_change_facility_issue_and_number_a_child() -> None:
    run("change-facility", "2", "--facility", "01002", "--reason", "chuyển nơi ở")
    assert told("show", "2")["standing"]["facility"] == "01002"
    add_person(3)
    days = ("--group", "GD/01", "--facility", "01002", "--days", "2025-07-10..2026-07-10")
    assert told("issue-to", "3", *days, "--reason", "hộ gia đình")["already"] is False
    assert told("issue-to", "3", *days, "--reason", "hộ gia đình")["already"] is True
    add_person(4, birth_year=2025, birth_month=7, birth_day=1)
    assert told("temporary-number", "4", "--province", "01", "--reason", "mới sinh")["number"].startswith("TE101")


def test_a_planned_change_waits_for_its_day_and_due_brings_it() -> None:
    run("suspend", "1", "--reason", "thử", "--on", "2025-07-20")
    assert told("due") == {"persons": 0}
    set_nation_day(actor=ANYBODY_WITH_RIGHTS, reason=REASON, today=TODAY.replace(day=20), source="x")
    acting.act_as(None)
    assert told("due") == {"persons": 1}
    assert told("show", "1")["standing"]["status"] == "suspended"


def test_rebuild_tells_how_fast_and_how_many_differed() -> None:
    acting.act_as(None)
    found = told("rebuild")
    assert (found["standings"], found["changed"]) == (2, 0)
    assert found["rate"] > 0
    assert "2 người" in run("rebuild")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["show", "99"], "not_found"),
        (["suspend", "99", "--reason", "x"], "not_found"),
        (["suspend", "1", "--reason", "x", "--card", "5"], "not_found"),
        (["reduce", "1", "--kind", "gone", "--reason", "x"], "invalid_input"),
        (["suspend", "1", "--reason", " "], "invalid_input"),
        (
            [
                "issue-to",
                "1",
                "--group",
                "GD/01",
                "--facility",
                "01002",
                "--days",
                "2025-08-01..2025-02-30",
                "--reason",
                "x",
            ],
            "invalid_input",
        ),
        (
            [
                "issue-to",
                "1",
                "--group",
                "GD",
                "--facility",
                "01002",
                "--days",
                "2026-08-01..2026-09-01",
                "--reason",
                "x",
            ],
            "invalid_input",
        ),
        (["replace", "1", "--to", "DN", "--reason", "x"], "same_card_number"),
        (
            ["change-facility", "1", "--facility", "01002", "--reason", "x", "--on", "2025-08-01"],
            "outside_change_window",
        ),
    ],
)
def test_refusals_have_a_code_and_change_nothing(words: list[str], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        run(*words)
    assert refusal.value.code == code
    assert number("SELECT count(*) FROM cards_event") == 0


def test_the_operator_decides_about_nobody() -> None:
    acting.act_as(None)
    with pytest.raises(NotPermitted):
        run("suspend", "1", "--reason", "x")
