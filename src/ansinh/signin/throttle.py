"""How long whoever guesses has to wait: windows that grow with each wrong try, and never beyond a quarter of an hour.

Three counters watch each try: the account from this address, the account from anywhere, and the address for any account. The first is tight, so that one
guesser is slowed at once; the others are looser, so that nobody can keep a colleague out cheaply, and so that a clinic behind one address is not.

Two more watch the citizens' door by address alone: sign-ins begun that nobody came back from, and answers of the e-ID that did not hold. Many people share
an address of a mobile network, so whoever comes back takes their beginning off the count, and an answer to a request that was made is always looked at.
"""

from __future__ import annotations

from enum import Enum

FIRST_WINDOW_SECONDS = 5
WINDOW_SECONDS_MAX = 15 * 60
FORGOTTEN_AFTER_SECONDS = 60 * 60


class Counter(Enum):
    """What is counted, and how many wrong tries are free."""

    PAIR = ("pair", 3)
    ACCOUNT = ("account", 10)
    ADDRESS = ("address", 30)
    BEGUN = ("begun", 100)
    UNPROVEN = ("unproven", 30)

    @property
    def word(self) -> str:
        """Return the word the counter is kept under."""
        return self.value[0]

    @property
    def free(self) -> int:
        """Return how many wrong tries cost nothing."""
        return self.value[1]


def window_seconds(failures: int, free: int) -> int:
    """Return how long the next try must wait after so many wrong ones in a row."""
    beyond = failures - free
    if beyond <= 0:
        return 0
    doublings = min(beyond - 1, WINDOW_SECONDS_MAX.bit_length())
    return min(FIRST_WINDOW_SECONDS << doublings, WINDOW_SECONDS_MAX)
