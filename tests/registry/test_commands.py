"""`ansinh registry` as an operator types it, against the register's own process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from ansinh.access import signed_calls
from ansinh.access.queries import operator
from ansinh.cli import acting
from ansinh.cli import registry as commands
from ansinh.config.cleaning import keep_ours
from ansinh.database.sql import execute, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.errors import InvalidInput, NotPermitted
from ansinh.foundation.settings import settings
from ansinh_sandbox.register.slips import slip
from ansinh_sandbox.register.starting import start
from tests.people.identity_cast import decide
from tests.registry.conftest import UNTIL
from tests.registry.registers import Known, SmallRegister, mirrored
from tests.registry.test_reactions import insured_as
from tests.sandbox.partners import free_port

KNOWN = Known()
AN_OFFICER = Actor(ActorKind.OFFICER, "hanoi.lan", KNOWN.actor.permissions)


@pytest.fixture(scope="module")
def process(
    quiet_register: SmallRegister, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SmallRegister, int]]:
    """A register's process that spoils one event in ten, and its port."""
    register, port = quiet_register.copy_to(tmp_path_factory.mktemp("running")), free_port()
    started = start(register.store, register.secrets, port=port, faults="poison=0.1,duplicate=0.3,reorder")
    yield register, port
    started.terminate()
    started.wait()


@pytest.fixture
def running(db: None, process: tuple[SmallRegister, int], monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallRegister]:
    """The register that the settings name."""
    register, port = process
    monkeypatch.setenv("ANSINH_SECRETS", str(register.secrets))
    monkeypatch.setenv("ANSINH_REGISTER_URL", f"http://127.0.0.1:{port}")
    settings.cache_clear()
    yield register
    acting.act_as(None)
    monkeypatch.undo()
    settings.cache_clear()


