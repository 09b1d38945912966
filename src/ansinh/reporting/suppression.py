"""Small counts kept out of what is published, so that no table, and no subtraction within one, tells of fewer than ten persons.

A published table is a set of figures, each a sum of finest cells. What is small is hidden first; then, as long as a hidden figure follows from those shown
(it lies in their span), or what is taken together to hide it is itself small, a neighbour is hidden too: the smallest that helps, so that little is lost.
Source: Hundepool et al., Statistical Disclosure Control (2012), chapter 4, on primary and secondary suppression of linked tables.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

THRESHOLD = 10
_NOTHING = 1e-7
Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Shown(Generic[Name]):
    """A figure of a table: its name, its value, and of which finest cells it is the sum (with their signs)."""

    name: Name
    value: int
    parts: Mapping[Hashable, int]


def is_small(value: int) -> bool:
    """Tell whether a count would tell of few: nobody is no person."""
    return 0 < abs(value) < THRESHOLD


def hidden(figures: Sequence[Shown[Name]], sums: Sequence[tuple[Name, Sequence[Name]]] = ()) -> frozenset[Name]:
    """Return which figures of a table are not to be shown. `sums` says which figures add up to which, so that few hidden together are not few either."""
    values = {one.name: one.value for one in figures}
    out = {name for name, value in values.items() if is_small(value)}
    columns = {part: n for n, part in enumerate(dict.fromkeys(part for one in figures for part in one.parts))}
    table = np.zeros((len(figures), len(columns)))
    for row, one in enumerate(figures):
        for part, sign in one.parts.items():
            table[row, columns[part]] = sign
    names = [one.name for one in figures]
    while out:
        more = _too_few_together(values, sums, out) or _exposed(table, names, values, out)
        if not more:
            break
        out |= more
    return frozenset(out)


def _too_few_together(
    values: Mapping[Name, int], sums: Sequence[tuple[Name, Sequence[Name]]], out: set[Name]
) -> set[Name]:
    """What is left of a total shown, less its parts shown, must not be small: one more part is hidden, or else the total."""
    for total, parts in sums:
        left = [part for part in parts if part in out]
        if total not in out and left and is_small(sum(values[part] for part in left)):
            shown = [part for part in parts if part not in out and values[part]]
            return {_least(shown, values)} if shown else {total}
    return set()


def _exposed(
    table: NDArray[np.float64], names: Sequence[Name], values: Mapping[Name, int], out: set[Name]
) -> set[Name]:
    """One of the figures shown from which a hidden one follows, for each that does; nothing where none does."""
    kept = np.flatnonzero([name not in out for name in names])
    lost = np.flatnonzero([name in out for name in names])
    if not kept.size:
        return set()
    ways = np.linalg.lstsq(table[kept].T, table[lost].T, rcond=None)[0]
    errors = np.abs(table[kept].T @ ways - table[lost].T).max(axis=0)
    more: set[Name] = set()
    for way in ways.T[errors < _NOTHING]:
        used = {names[kept[n]] for n in np.flatnonzero(np.abs(way) > _NOTHING)}
        if not more & used:
            more.add(_least(sorted(used, key=str), values))
    return more


def _least(names: Sequence[Name], values: Mapping[Name, int]) -> Name:
    """The smallest that is not nobody: what it hides with it is then no longer few."""
    return min(names, key=lambda name: (values[name] == 0, abs(values[name]), str(name)))
