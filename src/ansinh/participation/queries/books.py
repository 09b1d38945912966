"""The contribution book of a person as frozen values: what is told, what counts, what is missing or told twice, and in words why.

Sources: the right to look at one's book and to have it confirmed, 41/2024/QH15 art. 10, 25, 28; months counted by kind, art. 64, 70; 38/2013/QH13 art. 49.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ansinh.database.sql import rows
from ansinh.participation.laying import Missing, Shared, lay_out, merged
from ansinh.participation.queries.careers import CareerStretch, last_month_out, stretch_of
from ansinh.participation.spans import Span, moment_of, spans_known
from ansinh.participation.states import pay_of
from ansinh.participation.timeline import month_before, months_between
from ansinh.people.queries import records_of, resolve
from ansinh.rules.calculation import law
from ansinh.rules.careers.months import Month
from ansinh.rules.careers.stretches import Pay, Stretch, Work, count


@dataclass(frozen=True, slots=True)
class BookLine:
    """Months with one employer at one wage; `until_month` is None while they go on; `months` are those before the month of the question."""

    from_month: int
    until_month: int | None
    months: int
    employer: str | None
    employer_name: str | None
    scheme: str
    wage: int
    unemployment: bool
    pay: str
    work: str
    rate: int | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Months by what the law asks for, each counted once. Unemployment months are those contributed, whatever benefit was drawn since."""

    months: int
    compulsory: int
    voluntary: int
    unemployment: int
    before_2014: int
    heavy: int
    specially_heavy: int
    coal: int
    first_month: int | None
    last_month: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about months `from_month` (in) until `until_month` (out) a person should know: a gap, or months told twice."""

    code: str
    from_month: int
    until_month: int
    months: int
    vi: str
    en: str


# What to know about gaps, told once beside them.
GAP_HELP = (
    "Thời gian đóng trước và sau vẫn được cộng dồn. Nếu những tháng này có đóng, gửi đề nghị điều chỉnh kèm giấy tờ.",
    "What was contributed before and after is added up all the same. If these months were paid, ask for a correction with papers.",
)


@dataclass(frozen=True, slots=True)
class Attested:
    """Months with an employer before `until_month` that somebody vouches for; `kind` is confirmed or closed."""

    kind: str
    employer: str
    employer_name: str
    until_month: int
    paper: str
    by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Book:
    """A contribution book as known at the end of a day; months from `upto` on are not counted yet."""

    person_id: int
    known_on: date | datetime
    upto: int
    lines: tuple[BookLine, ...]
    stretches: tuple[CareerStretch, ...]
    totals: Totals
    gaps: tuple[Finding, ...]
    overlaps: tuple[Finding, ...]
    attested: tuple[Attested, ...]


def book(person_id: int, known_on: date | datetime) -> Book:
    """Return the book of a person as known at the end of a day, or at a moment, with what stands under records merged into theirs.

    What is recorded later never changes the answer for an earlier day.
    """
    person = resolve(person_id)
    records = records_of(person)
    upto = last_month_out(known_on)
    spans = merged(spans_known(records, known_on))
    laid = lay_out(spans, upto)
    stretches = tuple(stretch_of(one) for one in laid.counted)
    return Book(
        person_id=person,
        known_on=known_on,
        upto=upto,
        lines=tuple(_line(one, upto) for one in spans),
        stretches=stretches,
        totals=_totals(stretches, upto),
        gaps=tuple(_gap(one) for one in laid.missing),
        overlaps=tuple(_overlap(one) for one in laid.shared),
        attested=_attested(records, moment_of(known_on)),
    )


def _line(one: Span, upto: int) -> BookLine:
    return BookLine(
        one.from_month,
        one.until_month,
        max(0, months_between(one.from_month, min(one.end, upto))),
        one.employer_code,
        one.employer_name,
        one.scheme,
        one.wage,
        one.unemployment,
        pay_of(one.scheme, one.pay, one.employer_kind),
        one.work,
        one.rate,
    )


# The law that divides years at 2014 is in force since this month; books known before are counted by it too.
_DIVIDED_SINCE = 201601


def _totals(stretches: Sequence[CareerStretch], upto: int) -> Totals:
    """Count as the law's formulas count, by their own function: the law of when the book is known, however long ago contributions ended."""
    if not stretches:
        return Totals(0, 0, 0, 0, 0, 0, 0, 0, None, None)
    split = str(law().get_parameters_at_instant(_day(max(upto, _DIVIDED_SINCE))).one_off.second_period_from)
    counted = count([_stretch(one) for one in stretches], Month(int(split[:4]), int(split[5:7])))
    return Totals(
        months=counted.compulsory + counted.voluntary,
        compulsory=counted.compulsory,
        voluntary=counted.voluntary,
        unemployment=sum(one.months for one in stretches if one.unemployment),
        before_2014=counted.before_2014,
        heavy=counted.heavy,
        specially_heavy=counted.specially_heavy,
        coal=counted.coal,
        first_month=stretches[0].from_month,
        last_month=month_before(stretches[-1].until_month),
    )


