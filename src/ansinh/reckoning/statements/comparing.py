"""Statements of one bank held against our books, day by day: each difference gets a name and an amount, and none swallows another.

All amounts in đồng; plus is more at the bank than in our books.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Day:
    """A statement: its day, the file it came in, what it says."""

    on_day: date
    message_no: int
    account: str | None
    opening: int | None
    closing: int | None
    came_in: int
    went_out: int
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """What our books know of a day at the bank: money that came less money that left; and what the bank told that no rule let in, paid or returned."""

    net: int = 0
    paid_against_rule: int = 0
    returned_against_rule: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A difference: its day, name, amount, the other file or reference it is about, and the file it shows in."""

    on_day: date
    kind: str
    amount: int
    message_no: int
    reference: str = ""
    detail: str = ""


NOTHING = Flow()


def compare(account: str, told: Iterable[Day], flows: Mapping[date, Flow]) -> list[Found]:
    """Return every difference between a bank's statements and our books, in order of days. `account` is ours at the bank."""
    found: list[Found] = []
    before: Day | None = None
    for day in _one_a_day(account, told, found):
        if day.unread:
            found.append(Found(day.on_day, "unread_part", 0, day.message_no, detail=f"{day.unread} parts"))
        if day.opening is None or day.closing is None:
            found.append(Found(day.on_day, "no_balance", 0, day.message_no))
            continue
        found += _within(day, day.opening, day.closing)
        since, start = (before.on_day, before.closing) if before else (None, day.opening)
        assert start is not None
        if day.opening != start:
            detail = f"opening {day.opening}, closing before {start}"
            found.append(Found(day.on_day, "opening_differs", day.opening - start, day.message_no, detail=detail))
        ours = [flow for on, flow in flows.items() if on <= day.on_day and (on > since if since else on == day.on_day)]
        found += _against_ours(day, day.closing - start, ours)
        before = day
    return sorted(found, key=lambda one: (one.on_day, one.kind, one.amount))


def chosen(account: str, told: Iterable[Day]) -> list[Day]:
    """Return the statements that hold, one a day: of our account, the one told last."""
    return _one_a_day(account, told, [])


def _one_a_day(account: str, told: Iterable[Day], found: list[Found]) -> list[Day]:
    newest: dict[date, Day] = {}
    for day in sorted(told, key=lambda one: one.message_no):
        if day.account is not None and day.account != account:
            found.append(Found(day.on_day, "other_account", 0, day.message_no, reference=day.account[:34]))
            continue
        known = newest.get(day.on_day)
        if known and _said(known) != _said(day):
            detail = f"file {known.message_no} said otherwise"
            amount = (day.closing or 0) - (known.closing or 0)
            found.append(
                Found(
                    day.on_day, "told_otherwise", amount, day.message_no, reference=str(known.message_no), detail=detail
                )
            )
        newest[day.on_day] = day
    return [newest[on] for on in sorted(newest)]


def _said(day: Day) -> tuple[int | None, int | None, int, int]:
    return day.opening, day.closing, day.came_in, day.went_out


def _within(day: Day, opening: int, closing: int) -> list[Found]:
    """A statement whose entries do not lead from its opening to its closing balance has a hole."""
    missing = closing - opening - (day.came_in - day.went_out)
    if not missing:
        return []
    detail = f"{opening} + {day.came_in} - {day.went_out} is not {closing}"
    return [Found(day.on_day, "hole", missing, day.message_no, detail=detail)]


def _against_ours(day: Day, theirs: int, ours: Sequence[Flow]) -> list[Found]:
    """What the balance moved beside what we know of; told apart by what the bank itself said that no rule let in."""
    beyond = theirs - sum(flow.net for flow in ours)
    if not beyond:
        return []
    paid = sum(flow.paid_against_rule for flow in ours)
    returned = sum(flow.returned_against_rule for flow in ours)
    if beyond == returned - paid:
        named = (("paid_twice", -paid), ("returned_otherwise", returned))
        return [Found(day.on_day, kind, amount, day.message_no) for kind, amount in named if amount]
    kind = "more_left" if beyond < 0 else "less_left"
    detail = f"the balance moved by {theirs}, our books by {theirs - beyond}"
    return [Found(day.on_day, kind, beyond, day.message_no, detail=detail)]
