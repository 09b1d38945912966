"""The supervisor: opens the door, begins workers, replaces those that die, and drains all of them when told to stop.

It holds no database connection and answers nobody, so there is nothing in it that a request could break. Workers are forked from it, so that a new one
answers some milliseconds after another died; meanwhile the others answer, and who knocks waits at the door, which stays open.
"""

from __future__ import annotations

import gc
import logging
import os
import resource
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from typing import NoReturn

from ansinh.gateway.front import Front
from ansinh.gateway.server import serving
from ansinh.gateway.server.board import Board

BACKLOG = 4_096
DRAIN_SECONDS_MAX = 10.0
# The pause before a worker's successor, when it died young: doubled each time.
PAUSE_SECONDS_MIN = 0.02
PAUSE_SECONDS_MAX = 0.5
LIFE_SECONDS_MIN = 5.0
_HEARD = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}
_log = logging.getLogger("ansinh.gateway")


class AddressTaken(Exception):
    """Somebody else listens where the gateway should."""


def listen(host: str, port: int) -> socket.socket:
    """Open the door; raises AddressTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise AddressTaken(f"the gateway cannot listen on {host} port {port}: {error.strerror}") from error
    listener.listen(BACKLOG)
    listener.setblocking(False)
    return listener


def _permit_connections() -> None:
    """Let this process and its workers hold as many connections as the machine permits; shells often permit a thousand."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * serving.CONNECTIONS_MAX
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


class Supervisor:
    """Keeps as many workers alive as there are places."""

    def __init__(self, make_front: Callable[[], Front], listener: socket.socket, workers: int) -> None:
        self._make_front = make_front
        self._listener = listener
        self._board = Board(workers)
        self._places: dict[int, int] = {}
        self._born_at: dict[int, float] = {}
        self._pauses = dict.fromkeys(range(workers), PAUSE_SECONDS_MIN)
        self._due_at = dict.fromkeys(range(workers), 0.0)

    def serve(self) -> None:
        """Return when told to stop and everything taken has been answered."""
        gc.freeze()
        _permit_connections()
        signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
        while True:
            self._begin_who_is_due()
            wait = min(self._due_at.values(), default=time.monotonic() + 1.0) - time.monotonic()
            heard = signal.sigtimedwait(_HEARD, max(0.0, min(wait, 1.0)))
            if heard is not None and heard.si_signo != signal.SIGCHLD:
                break
            self._bury()
        self._listener.close()
        self._end()

    def _begin_who_is_due(self) -> None:
        now = time.monotonic()
        for place in [place for place, due_at in self._due_at.items() if due_at <= now]:
            pid = os.fork()
            if not pid:
                self._be_worker(place)
            del self._due_at[place]
            self._places[pid], self._born_at[pid] = place, now

    def _be_worker(self, place: int) -> NoReturn:
        code = 1
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            serving.run(self._make_front, self._listener, self._board, place)
            code = 0
        except Exception as trouble:  # told by its kind and place; values might be about persons
            where = traceback.extract_tb(trouble.__traceback__)[-1]
            _log.error("worker failed", extra={"kind": type(trouble).__name__, "where": f"{where.name}:{where.lineno}"})
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _bury(self) -> None:
        """Reap the dead and say when their successors are due."""
        while self._places:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            place = self._places.pop(pid, None)
            if place is None:
                continue
            self._board.clear(place)
            now = time.monotonic()
            young = now - self._born_at.pop(pid) < LIFE_SECONDS_MIN
            pause = self._pauses[place] = (
                min(2 * self._pauses[place], PAUSE_SECONDS_MAX) if young else PAUSE_SECONDS_MIN
            )
            self._due_at[place] = now + pause
            _log.warning("worker ended", extra={"place": place, "status": os.waitstatus_to_exitcode(status)})

    def _end(self) -> None:
        for pid in self._places:
            os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + DRAIN_SECONDS_MAX
        while self._places:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid:
                self._places.pop(pid, None)
            elif time.monotonic() > until:
                for late in self._places:
                    os.kill(late, signal.SIGKILL)
                until += DRAIN_SECONDS_MAX
            else:
                signal.sigtimedwait({signal.SIGCHLD}, 0.05)
