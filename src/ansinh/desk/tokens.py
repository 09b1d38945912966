"""The facility's access tokens, kept in memory until shortly before they expire."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from ansinh.access.tokens import LIFETIME

FRESH_SECONDS = int(LIFETIME.total_seconds()) - 60
KEPT_MAX = 2_000


class TokenShelf:
    """One token per facility; the oldest leave when there are too many."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._kept: dict[str, tuple[float, str]] = {}
        self._lock = Lock()

    def token(self, facility: str, take: Callable[[], str]) -> str:
        """Return the facility's token, taken anew when it is not here or not fresh."""
        now = self._monotonic()
        with self._lock:
            found = self._kept.get(facility)
            if found and now - found[0] < FRESH_SECONDS:
                return found[1]
        token = take()
        with self._lock:
            self._kept.pop(facility, None)
            if len(self._kept) >= KEPT_MAX:
                del self._kept[next(iter(self._kept))]
            self._kept[facility] = now, token
        return token

    def forget(self, facility: str) -> None:
        """Drop a token that the gateway did not take."""
        with self._lock:
            self._kept.pop(facility, None)
