"""A career as the law counts it: each month once, in order, with what formulas ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ansinh.database.sql import rows
from ansinh.foundation.clock import legal_day
from ansinh.foundation.period import Month
from ansinh.participation.laying import Counted, lay_out
from ansinh.participation.spans import Span, spans_known
from ansinh.participation.states import pay_of
from ansinh.participation.timeline import month_before, months_between
from ansinh.people.queries import records_of, resolve

CAREERS_LENGTH_MAX = 10_000


@dataclass(frozen=True, slots=True)
class CareerStretch:
    """Months from `from_month` (in) until `until_month` (out), as YYYYMM, at one monthly wage in đồng.

    `pay` is employer, state or voluntary; `work` and both words are those of a situation (`docs/howto/calculate-a-benefit.md`); `region` is the
    employer's region of the minimum wage, 1 to 4, None without an employer.
    """

    from_month: int
    until_month: int
    wage: int
    pay: str
    work: str
    unemployment: bool
    rate: int | None
    employer_id: int | None
    employer_kind: str | None
    region: int | None

    @property
    def months(self) -> int:
        """Return how many months it has."""
        return months_between(self.from_month, self.until_month)


@dataclass(frozen=True, slots=True)
class Career:
    """A person's months before `upto`, as known then; no month stands twice."""

    person_id: int
    known_on: date | datetime
    upto: int
    stretches: tuple[CareerStretch, ...]

    def contributions(self) -> list[dict[str, Any]]:
        """Return the career as `contributions` of a situation for `rules`: first and last month both in."""
        return [_stated(one) for one in self.stretches]

    def unemployment_contributions(self) -> list[dict[str, Any]]:
        """Return what was insured against unemployment, in the same form."""
        return [_stated(one) for one in self.stretches if one.unemployment]

    @property
    def months(self) -> int:
        """Return how many months there are."""
        return sum(one.months for one in self.stretches)


def career(person_id: int, known_on: date | datetime, upto: int | None = None) -> Career:
    """Return a person's career as known on a day, with everything told under records merged into theirs.

    Months from `upto` (YYYYMM, out) on are left out; unless told, the month of the day itself is, because it is not paid for yet.
    """
    person = resolve(person_id)
    return _career(person, spans_known(records_of(person), known_on), known_on, upto)


def careers(person_ids: Sequence[int], known_on: date | datetime, upto: int | None = None) -> dict[int, Career]:
    """Return the careers of at most CAREERS_LENGTH_MAX persons, by the numbers asked for; raises ValueError beyond.

    A record merged into another is asked for by that other's number: under its own it has no career.
    """
    if len(person_ids) > CAREERS_LENGTH_MAX:
        raise ValueError(f"at most {CAREERS_LENGTH_MAX} careers at once, not {len(person_ids)}")
    whose = {int(record): int(person) for record, person in rows(_RECORDS, {"persons": list(person_ids)})}
    told: dict[int, list[Span]] = defaultdict(list)
    for one in spans_known(list(whose), known_on):
        told[whose[one.person_id]].append(one)
    return {person: _career(person, told[person], known_on, upto) for person in person_ids}


_RECORDS = """
SELECT asked.person_id, asked.person_id FROM unnest(%(persons)s::bigint[]) AS asked (person_id)
WHERE NOT EXISTS (SELECT FROM people_resolved_v1 r WHERE r.record_id = asked.person_id AND r.person_id <> asked.person_id)
UNION ALL
SELECT record_id, person_id FROM people_resolved_v1 WHERE person_id = ANY(%(persons)s) AND record_id <> person_id
"""


def last_month_out(known_on: date | datetime) -> int:
    """Return the month that is not counted yet on a day: that of the day."""
    day = legal_day(known_on) if isinstance(known_on, datetime) else known_on
    return Month.containing(day).number()


def _career(person_id: int, spans: Sequence[Span], known_on: date | datetime, upto: int | None) -> Career:
    end = last_month_out(known_on) if upto is None else upto
    return Career(person_id, known_on, end, tuple(stretch_of(one) for one in lay_out(spans, end).counted))


def stretch_of(one: Counted) -> CareerStretch:
    """Return months that count as a stretch of a career."""
    span = one.span
    return CareerStretch(
        one.start,
        one.end,
        span.wage,
        pay_of(span.scheme, span.pay, span.employer_kind),
        span.work,
        span.unemployment,
        span.rate,
        span.employer_id,
        span.employer_kind,
        span.region,
    )


def _stated(one: CareerStretch) -> dict[str, Any]:
    first, last = one.from_month, month_before(one.until_month)
    return {
        "from": f"{first // 100:04}-{first % 100:02}",
        "until": f"{last // 100:04}-{last % 100:02}",
        "wage": one.wage,
        "kind": one.pay,
        "work": one.work,
    }
