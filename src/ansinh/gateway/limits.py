"""How much a client may ask: a bucket for each, filled at the client's rate, in each worker a share of it. No clock of the nation's: real seconds.

Told in the fields `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11): the policy is the client's whole quota; what is left is
what the answering worker still gives, so a client that keeps to it is never refused. A batch costs as many units as it has numbers; one that is bigger
than the bucket is let in when the bucket is full, and paid off before the next.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil

from ansinh.access.tokens import Grant
from ansinh.gateway.problems import Problem

WINDOW_SECONDS = 10
CLIENTS_KEPT_MAX = 50_000

# Headers of an answer: the policy, and what is left.
Told = tuple[tuple[str, str], tuple[str, str]]


class Bucket:
    """Units that may be taken now, and the rate at which they come back: one worker's share of a client's."""

    __slots__ = ("_at", "_capacity", "_now", "_rate", "_units", "policy", "rate_per_second")

    def __init__(self, rate_per_second: int, workers: int, now: Callable[[], float] = time.monotonic) -> None:
        self.rate_per_second = rate_per_second
        self.policy = ("ratelimit-policy", f'"client";q={rate_per_second * WINDOW_SECONDS};w={WINDOW_SECONDS}')
        self._rate = rate_per_second / workers
        self._capacity = self._units = self._rate * WINDOW_SECONDS
        self._now = now
        self._at = now()

    def take(self, units: int) -> float | None:
        """Take units, or return in how many seconds there will be enough."""
        now = self._now()
        held = min(self._capacity, self._units + (now - self._at) * self._rate)
        self._at = now
        missing = min(units, self._capacity) - held
        if missing > 0:
            self._units = held
            return missing / self._rate
        self._units = held - units
        return None

    def left(self) -> tuple[str, str]:
        """Return the field that says what is left, and in how many seconds everything is back."""
        units = self._units
        return (
            "ratelimit",
            f'"client";r={int(units) if units > 0 else 0};t={ceil((self._capacity - units) / self._rate)}',
        )


class Limits:
    """The buckets of the clients that asked this worker."""

    def __init__(self, workers: int, now: Callable[[], float] = time.monotonic) -> None:
        self._workers = workers
        self._now = now
        self._buckets: dict[int, Bucket] = {}

    def take(self, grant: Grant, units: int = 1) -> Told:
        """Count units against a client, and return what its answer says of them; raises Problem (429) when there are not enough."""
        bucket = self._buckets.get(grant.client_no)
        if bucket is None or bucket.rate_per_second != grant.rate_per_second:
            bucket = self._new(grant)
        wait_seconds = bucket.take(units)
        if wait_seconds is not None:
            raise _too_many(max(1, ceil(wait_seconds)), (bucket.policy, bucket.left()))
        return bucket.policy, bucket.left()

    def _new(self, grant: Grant) -> Bucket:
        if len(self._buckets) >= CLIENTS_KEPT_MAX:
            del self._buckets[next(iter(self._buckets))]
        bucket = self._buckets[grant.client_no] = Bucket(grant.rate_per_second, self._workers, self._now)
        return bucket


def _too_many(seconds: int, told: Told) -> Problem:
    return Problem(
        429,
        "too_many_requests",
        f"Máy khách hỏi nhanh hơn giới hạn đã thỏa thuận. Thử lại sau {seconds} giây, hoặc đề nghị nâng giới hạn.",
        f"The client asks faster than was agreed. Try again in {seconds} seconds, or ask for a higher limit.",
        headers=(("retry-after", str(seconds)), *told),
    )
