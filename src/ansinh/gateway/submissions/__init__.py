"""What facilities submit: the services hospitals' software already calls, and the native door. Agreements: contracts/dialect, contracts/gateway."""

from __future__ import annotations

from ansinh.gateway.routes import Route
from ansinh.gateway.store import Published
from ansinh.gateway.submissions import native, services
from ansinh.gateway.submissions.taking import SUBMISSION, SUBMIT, Taking
from ansinh.gateway.worker import Worker

PUBLISHED: tuple[Published, ...] = (SUBMIT, SUBMISSION)


def routes(worker: Worker) -> dict[str, Route]:
    """Return the addresses at which submissions are taken, and told of."""
    taking = Taking(worker)
    return {**services.routes(worker, taking), **native.routes(worker, taking)}
