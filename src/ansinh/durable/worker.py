"""A worker: the one process that launches the engine. It says that it is alive, takes over the work of workers that are lost, keeps the rhythms, forgets.

All times are the database's, so that workers need no common clock.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import psycopg
from django.db import DatabaseError, connections

from ansinh.database.runner import single_runner
from ansinh.database.sql import execute, number, row, rows
from ansinh.durable.engine import Engine, launched
from ansinh.durable.verbs import SCHEMA, Rhythm, declared, enqueue

BEAT_SECONDS = 5.0
# So long unseen, a worker is lost: several beats, and longer than the database takes to come back.
LOST_SECONDS = 30
KEPT = timedelta(days=90)
TAKEN_OVER_AT_ONCE = 1_000

_BEAT = """
INSERT INTO durable_executor (name, started_at, seen_at) VALUES (%s, now(), now()) ON CONFLICT (name) DO UPDATE SET seen_at = now()
"""
_LOST = f"""
SELECT w.workflow_uuid, w.queue_name FROM {SCHEMA}.workflow_status w LEFT JOIN durable_executor d ON d.name = w.executor_id
WHERE w.status = 'PENDING' AND (d.seen_at IS NULL OR d.seen_at < now() - make_interval(secs => %s)) ORDER BY w.created_at LIMIT %s
"""
_UNDONE = f"SELECT count(*) FROM {SCHEMA}.workflow_status WHERE status IN ('PENDING', 'ENQUEUED', 'DELAYED')"


@dataclass
class Worker:
    """A launched worker. `beat` is one round of its housekeeping; `run` repeats it until told to stop."""

    name: str
    engine: Engine
    rhythms: tuple[Rhythm, ...] = ()
    lost_seconds: float = LOST_SECONDS
    _forgot_on: str = field(default="", init=False)

    def beat(self) -> int:
        """Say that this worker is alive, keep the rhythms, take over what lost workers left, forget what is old; returns how many were taken over."""
        execute(_BEAT, [self.name])
        now = _database_now()
        for rhythm in self.rhythms:
            slot = int(now.timestamp()) // rhythm.seconds
            enqueue(rhythm.name, f"{rhythm.name}:{slot}", "rhythms", rhythm.name)
        taken = self.take_over_lost()
        if self._forgot_on != now.date().isoformat():
            self.engine.forget(now, KEPT)
            self._forgot_on = now.date().isoformat()
        return taken

    def take_over_lost(self) -> int:
        """Take over the work of workers that were not seen for too long; returns how many workflows. One worker at a time does it."""
        if not number("SELECT pg_try_advisory_lock(hashtext('durable.watchdog'))::integer"):
            return 0
        try:
            lost = rows(_LOST, [self.lost_seconds, TAKEN_OVER_AT_ONCE])
            for key, queue in lost:
                self.engine.take_over(key, queue)
            return len(lost)
        finally:
            execute("SELECT pg_advisory_unlock(hashtext('durable.watchdog'))")

    def run(self, over: threading.Event) -> None:
        """Beat until told to stop; a database that is away for a while ends nothing."""
        while not over.is_set():
            try:
                self.beat()
            except DatabaseError:
                connections.close_all()
            over.wait(BEAT_SECONDS)


@contextmanager
def at_work(app_url: str, name: str, lost_seconds: float = LOST_SECONDS) -> Iterator[Worker]:
    """Launch the engine as the worker `name` for the block; refuses `already_running` while another process bears the name."""
    workflows, rhythms = declared()
    with psycopg.connect(app_url, autocommit=True) as own, single_runner(own, f"worker {name}"):
        # Before the launch: a worker that is not known yet would be taken for lost.
        execute(_BEAT, [name])
        execute("UPDATE durable_executor SET started_at = now() WHERE name = %s", [name])
        with launched(app_url, name, workflows) as engine:
            yield Worker(name, engine, rhythms, lost_seconds)
        # Who ends in order need not be missed first: what it carried is the others' at once.
        execute("UPDATE durable_executor SET seen_at = '-infinity' WHERE name = %s", [name])


def undone() -> int:
    """Return how many workflows are begun or wait to be."""
    return number(_UNDONE)


def _database_now() -> datetime:
    found = row("SELECT now()")
    assert found is not None
    moment: datetime = found[0]
    return moment.astimezone(UTC)
