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

    __slots__ = (
        "_at",
        "_capacity",
        "_policy",
        "_rate",
        "_told",
        "_told_from",
        "_told_until",
        "_units",
        "rate_per_second",
    )

    def __init__(self, rate_per_second: int, workers: int, now: float) -> None:
        self.rate_per_second = rate_per_second
        self._policy = ("ratelimit-policy", f'"client";q={rate_per_second * WINDOW_SECONDS};w={WINDOW_SECONDS}')
        self._rate = rate_per_second / workers
        self._capacity = self._units = self._rate * WINDOW_SECONDS
        self._at = now
        self._told: Told = (self._policy, self._policy)
        self._told_from = self._told_until = 0.0

    def take(self, units: int, now: float) -> float:
        """Take units and return 0, or take nothing and return in how many seconds there will be enough."""
        held = self._units + (now - self._at) * self._rate
        held = min(held, self._capacity)
        self._at = now
        if held < units and held < self._capacity:
            self._units = held
            return (min(units, self._capacity) - held) / self._rate
        self._units = held - units
        return 0.0

    def told(self) -> Told:
        """Return the fields that say the policy, what is left (rounded down to two digits), and in how many seconds everything is back.

        The same text holds for a span of units, so it is made seldom.
        """
        units = self._units
        if self._told_from <= units < self._told_until:
            return self._told
        left = int(units) if units > 0 else 0
        step = 10 ** max(len(str(left)) - 2, 0)
        left -= left % step
        seconds = ceil((self._capacity - units) / self._rate)
        self._told = (self._policy, ("ratelimit", f'"client";r={left};t={seconds}'))
        self._told_from = max(float(left), self._capacity - seconds * self._rate)
        self._told_until = min(float(left + step), self._capacity - (seconds - 1) * self._rate)
        return self._told


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
        wait_seconds = bucket.take(units, self._now())
        if wait_seconds:
            raise _too_many(max(1, ceil(wait_seconds)), bucket.told())
        return bucket.told()

    def _new(self, grant: Grant) -> Bucket:
        if len(self._buckets) >= CLIENTS_KEPT_MAX:
            del self._buckets[next(iter(self._buckets))]
        bucket = self._buckets[grant.client_no] = Bucket(grant.rate_per_second, self._workers, self._now())
        return bucket


def _too_many(seconds: int, told: Told) -> Problem:
    return Problem(
        429,
        "too_many_requests",
        f"Máy khách hỏi nhanh hơn giới hạn đã thỏa thuận. Thử lại sau {seconds} giây, hoặc đề nghị nâng giới hạn.",
        f"The client asks faster than was agreed. Try again in {seconds} seconds, or ask for a higher limit.",
        headers=(("retry-after", str(seconds)), *told),
    )
