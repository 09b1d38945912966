"""What the workers of one gateway know of each other: a piece of memory they share, a place for each.

A worker writes only its own place. So one of them can tell the counters of all, and leave a new connection to one that has fewer.
"""

from __future__ import annotations

import mmap
import os
import struct
from dataclasses import dataclass

PLACE_BYTES = 65_536
# Number of writings (odd while one is under way), connections, moment of the last sign of life, length of the counters.
_PLACE = struct.Struct("<qqdq")
_NUMBERS = struct.Struct("<qd")
# At the end of a place, and left there when its worker dies: its number in the counting, and its process.
_LEFT = struct.Struct("<qq")
COUNTERS_BYTES_MAX = PLACE_BYTES - _PLACE.size - _LEFT.size
ALIVE_SECONDS = 2.0


class Board:
    """Made by the supervisor before it begins workers, which inherit it."""

    def __init__(self, places: int) -> None:
        self.places = places
        self._memory = mmap.mmap(-1, places * PLACE_BYTES)

    def sign(self, place: int, connections: int, now: float) -> None:
        """Write that a worker lives, and with how many connections."""
        _NUMBERS.pack_into(self._memory, place * PLACE_BYTES + 8, connections, now)

    def clear(self, place: int) -> None:
        """Write that nobody lives at a place; what its worker left for its successor stays."""
        _PLACE.pack_into(self._memory, place * PLACE_BYTES, 0, 0, 0.0, 0)

    def fewest_elsewhere(self, place: int, now: float) -> int | None:
        """Return the fewest connections another living worker has, or None when there is no other."""
        counts = []
        for other in range(self.places):
            if other != place:
                connections, signed_at = _NUMBERS.unpack_from(self._memory, other * PLACE_BYTES + 8)
                if now - signed_at < ALIVE_SECONDS:
                    counts.append(connections)
        return min(counts, default=None)

    def keep(self, place: int, counters: bytes) -> None:
        """Write a worker's counters for the others to tell; what does not fit is not kept."""
        if len(counters) > COUNTERS_BYTES_MAX:
            return
        start = place * PLACE_BYTES
        written, connections, now, _ = _PLACE.unpack_from(self._memory, start)
        _PLACE.pack_into(self._memory, start, written | 1, connections, now, len(counters))
        self._memory[start + _PLACE.size : start + _PLACE.size + len(counters)] = counters
        _PLACE.pack_into(self._memory, start, (written | 1) + 1, connections, now, len(counters))

    def kept(self, place: int) -> bytes | None:
        """Return the counters of a place, None when nobody wrote any or somebody is writing just now, several times in a row."""
        start = place * PLACE_BYTES
        for _ in range(10):
            written, _, _, length = _PLACE.unpack_from(self._memory, start)
            if not length or written & 1:
                continue
            counters = bytes(self._memory[start + _PLACE.size : start + _PLACE.size + length])
            if _PLACE.unpack_from(self._memory, start)[0] == written:
                return counters
        return None

    def leave(self, place: int, worker: int, pid: int) -> None:
        """Write what a successor at this place has to know of its worker."""
        _LEFT.pack_into(self._memory, (place + 1) * PLACE_BYTES - _LEFT.size, worker, pid)

    def left(self, place: int) -> tuple[int, int]:
        """Return the number and the process of the last worker at a place; zeros when there was none, or it ended in peace."""
        worker, pid = _LEFT.unpack_from(self._memory, (place + 1) * PLACE_BYTES - _LEFT.size)
        return worker, pid


@dataclass(frozen=True)
class Succession:
    """A place where one worker follows another. Its supervisor begins one only after it has reaped the other, so the former is dead for certain."""

    board: Board
    place: int

    def former(self) -> tuple[int, int]:
        """Return number and process of the worker that died here, zeros when there is none."""
        return self.board.left(self.place)

    def follow(self, worker: int) -> None:
        """Write down who is here now; 0: nobody who would have to be buried."""
        self.board.leave(self.place, worker, os.getpid())
