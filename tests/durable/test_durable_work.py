"""Durable work: begun with the transaction that asked for it or not at all, done once under a key, and carried on by others where a worker is lost."""

from __future__ import annotations

import os
import string
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from ansinh.config.working import RECURRING
from ansinh.database.refusals import DatabaseRefusal
from ansinh.database.sql import execute, number, rows
from ansinh.durable import queries, verbs
from ansinh.durable.checks import checks
from ansinh.durable.verbs import Facts, NotAFact, StepFailed
from ansinh.durable.worker import Worker, at_work, undone
from tests.support.database import OwnDatabase

SECONDS_MAX = 60
pytestmark = pytest.mark.xdist_group("durable")


@pytest.fixture
def own(fresh_database: OwnDatabase) -> Iterator[OwnDatabase]:
    """A database, and what a test declares forgotten after it."""
    declared, rhythms = dict(verbs._declared), dict(verbs._rhythms)
    verbs._declared.clear()
    verbs._rhythms.clear()
    yield fresh_database
    verbs._declared.clear()
    verbs._rhythms.clear()
    verbs._declared.update(declared)
    verbs._rhythms.update(rhythms)


def until(true: Callable[[], bool]) -> None:
    """Return when something has become true; a slow machine may take its time."""
    tick = threading.Event()
    for _ in range(SECONDS_MAX * 50):
        if true():
            return
        tick.wait(0.02)
    raise AssertionError("it did not come true")


def state(key: str) -> str:
    """Return the engine's word for a workflow's state."""
    found = queries.work(key)
    return found.state if found else "unknown"


def test_work_begins_with_the_transaction_waits_until_woken_and_is_done_once(own: OwnDatabase) -> None:
    done: list[str] = []

    def counted(what: str) -> Callable[[], Facts]:
        def work() -> Facts:
            done.append(what)
            return {"did": what}

        return work

    def month(run_id: int) -> None:
        verbs.step("build", counted(f"build:{run_id}"))
        verbs.wait(3_600)
        verbs.step("close", counted(f"close:{run_id}"))

    verbs.declare("test.month", "runs", month)
    with transaction.atomic():
        verbs.enqueue("test.month", "run:7", "runs", run_id=7)
        transaction.set_rollback(True)
    assert queries.work("run:7") is None
    for _ in range(3):
        verbs.enqueue("test.month", "run:8", "runs", run_id=8)
    with at_work(own.urls.app, "one") as worker:
        worker.beat()
        until(lambda: done == ["build:8"])
        verbs.wake("run:7")
        with transaction.atomic():
            verbs.wake("run:8")
            transaction.set_rollback(True)
        assert number("SELECT count(*) FROM durable.notifications") == 0
        verbs.wake("run:8")
        until(lambda: state("run:8") == "success")
        verbs.enqueue("test.month", "run:8", "runs", run_id=8)
        with pytest.raises(DatabaseRefusal, match="worker one"), at_work(own.urls.app, "one"):
            pass
    assert done == ["build:8", "close:8"]
    assert (undone(), [one.name for one in queries.workers()]) == (0, ["one"])
    assert all(one.ok for one in checks())


def test_a_failure_is_known_by_its_kind_and_the_workflow_goes_on(own: OwnDatabase) -> None:
    told: list[str] = []

    def fails() -> Facts:
        raise ValueError("Nguyễn Văn An 001090012345")

    def one() -> None:
        try:
            verbs.step("send", fails)
        except StepFailed as failed:
            told.append(failed.kind)

    def ends() -> None:
        raise LookupError("Trần Thị Bình")

    verbs.declare("test.one", "files", one)
    verbs.declare("test.ends", "files", ends)
    verbs.enqueue("test.one", "file:1", "files")
    verbs.enqueue("test.ends", "file:2", "files")
    with at_work(own.urls.app, "one"):
        until(lambda: (state("file:1"), state("file:2")) == ("success", "error"))
    assert told == ["ValueError"]
    assert [(one.name, one.offending) for one in checks()] == [("durable.nothing_given_up", ["file:2"])]
    kept = "\n".join(
        str(rows(f"SELECT t::text FROM durable.{table} t"))
        for table in ("workflow_status", "workflow_input", "workflow_output", "operation_outputs", "notifications")
    )
    assert "ValueError" in kept
    assert not {"Nguy", "001090012345", "Bình"} & {word for word in ("Nguy", "001090012345", "Bình") if word in kept}


