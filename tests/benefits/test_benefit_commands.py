"""`ansinh benefits` in officers' hands; and an adjustment that is killed in the middle and goes on."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
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
from ansinh.benefits.entitlement_checks import entitlement_checks
from ansinh.cli import acting, benefit_changes, benefit_views, benefits
from ansinh.config.operations import set_nation_day
from ansinh.database.sql import number, rows
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted, Refusal
from tests.benefits.entitled import DECREE, REASON, Office, add_person, corrections, versions
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY
from tests.support.database import OwnDatabase

TODAY = date(2025, 7, 10)
THU, MINH = "hanoi.thu", "hanoi.minh2"


@pytest.fixture
def officers(db: None) -> Iterator[None]:
    """A benefit officer and an approver, whom two administrators gave their roles; the nation lives on TODAY."""
    set_nation_day(actor=ANYBODY_WITH_RIGHTS, reason=REASON, today=TODAY, source="x")
    first = [Administrator("hanoi.lan", "Trần Thị Lan", "VP"), Administrator("hanoi.minh", "Lê Văn Minh", "VP")]
    found_administration(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY, administrators=first)
    lan, minh = actor_of_officer("hanoi.lan"), actor_of_officer("hanoi.minh")
    for officer, role in ((THU, "benefit_officer"), (MINH, "benefit_approver")):
        register_officer(actor=lan, reason=REASON, officer_no=officer, name="Phạm Thị Thu", unit="Hà Nội")
        grant = prepare_role_grant(actor=lan, reason=REASON, clock=JULY, officer_no=officer, role=role)
        approve_role_grant(actor=minh, reason=REASON, clock=JULY, grant=grant)
    yield
    acting.act_as(None)


@pytest.fixture
def pension(officers: None) -> int:
    add_person(7)
    office = Office(TODAY)
    entitlement = office.opened(7, 5_000_000, 202505)
    for month in (202505, 202506):
        office.freeze(month)
    return entitlement


def run(*words: str, officer: str | None = THU) -> str:
    acting.act_as(officer)
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for module in (benefits, benefit_changes, benefit_views):
            patch.setattr(module, "out", Console(file=printed, width=200))
        result = CliRunner().invoke(benefits.app, list(words))
    if isinstance(result.exception, Refusal):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output + printed.getvalue()


def told(*words: str, officer: str | None = THU) -> Any:
    return json.loads(run(*words, "--json", officer=officer))


def test_show_tells_an_entitlement_in_both_languages_and_to_machines(pension: int) -> None:
    shown = run("show", "7")
    assert "5.000.000 ₫" in shown
    assert "pension" in shown
    (one,) = told("show", "7")["entitlements"]
    assert (one["entitlement"], one["versions"][0]["amount"]) == (pension, 5_000_000)
    assert "không có quyền hưởng" in run("show", "8")
    with pytest.raises(NotPermitted):
        run("show", "7", officer=None)


def test_suspend_is_done_at_once_and_twice_once(pension: int) -> None:
    words = (
        "suspend",
        "7",
        "--because",
        "unlawful_exit",
        "--reason",
        "xuất cảnh",
        "--act",
        "QĐ 5",
        "--from",
        "2025-06",
    )
    first, again = told(*words), told(*words)
    assert (first["done"], first["corrections_amount"], again["already"]) == (True, -5_000_000, True)
    assert "thu hồi" in run("show", "7")
    assert "QĐ 5" in run("show", f"{7}")


def test_recalculate_waits_for_the_other_officer(pension: int) -> None:
    words = (
        "recalculate",
        f"7/{pension}",
        "--amount",
        "5400000",
        "--reason",
        "bổ sung sổ",
        "--act",
        "QĐ 6",
        "--from",
        "2025-06",
    )
    prepared = told(*words)
    assert not prepared["done"]
    assert str(prepared["change"]) in run("waiting")
    assert told("waiting")[0]["person"] == 7
    done = told("approve", "7", str(prepared["change"]), "--reason", "đủ căn cứ", officer=MINH)
    assert (done["done"], done["corrections_amount"]) == (True, 400_000)
    assert "Không có" in run("waiting")
    assert versions(7, pension)[-1] == (202506, 5_400_000, "paid")


def test_end_by_death_tells_what_is_due_to_relatives(pension: int) -> None:
    shown = run("end", "7", "--because", "death", "--died-on", "2025-05-20", "--reason", "báo tử", "--act", "GCT 12")
    assert "thuộc thân nhân" in shown
    assert corrections(7) == [(202506, -5_000_000)]
    run("reinstate", f"7/{pension}", "--reason", "báo nhầm", "--act", "CV 9", "--from", "2025-07")
    change = told("waiting")[0]["change"]
    told("approve", "7", str(change), "--reason", "đúng", officer=MINH)
    assert corrections(7) == [(202506, -5_000_000), (202506, 5_000_000)]


def test_transfer_and_freeze_from_next_month(pension: int) -> None:
    assert told("transfer", "7", "--to", "79", "--reason", "chuyển", "--act", "GT 7")["done"]
    assert rows("SELECT valid_from, province FROM benefits_version WHERE superseded_at IS NULL ORDER BY 1") == [
        (202505, "01"),
        (202508, "79"),
    ]
    frozen = told("freeze", "2025-07", officer=None)
    assert (frozen["obligations"], frozen["amount"], frozen["already"]) == (1, 5_000_000, False)
    assert told("freeze", "202507", officer=None)["already"]
    assert "Đã chốt từ trước" in run("freeze", "2025-07", officer=None)
    assert told("freeze", "2025-07", "--open", officer=None)["obligations"] == 0
    listed = told("list", officer=None)
    assert listed["kinds"] == [{"kind": "pension", "state": "paid", "entitlements": 1, "owed": 5_000_000}]
    assert [one["month"] for one in listed["frozen"]] == [202507, 202506, 202505]
    assert "pension" in run("list", officer=None)


def test_adjust_is_prepared_approved_and_run_by_three(pension: int) -> None:
    assert told("adjust", "2026-07", "--act", DECREE)["prepared"]
    assert told("adjust", "2026-07", "--approve", officer=MINH)["approved"]
    assert told("adjust", "2026-07", officer=None)["versions"] == 1
    assert told("adjust", "2026-07", officer=None)["versions"] == 0
    assert versions(7, pension)[-1] == (202607, 5_400_000, "paid")
    assert "162/2026" in run("list", officer=None)


def test_lists_and_deaths(pension: int) -> None:
    add_person(8, birth_year=1964, birth_month=5)
    assert [one["person"] for one in told("retiring", "--month", "2025-08", officer=None)["people"]] == [8]
    assert told("retiring", officer=None)["month"] == 202508
    assert "#8" in run("retiring", officer=None)
    assert told("retiring", "--list", "children", officer=None)["people"] == []
    assert told("deaths", officer=None) == {"ended": 0, "overpaid": 0}


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("suspend", "x", "--because", "missing", "--reason", "r", "--act", "a"), InvalidInput),
        (("suspend", "9", "--because", "missing", "--reason", "r", "--act", "a"), NotFound),
        (("suspend", "7/1", "--because", "missing", "--reason", "r", "--act", "a", "--from", "2025-13"), InvalidInput),
        (("freeze", "tháng 7"), InvalidInput),
        (("transfer", "7", "--to", "x", "--reason", "r", "--act", "a"), InvalidInput),
        (("retiring", "--list", "x"), InvalidInput),
        (("load", "/nowhere"), NotFound),
    ],
)
def test_bad_words_are_refused_with_a_sentence(pension: int, words: tuple[str, ...], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as refused:
        run(*words, officer=None if words[0] in {"freeze", "retiring", "load"} else THU)
    assert refused.value.vi
    assert refused.value.en
    assert number("SELECT count(*) FROM benefits_change") == 0


KILLED = """
import os, signal
from ansinh.cli.main import main
import django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ansinh.config.django")
django.setup()
from ansinh.benefits.operations import adjusting
from ansinh.cli import benefits
benefits.ENTITLEMENTS_A_RANGE_MAX = 10
whole, done = adjusting._copy, []
def killed(*words):
    whole(*words)
    done.append(1)
    if len(done) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
adjusting._copy = killed
main()
"""


def test_an_adjustment_that_is_killed_goes_on_where_it_was(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    office = Office(date(2026, 6, 25))
    for person in range(1, 46):
        office.opened(person, 2_000_000 + person * 1_001, 202601)
    office.decree()
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, "benefits", "adjust", "2026-07", "--json"],
        env=os.environ | fresh_database.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert number("SELECT count(*) FROM benefits_version WHERE adjusted") == 20
    first = rows("SELECT person_id, amount FROM benefits_version WHERE adjusted ORDER BY 1")
    assert told("adjust", "2026-07", officer=None)["versions"] == 25
    assert told("adjust", "2026-07", officer=None)["versions"] == 0
    found = rows("SELECT person_id, amount FROM benefits_version WHERE adjusted ORDER BY 1")
    assert found[:20] == first
    assert [int(amount) for _, amount in found] == [((2_000_000 + n * 1_001) * 108 + 50) // 100 for n in range(1, 46)]
    assert all(one.ok for one in entitlement_checks(date(2026, 7, 31)))
