"""The verbs of durable work; no other room knows which engine is behind them.

    declare   a workflow, under a name that never changes          every    let a declared workflow be enqueued once in each slot of time
    enqueue   let a worker do it, in the caller's own transaction  wake     let one that waits look again, in the caller's own transaction
    step      do one chunk or one file, once it is known as done   wait     sleep for so long, or until woken

A workflow decides by what its steps returned, and by nothing else: then it goes on after a crash where it was. A step may run twice; what it does counts
once because of the row it writes. Arguments and results are facts: record numbers, counts and short codes, never anything about a person.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ansinh.database.sql import execute, row

Fact = int | bool | str | None
Facts = Mapping[str, Fact]
Workflow = Callable[..., None]

SCHEMA = "durable"
APPLICATION = "ansinh"
# One version for ever: work begun by an older program is carried on by a newer one, whose workflows read only what their steps returned.
VERSION = "1"
TOPIC = "wake"
# Codes and record numbers have no spaces and no marks, so that no name fits in.
_CODE = re.compile(r"[A-Za-z0-9_.:=-]{0,80}")


class NotAFact(TypeError):
    """A step or workflow was given, or returned, something that may be personal."""


class StepFailed(Exception):
    """A step ended with an error; only its kind is kept, since words of errors may quote a row."""

    def __init__(self, step: str, kind: str) -> None:
        super().__init__(step, kind)
        self.step = step
        self.kind = kind


class Engine(Protocol):
    """What carries workflows out; only a worker process has one."""

    def step(self, name: str, function: Callable[[], Facts]) -> Facts:
        """Do a step unless its result is known already, and return the result."""
        ...

    def wait(self, seconds: float) -> None:
        """Return when the time is over or the workflow was woken."""
        ...


class _None:
    """Outside a worker a workflow is a plain function: steps are done at once, and nobody waits."""

    def step(self, name: str, function: Callable[[], Facts]) -> Facts:
        """Do it."""
        return function()

    def wait(self, seconds: float) -> None:
        """Return at once."""


@dataclass(frozen=True)
class Declared:
    """A workflow: its name, the function, and the queue it waits in."""

    name: str
    function: Workflow
    queue: str


@dataclass(frozen=True)
class Rhythm:
    """A workflow enqueued once in each slot of so many seconds; missed slots are not made up for."""

    name: str
    seconds: int


# Queue → how many of it a worker runs at once for one partition; partitions are partners, and never wait for one another.
QUEUES: dict[str, int] = {"runs": 1, "partners": 2, "files": 2, "rhythms": 1}
_FAILED = "failed"
_log = logging.getLogger("ansinh.durable")
_engine: Engine = _None()
_declared: dict[str, Declared] = {}
_rhythms: dict[str, Rhythm] = {}


def declare(name: str, queue: str, function: Workflow) -> None:
    """Declare a workflow; `enqueue` knows it by its name. Declaring again replaces it."""
    _declared[name] = Declared(name, function, queue if queue in QUEUES else _unknown(queue))


def every(seconds: int, name: str) -> None:
    """Let a declared workflow, which takes nothing, be enqueued once in each slot of so many seconds."""
    _rhythms[name] = Rhythm(_declared[name].name, seconds)


def declared() -> tuple[tuple[Declared, ...], tuple[Rhythm, ...]]:
    """Return what was declared."""
    return tuple(_declared.values()), tuple(_rhythms.values())


def enqueue(name: str, key: str, queue: str, partition: str = "", **arguments: Fact) -> None:
    """Let a worker carry a workflow out once, under a key; it rolls back with the caller's transaction, and the same key again changes nothing."""
    row(
        f"SELECT {SCHEMA}.enqueue_workflow(workflow_name => %s, queue_name => %s, named_args => %s::json, workflow_id => %s, app_version => %s,"
        " queue_partition_key => %s, application_name => %s)",
        [name, queue, json.dumps(dict(_facts(arguments))), key, VERSION, partition or key, APPLICATION],
    )


def wake(key: str) -> None:
    """Let a workflow that waits look again; rolls back with the caller's transaction. One that is over or unknown is left alone."""
    execute(
        f"SELECT {SCHEMA}.send_message(workflow_uuid, '0'::json, %s) FROM {SCHEMA}.workflow_status WHERE workflow_uuid = %s"
        " AND status IN ('ENQUEUED', 'PENDING', 'DELAYED')",
        [TOPIC, key],
    )


def step(name: str, function: Callable[[], Facts]) -> Facts:
    """Do one chunk or one file and return what it came to; raises StepFailed with no more than the kind of error.

    A stop of the whole process is no failure: the step is then done again.
    """

    def done() -> Facts:
        # What an engine keeps of a failure is this fact, never the error itself.
        try:
            return _facts(function())
        except Exception as error:
            kind, (*_, last) = type(error).__name__, traceback.extract_tb(error.__traceback__)
            _log.warning("step %s failed: %s at %s:%s", name, kind, Path(last.filename).name, last.lineno)
            return {_FAILED: kind}

    facts = _engine.step(name, done)
    failed = facts.get(_FAILED)
    if isinstance(failed, str):
        raise StepFailed(name, failed)
    return facts


def wait(seconds: float) -> None:
    """Wait for so long, or until woken; also across restarts of the worker."""
    _engine.wait(seconds)


def run_under(engine: Engine) -> Engine:
    """Let an engine carry out what this process does, and return the one before."""
    global _engine  # a process works under one engine
    before, _engine = _engine, engine
    return before


def _facts(facts: Facts) -> Facts:
    for name, value in facts.items():
        if isinstance(value, str) and not _CODE.fullmatch(value):
            raise NotAFact(f"{name} is not a code")
        if not isinstance(value, int | bool | str | None):
            raise NotAFact(f"{name} is a {type(value).__name__}")
    return facts


def _unknown(queue: str) -> str:
    raise ValueError(f"no queue {queue}; known: {', '.join(QUEUES)}")
