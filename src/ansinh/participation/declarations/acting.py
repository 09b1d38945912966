"""What a line makes of a person's months with the employer. No database here: pieces in, pieces out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ansinh.participation.declarations.lines import Act, Line
from ansinh.participation.declarations.troubles import LineTrouble, month_shown, trouble
from ansinh.participation.timeline import (
    OPEN,
    Piece,
    Terms,
    clear_months,
    joined,
    month_before,
    piece_in,
    set_months,
)


def months_after(line: Line, pieces: Sequence[Piece], terms: Terms) -> list[Piece]:
    """Return the months as they are once the line is applied; the same as before when they say it already.

    `terms` are those of the months the line is about (`terms_of`). Raises LineTrouble: `already_there`, `not_there`.
    """
    if line.act is Act.NEW:
        if any(one.crosses(line.start, OPEN) for one in pieces):
            if joined(clear_months(pieces, 0, line.start)) == [Piece(line.start, OPEN, terms)]:
                return list(pieces)
            raise LineTrouble(trouble("already_there", "from", month=month_shown(line.start)))
        return set_months(pieces, line.start, OPEN, terms)
    if line.act is Act.CHANGE:
        there = piece_in(pieces, line.start)
        if there is None:
            raise LineTrouble(trouble("not_there", "from", month=month_shown(line.start)))
        return set_months(pieces, line.start, there.end, terms)
    if line.act is Act.END:
        return _ended(line, pieces)
    assert line.end is not None
    return set_months(pieces, line.start, line.end, terms)


def terms_of(line: Line, pieces: Sequence[Piece]) -> Terms:
    """Return the terms of the months a line is about: what it tells, else as in its first month before, else as for somebody new."""
    there = piece_in(pieces, line.start)
    before = there.terms if there and line.act is not Act.NEW else Terms(0, True)
    return replace(
        before,
        wage=before.wage if line.wage is None else line.wage,
        unemployment=before.unemployment if line.unemployment is None else line.unemployment,
        work=before.work if line.work is None else line.work,
    )


def _ended(line: Line, pieces: Sequence[Piece]) -> list[Piece]:
    """Cut off from a month on, to the end of the unbroken time it lies in; a return later stays."""
    last = month_before(line.start)
    if piece_in(pieces, last) is None:
        raise LineTrouble(trouble("not_there", "from", month=month_shown(last)))
    end = line.start
    while (more := piece_in(pieces, end)) is not None:
        end = more.end
    return clear_months(pieces, line.start, end) if end > line.start else list(pieces)
