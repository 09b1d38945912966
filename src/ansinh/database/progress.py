"""Words for whoever waits: nothing in the first two seconds, then a line every few seconds on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

Say = Callable[[str], None]

QUIET_SECONDS = 2.0
REPEAT_SECONDS = 5.0


def say_on_stderr(words: str) -> None:
    """Write one line where it disturbs no machine that reads stdout."""
    print(words, file=sys.stderr, flush=True)  # noqa: T201


class Waiting:
    """A wait that polls, tells how long it has lasted, and may have a deadline."""

    def __init__(self, words: str, say: Say, *, seconds_max: float | None = None) -> None:
        self._words = words
        self._say = say
        self._seconds_max = seconds_max
        self._began = time.monotonic()
        self._next_words = self._began + QUIET_SECONDS
        self._pause = 0.005

    @property
    def seconds(self) -> float:
        """Seconds since the wait began."""
        return time.monotonic() - self._began

    def go_on(self) -> bool:
        """Pause shortly; False once the deadline has passed."""
        now = time.monotonic()
        if self._seconds_max is not None and now - self._began > self._seconds_max:
            return False
        if now >= self._next_words:
            self._say(f"{self._words} ({self.seconds:.0f} s)")
            self._next_words = now + REPEAT_SECONDS
        time.sleep(self._pause)
        self._pause = min(self._pause * 1.5, 0.2)
        return True
