"""The engine behind the verbs: DBOS on the platform's own database, in a schema of its own. The only file that launches it, in the worker process alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from django.db import connections
from sqlalchemy import URL

from ansinh.durable.verbs import (
    APPLICATION,
    QUEUES,
    SCHEMA,
    TOPIC,
    VERSION,
    Declared,
    Facts,
    run_under,
)

POOL_SIZE = 6
POLL_SECONDS = 0.5
FORGOTTEN_AT_ONCE = 1_000
_OVER = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
# A workflow that ends its worker so often is looked at by a person (`ansinh check`).
RECOVERIES_MAX = 100


class WorkflowFailed(Exception):
    """A workflow ended with an error of this kind; a person looks (`ansinh check`)."""


class Interrupted(BaseException):
    """The worker ends: what it carried is not over, and goes on at its next start or under another."""


_ending = threading.Event()


class Engine:
    """Steps and waits as DBOS keeps them."""

    def step(self, name: str, function: Callable[[], Facts]) -> Facts:
        """Do a step unless its result is kept; its database connection ends with it, so that one that waits holds none."""

        def done() -> Facts:
            try:
                return dict(function())
            finally:
                connections.close_all()

        return DBOS.run_step({"name": name}, done)

    def wait(self, seconds: float) -> None:
        """Wait for a message, or so long."""
        DBOS.recv(TOPIC, timeout_seconds=seconds)

    def take_over(self, key: str, queue: str | None) -> None:
        """Take a workflow from its executor, if it is not over, and let another carry it on; the former one's next step is refused."""
        DBOS.resume_workflow(key, queue_name=queue)

    def forget(self, now: datetime, kept: timedelta) -> int:
        """Remove what ended before the time that it is kept; returns how many workflows."""
        old = DBOS.list_workflows(
            status=_OVER,
            completed_before=(now - kept).isoformat(),
            limit=FORGOTTEN_AT_ONCE,
            load_input=False,
            load_output=False,
        )
        DBOS.delete_workflows([one.workflow_id for one in old])
        return len(old)


@contextmanager
def launched(app_url: str, executor: str, workflows: tuple[Declared, ...]) -> Iterator[Engine]:
    """Carry workflows out while the block runs, under a stable executor's name: what this executor left unfinished goes on by itself."""
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": app_url,
        "dbos_system_schema": SCHEMA,
        "application_version": VERSION,
        "executor_id": executor,
        "sys_db_pool_size": POOL_SIZE,
        "run_migrations": False,
        "log_level": "ERROR",
        "enable_otlp": False,
        # What is read back is data, never a pickled object.
        "serializer": DBOSPortableJSONSerializer(),
    }
    DBOS(config=config)
    for one in workflows:
        DBOS.workflow(name=one.name, max_recovery_attempts=RECOVERIES_MAX)(_carried_out(one))
    engine = Engine()
    before = run_under(engine)
    _ending.clear()
    try:
        DBOS.launch()
        for queue, at_once in QUEUES.items():
            DBOS.register_queue(queue, partition_worker_concurrency=at_once, polling_interval_sec=POLL_SECONDS)
        yield engine
    finally:
        _ending.set()
        run_under(before)
        DBOS.destroy(destroy_registry=True)


def make_tables(owner: Mapping[str, Any]) -> None:
    """Make or renew the engine's own tables, as the database's owner (the driver's words: dbname, user, host, …); safe to repeat."""
    place = {name: str(owner[name]) for name in ("host", "port", "user", "password") if owner.get(name)}
    DBOS.migrate(str(URL.create("postgresql", database=owner["dbname"], query=place)), schema=SCHEMA)


def _carried_out(one: Declared) -> Callable[..., None]:
    def carried_out(**arguments: int | str) -> None:
        try:
            one.function(**arguments)
        except Exception as error:
            if _ending.is_set():
                raise Interrupted from None
            # Words of errors may quote a row: only the kind is kept.
            raise WorkflowFailed(type(error).__name__) from None

    carried_out.__qualname__ = carried_out.__name__ = one.name
    return carried_out
