"""`ansinh people` in the hands of two officers, from a doubtful record to a merge and its history."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
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
from ansinh.cli import acting, people
from ansinh.cli import identity_views as views
from ansinh.config.cleaning import follow_replies
from ansinh.config.operations import set_nation_day
from ansinh.database.sql import execute, rows
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import Refusal
from ansinh.people.operations import DECISION_COLUMNS, record_decisions
from ansinh.reporting.operations import count_days
from tests.people.identity_cast import AN, BINH, REASON, decide, in_register, later, load, verified
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

pytestmark = pytest.mark.django_db
OFFICER, APPROVER = "hue.hoa", "hue.binh"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands live after what the tests did on the same day, at whatever hour they run: each a second after the one before."""
    seconds = itertools.count(1)
    monkeypatch.setattr(
        "ansinh.config.queries.NationClock", lambda _: FixedClock(JULY.at + timedelta(seconds=next(seconds)))
    )


@pytest.fixture(autouse=True)
def officers() -> Iterator[None]:
    """An identity officer and an identity approver, with their roles from two administrators; the nation lives in July."""
    set_nation_day(actor=ANYBODY_WITH_RIGHTS, reason=REASON, today=JULY.at.date(), source="x")
    first = [Administrator("hanoi.lan", "Trần Thị Lan", "VP"), Administrator("hanoi.minh", "Lê Văn Minh", "VP")]
    found_administration(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY, administrators=first)
    lan, minh = actor_of_officer("hanoi.lan"), actor_of_officer("hanoi.minh")
    for officer, role in ((OFFICER, "identity_officer"), (APPROVER, "identity_approver")):
        register_officer(actor=lan, reason=REASON, officer_no=officer, name=officer, unit="Huế")
        grant = prepare_role_grant(actor=lan, reason=REASON, clock=JULY, officer_no=officer, role=role)
        approve_role_grant(actor=minh, reason=REASON, clock=JULY, grant=grant)
    yield
    acting.act_as(None)


