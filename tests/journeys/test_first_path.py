"""An empty folder becomes a running agency by one command; it can be proven, backed up, lost, restored, and taken over by another nation."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from ansinh.cli.benchmarks.watching import environment_in
from ansinh.database.folder import folder_of
from ansinh.database.server import EmbeddedServer

# One worker runs them all: living the demo a second time for the other worker costs more than taking turns.
pytestmark = pytest.mark.xdist_group("first_path")

PEOPLE = 2_000
# Besides the morning: what software speaking the older dialect asks.
OLDER_LOOKUPS = 24
# One question for each answer there is; two are refused before they are look-ups.
EVERY_ANSWER = 22
# A referral paper is checked, used, used again for the same visit, and refused for another.
REFERRAL = 4
# Pulled by the app, once its timeline is shown.
BABYS_CARD = 1


def asked_of(people: int) -> int:
    """What a demo leaves in the audit: the morning, older software, every answer, the evening's readers of their own books, a referral, a baby's card."""
    return people // 4 + OLDER_LOOKUPS + EVERY_ANSWER + people // 10 + REFERRAL + BABYS_CARD


class Agency:
    """An agency in a folder of its own, run as an operator runs it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = environment_in(home)

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run `ansinh` and return what it printed; fails with its last words on another exit code."""
        command = [sys.executable, "-c", "from ansinh.cli.main import main; main()", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return done.stdout if code == 0 else done.stdout + done.stderr

    def checks(self) -> dict[str, Any]:
        """Return the proof as machines read it."""
        found: dict[str, Any] = json.loads(self.run("check", "--json"))
        return found

    def figures(self) -> dict[str, Any]:
        """Return the report's values by key."""
        report = json.loads(self.run("report", "project06", "--format", "json"))
        assert (report["as_of"], report["compare"]) == ("2025-07-31", "2024-12-31")
        return {one["key"]: (one["value"], one["compare_value"]) for one in report["indicators"]}


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    """An agency that has lived the demo."""
    home = tmp_path_factory.mktemp("agency")
    one = Agency(home)
    one.run("demo", "--people", str(PEOPLE), "--seed", "7", "--no-serve")
    yield one
    EmbeddedServer(home).down()
    shutil.rmtree(folder_of(home).base, ignore_errors=True)


def test_demo_leaves_an_agency_that_holds_together(agency: Agency) -> None:
    proof = agency.checks()
    assert proof["ok"]
    counted = {check["name"]: check["counted"] for check in proof["checks"]}
    assert counted["audit.chains_hold"] == asked_of(PEOPLE)
    assert counted["cards.standing_equals_participation"] > PEOPLE * 0.8
    figures = agency.figures()
    assert figures["people.authenticated"][0] > figures["people.authenticated"][1] > PEOPLE * 0.4
    lookups, lookups_before = figures["cards.lookups_by_citizen_card"]
    assert lookups > lookups_before > 0


def test_more_payees_have_an_account_than_at_the_end_of_2024(agency: Agency) -> None:
    figures = agency.figures()
    national, before = figures["pay.account_share.national"]
    assert 75 < before + 5 < national < 90
    urban, urban_before = figures["pay.account_share.urban"]
    assert 75 < urban_before < urban < 95
    assert figures["pay.account_share.urban_target_gap"] == (round(urban - 60, 2), round(urban_before - 60, 2))


def test_june_and_july_were_heard_day_by_day_and_compared_every_evening(agency: Agency) -> None:
    def asked(query: str) -> list[str]:
        return agency.run("db", "psql", "-At", "-c", query).split()

    here = "AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
    assert asked(f"SELECT count(DISTINCT (compared_at {here}) FROM registry_reconciliation") == ["61"]
    # Whatever was told on a day was heard, settled, announced and recorded on that day.
    late = f"(received_at {here} <> told_on OR (settled_at {here} <> told_on"
    assert asked(f"SELECT count(*) > 30, count(*) FILTER (WHERE {late}) FROM registry_event") == ["t|0"]
    assert asked(
        "SELECT count(*) FROM registry_announcement a JOIN registry_event e USING (event_id, pin) WHERE announced_on <> told_on"
    ) == ["0"]
    healed = "SELECT (compared_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, healed FROM registry_reconciliation WHERE differing <> '[]'"
    assert asked(healed) == ["2025-06-15|2"]


