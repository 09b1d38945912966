"""A row of cells as a line that says something, or what is wrong with it, cell by cell."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TypeVar

from ansinh.foundation.identifiers import plain_number
from ansinh.participation.declarations.files import CELL_LENGTH_MAX, Row
from ansinh.participation.declarations.troubles import LineTrouble, Trouble, trouble
from ansinh.participation.states import WORK

T = TypeVar("T")

WAGE_MAX = 10_000_000_000
MONTH_MIN = 199_501
_MONTH = re.compile(r"(\d{4})-?(\d{2})|(\d{1,2})/(\d{4})")
_GROUPED = re.compile(r"-?\d{1,3}(?:(?:\.\d{3})+|(?:,\d{3})+)|-?\d+")
_REFERENCE = re.compile(r"\d{6}/\d{1,4}:\d{1,6}")
_YES = {"yes": True, "có": True, "1": True, "no": False, "không": False, "0": False}


class Act(StrEnum):
    """What a line says."""

    NEW = "new"
    CHANGE = "change"
    END = "end"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


# act → the cells it cannot do without; `from` is the month declared unless told
_NEEDS: dict[Act, tuple[str, ...]] = {
    Act.NEW: ("wage",),
    Act.CHANGE: ("wage",),
    Act.END: (),
    Act.CORRECTION: ("from", "until", "wage"),
    Act.WITHDRAWAL: ("withdraws",),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line that can be understood; None where nothing was told."""

    act: Act
    number: str
    full_name: str | None
    start: int
    end: int | None
    wage: int | None
    unemployment: bool | None
    work: str | None
    withdraws: str | None

    def digest(self) -> str:
        """Return what makes two lines say the same."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Declared:
    """What a whole declaration is about: the employer's code, the month declared, and the month it is received in."""

    employer: str
    month: int
    this_month: int


def line_of(row: Row, about: Declared) -> tuple[Line | None, list[Trouble]]:
    """Return the line a row says, None when it cannot be understood, and everything that is wrong with its cells."""
    troubles = _of_cells(row)
    if troubles:
        return None, troubles
    read = _Reading(row, troubles)
    act = read("act", _act)
    number = read("number", _number)
    read("employer", lambda text: _same(text, about.employer, "other_employer"))
    read("month", lambda text: _same(str(_month(text, "month")), str(about.month), "other_month"))
    start = read("from", lambda text: _start(text, about.this_month)) or about.month
    end = read("until", lambda text: _until(text, about.this_month))
    wage = read("wage", _wage)
    unemployment = read("unemployment", _yes)
    work = read("work", _work)
    withdraws = read("withdraws", _reference)
    for name in ("act", "number", *(_NEEDS[act] if act else ())):
        if not row.cells.get(name):
            troubles.append(trouble("missing", name))
    if end is not None and end <= start:
        troubles.append(trouble("until_before_from", "until"))
    if troubles or act is None or number is None:
        return None, troubles
    full_name = row.cells.get("full_name") or None
    return Line(act, number, full_name, start, end, wage, unemployment, work, withdraws), []


class _Reading:
    """Reads cells one by one and remembers what is wrong with each."""

    def __init__(self, row: Row, troubles: list[Trouble]) -> None:
        self.row = row
        self.troubles = troubles

    def __call__(self, name: str, read: Callable[[str], T]) -> T | None:
        text = self.row.cells.get(name, "")
        if not text:
            return None
        try:
            return read(text)
        except LineTrouble as found:
            self.troubles.append(found.trouble)
            return None


def _of_cells(row: Row) -> list[Trouble]:
    """What no cell may be: too long, with letters nobody sees, a formula."""
    troubles = [trouble("too_many_cells", "line")] if row.too_many else []
    for name, text in row.cells.items():
        if len(text) > CELL_LENGTH_MAX:
            troubles.append(trouble("too_long", name, most=CELL_LENGTH_MAX))
        elif not text.isprintable():
            troubles.append(trouble("hidden_character", name))
        elif text[:1] in {"=", "@", "+"} or (text.startswith("-") and not _GROUPED.fullmatch(text)):
            troubles.append(trouble("formula", name))
    return troubles


def _act(text: str) -> Act:
    try:
        return Act(text.lower())
    except ValueError as error:
        raise LineTrouble(trouble("unknown_act", "act", known=", ".join(Act))) from error


def _number(text: str) -> str:
    number = plain_number(text)
    if number.isascii() and number.isdigit() and len(number) in {10, 12} and number.strip("0"):
        return number
    mangled = "E+" in text.upper() or (number.isascii() and number.isdigit() and len(number) in {8, 9, 11})
    raise LineTrouble(trouble("number_mangled" if mangled else "number_form", "number"))


def _same(text: str, first: str, code: str) -> str:
    if text != first:
        raise LineTrouble(trouble(code, code.removeprefix("other_")))
    return text


def _month(text: str, field: str) -> int:
    found = _MONTH.fullmatch(text) if text.isascii() else None
    if found is None:
        raise LineTrouble(trouble("month_form", field))
    year, month = int(found[1] or found[4]), int(found[2] or found[3])
    if not (1 <= month <= 12 and 1900 <= year <= 2200):
        raise LineTrouble(trouble("month_not_real", field))
    if year * 100 + month < MONTH_MIN:
        raise LineTrouble(trouble("month_too_early", field))
    return year * 100 + month


def month_declared(text: str, this_month: int) -> int:
    """Return the month a declaration is about; raises LineTrouble when it is none, or has not come."""
    month = _month(text, "month")
    if month > this_month:
        raise LineTrouble(trouble("month_in_future", "month"))
    return month


def _start(text: str, this_month: int) -> int:
    month = _month(text, "from")
    # Who leaves at the end of this month is no longer paid for from the next one on.
    if month > _next(this_month):
        raise LineTrouble(trouble("month_in_future", "from"))
    return month


def _until(text: str, this_month: int) -> int:
    month = _month(text, "until")
    if month > _next(this_month):
        raise LineTrouble(trouble("month_in_future", "until"))
    return month


def _next(month: int) -> int:
    return month + 89 if month % 100 == 12 else month + 1


def _wage(text: str) -> int:
    if not text.isascii() or not _GROUPED.fullmatch(text) or len(text) > 20:
        raise LineTrouble(trouble("wage_form", "wage"))
    wage = int(re.sub(r"[.,]", "", text))
    if wage < 0:
        raise LineTrouble(trouble("wage_negative", "wage"))
    if wage > WAGE_MAX:
        raise LineTrouble(trouble("wage_form", "wage"))
    return wage


def _yes(text: str) -> bool:
    if text.lower() not in _YES:
        raise LineTrouble(trouble("yes_no", "unemployment"))
    return _YES[text.lower()]


def _work(text: str) -> str:
    if text.lower() not in WORK:
        raise LineTrouble(trouble("unknown_work", "work", known=", ".join(WORK)))
    return text.lower()


def _reference(text: str) -> str:
    if not text.isascii() or not _REFERENCE.fullmatch(text):
        raise LineTrouble(trouble("withdraws_form", "withdraws"))
    return text