def run(*words: str, code: int = 0) -> str:
    """Run a command and return all it says, on a terminal wide enough for everything."""
    said = StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "out", Console(file=said, width=300))
        done = CliRunner().invoke(commands.app, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.stdout + said.getvalue()


def told(*words: str, code: int = 0) -> Any:
    return json.loads(run(*words, "--json", code=code))


def test_an_operator_keeps_the_mirror(running: SmallRegister) -> None:
    assert told("snapshot") == {"changed": len(running.people()), "people": len(running.people())}
    assert "0 người" in run("snapshot")
    events = running.live(UNTIL, intensity=30)
    pulled = told("pull")
    assert (pulled["received"], pulled["parked"] > 5) == (events, True)
    assert pulled["announced"] == pulled["settled"]
    assert len(told("open-list")["parked"]) == pulled["parked"]
    assert "tạm để riêng" in run("status")
    retried = told("retry")
    assert (retried["parked"], retried["waiting"]) == (0, 0)
    assert mirrored() == running.people()
    found = told("reconcile")
    assert (found["differing"], found["healed"], found["left"]) == ([], 0, 0)
    status = told("status")
    assert status["people"] == sum(one.cancelled_on is None for one in running.people().values())
    assert (status["feed"]["whole_until"], status["unread_announcements"]) == (events, 0)
    assert set(status["events"]) == {"applied", "undone"}


def test_an_operator_does_the_days_work_in_one(running: SmallRegister) -> None:
    run("snapshot")
    slip(running.store, persons=2)
    done = told("day")
    assert (done["received"], done["announced"]) == (0, 2)
    first, again = done["compared"]
    assert (len(first["differing"]) > 0, first["healed"], first["left"]) == (True, 2, 0)
    assert again == {"differing": [], "healed": 0, "left": 0}
    assert mirrored() == running.people()
    assert "phục hồi 0, còn lệch 0" in run("day")


def test_a_slip_that_is_not_put_right_ends_with_exit_code_1(running: SmallRegister) -> None:
    run("snapshot")
    execute(
        "UPDATE registry_person SET sex = CASE sex WHEN 'M' THEN 'F' ELSE 'M' END WHERE pin = %s", [min(mirrored())]
    )
    assert told("reconcile", "--no-heal", code=1)["left"] == 1
    assert "1 bản ghi được phục hồi" in run("reconcile")
    assert mirrored() == running.people()


def test_an_operator_asks_about_many_numbers(running: SmallRegister, tmp_path: Path) -> None:
    run("snapshot")
    execute("UPDATE registry_person SET full_name = 'Ai Đó' WHERE province = '01'")
    numbers = tmp_path / "numbers.txt"
    numbers.write_text("\n".join([*running.people(), "999999999999"]))
    assert told("inquire", "--pins", str(numbers)) == {"changed": len(running.people())}
    assert mirrored() == running.people()
    assert "0 bản ghi" in run("inquire")
    numbers.write_text("12345")
    with pytest.raises(InvalidInput):
        run("inquire", "--pins", str(numbers))


def test_an_operator_may_not_report_errors_and_an_officer_may(
    running: SmallRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("snapshot")
    report = (
        "report-error",
        "--field",
        "sex",
        "--stated",
        "F",
        "--evidence",
        "identity_document",
        "--reason",
        "giấy tờ",
    )
    pin = min(mirrored())
    with pytest.raises(NotPermitted):
        run(*report, "--pin", pin)
    assert "registry.report_error" not in operator().permissions
    monkeypatch.setattr(commands, "actor", lambda: KNOWN.actor)
    assert pin not in run(*report, "--pin", pin)
    assert told("exchange-reports")["reports"] == {"sent": 1}
    listed = told("open-list")
    assert [one["reference"] for one in listed["reports"]] == listed["register"]
    assert pin not in run("open-list")


def test_a_difference_goes_to_the_register_and_is_closed_by_its_event_or_open_again(running: SmallRegister) -> None:
    run("snapshot")
    living = [pin for pin, one in sorted(mirrored().items()) if one.cancelled_on is None and one.died_on is None]
    wrong, right = living[:2]
    differing = {
        wrong: ("birth_date", "1951-03-02", "birth_certificate"),
        right: ("full_name", "Ai Đó", "officer_statement"),
    }
    for person, (pin, (field, ours, evidence)) in enumerate(differing.items(), 1):
        insured_as(person, pin)
        execute(
            "UPDATE people_person SET birth_year = 1951, birth_month = 3, birth_day = 2 WHERE person_id = %s", [person]
        )
        theirs = getattr(mirrored()[pin], field)
        execute(
            "INSERT INTO people_discrepancy (person_id, field, ours, registered, source, found_at, state) VALUES (%s, %s, %s, %s, 'model', %s, 'open')",
            [person, field, ours, theirs, KNOWN.clock.now()],
        )
        keep_ours(
            actor=AN_OFFICER, reason="giấy tờ", clock=KNOWN.clock, person_id=person, field=field, evidence=evidence
        )
    assert differences() == [(1, "reported"), (2, "reported")]
    told("exchange-reports")
    assert differences() == [(1, "reported"), (2, "open")]
    told("pull")
    told("retry")
    assert mirrored()[wrong].birth_date == "1951-03-02"
    assert rows("SELECT person_id FROM people_due") == [(1,)]
    decide({"person_id": 1, "verdict": "verified", "rule": "number.exact", "register_pin": wrong})
    assert differences() == [(1, "gone"), (2, "open")]
    told("exchange-reports")
    assert differences() == [(1, "gone"), (2, "open")]


def differences() -> list[Any]:
    return rows("SELECT person_id, state FROM people_discrepancy ORDER BY person_id")


def test_the_open_list_shows_our_side_where_the_register_does_not_answer(
    running: SmallRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("snapshot")
    running.live(UNTIL, intensity=30)
    pulled = told("pull")
    monkeypatch.setattr(signed_calls, "ATTEMPTS_MAX", 1)
    monkeypatch.setenv("ANSINH_REGISTER_URL", f"http://127.0.0.1:{free_port()}")
    settings.cache_clear()
    listed = told("open-list", code=3)
    assert (len(listed["parked"]), listed["register"]) == (pulled["parked"], None)
    assert "Việc còn mở" in run("open-list", code=3)
