"""A worker that carries a month as durable work, a process of its own that is killed at the commit it is told: of a step, or of what the engine keeps of it.

Commits are counted in the threads that carry workflows out, from the moment the part of the month begins that is to be disturbed: how many a part takes depends
on the machine, that it takes a few does not. Beside them, in the first thread, stand the people: they sign, fund, and let banks and post live.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import tests.payments.month_worker as month  # sets Django up before its models load

import httpx  # isort: skip
from django.db import connections, transaction  # isort: skip
from django.db.backends.base.base import BaseDatabaseWrapper  # isort: skip
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg  # isort: skip

from ansinh.database.sql import number
from ansinh.durable import engine, verbs
from ansinh.durable.worker import at_work
from ansinh.payments import carrying, operations
from ansinh.payments.carrying import Pauses, Wiring
from ansinh.payments.operations import RunOrder
from ansinh.payments.procedures import Desk
from ansinh_sandbox import post
from tests.payments.month_worker import Death, Task
from tests.payments.world import JULY_1, MAKER, REASON, TREASURER, at, run_state, sign
from tests.support.database import point_django_at, point_settings_at

BUILDING, HANDING_OVER, ANSWERING = "building", "handing over", "answering"
PAUSES = Pauses(look=1.0, failed=0.1, ask=(0.02,))
POLL_SECONDS = 0.05
BEAT_SECONDS = 0.05
_GOING = "SELECT count(*) FROM payments_batch WHERE run_id = %s AND state IN ('ready', 'sending', 'unknown')"
_SEALED = "SELECT count(*) FROM payments_batch WHERE run_id = %s AND state = 'sealed'"
_BUSY = "SELECT count(*) FROM durable.workflow_status WHERE status IN ('PENDING', 'ENQUEUED') AND workflow_uuid <> %s"


@dataclass(frozen=True)
class Told:
    """How a worker is to work: under which name, how soon others are lost to it, and where it dies, counted from the beginning of which part."""

    name: str = "one"
    lost_seconds: float = 60
    death: Death | None = None
    part: str = BUILDING


def carry(task: Task, told: Told) -> None:
    """Carry the run to its close, wherever it stands, or die on the way; leaves beside its files how many commits it made, and how soon the first."""
    point_settings_at(task.database)
    point_django_at(task.database.urls)
    engine.POLL_SECONDS = POLL_SECONDS
    began = time.monotonic()
    with httpx.Client(trust_env=False, timeout=60) as line:
        declare(partial(_desk, task, line), task)
        run_id = hand_over_to_worker(task)
        with counted(told) as made, at_work(task.database.urls.app, told.name, told.lost_seconds) as worker:
            tick = threading.Event()
            while run_state(run_id) != "closed":
                worker.beat()
                made.begin(stand_beside(task, line, run_id))
                tick.wait(BEAT_SECONDS)
    (task.folder / "commits").write_text(str(made.number), "utf-8")
    (task.folder / "progress").write_text(str(made.first_at - began), "utf-8")


def declare(desk: Callable[[str | None], Any], task: Task) -> None:
    """Declare what the worker carries: runs, batches and files, and nothing that recurs by itself."""
    wiring = Wiring(desk, lambda months: task.owed, pauses=PAUSES)
    for name, queue, function in (
        (carrying.RUN, "runs", carrying.carry_run),
        (carrying.BATCH, "partners", carrying.carry_batch),
        (carrying.TAKE, "partners", carrying.take),
        (carrying.FILE, "files", carrying.match),
        (carrying.COLLECT, "rhythms", carrying.collect),
    ):
        verbs.declare(name, queue, partial(function, wiring))


def hand_over_to_worker(task: Task) -> int:
    """Draft the run and hand it to the worker, as an officer; safe to repeat."""
    clock = at(JULY_1)
    order = RunOrder(pay_on=date(2025, 7, 2), months=(202507,), act=task.act)
    run_id = operations.create_run(actor=MAKER, reason=REASON, clock=clock, order=order)
    operations.build_run(actor=MAKER, reason=REASON, clock=clock, run_id=run_id, owed=task.owed, by_worker=True)
    return run_id


def stand_beside(task: Task, line: httpx.Client, run_id: int) -> str:
    """Do what people, banks and post do: sign what is sealed, live the day once all have their messages, and ask for what they laid ready.

    Returns the part of the month that began with it, or an empty string.
    """
    state = run_state(run_id)
    under_way = state in {"sending", "sent", "settling"}
    if (state in {"checked", "approved", "authorised"} or under_way) and number(_SEALED, [run_id]):
        _sign(task, run_id, under_way=under_way)
        return HANDING_OVER
    if under_way and not number(_GOING, [run_id]):
        line.post(f"{task.banks}/day", json={"day": task.day.isoformat()}).raise_for_status()
        post.live(task.folder / "partners", date(2025, 7, 7))
        if not number(_BUSY, [carrying.run_key(run_id)]):
            verbs.enqueue(carrying.COLLECT, f"collect:{time.monotonic_ns()}", "rhythms")
            return ANSWERING
    return ""


def _sign(task: Task, run_id: int, *, under_way: bool) -> None:
    """The check was the worker's; two officers and the treasurer do the rest."""
    with transaction.atomic():
        sign(run_id, task.folder, checked=True)
    assert under_way or run_state(run_id) == "funded"


@contextmanager
def _desk(task: Task, line: httpx.Client, officer: str | None) -> Iterator[Desk]:
    # The worker hands over and takes answers; what an officer must do, it does in the name of who handed the run over.
    assert officer in {None, MAKER.reference}
    yield month.desk_of_task(task, line, MAKER if officer else TREASURER)


@dataclass
class Made:
    """Commits of the threads that carry: how many in all, how many since the part that is disturbed began, and when the first was."""

    part: str
    begun: bool
    number: int = 0
    of_part: int = 0
    first_at: float = 0.0

    def begin(self, part: str) -> None:
        """A part of the month begins."""
        self.begun = self.begun or part == self.part

    def another(self) -> int:
        """Count a commit and return its number in the part; 0 before it has begun."""
        self.number += 1
        self.first_at = self.first_at or time.monotonic()
        self.of_part += self.begun
        return self.of_part


@contextmanager
def counted(told: Told) -> Iterator[Made]:
    """Count the commits of this process's carrying threads, Django's and the engine's, and kill it at the one named."""
    made, death, lock = Made(told.part, begun=told.part == BUILDING), told.death, threading.Lock()

    def passing(change: Callable[[], object]) -> object:
        if not threading.current_thread().name.startswith("dbos-executor-"):
            return change()
        with lock:
            this = made.another()
        if death is not None and death == Death(this, after=False):
            os.kill(os.getpid(), signal.SIGKILL)
        answer = change()
        if death is not None and death == Death(this, after=True):
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    djangos, engines = BaseDatabaseWrapper._commit, PGDialect_psycopg.do_commit  # type: ignore[attr-defined]
    BaseDatabaseWrapper._commit = lambda self: passing(lambda: djangos(self))  # type: ignore[attr-defined]
    kept: Callable[..., object] = engines
    PGDialect_psycopg.do_commit = lambda self, dbapi_connection: passing(  # type: ignore[method-assign]
        lambda: kept(self, dbapi_connection)
    )
    try:
        yield made
    finally:
        BaseDatabaseWrapper._commit, PGDialect_psycopg.do_commit = djangos, engines  # type: ignore[attr-defined, method-assign]
        connections.close_all()


def later(task: Task) -> Task:
    """Return the task as it is an hour later by the agency's clock."""
    return replace(task, hours=task.hours + 1)
