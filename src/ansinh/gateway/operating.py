"""For those who run the gateway: does the process live, can it answer, what has it counted."""

from __future__ import annotations

from ansinh.gateway import problems
from ansinh.gateway.metrics import CONTENT_TYPE
from ansinh.gateway.routes import GET, TEXT_ANSWER, Answered, Headers, Route
from ansinh.gateway.worker import Worker


def routes(worker: Worker) -> dict[str, Route]:
    """Return the addresses for operators."""
    operating = _Operating(worker)
    return {
        "/livez": Route(operating.live, GET, body_bytes_max=0),
        "/readyz": Route(operating.ready, GET, body_bytes_max=0),
        "/metrics": Route(operating.measured, GET, body_bytes_max=0),
    }


class _Operating:
    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def live(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """The process runs."""
        return 200, TEXT_ANSWER, b"ok\n"

    async def ready(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Look-ups can be answered now; raises Problem."""
        if not self._worker.store.ready:
            raise problems.UNAVAILABLE
        return 200, TEXT_ANSWER, b"ok\n"

    async def measured(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """The counters, in Prometheus' text."""
        text = self._worker.metrics.text(waiting=self._worker.waiting, ready=self._worker.store.ready)
        return 200, (("content-type", CONTENT_TYPE), ("cache-control", "no-store")), text
