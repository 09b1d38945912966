"""Long files that never come to their end: memory stays bounded, and short submissions are taken meanwhile."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

import psutil

from ansinh.gateway.server.connection import HELD_BYTES_MAX
from tests.gateway_submissions.door import ENCOUNTER, Door, encounter

CONNECTIONS, SENT_BYTES = 24, 12 << 20
GROWTH_MIB_MAX = 320


def memory(door: Door) -> int:
    """Return the resident bytes of all workers."""
    return sum(psutil.Process(pid).memory_info().rss for pid in door.gateway.worker_pids())


def test_long_bodies_that_never_end_give_way_to_short_ones(door: Door) -> None:
    assert CONNECTIONS * SENT_BYTES > 4 * HELD_BYTES_MAX
    at = urlsplit(door.gateway.base)
    head = f"POST {ENCOUNTER} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {SENT_BYTES + 9}\r\n\r\n"
    piece = b"A" * (1 << 20)
    door.send(encounter())
    before = memory(door)
    with ExitStack() as lines:
        cut = 0
        for _ in range(CONNECTIONS):
            line = lines.enter_context(socket.create_connection((at.hostname or "", at.port or 0), timeout=20))
            try:
                line.sendall(head.encode())
                for _ in range(SENT_BYTES >> 20):
                    line.sendall(piece)
            except OSError:
                cut += 1
        assert door.send(encounter())["maKetQua"] == "200"
        grown_mib = (memory(door) - before) >> 20
    assert grown_mib < GROWTH_MIB_MAX
    assert door.send(encounter())["maKetQua"] == "200"


def test_long_files_behind_one_another_on_one_line_are_all_taken(door: Door) -> None:
    """The next request of a connection waits unread while a long one is answered."""
    content = encounter(inner="QUJD" * (1 << 19))
    for _ in range(3):
        told = door.send(content + b"\n" * 1, ENCOUNTER)
        assert told["maKetQua"] == "200"
