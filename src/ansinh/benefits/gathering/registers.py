"""What the registers know of a person at a moment: who they are, what they paid, what they are paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ansinh.benefits.gathering.found import BOOK, ENTITLEMENTS, REGISTER, Fact, Missing, fact
from ansinh.benefits.states import MONTHLY, Kind, State
from ansinh.benefits.timeline import Place
from ansinh.database.sql import row, rows
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import NotFound
from ansinh.foundation.money import Dong, shown
from ansinh.foundation.period import Month
from ansinh.participation.queries import Career, career
from ansinh.people.queries import person_as_known, resolve
from ansinh.places.queries import is_urban

_SEX = {"F": "female", "M": "male"}
_SEX_WORDS = {"female": "nữ", "male": "nam"}


@dataclass(frozen=True, slots=True)
class Person:
    """A person as known: birth date and day of death as far as they are known (1968, 1968-02 or 1968-02-12), and where they live."""

    person_id: int
    born: str | None
    sex: str | None
    died: str | None
    place: Place

    def facts(self, prefix: str = "") -> list[Fact]:
        """Return what is known as facts; `prefix` tells whose they are."""
        found = []
        if self.born:
            found.append(fact(f"{prefix}born", ("ngày sinh", "born"), _written(self.born), REGISTER))
        if self.sex:
            found.append(fact(f"{prefix}sex", ("giới tính", "sex"), _SEX_WORDS[self.sex], REGISTER))
        if self.died:
            found.append(fact(f"{prefix}died", ("ngày chết", "day of death"), _written(self.died), REGISTER))
        return found

    def missing(self) -> list[Missing]:
        """Return what a record must have and this one has not; identity officers correct it."""
        wanted = (("born", self.born, "ngày sinh", "birth date"), ("sex", self.sex, "giới tính", "sex"))
        return [_not_on_record(key, vi, en) for key, value, vi, en in wanted if value is None]


def person_known(person_id: int, moment: datetime) -> Person:
    """Return a person as known at a moment, by whatever record names them; raises NotFound."""
    own = resolve(person_id)
    known = person_as_known(own, moment)
    if known is None:
        raise NotFound(f"Không có hồ sơ người số {person_id}.", f"There is no person {person_id}.", person=person_id)
    born = known.fields["birth_date"]
    # A record may know day and month without the year, which no age follows from.
    born = born if born and born[:4].isdigit() else None
    province, _, commune = (known.fields["address"] or "").partition("/")
    place = Place(province, commune or None, bool(commune and is_urban(commune)))
    return Person(own, born, _SEX.get(known.fields["sex"] or ""), known.fields["died_on"], place)


def book_of(person_id: int, moment: datetime, upto: Month) -> Career:
    """Return a person's contributions before the month `upto`, as known at a moment, without those a one-off withdrawal has used up."""
    return without_used(career(person_id, moment, upto.number()), Kind.ONE_OFF_WITHDRAWAL)


def without_used(book: Career, kind: Kind) -> Career:
    """Return a career without the months before the last benefit of a kind, which counted for it (Law 41/2024/QH15 art. 70; Law 38/2013/QH13 art. 45)."""
    used = row(_LAST_OPENED, {"person": book.person_id, "kind": kind.value})
    if used is None or used[0] is None:
        return book
    since = Month.containing(used[0]).number()
    kept = [replace(one, from_month=max(one.from_month, since)) for one in book.stretches if one.until_month > since]
    return replace(book, stretches=tuple(kept))


def book_facts(book: Career) -> list[Fact]:
    """Return a career as facts: how many months of each kind, from when to when."""
    if not book.stretches:
        return [fact("months", ("thời gian đóng", "contributions"), "0 tháng", BOOK)]
    first, last = book.stretches[0].from_month, Month.of(book.stretches[-1].until_month).plus(-1).number()
    voluntary = sum(one.months for one in book.stretches if one.pay == "voluntary")
    found = [
        fact("months", ("thời gian đóng", "contributions"), _months(book.months), BOOK),
        fact("from_to", ("từ tháng đến tháng", "from and until"), f"{_month(first)} – {_month(last)}", BOOK),
    ]
    if voluntary:
        found.append(fact("voluntary", ("trong đó tự nguyện", "voluntary months"), _months(voluntary), BOOK))
    return found


@dataclass(frozen=True, slots=True)
class Drawn:
    """An entitlement as it stands in a month."""

    kind: Kind
    state: State
    amount: int
    opened_on: Any
    from_month: int


def drawn_in(person_id: int, month: Month) -> list[Drawn]:
    """Return a person's monthly entitlements of a month that have not ended, suspended ones too, under any record merged into theirs."""
    found = rows(_DRAWN, {"person": person_id, "month": month.number(), "kinds": [kind.value for kind in MONTHLY]})
    return [Drawn(Kind(kind), State(state), *rest) for kind, state, *rest in found]


def drawn_facts(drawn: Sequence[Drawn]) -> list[Fact]:
    """Return entitlements as facts; that there are none is one too."""
    if not drawn:
        return [fact("drawn", ("đang hưởng hằng tháng", "monthly benefits"), "không có · none", ENTITLEMENTS)]
    return [
        fact(
            "drawn",
            ("đang hưởng hằng tháng", "monthly benefits"),
            f"{one.kind}: {shown(Dong(one.amount))}",
            ENTITLEMENTS,
        )
        for one in drawn
    ]


def month_of_moment(moment: datetime) -> Month:
    """Return the calendar month of Viet Nam at a moment."""
    return Month.containing(legal_day(moment))


def _not_on_record(key: str, vi: str, en: str) -> Missing:
    paper = ("giấy khai sinh, thẻ căn cước", "birth certificate or citizen card")
    return Missing(key, vi, en, *paper, "cán bộ định danh sửa hồ sơ", "identity officers correct the record")


def _written(day: str) -> str:
    return "/".join(reversed(day.split("-")))


def _month(number: int) -> str:
    return f"{number % 100:02}/{number // 100}"


def _months(count: int) -> str:
    years, odd = divmod(count, 12)
    return f"{count} tháng ({years} năm {odd} tháng)"


_LAST_OPENED = """
SELECT max(opened_on) FROM benefits_entitlement
WHERE kind = %(kind)s AND (person_id = %(person)s OR person_id IN (SELECT alias_person_id FROM people_alias WHERE person_id = %(person)s))
"""
_DRAWN = """
SELECT e.kind, v.state, v.amount, e.opened_on, v.valid_from
FROM benefits_entitlement e JOIN benefits_version_v1 v USING (person_id, entitlement_id)
WHERE (e.person_id = %(person)s OR e.person_id IN (SELECT alias_person_id FROM people_alias WHERE person_id = %(person)s))
  AND v.valid_from <= %(month)s AND (v.valid_until IS NULL OR v.valid_until > %(month)s) AND v.state <> 'ended' AND e.kind = ANY(%(kinds)s)
ORDER BY e.opened_on, e.entitlement_id
"""
