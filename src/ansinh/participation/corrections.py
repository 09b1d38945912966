"""Correction requests: what a person says is wrong, what an officer makes of it, and how another officer's approval becomes months in the book."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansinh.database.sql import execute, row
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.errors import InvalidInput, NotFound, Refusal
from ansinh.participation.spans import Owner, lock, owner_told, rewrite, spans_in_force
from ansinh.participation.states import SCHEMES, WORK
from ansinh.participation.timeline import OPEN, Piece, Terms, clear_months, joined, set_months

TEXT_LENGTH_MAX = 1_000
WAGE_MAX = 10_000_000_000


class SamePerson(Refusal):
    """One person would do what takes two."""

    code = "same_person"


class WrongState(Refusal):
    """The request, or the closing, is not in a state from which this may be done."""

    code = "wrong_state"


class NotAsSeen(Refusal):
    """The book changed since the officer prepared the months."""

    code = "not_as_seen"


@dataclass(frozen=True, slots=True)
class Months:
    """What the book shall say: the months from `from_month` (in) until `until_month` (out; None: they go on) with an employer in a scheme.

    With a wage they are set, whatever was there; without one they are cleared.
    """

    employer_id: int | None
    scheme: str
    from_month: int
    until_month: int | None
    wage: int | None
    unemployment: bool = False
    work: str = "normal"

    @property
    def end(self) -> int:
        """Return the first month out."""
        return OPEN if self.until_month is None else self.until_month

    def owner(self, person_id: int) -> Owner:
        """Return whose months these are, under the record that tells them."""
        return owner_told(Owner(person_id, self.employer_id, self.scheme), self.from_month)

    def after(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Return the book's months once these hold."""
        if self.wage is None:
            return clear_months(pieces, self.from_month, self.end)
        pay = next((one.terms.pay for one in pieces if one.crosses(self.from_month, self.end)), None)
        return set_months(pieces, self.from_month, self.end, Terms(self.wage, self.unemployment, self.work, pay))


@dataclass(frozen=True, slots=True)
class Locked:
    """A request, locked until the end of the transaction."""

    person_id: int
    request_id: int
    state: str
    filed_by: str
    prepared_by: str | None
    months: Months | None
    before: list[list[Any]] | None
    approved_by: str | None


def locked(request: int) -> Locked:
    """Return a request by its number, locked; raises NotFound."""
    found = row(_LOCKED, [request])
    if found is None:
        raise NotFound(f"Không có đề nghị số {request}.", f"There is no request {request}.", request=request)
    person, number, state, filed_by, prepared_by, before, approved_by, act, *told = found
    months = Months(*told) if act else None
    return Locked(
        person, number, state, filed_by, prepared_by, months, json.loads(before) if before else None, approved_by
    )


_LOCKED = """
SELECT person_id, request_id, state, filed_by, prepared_by, before::text, approved_by, act, employer_id, scheme, from_month, until_month,
       CASE WHEN act = 'set' THEN wage END, coalesce(unemployment, false), coalesce(work, 'normal')
FROM participation_correction WHERE request_id = %s FOR UPDATE
"""


def book_says(person_id: int, months: Months) -> list[Piece]:
    """Return what is in force where the months shall be."""
    owner = months.owner(person_id)
    return [one.piece for one in spans_in_force(owner.person_id, owner.employer_id, owner.scheme)]


def stored(pieces: Sequence[Piece]) -> list[list[Any]]:
    """Return months as they are kept with a request, however they came to be recorded."""
    return [[one.start, one.end, one.terms.wage, one.terms.unemployment, one.terms.work] for one in joined(pieces)]


def carry_out(request: Locked, now: datetime) -> int:
    """Write the months of a request into the book; raises NotAsSeen when the book changed since they were prepared."""
    assert request.months is not None
    lock(request.person_id)
    pieces = book_says(request.person_id, request.months)
    if stored(pieces) != request.before:
        raise NotAsSeen(
            "Sổ đã thay đổi sau khi đề nghị được chuẩn bị; chuẩn bị lại.",
            "The book changed since the request was prepared; prepare it again.",
            request=request.request_id,
        )
    after = request.months.after(pieces)
    return rewrite(request.months.owner(request.person_id), after, f"request {request.request_id}", now)


