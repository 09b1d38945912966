"""Months of one person with one employer in one scheme, as pieces that never cross: what a change does to them. No database here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ansinh.foundation.period import Month

# Stands where a piece goes on: later than any month.
OPEN = 999_912


@dataclass(frozen=True, slots=True)
class Terms:
    """What months have in common: wage in đồng, unemployment insurance, kind of work, whose pay, and a rate other than the law's."""

    wage: int
    unemployment: bool
    work: str = "normal"
    pay: str | None = None
    rate: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Months from `start` (in) until `end` (out), as YYYYMM."""

    start: int
    end: int
    terms: Terms

    def crosses(self, start: int, end: int) -> bool:
        """Tell whether it shares a month with those from `start` until `end`."""
        return self.start < end and start < self.end


def index_of(month: int) -> int:
    """Return the number of a month since year 0, so that differences are months."""
    return month // 100 * 12 + month % 100 - 1


def months_between(start: int, end: int) -> int:
    """Return how many months there are from `start` (in) until `end` (out)."""
    return index_of(end) - index_of(start)


def month_before(month: int) -> int:
    """Return the month before."""
    return Month.of(month).plus(-1).number()


def clear_months(pieces: Sequence[Piece], start: int, end: int) -> list[Piece]:
    """Return the pieces without the months from `start` until `end`; one that reaches beyond is cut."""
    left = []
    for one in pieces:
        if not one.crosses(start, end):
            left.append(one)
            continue
        if one.start < start:
            left.append(replace(one, end=start))
        if one.end > end:
            left.append(replace(one, start=end))
    return left


def set_months(pieces: Sequence[Piece], start: int, end: int, terms: Terms) -> list[Piece]:
    """Return the pieces with these terms in the months from `start` until `end`, whatever was there."""
    if any(one.start <= start and end <= one.end and one.terms == terms for one in pieces):
        return list(pieces)
    return sorted([*clear_months(pieces, start, end), Piece(start, end, terms)], key=lambda one: one.start)


def piece_in(pieces: Sequence[Piece], month: int) -> Piece | None:
    """Return the piece a month lies in."""
    return next((one for one in pieces if one.start <= month < one.end), None)


def joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with neighbours of the same terms put together: two ways of saying the same months look alike."""
    found: list[Piece] = []
    for one in sorted(pieces, key=lambda piece: piece.start):
        if found and found[-1].end == one.start and found[-1].terms == one.terms:
            found[-1] = replace(found[-1], end=one.end)
        else:
            found.append(one)
    return found
