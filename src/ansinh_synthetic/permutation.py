"""Keyed permutations: every number of a range gets another of the same range, none twice, without a table.

They give record numbers, personal numbers and row places that are unique over the whole nation although each block
of people is invented alone, and that say nothing about the order in which people were invented.
"""

from __future__ import annotations

import numpy as np

from ansinh_synthetic.chance import Ints, hashed

_ROUNDS = 6


def _feistel(side: int, key: int, tweak: Ints, numbers: Ints) -> Ints:
    """One pass of a Feistel network over the numbers below side²; `tweak` selects the permutation."""
    base = np.uint64(side)
    left, right = numbers // base, numbers % base
    for turn in range(_ROUNDS):
        mixed = hashed(key + turn * 0x1000193, right * np.uint64(0x100000001) + tweak * np.uint64(0x632BE59BD9B4E019))
        left, right = right, (left + mixed) % base
    return left * base + right


def permuted(size: int, key: int, numbers: Ints, tweak: Ints | int = 0) -> Ints:
    """Map numbers of 0..size-1 to other numbers of the same range, one to one for equal tweaks.

    A number that falls outside is sent through again until it falls inside, which keeps the map one to one.
    """
    side = 1
    while side * side < size:
        side += 1
    current = np.asarray(numbers).astype(np.uint64)
    tweaks = np.broadcast_to(np.asarray(tweak).astype(np.uint64), current.shape)
    with np.errstate(over="ignore"):
        current = _feistel(side, key, tweaks, current)
        while True:
            outside = np.flatnonzero(current >= size)
            if outside.size == 0:
                return current.astype(np.int64)
            current[outside] = _feistel(side, key, tweaks[outside], current[outside])


def unique_within(groups: Ints, space: int, block: tuple[int, int], key: int) -> Ints:
    """Give each row a number below `space` that no other row of the same group has, in this block or any other.

    `block` is (number, count): each block owns an equal slice of every group's space. Raises ValueError when a group
    of this block outgrows its slice.
    """
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    rank = np.empty(groups.size, dtype=np.int64)
    first = np.searchsorted(ordered, ordered, side="left")
    rank[order] = np.arange(groups.size) - first
    number, count = block
    slice_size = space // count
    if groups.size and int(rank.max()) >= slice_size:
        raise ValueError(f"{int(rank.max()) + 1} numbers wanted where a block has {slice_size}: use fewer blocks")
    return permuted(space, key, number * slice_size + rank, groups)