def checked(months: Months, this_month: int) -> Months:
    """Return months a book can hold; raises InvalidInput and NotFound."""
    last = this_month + 89 if this_month % 100 == 12 else this_month + 1
    for name, month in (("from_month", months.from_month), ("until_month", months.until_month or last)):
        if not (1 <= month % 100 <= 12 and 190001 <= month <= last):
            raise _wrong(name, f"tháng từ 190001 đến {last}", f"a month from 190001 to {last}")
    if months.until_month is not None and months.until_month <= months.from_month:
        raise _wrong("until_month", "sau tháng bắt đầu", "after the first month")
    if months.scheme not in SCHEMES or (months.scheme == "voluntary") != (months.employer_id is None):
        raise _wrong(
            "scheme", "bắt buộc thì có đơn vị, tự nguyện thì không", "compulsory with an employer, voluntary without"
        )
    if months.scheme == "voluntary" and months.unemployment:
        raise _wrong("unemployment", "tự nguyện không có BHTN", "voluntary insurance has no unemployment insurance")
    if months.wage is not None and not 0 < months.wage <= WAGE_MAX:
        raise _wrong("wage", f"từ 1 đến {WAGE_MAX:,} đồng", f"1 to {WAGE_MAX:,} đồng")
    if months.work not in WORK:
        raise _wrong("work", f"một trong {', '.join(WORK)}", f"one of {', '.join(WORK)}")
    if months.employer_id is not None:
        must_employ(months.employer_id)
    return months


def must_employ(employer_id: int) -> None:
    """Raise NotFound unless there is such an employer."""
    if row("SELECT 1 FROM participation_employer WHERE employer_id = %s", [employer_id]) is None:
        raise NotFound(
            f"Không có đơn vị số {employer_id}.", f"There is no employer {employer_id}.", employer=employer_id
        )


def _wrong(field: str, vi: str, en: str) -> InvalidInput:
    return InvalidInput(f"{field}: phải là {vi}.", f"{field}: must be {en}.", field=field)


def checked_text(field: str, text: str) -> str:
    """Return a text a person wrote; raises InvalidInput when it is empty, too long, or holds what nobody sees."""
    plain = " ".join(text.split())
    if not 0 < len(plain) <= TEXT_LENGTH_MAX or not plain.isprintable():
        raise InvalidInput(
            f"“{field}”: cần từ 1 đến {TEXT_LENGTH_MAX} ký tự, không có ký tự ẩn.",
            f"“{field}”: 1 to {TEXT_LENGTH_MAX} characters are needed, none hidden.",
            field=field,
        )
    return plain


def require_officer(actor: Actor) -> None:
    """Raise SamePerson unless a named officer acts."""
    if actor.kind is not ActorKind.OFFICER:
        raise SamePerson(
            "Việc này cần cán bộ có tên; dùng --as.",
            "This takes an officer with a name; use --as.",
            actor=actor.kind.value,
        )


def require_state(found: str, wanted: Sequence[str], what: str) -> None:
    """Raise WrongState unless a request or closing is in one of these states."""
    if found not in wanted:
        raise WrongState(
            f"{what} đang ở trạng thái “{found}”, không phải {' hay '.join(wanted)}.",
            f"{what} is {found}, not {' or '.join(wanted)}.",
            state=found,
        )


def set_state(request: Locked, columns: dict[str, object]) -> None:
    """Write columns of a request."""
    names = ", ".join(f"{name} = %s" for name in columns)
    execute(
        f"UPDATE participation_correction SET {names} WHERE person_id = %s AND request_id = %s",
        [*columns.values(), request.person_id, request.request_id],
    )
