"""Whom an event concerns, by rows: each list in the order of person numbers, a page at a time; and whether the ground of a file still holds."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from ansinh.benefits.queries import Page, Reaching, reaching_retirement, retires_in
from ansinh.cards.queries import carried_pin, insured
from ansinh.database.sql import row, rows
from ansinh.foundation.period import Month
from ansinh.lifeevents.files import File
from ansinh.lifeevents.states import FileState, Kind
from ansinh.participation.queries import works_in
from ansinh.people.queries import person_of_number, resolve
from ansinh.registry.queries import record_of
from ansinh.rules.health_insurance import NEWBORN_OBJECT_CODE, child_card_until
from ansinh.rules.law import amount

EVENTS_A_CALL_MAX = 500


@dataclass(frozen=True, slots=True)
class Grown:
    """A child whose card ends soon by age, with what the card says; `parent` as far as the register names one of ours."""

    person_id: int
    province: str
    area: str | None
    facility: str
    card_province: str
    cover_until: date
    parent: int | None


def retiring(today: date, after: int) -> list[Reaching]:
    """Return who reaches the retirement age next month (Labour Code 45/2019/QH14 art. 169; Decree 135/2020/ND-CP)."""
    return reaching_retirement(next_month(today), Page(after=after, limit=EVENTS_A_CALL_MAX))


def growing(today: date, after: int) -> list[tuple[int, Grown | None]]:
    """Return children whose cover ends by the end of next month, and of them those whose child's card the law lets end by then."""
    until = Month.containing(today).plus(2).first_day()
    found = rows(_ENDING, {"code": NEWBORN_OBJECT_CODE, "today": today, "until": until, "after": after, "most": EVENTS_A_CALL_MAX})  # fmt: skip
    return [(int(one[0]), _grown(one)) for one in found]


def claim_until(last_day: date) -> date:
    """Return the last day on which an unemployment benefit can be asked for by who worked until a day (Law 38/2013/QH13 art. 46(1); Law 74/2025/QH15)."""
    then = Month.containing(last_day).plus(amount("unemployment.filing_months", last_day))
    return date(then.year, then.month, min(last_day.day, calendar.monthrange(then.year, then.month)[1]))


def ground_gone(file: File) -> tuple[str, str] | None:
    """Return why what a file rests on is not so, or None while it is: a birth date corrected, an end of work taken back."""
    person = resolve(file.person_id or 0)
    if file.kind is Kind.RETIREMENT and not retires_in(person, int(file.content["month"])):
        return "không đến tuổi nghỉ hưu trong tháng đó", "the age is not reached in that month"
    if file.kind is Kind.CHILD_GROWN:
        born = insured(person).born_on
        if born is None or child_card_until(born).isoformat() > file.content["ends"]:
            return "ngày sinh đã được sửa, chưa đủ 72 tháng", "the birth date was corrected, the child is younger"
    if file.kind is Kind.JOB_LOST and works_in(person, file.content["until_month"], file.content["employer"]):
        return "đơn vị đã rút báo giảm", "the employer took its report back"
    return None


def died(file: File) -> bool:
    """Tell whether whom a file is about has died."""
    found = row("SELECT died_on FROM people_person WHERE person_id = %s", [resolve(file.person_id or 0)])
    return found is not None and found[0] is not None


def last_move(person: int) -> tuple[int, str] | None:
    """Return the last move of somebody that stands: its file, and the province they moved to."""
    found = row(
        "SELECT file_id, content->>'province' FROM lifeevents_file WHERE person_id = %s AND kind = %s AND state = ANY(%s) ORDER BY file_id DESC LIMIT 1",
        [person, Kind.MOVE.value, [FileState.REGISTERED.value, FileState.DONE.value]],
    )
    return (int(found[0]), str(found[1])) if found else None


def province_on_record(person: int) -> str:
    """Return the province of a record."""
    found = row("SELECT province FROM people_person WHERE person_id = %s", [person])
    return str(found[0]) if found else ""


def next_month(today: date) -> int:
    """Return the month after a day's."""
    return Month.containing(today).plus(1).number()


def _grown(found: tuple[object, ...]) -> Grown | None:
    person, province, area, facility, card_province, until = found
    assert isinstance(person, int)
    assert isinstance(until, date)
    born = insured(person).born_on
    if born is None or child_card_until(born) > until:
        return None
    return Grown(person, str(province), None if area is None else str(area), str(facility), str(card_province), until, _parent(person))  # fmt: skip


def _parent(child: int) -> int | None:
    """Return the mother or father the register names, as far as they are ours."""
    record = record_of(carried_pin(child) or "")
    for pin in (record.mother_pin, record.father_pin) if record else ():
        parent = person_of_number("pin", pin) if pin else None
        if parent is not None:
            return parent
    return None


_ENDING = """
SELECT c.person_id, p.province, c.area, c.facility, c.card_province, c.valid_until
FROM participation_covered_v1 c JOIN people_insured_v1 p ON p.person_id = c.person_id
WHERE c.object_code = %(code)s AND c.valid_until > %(today)s AND c.valid_until <= %(until)s AND c.person_id > %(after)s
  AND p.died_on IS NULL AND p.excluded IS NULL AND NOT EXISTS (SELECT FROM people_alias a WHERE a.alias_person_id = c.person_id)
ORDER BY c.person_id LIMIT %(most)s
"""
