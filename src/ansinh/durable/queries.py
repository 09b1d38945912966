"""What others may ask about durable work: which workflows there are, and which workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ansinh.database.sql import number, row, rows
from ansinh.durable.verbs import SCHEMA

WORKS_MAX = 200


@dataclass(frozen=True)
class Work:
    """A workflow: its key and name, the engine's word for its state, who carries it out, how many steps are done."""

    key: str
    name: str
    state: str
    worker: str | None
    steps: int
    created_at: datetime


@dataclass(frozen=True)
class SeenWorker:
    """A worker and how long ago it was last seen, in seconds of the database's clock."""

    name: str
    started_at: datetime
    seen_seconds_ago: float


_WORKS = f"""
SELECT w.workflow_uuid, w.name, lower(w.status), w.executor_id, (SELECT count(*) FROM {SCHEMA}.operation_outputs o WHERE o.workflow_uuid = w.workflow_uuid),
    to_timestamp(w.created_at / 1000.0)
FROM {SCHEMA}.workflow_status w WHERE (%s::text IS NULL OR w.workflow_uuid = %s) AND (NOT %s OR w.status IN ('PENDING', 'ENQUEUED', 'DELAYED'))
ORDER BY w.created_at DESC LIMIT %s
"""


def works(*, unfinished: bool = False) -> list[Work]:
    """Return the newest workflows, the newest first."""
    return [Work(*one) for one in rows(_WORKS, [None, None, unfinished, WORKS_MAX])]


def work(key: str) -> Work | None:
    """Return the workflow of a key, or None where none was ever enqueued, or it is forgotten."""
    found = row(_WORKS, [key, key, False, 1])
    return Work(*found) if found else None


def never_enqueued(keys: Sequence[str]) -> list[str]:
    """Return those of some keys under which no work is known."""
    known = {
        str(key)
        for (key,) in rows(
            f"SELECT workflow_uuid FROM {SCHEMA}.workflow_status WHERE workflow_uuid = ANY(%s)", [list(keys)]
        )
    }
    return [key for key in keys if key not in known]


def unfinished(prefix: str) -> int:
    """Return how many workflows are begun, or wait to be, whose keys begin so."""
    return number(
        f"SELECT count(*) FROM {SCHEMA}.workflow_status WHERE status IN ('PENDING', 'ENQUEUED', 'DELAYED') AND starts_with(workflow_uuid, %s)",
        [prefix],
    )


def workers() -> list[SeenWorker]:
    """Return every worker ever seen, by name."""
    found = rows(
        "SELECT name, started_at, extract(epoch FROM now() - greatest(seen_at, started_at))::float8 FROM durable_executor ORDER BY name"
    )
    return [SeenWorker(*one) for one in found]