def run(*words: str, by: str | None = None) -> Any:
    acting.act_as(by)
    done = CliRunner().invoke(people.app, [*words, "--json"])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What a person sees."""
    written = io.StringIO()
    monkeypatch.setattr(views, "out", Console(file=written, width=200))
    return written


def shown(screen: io.StringIO, *words: str) -> str:
    screen.truncate(0)
    done = CliRunner().invoke(people.app, list(words))
    assert done.exit_code == 0, done.output
    return screen.getvalue()


def offer(person: int, *pins: str) -> None:
    offered = [{"register_pin": pin, "score": 0.5, "detail": '{"name": 3.5}'} for pin in pins]
    decision = {"person_id": person, "verdict": "candidate", "rule": "model", "candidates": offered}
    columns = [(name, kind) for name, kind in DECISION_COLUMNS.items() if name in decision]
    batch = pa.RecordBatch.from_pylist([decision], pa.schema(columns))
    record_decisions(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY, batch=batch)


def test_a_doubtful_record_is_told_corrected_merged_and_given_back(tmp_path: Path) -> None:
    person = load(tmp_path, {}, {})
    offer(person, AN, BINH)
    assert [one["person"] for one in run("candidates", "--province", "01")] == [person]
    assert [one["rank"] for one in run("candidates", str(person))["candidates"]] == [1, 2]
    assert run("refuse", str(person), "--candidate", "1", "--reason", REASON, by=OFFICER) == {
        "person": person,
        "left": 1,
    }
    assert run("confirm", str(person), "--candidate", "2", "--reason", REASON, by=OFFICER)["state"] == "applied"

    words = ("--field", "full_name", "--new", "Nguyễn Văn Ân", "--evidence", "giấy khai sinh 1", "--reason", REASON)
    corrected = run("correct", str(person), *words, by=OFFICER)
    assert corrected["state"] == "prepared"
    with pytest.raises(Refusal):
        run("approve", str(corrected["request"]), "--reason", REASON, by=OFFICER)
    run("approve", str(corrected["request"]), "--reason", REASON, by=APPROVER)

    merged = run("merge", str(person + 1), str(person), "--reason", REASON, by=OFFICER)
    assert [one["kind"] for one in run("requests")] == ["merge"]
    run("approve", str(merged["request"]), "--reason", REASON, by=APPROVER)
    assert run("history", str(person + 1))["known"]["merged_into"] == person
    parted = run("unmerge", str(person + 1), "--reason", REASON, by=OFFICER)
    run("reject", str(parted["request"]), "--reason", REASON, by=APPROVER)
    parted = run("unmerge", str(person + 1), "--reason", REASON, by=OFFICER)
    run("approve", str(parted["request"]), "--reason", REASON, by=APPROVER)

    found = run("history", str(person))
    assert found["known"]["fields"]["full_name"] == "Nguyễn Văn Ân"
    assert [one["kind"] for one in found["requests"]] == ["unmerge", "unmerge", "merge", "correct", "confirm"]
    assert run("history", str(person), "--on", "2025-07-30")["known"]["fields"]["full_name"] == "Nguyễn Văn An"
    assert run("switch")["provinces"] == [{"province": "01", "holders": 2, "with_pin": 1, "share": 50.0}]


def test_a_group_of_differences_is_adopted_and_given_back(tmp_path: Path, screen: io.StringIO) -> None:
    person = load(tmp_path, {"full_name": "Nguyen Van An"})
    difference = {"field": "full_name", "ours": "Nguyen Van An", "registered": "Nguyễn Văn An"}
    decision = {"person_id": person, "verdict": "corrected", "rule": "number.exact", "register_pin": AN}
    columns = [(name, kind) for name, kind in DECISION_COLUMNS.items() if name in {*decision, "discrepancies"}]
    batch = pa.RecordBatch.from_pylist([{**decision, "discrepancies": [difference]}], pa.schema(columns))
    record_decisions(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY, batch=batch)
    group = ("--field", "full_name", "--rule", "number.exact")
    assert [one["persons"] for one in run("differences")] == [1]
    assert run("differences", *group) == [{"person_id": person, "ours": "Nguyen Van An", "registered": "Nguyễn Văn An"}]
    assert "Nguyễn Văn An" in shown(screen, "differences", *group)
    assert "full_name" in shown(screen, "differences")
    adopted = run("adopt", *group, "--reason", REASON, by=OFFICER)
    run("approve", str(adopted["request"]), "--reason", REASON, by=APPROVER)
    assert run("history", str(person))["known"]["fields"]["full_name"] == "Nguyễn Văn An"
    undone = run("undo", str(adopted["request"]), "--reason", REASON, by=OFFICER)
    run("approve", str(undone["request"]), "--reason", REASON, by=APPROVER)
    assert run("history", str(person))["known"]["fields"]["full_name"] == "Nguyen Van An"


def test_the_agencys_value_is_kept_and_the_register_told(tmp_path: Path) -> None:
    person = load(tmp_path, {}, {})
    execute("INSERT INTO people_identifier VALUES (%s, 'pin', %s, '2025-01-01')", [AN, person])
    execute(
        """
        INSERT INTO registry_person (pin, full_name, sex, birth_year, commune, province, household, registered_on, version, valid_from, recorded_at, feed_no)
        VALUES (%s, 'Nguyễn Văn An', 'F', 1980, '00004', '01', 1, '2000-01-01', 1, '2000-01-01', '2025-01-01', 0)
        """,
        [AN],
    )
    for one in (person, person + 1):
        execute(
            "INSERT INTO people_discrepancy VALUES (%s, 'sex', 'M', 'F', 'number.exact', '2025-01-01', 'open')", [one]
        )
    words = ("--field", "sex", "--reason", REASON)
    assert run("keep", str(person), *words, "--report", "birth_certificate", by=OFFICER)["reported"]
    assert rows("SELECT pin, field, stated, state FROM registry_error_report") == [(AN, "sex", "M", "reported")]
    with pytest.raises(Refusal):
        run("keep", str(person + 1), *words, "--report", "birth_certificate", by=OFFICER)
    run("keep", str(person + 1), *words, by=OFFICER)
    assert rows("SELECT state FROM people_discrepancy ORDER BY person_id") == [("reported",), ("refused",)]
    with pytest.raises(Refusal):
        run("keep", str(person + 1), *words, by=OFFICER)


@pytest.mark.parametrize(
    ("reply", "state"), [("confirmed", "open"), ("unknown", "open"), ("corrected", "reported"), ("sent", "reported")]
)
def test_a_reported_difference_is_open_again_where_the_register_stands_by_its_word(
    tmp_path: Path, reply: str, state: str
) -> None:
    person = load(tmp_path, {})
    verified({person: AN})
    in_register(AN, sex="F")
    execute(
        "INSERT INTO people_discrepancy VALUES (%s, 'sex', 'M', 'F', 'number.exact', '2025-01-01', 'open')", [person]
    )
    words = ("--field", "sex", "--reason", REASON, "--report", "birth_certificate")
    run("keep", str(person), *words, by=OFFICER)
    execute("UPDATE registry_error_report SET state = %s", [reply])
    assert follow_replies(reason=REASON, clock=later()) == int(state == "open")
    assert rows("SELECT state FROM people_discrepancy") == [(state,)]
    assert follow_replies(reason=REASON, clock=later()) == 0


def test_progress_tells_each_province(tmp_path: Path) -> None:
    person = load(tmp_path, {}, {})
    offer(person, AN)
    count_days(actor=ANYBODY_WITH_RIGHTS, reason=REASON)
    (province,) = run("progress")["provinces"]
    assert (province["province"], province["people.candidates_open"], province["people.pin_share"]) == ("01", 1, 0.0)
    assert province["excluded"] == 0
    before = run("progress", "--on", "2010-01-01")
    assert (before["provinces"], before["total"]["people.authenticated"]) == ([], 0)


def test_progress_counts_armed_forces_apart(tmp_path: Path, screen: io.StringIO) -> None:
    person = load(tmp_path, {}, {})
    verified({person: AN})
    decide({"person_id": person + 1, "verdict": "excluded", "rule": "armed_forces"})
    count_days(actor=ANYBODY_WITH_RIGHTS, reason=REASON)
    found = run("progress")
    assert [(one["province"], one["people.authenticated"], one["excluded"]) for one in found["provinces"]] == [
        ("01", 1, 1)
    ]
    assert (found["total"]["people.authenticated"], found["total"]["excluded"]) == (1, 1)
    assert "Cả nước" in shown(screen, "progress")


def test_a_person_reads_tables(tmp_path: Path, screen: io.StringIO) -> None:
    person = load(tmp_path, {}, {})
    offer(person, AN)
    assert f"#{person}" in shown(screen, "candidates")
    assert "Nguyễn Văn An" in shown(screen, "candidates", str(person))
    assert "hồ sơ của cơ quan · the agency's file" in shown(screen, "history", str(person))
    assert "chưa đối chiếu" in shown(screen, "switch")
    assert "Xác thực theo tỉnh" in shown(screen, "progress")
    run("merge", str(person), str(person + 1), "--reason", REASON, by=OFFICER)
    assert OFFICER in shown(screen, "requests")


def test_nobody_decides_without_a_name(tmp_path: Path) -> None:
    person = load(tmp_path, {}, {})
    offer(person, AN)
    with pytest.raises(Refusal) as refusal:
        run("confirm", str(person), "--candidate", "1", "--reason", REASON)
    assert refusal.value.code == "not_permitted"
    with pytest.raises(Refusal) as refusal:
        run("confirm", str(person), "--candidate", "9", "--reason", REASON, by=OFFICER)
    assert refusal.value.code == "not_found"