def test_officers_decided_by_two_and_the_register_was_told_where_it_looks_wrong(agency: Agency) -> None:
    decided = agency.run(
        "db",
        "psql",
        "-At",
        "-c",
        "SELECT kind, prepared_by, approved_by FROM people_request WHERE state = 'applied' ORDER BY request_id",
    ).split()
    assert decided == [f"{kind}|hanoi.hoa|hanoi.duc" for kind in ("merge", "unmerge", "correct", "correct")]
    reports = agency.run("db", "psql", "-At", "-c", "SELECT state FROM registry_error_report ORDER BY 1").split()
    assert reports == ["confirmed", "corrected", "corrected", "sent"]
    corrections = (
        "SELECT count(*) FROM registry_event e JOIN registry_error_report r USING (event_id) WHERE e.state = 'applied'"
    )
    assert agency.run("db", "psql", "-At", "-c", corrections).strip() == "2"


def test_three_people_are_owed_what_two_officers_decided_to_the_dong(agency: Agency) -> None:
    decided = "SELECT kind, outcome, amount, prepared_by, approved_by, decided_on FROM benefits_decision WHERE decided_on < '2025-08-01' ORDER BY decision_id"
    # A woman of 25.5 years paid: 66 % of her average; a widow's two children: half the reference level each, and the burial of their father; a worker:
    # 60 % of 11,500,000.
    assert agency.run("db", "psql", "-At", "-c", decided).split() == [
        f"{kind}|granted|{amount}|hanoi.mai|hanoi.son|2025-07-31"
        for kind, amount in (
            ("retirement", 4_150_905),
            ("survivors", 2_340_000),
            ("funeral", 23_400_000),
            ("unemployment", 6_900_000),
        )
    ]


def test_a_birth_a_death_and_a_mistake_went_through_the_offices(agency: Agency) -> None:
    counts = json.loads(agency.run("events", "status", "--json"))
    assert counts["files"]["birth"]["done"] >= 1
    assert counts["files"]["death"]["undone"] >= 1
    assert all(one["sent"] == one["acknowledged"] and not one["refused"] for one in counts["messages"])
    assert counts["cases"] == []


def test_demo_again_finds_everything_done(agency: Agency) -> None:
    before = agency.figures()
    screen = agency.run("demo", "--people", str(PEOPLE), "--seed", "7", "--no-serve")
    assert "0 kết quả mới" in screen
    after = agency.figures()
    assert after["people.authenticated"] == before["people.authenticated"]
    assert after["cards.lookups_by_citizen_card"][0] > before["cards.lookups_by_citizen_card"][0]


def test_backup_and_restore_bring_back_the_same_agency(agency: Agency, tmp_path: Path) -> None:
    proof, figures = agency.checks(), agency.figures()
    acts = agency.run("db", "psql", "-At", "-c", "SELECT count(*) FROM audit_act").strip()
    agency.run("db", "backup", str(tmp_path / "kept"))
    agency.run("db", "psql", "--role", "owner", "-c", "DROP TABLE cards_card, people_identifier CASCADE")
    agency.run("check", "--json", code=3)
    agency.run("db", "restore", str(tmp_path / "kept"))
    assert agency.run("db", "psql", "-At", "-c", "SELECT count(*) FROM audit_act").strip() == acts
    assert agency.checks() == proof
    assert agency.figures() == figures


def test_a_verdict_table_tells_rule_and_example(agency: Agency) -> None:
    verdicts = json.loads(agency.run("people", "verdicts", "--json"))
    assert verdicts["persons"] == sum(one["persons"] for one in verdicts["verdicts"])
    assert {"verified", "candidate", "not_found"} <= {one["verdict"] for one in verdicts["verdicts"]}


def test_serve_told_to_stop_ends_everything_it_started(agency: Agency) -> None:
    command = [sys.executable, "-c", "from ansinh.cli.main import main; main()", "serve"]
    serving = subprocess.Popen(
        command, env=agency.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert serving.stderr is not None
        assert "Ctrl-C" in serving.stderr.readline()
        started = psutil.Process(serving.pid).children(recursive=True)
        assert len(started) >= 4
        serving.terminate()
        assert serving.wait(60) == 0
    finally:
        serving.kill()
        serving.communicate()
    assert [one for one in started if one.is_running()] == []


def test_an_unknown_officer_is_refused_in_a_sentence(agency: Agency) -> None:
    words = agency.run("--as", "nobody", "cards", "issue", code=2)
    assert "Không có cán bộ" in words
    assert "Traceback" not in words


def test_demo_of_another_nation_takes_the_place_of_the_first(agency: Agency) -> None:
    agency.run("demo", "--people", "1000", "--seed", "8", "--no-serve")
    proof = agency.checks()
    assert proof["ok"]
    assert {check["name"]: check["counted"] for check in proof["checks"]}["audit.chains_hold"] == asked_of(1000)