def _day(month: int) -> str:
    return f"{month // 100:04}-{month % 100:02}-01"


def _stretch(one: CareerStretch) -> Stretch:
    start = Month(one.from_month // 100, one.from_month % 100)
    end = Month(one.until_month // 100, one.until_month % 100)
    return Stretch(start, end, one.wage, Pay(one.pay), Work(one.work))


def _gap(one: Missing) -> Finding:
    vi, en = _stretch_words(one.start, one.end)
    (after_vi, after_en), (before_vi, before_en) = _whose(one.after), _whose(one.before)
    if (one.after.employer_id, one.after.scheme) == (one.before.employer_id, one.before.scheme):
        where = f"giữa hai thời gian ở {after_vi}", f"between two times with {after_en}"
    else:
        where = f"sau {after_vi}, trước {before_vi}", f"after {after_en}, before {before_en}"
    return Finding(
        "gap",
        one.start,
        one.end,
        months_between(one.start, one.end),
        f"{vi} không có đóng, {where[0]}.",
        f"{en} {'has' if months_between(one.start, one.end) == 1 else 'have'} no contributions, {where[1]}.",
    )


def _overlap(one: Shared) -> Finding:
    vi, en = _stretch_words(one.start, one.end)
    if one.counted.scheme != one.left_out.scheme:
        why = "BHXH bắt buộc được tính trước BHXH tự nguyện", "compulsory insurance goes before voluntary"
    elif one.counted.employer_id == one.left_out.employer_id:
        why = "cùng một đơn vị ghi hai lần", "the same employer stands there twice"
    else:
        why = "hợp đồng bắt đầu trước được tính", "the contract that began first counts"
    return Finding(
        "overlap",
        one.start,
        one.end,
        months_between(one.start, one.end),
        f"{vi} ghi hai lần: {_whose(one.counted)[0]} và {_whose(one.left_out)[0]}. Chỉ tính một lần, theo {_whose(one.counted)[0]}, vì {why[0]}.",
        f"{en} stand there twice: {_whose(one.counted)[1]} and {_whose(one.left_out)[1]}. They count once, with {_whose(one.counted)[1]}, because {why[1]}.",
    )


def _stretch_words(start: int, end: int) -> tuple[str, str]:
    last, months = month_before(end), months_between(start, end)
    if months == 1:
        return f"Tháng {_shown(start)}", f"The month {_shown(start)}"
    return (
        f"Từ {_shown(start)} đến {_shown(last)} ({months} tháng)",
        f"{_shown(start)} to {_shown(last)} ({months} months)",
    )


def _shown(month: int) -> str:
    return f"{month % 100:02}/{month // 100}"


def _whose(one: Span) -> tuple[str, str]:
    if one.scheme == "voluntary":
        return "BHXH tự nguyện", "voluntary insurance"
    name = one.employer_name or "đơn vị không rõ"
    return name, one.employer_name or "an unknown employer"


def _attested(records: Sequence[int], at: datetime) -> tuple[Attested, ...]:
    found = rows(_ATTESTED, {"records": list(records), "at": at})
    return tuple(Attested(*one) for one in found)


_ATTESTED = """
SELECT a.kind, e.code, e.name, a.until_month, a.paper, coalesce(a.approved_by, a.prepared_by), a.recorded_at
FROM participation_attestation a JOIN participation_employer e USING (employer_id)
WHERE a.person_id = ANY(%(records)s) AND a.state = 'in_force' AND a.recorded_at <= %(at)s AND (a.superseded_at IS NULL OR a.superseded_at > %(at)s)
ORDER BY a.until_month, e.code, a.kind
"""


def plain(one: Book) -> dict[str, Any]:
    """Return a book in plain values, as machines read it: months are YYYYMM, ends are out, null while months go on."""
    return {
        "known_on": one.known_on.isoformat(),
        "counted_before": one.upto,
        "totals": _fields(one.totals),
        "lines": [_fields(line) for line in one.lines],
        "counted": [_fields(stretch) | {"months": stretch.months} for stretch in one.stretches],
        "gaps": [_fields(gap) for gap in one.gaps],
        "overlaps": [_fields(overlap) for overlap in one.overlaps],
        "attested": [_fields(by) | {"recorded_at": by.recorded_at.isoformat()} for by in one.attested],
    }


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__ if name != "employer_id"}
