"""Spans laid side by side: which month counts with which span, where two share months, and where there are none. No database here.

A month counts once, whoever paid for it. Compulsory insurance goes before voluntary, which is for those who are in no compulsory one; of several
employers the one whose contract began first counts (58/2014/QH13 art. 2(4), 85(4); 41/2024/QH15 art. 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ansinh.participation.spans import Span
from ansinh.participation.timeline import Terms, months_between


@dataclass(frozen=True, slots=True)
class Counted:
    """Months that count with a span."""

    start: int
    end: int
    span: Span

    @property
    def months(self) -> int:
        """Return how many months there are."""
        return months_between(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Shared:
    """Months that two spans say both: those of `counted` count, those of `left_out` do not."""

    start: int
    end: int
    counted: Span
    left_out: Span


@dataclass(frozen=True, slots=True)
class Missing:
    """Months without contributions between two that have some."""

    start: int
    end: int
    after: Span
    before: Span


@dataclass(frozen=True, slots=True)
class Laid:
    """A career laid out: what counts in order of months, what is told twice, what is missing."""

    counted: tuple[Counted, ...]
    shared: tuple[Shared, ...]
    missing: tuple[Missing, ...]


def lay_out(spans: Sequence[Span], upto: int) -> Laid:
    """Lay out the months before `upto`; spans that go on are counted until then."""
    told = [one for one in merged(spans) if one.from_month < upto]
    begun = _contracts_begun(told)
    bounds = sorted({one.from_month for one in told} | {min(one.end, upto) for one in told})
    counted: list[Counted] = []
    shared: list[Shared] = []
    for start, end in pairwise(bounds):
        here = sorted((one for one in told if one.from_month <= start < one.end), key=lambda one: _rank(one, begun))
        if not here:
            continue
        _extend(counted, Counted(start, end, here[0]))
        shared += [Shared(start, end, here[0], other) for other in here[1:]]
    missing = [
        Missing(former.end, later.start, former.span, later.span)
        for former, later in pairwise(counted)
        if former.end < later.start
    ]
    return Laid(tuple(counted), tuple(_together(shared)), tuple(missing))


def merged(spans: Sequence[Span]) -> list[Span]:
    """Return spans with neighbours of one employer, scheme and terms put together: however months came to be recorded, they look alike."""
    found: list[Span] = []
    last: dict[tuple[int | None, str, Terms], int] = {}
    for one in sorted(spans, key=_content):
        key = (one.employer_id, one.scheme, one.terms)
        place = last.get(key)
        if place is not None and found[place].end == one.from_month:
            found[place] = replace(found[place], until_month=one.until_month)
        else:
            last[key] = len(found)
            found.append(one)
    return found


def _content(one: Span) -> tuple[int, int, int, str, int, bool]:
    """An order that depends on what spans say, not on when they were recorded."""
    return one.from_month, one.end, one.employer_id or 0, one.scheme, one.wage, one.unemployment


def _contracts_begun(spans: Sequence[Span]) -> dict[int, int]:
    """Return for each span the first month of the unbroken time with its employer, which a new wage does not end."""
    begun: dict[int, int] = {}
    latest: dict[tuple[int | None, str], tuple[int, int]] = {}
    for place, one in sorted(enumerate(spans), key=lambda pair: (pair[1].from_month, pair[1].end)):
        employer = (one.employer_id, one.scheme)
        first, end = latest.get(employer, (one.from_month, one.from_month))
        first = first if one.from_month <= end else one.from_month
        latest[employer] = (first, max(end, one.end))
        begun[id(spans[place])] = first
    return begun


def _rank(one: Span, begun: dict[int, int]) -> tuple[bool, int, int, int, int]:
    """What counts first; between rows of one employer, the one that begins last, then the higher wage."""
    return one.scheme == "voluntary", begun[id(one)], one.employer_id or 0, -one.from_month, -one.wage


def _extend(counted: list[Counted], more: Counted) -> None:
    if counted and counted[-1].end == more.start and counted[-1].span is more.span:
        counted[-1] = Counted(counted[-1].start, more.end, more.span)
    else:
        counted.append(more)


def _together(shared: Sequence[Shared]) -> list[Shared]:
    """Return months told twice with neighbouring stretches of the same two spans put together."""
    found: list[Shared] = []
    for one in shared:
        place = next(
            (
                at
                for at, other in enumerate(found)
                if other.end == one.start and other.counted is one.counted and other.left_out is one.left_out
            ),
            None,
        )
        if place is None:
            found.append(one)
        else:
            found[place] = Shared(found[place].start, one.end, one.counted, one.left_out)
    return found
