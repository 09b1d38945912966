"""“My pension at 62”: what the book would give if things went on as assumed. Nothing is stored, and every assumption is said.

Everything is in the money of today: a future month counts like one of this year, so growth means growth above prices. The law is as known today; the values
nobody can know yet, the price coefficients of years to come, are named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import msgspec
from openfisca_core.errors import ParameterNotFoundError

from ansinh.benefits.gathering.insured import str_month
from ansinh.benefits.gathering.registers import Person, book_of, month_of_moment, person_known
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.money import Dong, shown
from ansinh.foundation.period import Month
from ansinh.participation.queries import Career
from ansinh.rules.calculation import law, unknown
from ansinh.rules.careers.averages import Average, average_salary
from ansinh.rules.careers.months import Month as LawMonth
from ansinh.rules.explanations.averages import average_step
from ansinh.rules.situations import cases_of
from ansinh.rules.situations.contributions import Contributions, stretches_of

AGE_MIN, AGE_MAX = 45, 80
GROWTH_MAX_PERCENT = 20.0
WAGE_MAX = 1_000_000_000
# Coefficients are published each January for the year; until then those of the year before are taken, and it is said.
_YEARS_BACK_MAX = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What to assume: the age in whole years (the legal one unless told), the monthly wage from now on (the last unless told), its yearly growth above prices
    in per cent, and whether contributions go on until then."""

    age: int | None = None
    wage: int | None = None
    growth_percent: float = 0.0
    pays_on: bool = True


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something the result rests on that nobody knows, in both languages."""

    key: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Simulated:
    """A pension as it would be: from which month, the law's figures and derivation, the table of the average, and what was assumed."""

    person_id: int
    from_month: int
    months_until: int
    months_paid: int
    results: dict[str, Any]
    explanation: dict[str, Any]
    assumptions: tuple[Assumption, ...]
    unknown_parameters: tuple[str, ...]

    @property
    def pension(self) -> int:
        """Return the monthly pension in đồng of today; 0 when the conditions would not be met."""
        return int(self.results["pension"] or 0)


def simulate_pension(person_id: int, moment: datetime, wish: Wish) -> Simulated:
    """Return somebody's pension at an age, over their real book, as known at a moment.

    Refuses an unknown person (`not_found`), a record without birth date or sex, and assumptions out of bounds (`invalid_input`), and a value of law that is
    needed and not known (`parameter_unknown`).
    """
    _check(wish)
    person = person_known(person_id, moment)
    if person.born is None or person.sex is None:
        raise InvalidInput(
            "Hồ sơ thiếu ngày sinh hoặc giới tính; cán bộ định danh bổ sung trước.",
            "The record has no birth date or sex; identity officers add it first.",
            field="person",
        )
    now = month_of_moment(moment)
    book = book_of(person.person_id, moment, now)
    start = _start(person, book, wish, now)
    ahead = _ahead(book, wish, now, start)
    contributions = [*book.contributions(), *ahead]
    average, priced_in = _average(contributions, now)
    question = _question(person, contributions, start, average)
    answer = cases_of([question])[0].answer()
    told = answer.plain()
    others = [step for step in told["steps"] if step["key"] != "average_salary"]
    told["steps"] = [msgspec.to_builtins(average_step(average, f"{priced_in}-12")), *others]
    told["average_salary"] = msgspec.to_builtins(average)
    unknown_names = tuple(f"price_coefficient.year_{year}" for year in range(priced_in + 1, start.year + 1))
    return Simulated(
        person.person_id,
        start.number(),
        _index(start) - _index(now),
        average.months,
        told["results"],
        told,
        tuple(_assumptions(book, wish, now, start, priced_in)),
        unknown_names,
    )


def _check(wish: Wish) -> None:
    sound = {
        "age": wish.age is None or AGE_MIN <= wish.age <= AGE_MAX,
        "wage": wish.wage is None or 0 < wish.wage <= WAGE_MAX,
        "growth": -GROWTH_MAX_PERCENT <= wish.growth_percent <= GROWTH_MAX_PERCENT,
    }
    for field, holds in sound.items():
        if not holds:
            raise InvalidInput(
                f"{field}: tuổi từ {AGE_MIN} đến {AGE_MAX}, tiền lương từ 1 đến {WAGE_MAX:,} đồng, tăng trưởng trong ±{GROWTH_MAX_PERCENT:g} % một năm.",
                f"{field}: age {AGE_MIN} to {AGE_MAX}, wage 1 to {WAGE_MAX:,} đồng, growth within ±{GROWTH_MAX_PERCENT:g} % a year.",
                field=field,
            )


