"""The national e-ID app at the door: what it pulls about the citizen who signed in. Agreement: contracts/gateway/eid.yaml."""

from __future__ import annotations

from ansinh.gateway.eid import pulling
from ansinh.gateway.eid.pulls import PULLS
from ansinh.gateway.routes import Route
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

PUBLISHED: tuple[Published, ...] = (
    *(pull.asks for pull in PULLS if not pull.asks.name.startswith("health_")),
    *(pull.asks_with_xroad for pull in PULLS),
)


def routes(worker: Worker) -> dict[str, Route]:
    """Return the addresses of the app's pulls."""
    return pulling.routes(worker)