def test_what_a_lost_worker_left_is_taken_over_and_the_lost_one_is_refused(own: OwnDatabase) -> None:
    done: list[str] = []

    def month(run_id: int) -> None:
        verbs.step("build", lambda: done.append(f"build:{run_id}") or {})  # type: ignore[func-returns-value]
        verbs.wait(0.01)
        verbs.step("close", lambda: done.append(f"close:{run_id}") or {})  # type: ignore[func-returns-value]

    verbs.declare("test.month", "runs", month)
    verbs.enqueue("test.month", "run:1", "runs", run_id=1)
    # As a worker leaves it that was killed in the middle of a step: claimed, nothing kept.
    execute("UPDATE durable.workflow_status SET status = 'PENDING', executor_id = 'gone', owner_xid = 'x'")
    execute("INSERT INTO durable_executor VALUES ('gone', now() - interval '1 day', now() - interval '31 seconds')")
    with at_work(own.urls.app, "two") as worker:
        assert worker.beat() == 1
        until(lambda: state("run:1") == "success")
        assert worker.beat() == 0
    assert done == ["build:1", "close:1"]
    work = queries.work("run:1")
    assert work is not None
    assert work.worker == "two"


def test_a_rhythm_is_once_a_slot_and_old_work_is_forgotten(own: OwnDatabase) -> None:
    done: list[int] = []
    verbs.declare("test.daily", "rhythms", lambda: done.append(1))
    verbs.every(1_000_000, "test.daily")
    with at_work(own.urls.app, "one") as worker:
        for _ in range(3):
            worker.beat()
        until(lambda: undone() == 0)
        assert done == [1]
        assert number("SELECT count(*) FROM durable.workflow_status") == 1
        execute("UPDATE durable.workflow_status SET completed_at = 0")
        Worker("one", worker.engine).beat()
        assert number("SELECT count(*) FROM durable.workflow_status") == 0


@given(st.text(max_size=100))
def test_no_words_pass_for_facts(text: str) -> None:
    if text.isascii() and len(text) <= 80 and set(text) <= set(string.ascii_letters + string.digits + "_.:=-"):
        assert verbs.step("told", lambda: {"word": text}) == {"word": text}
        return
    with pytest.raises(StepFailed) as failed:
        verbs.step("told", lambda: {"word": text})
    assert failed.value.kind == "NotAFact"


@pytest.mark.parametrize("value", [1.5, ["a"], {"a": 1}, b"a", "Nguyễn", "Van An", "x" * 81])
def test_only_facts_are_given(db: None, value: object) -> None:
    with pytest.raises(NotAFact):
        verbs.enqueue("test.month", "run:1", "runs", told=value)  # type: ignore[arg-type]


def test_the_running_role_owns_nothing_of_the_engine(own: OwnDatabase) -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match="must be owner"):
        cursor.execute("DROP TABLE durable.workflow_status")
    connections.close_all()
    assert os.environ.get("DBOS__CONDUCTOR_APP_NAME") is None


def test_the_command_works_until_told_to_stop(own: OwnDatabase, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from ansinh.cli.main import main; main()", "work", "--name", "three"]
    environment = {**os.environ, **own.environment, "ANSINH_DATA": str(tmp_path), "ANSINH_SECRETS": str(tmp_path)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        # Its first beat enqueues what recurs, and nothing of that touches money.
        until(lambda: bool(queries.works()) and undone() == 0)
        process.terminate()
        assert process.wait(SECONDS_MAX) == 0, process.stderr.read()
    finally:
        process.kill()
        process.wait()
    rooms = {one.name.partition(".")[0] for one in queries.works()}
    assert rooms == {name.partition(".")[0] for name, _seconds, _work in RECURRING} | {"payments"}
    # These recur within the minute: one may have begun as the worker was told to stop.
    assert {one.state for one in queries.works() if one.name not in {"eid.push", "payments.collect"}} == {"success"}
    assert number("SELECT count(*) FROM payments_run") == 0
