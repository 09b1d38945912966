"""The gateway with only its first layers, to measure what each costs: python -m ansinh.gateway.layers NUMBER. Nothing but the benchmark runs this.

1 HTTP, 2 token and question, 3 batches (answered after the time a database takes), 4 the look-up, 5 its audit rows, 6 their chain, which is all of it.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace

from ansinh.foundation.settings import settings
from ansinh.gateway.batching import Batcher
from ansinh.gateway.calls import PUBLISHED, routes_of
from ansinh.gateway.configuration import Configuration, read_configuration
from ansinh.gateway.front import Front
from ansinh.gateway.routes import JSON_ANSWER, Addresses, Answered, Headers, Route
from ansinh.gateway.server.supervising import Supervisor, listen
from ansinh.gateway.standing import STANDING, Answer, Question, StandingCall
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

HTTP, TOKEN, BATCH, LOOK_UP, AUDIT, CHAIN = range(1, 7)
# What the published function is called that does less than the true one; the benchmark makes them in its own database.
LESSER = {LOOK_UP: "bench_look_up_v1", AUDIT: "bench_audit_v1"}
DATABASE_SECONDS = 0.003
_TOLD = b"x" * 750


class _WorkerOfLayers(Worker):
    """A worker whose questions go to a lesser function, or to nobody."""

    def __init__(self, configuration: Configuration, layer: int) -> None:
        lesser = replace(STANDING, name=LESSER[layer]) if layer in LESSER else STANDING
        super().__init__(configuration, (*PUBLISHED, lesser))
        self._layer = layer
        self._lesser = lesser

    def batcher(self, function: Published, *, batch_length_max: int = 512) -> Batcher[Question, Answer]:
        """Return a batcher of the lesser function."""
        if self._layer > BATCH:
            return super().batcher(
                self._lesser if function is STANDING else function, batch_length_max=batch_length_max
            )
        batcher: Batcher[Question, Answer] = _AtOnce(_told_later) if self._layer < BATCH else Batcher(_told_later)
        self._batchers.append(batcher)
        return batcher


class _AtOnce(Batcher[Question, Answer]):
    """No batcher at all: whoever asks is answered before anybody else is heard."""

    def submit(self, question: Question) -> asyncio.Future[Answer]:
        """Return an answer that is there already."""
        told: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        told.set_result((1, 1, _TOLD))
        return told


async def _told_later(questions: list[Question]) -> list[Answer]:
    await asyncio.sleep(DATABASE_SECONDS)
    return [(1, 1, _TOLD)] * len(questions)


class _FrontOfLayers(Front):
    def __init__(self, configuration: Configuration, layer: int) -> None:
        super().__init__(configuration)
        self.worker = _WorkerOfLayers(configuration, layer)

        async def only_http(method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
            return 200, JSON_ANSWER, _TOLD

        hot = Route(only_http if layer == HTTP else StandingCall(self.worker).answer)
        self.route = Addresses({**routes_of(self.worker), "/v1/standing": hot}).route


def serve(layer: int) -> None:
    """Serve with so many layers until told to stop."""
    here, configuration = settings(), read_configuration()
    listener = listen(here.gateway_host, here.gateway_port)
    Supervisor(lambda: _FrontOfLayers(configuration, layer), listener, here.gateway_workers).serve()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
