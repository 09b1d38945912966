"""The routing table: each address of the gateway and its call, the hot path first; and all it needs to be published.

Whoever adds a call adds its routes and what they ask of the database here, and nothing else of the gateway changes.
"""

from __future__ import annotations

from ansinh.gateway import dialect, eid, fhir, guard, health, native, operating, standing, submissions
from ansinh.gateway.routes import Route
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

PUBLISHED: tuple[Published, ...] = (
    *standing.PUBLISHED,
    *dialect.PUBLISHED,
    *native.PUBLISHED,
    *health.PUBLISHED,
    *eid.PUBLISHED,
    *submissions.PUBLISHED,
    *fhir.PUBLISHED,
    *guard.PUBLISHED,
)


def routes_of(worker: Worker) -> dict[str, Route]:
    """Return every address this worker answers."""
    return {
        **standing.routes(worker),
        **dialect.routes(worker),
        **native.routes(worker),
        **health.routes(worker),
        **eid.routes(worker),
        **submissions.routes(worker),
        **fhir.routes(worker),
        **operating.routes(worker),
    }
