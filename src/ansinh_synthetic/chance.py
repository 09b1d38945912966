"""Chance that falls the same on every machine.

Only integer draws, additions, multiplications and comparisons decide an outcome: logarithms and powers of the
machine's mathematics library may differ in their last bit, and one bit would be another nation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

Ints = NDArray[Any]
Bools = NDArray[np.bool_]

_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_STEP = np.uint64(0x9E3779B97F4A7C15)


def stream(seed: int, purpose: str, block: int = 0) -> Generator:
    """Return the stream of one purpose in one block; no two purposes or blocks share one."""
    return Generator(PCG64(SeedSequence((seed, crc32(purpose.encode()), block))))


def key_of(seed: int, purpose: str) -> int:
    """Return a 64-bit key for permutations and hashes of one purpose."""
    return int(stream(seed, purpose).integers(0, 2**63, dtype=np.int64))


def hashed(key: int, values: Ints) -> Ints:
    """Mix integers into 64 unsigned bits (splitmix64), the same for equal values and key."""
    with np.errstate(over="ignore"):
        mixed = values.astype(np.uint64) * _STEP + np.uint64(key)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_1
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
        return mixed ^ (mixed >> np.uint64(31))


class Draw:
    """A weighted choice among the numbers 0..n-1, made by one table look-up.

    The table has 2**bits places shared out in proportion to integer weights, so a choice is exact to 2**-bits.
    """

    def __init__(self, weights: Sequence[int] | Ints, bits: int = 16) -> None:
        sums = np.cumsum(np.asarray(weights, dtype=np.int64))
        if sums.size == 0 or int(sums[-1]) <= 0:
            raise ValueError("a weighted choice needs at least one positive weight")
        size = 1 << bits
        points = (np.arange(size, dtype=np.int64) * 2 + 1) * sums[-1] // (2 * size)
        self._places = np.searchsorted(sums, points, side="right").astype(np.int32)
        self._size = size

    def take(self, rng: Generator, count: int) -> Ints:
        """Draw `count` numbers."""
        return self._places[rng.integers(0, self._size, count, dtype=np.int32)]


def pick(rng: Generator, weights: Ints, count: int) -> Ints:
    """Pick `count` different positions with chances in proportion to integer weights, in random order.

    Systematic sampling over a shuffled list. Fewer come back when fewer have a positive weight; heavy weights are
    taken once only, and the remainder is filled from the others.
    """
    chosen = np.zeros(0, dtype=np.int64)
    left = np.asarray(weights, dtype=np.int64).copy()
    for _ in range(8):
        open_places = np.flatnonzero(left > 0)
        missing = count - chosen.size
        if missing <= 0 or open_places.size == 0:
            break
        if open_places.size <= missing:
            found = open_places
        else:
            order = rng.permutation(open_places)
            sums = np.cumsum(left[order])
            start = int(rng.integers(0, int(sums[-1])))
            points = (start + np.arange(missing, dtype=np.int64) * int(sums[-1]) // missing) % int(sums[-1])
            found = order[np.unique(np.searchsorted(sums, points, side="right"))]
        left[found] = 0
        chosen = np.concatenate([chosen, found])
    return rng.permutation(chosen)


def happens(rng: Generator, count: int, chance: float | Ints) -> Bools:
    """Tell for each of `count` whether something of the given chance happens."""
    return np.asarray(rng.random(count) < chance, dtype=np.bool_)


def bell(rng: Generator, count: int, spread: int) -> Ints:
    """Draw integers around 0, bell-shaped, within ±2×spread and a standard deviation of about 0.8×spread."""
    total = np.zeros(count, dtype=np.int64)
    for _ in range(4):
        total += rng.integers(0, spread + 1, count)
    return total - 2 * spread


def share(total: int, block: int, blocks: int) -> int:
    """Return what one of `blocks` equal blocks gets of a total, so that all together get exactly the total."""
    return total * (block + 1) // blocks - total * block // blocks


def starts_of(sorted_groups: Ints, groups: int) -> Ints:
    """Return where each group begins in a sorted list of group numbers; one more entry ends the last."""
    return np.searchsorted(sorted_groups, np.arange(groups + 1))