def _start(person: Person, book: Career, wish: Wish, now: Month) -> Month:
    """Return the month the pension would begin: after the birthday of the age wished, or by the law's retirement age; the next month at the earliest."""
    assert person.born is not None
    if wish.age is not None:
        year, month = (int(part) for part in f"{person.born}-01".split("-")[:2])
        start = Month(year + wish.age, month).plus(1)
    else:
        asked = {
            "ask": "retirement",
            "on": str_month(now.plus(1)),
            "person": {"born": person.born, "sex": person.sex, "contributions": book.contributions()},
        }
        results = {one.key: one.value for one in cases_of([asked])[0].answer().results}
        start = Month.containing(date.fromisoformat(str(results["retirement_date"])))
    return max(start, now.plus(1), key=_index)


def _ahead(book: Career, wish: Wish, now: Month, start: Month) -> list[dict[str, Any]]:
    """Return the months from now until the pension at the wage assumed, year by year."""
    last = book.stretches[-1] if book.stretches else None
    wage = wish.wage or (last.wage if last else 0)
    if not wish.pays_on or not wage:
        return []
    made = []
    for year in range(now.year, start.year + 1):
        first = max(now, Month(year, 1), key=_index)
        end = min(start, Month(year + 1, 1), key=_index)
        if _index(first) >= _index(end):
            continue
        grown = round(wage * (1 + wish.growth_percent / 100) ** (year - now.year))
        made.append(
            {
                "from": str_month(first),
                "until": str_month(end.plus(-1)),
                "wage": min(grown, WAGE_MAX),
                "kind": last.pay if last else "employer",
                "work": last.work if last else "normal",
            }
        )
    return made


def _average(contributions: list[dict[str, Any]], now: Month) -> tuple[Average, int]:
    """Return the average salary with future months counted like this year's, and the year whose coefficients were taken; raises ParameterUnknown."""
    stretches = stretches_of(msgspec.convert(contributions, list[Contributions]))
    trouble: ParameterNotFoundError | None = None
    for year in range(now.year, now.year - _YEARS_BACK_MAX, -1):
        today = LawMonth(now.year, now.month) if year == now.year else LawMonth(year, 12)
        parameters = _AsToday(str(today.first_day()), year, law().get_parameters_at_instant)
        try:
            found = average_salary(stretches, today, parameters)
        except ParameterNotFoundError as error:
            trouble = error
            continue
        lines = tuple(replace(line, parameter=parameters.named(line.parameter)) for line in found.lines)
        return replace(found, lines=lines), year
    assert trouble is not None
    raise unknown(str(trouble).split("'")[1], str(trouble.instant_str)) from trouble


class _AsToday:
    """The law's values with the future like today: no day is later than today, and a later year has this year's price coefficient."""

    def __init__(self, today: str, year: int, parameters: Callable[[str], Any]) -> None:
        self._today, self._year, self._parameters = today, year, parameters

    def __call__(self, day: str) -> Any:
        return _Node(self, self._parameters(min(day, self._today)))

    def named(self, parameter: str) -> str:
        """Return the name of the parameter that really stood behind one."""
        before, _, year = parameter.rpartition("year_")
        return f"{before}year_{min(int(year), self._year)}" if before and year.isdigit() else parameter


class _Node:
    """The values of a day, price coefficients among them by the names that really have one."""

    def __init__(self, law_today: _AsToday, node: Any) -> None:
        self._law, self._node = law_today, node

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._node, name)
        return _Node(self._law, found) if name == "price_coefficient" else found

    def __getitem__(self, name: str) -> Any:
        return self._node[self._law.named(f".{name}").removeprefix(".")]


def _question(person: Person, contributions: list[dict[str, Any]], start: Month, average: Average) -> dict[str, Any]:
    who = {"born": person.born, "sex": person.sex, "contributions": contributions, "average_salary": average.amount}
    return {"ask": "pension", "on": str_month(start), "person": who}


def _assumptions(book: Career, wish: Wish, now: Month, start: Month, priced_in: int) -> list[Assumption]:
    last = book.stretches[-1].wage if book.stretches else 0
    wage = shown(Dong(wish.wage or last))
    whence = ("như đã nêu", "as told") if wish.wage else ("bằng mức đóng gần nhất", "the last one paid")
    growth = f"{wish.growth_percent:g}"
    months = _index(start) - _index(now)
    found = [
        Assumption(
            "law",
            "Pháp luật như đã biết hôm nay, cả các giá trị đã ban hành cho tương lai.",
            "The law as known today, with values already published for later.",
        ),
        Assumption(
            "money",
            f"Tính theo giá trị tiền hiện nay: các năm sau {priced_in} tính hệ số trượt giá như năm {priced_in}.",
            f"In money of today: years after {priced_in} count with the price coefficient of {priced_in}.",
        ),
    ]
    if wish.pays_on:
        paying = Assumption(
            "wage",
            f"Đóng tiếp {months} tháng, mức {wage} một tháng ({whence[0]}), tăng {growth} % một năm trên mức trượt giá.",
            f"{months} more months at {wage} ({whence[1]}), growing {growth} % a year above prices.",
        )
    else:
        paying = Assumption("wage", "Không đóng thêm tháng nào.", "No further month is paid.")
    return [paying, *found]


def _index(month: Month) -> int:
    return month.year * 12 + month.month
