"""One worker process: takes connections from the shared socket, answers, and drains when told to stop."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
from collections.abc import Callable
from time import monotonic

import uvloop

from ansinh.gateway.front import Front
from ansinh.gateway.server.board import Board, Succession
from ansinh.gateway.server.connection import Connection

CONNECTIONS_MAX = 4_096
TAKEN_AT_ONCE_MAX = 32
TICK_SECONDS = 0.25
# A worker with more connections than another leaves the next one to it for so long.
YIELD_SECONDS = 0.002
# A client may be writing a request on a connection that is idle for us: so long its request is still taken when we drain.
LAST_REQUESTS_SECONDS = 0.3
DRAIN_SECONDS_MAX = 8.0
GARBAGE_THRESHOLD = 100_000


class Serving:
    """The life of one worker."""

    def __init__(self, front: Front, listener: socket.socket, board: Board, place: int) -> None:
        self._front = front
        self._listener = listener
        self._board = board
        self._place = place
        self._supervisor_pid = os.getppid()
        self._connections: set[Connection] = set()
        self._opening: set[asyncio.Task[object]] = set()
        self._told_to_stop = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    async def live(self) -> None:
        """Serve until told to stop or until the supervisor is gone; raises Mismatch when the database publishes something else."""
        worker = self._front.worker
        worker.metrics.share(self._board, self._place)
        if worker.guard is not None:
            worker.guard.succeed(Succession(self._board, self._place))
        await worker.start()
        for told in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(told, self._told_to_stop.set)
        # Nothing on the hot path makes cycles; looking for them at the usual rate costs a tenth of the worker's time.
        gc.collect()
        gc.freeze()
        gc.set_threshold(GARBAGE_THRESHOLD)
        self._listen()
        ticking = self._loop.create_task(self._tick())
        await self._told_to_stop.wait()
        await self._drain()
        ticking.cancel()
        await worker.stop()

    def _listen(self) -> None:
        if not self._told_to_stop.is_set():
            self._loop.add_reader(self._listener.fileno(), self._accept)

    def _accept(self) -> None:
        """Take connections, unless another worker has clearly fewer: so they share them evenly, whoever is quicker."""
        fewest = self._board.fewest_elsewhere(self._place, monotonic())
        for _ in range(TAKEN_AT_ONCE_MAX):
            here = len(self._connections) + len(self._opening)
            if (fewest is not None and here > fewest + fewest // 8) or here >= CONNECTIONS_MAX:
                self._loop.remove_reader(self._listener.fileno())
                self._loop.call_later(YIELD_SECONDS, self._listen_after_yielding)
                return
            if not self._take():
                return

    def _listen_after_yielding(self) -> None:
        """Nobody took them meanwhile: then we do, however many we have."""
        if self._told_to_stop.is_set():
            return
        for _ in range(TAKEN_AT_ONCE_MAX):
            if len(self._connections) + len(self._opening) >= CONNECTIONS_MAX or not self._take():
                break
        self._listen()

    def _take(self) -> bool:
        try:
            connected, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return False
        except OSError:  # no descriptors left: those who wait are taken when some are free again
            return False
        connected.setblocking(False)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opening: asyncio.Task[object] = self._loop.create_task(
            self._loop.connect_accepted_socket(
                lambda: Connection(self._front, self._connections, self._loop), connected
            )
        )
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)
        self._board.sign(self._place, len(self._connections) + len(self._opening), monotonic())
        return True

    async def _tick(self) -> None:
        """Look after connections, give signs of life, and end when the supervisor is gone: nobody else would end this worker."""
        while True:
            now = monotonic()
            for connection in list(self._connections):
                connection.sweep(now)
            self._board.sign(self._place, len(self._connections), now)
            worker = self._front.worker
            worker.metrics.publish(waiting=worker.waiting, ready=worker.store.ready)
            if os.getppid() != self._supervisor_pid:
                self._told_to_stop.set()
            await asyncio.sleep(TICK_SECONDS)

    async def _drain(self) -> None:
        """Take who waits at the door, answer everybody once more, then close."""
        self._loop.remove_reader(self._listener.fileno())
        while self._take():
            pass
        self._listener.close()
        until = self._loop.time() + LAST_REQUESTS_SECONDS
        while self._connections or self._opening:
            for connection in list(self._connections):
                connection.drain()
                if self._loop.time() > until and connection.idle:
                    connection.close()
            if self._loop.time() > until + DRAIN_SECONDS_MAX:
                return
            await asyncio.sleep(0.01)


def run(make_front: Callable[[], Front], listener: socket.socket, board: Board, place: int) -> None:
    """Live as a worker, in this process."""

    async def live() -> None:
        await Serving(make_front(), listener, board, place).live()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(live())
