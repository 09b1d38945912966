"""Files of the insured themselves: pension, extra one-off, withdrawal, bridge allowance."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ansinh.benefits.file_states import Channel
from ansinh.benefits.gathering.asked import File
from ansinh.benefits.gathering.found import BOOK, Fact, Gathered, fact, gathered
from ansinh.benefits.gathering.registers import (
    Person,
    book_facts,
    book_of,
    drawn_facts,
    drawn_in,
    month_of_moment,
    person_known,
)
from ansinh.benefits.gathering.statements import stated_facts, statement
from ansinh.benefits.states import Kind, State
from ansinh.foundation.period import Month
from ansinh.participation.queries import Career
from ansinh.rules.situations import cases_of

_PLAIN = ("capacity_loss", "medical_conclusion", "missing_months_paid", "missing_months_paid_on")


def gather_retirement(file: File, moment: datetime) -> Gathered:
    """Gather a pension: person and book, and the end of work of who still pays; the question is for the month the pension begins."""
    person = person_known(file.person_id, moment)
    # Whom the agency invited files in the month before the age is reached, for the pension of the month after it.
    first = month_of_moment(file.filed_at).plus(2 if file.channel is Channel.EVENT else 1)
    book = book_of(person.person_id, moment, first)
    ended, works_on = _work_ended(book, first, file.stated)
    missing = person.missing()
    if works_on:
        missing.append(statement(file.kind, "work_ended").missing())
    facts = [*person.facts(), *book_facts(book), *_ended_facts(ended, file.stated), *stated_facts(file)]
    if missing:
        return gathered(facts, missing, {})
    start = _start(person, book, ended, file, first)
    stretches = book_of(person.person_id, moment, start)
    return gathered(facts, [], _pension(person, stretches, ended, file.stated, start))


def gather_withdrawal(file: File, moment: datetime) -> Gathered:
    """Gather a one-off withdrawal: person and book, and the reason stated."""
    person = person_known(file.person_id, moment)
    on = month_of_moment(moment)
    book = book_of(person.person_id, moment, on)
    missing = person.missing()
    if "withdrawal_reason" not in file.stated:
        missing.append(statement(file.kind, "withdrawal_reason").missing())
    who = _who(person, book) | {key: file.stated[key] for key in ("capacity_loss",) if key in file.stated}
    question = {"ask": "one_off", "on": str_month(on), "person": who, "reason": file.stated.get("withdrawal_reason")}
    return gathered([*person.facts(), *book_facts(book), *stated_facts(file)], missing, question)


def gather_bridge(file: File, moment: datetime) -> Gathered:
    """Gather a bridge allowance: person and book, and whether the household is poor, which lowers the age of the social pension."""
    person = person_known(file.person_id, moment)
    on = month_of_moment(moment).plus(1)
    book = book_of(person.person_id, moment, on)
    drawn = drawn_in(person.person_id, on)
    facts = [*person.facts(), *book_facts(book), *drawn_facts(drawn), *stated_facts(file)]
    question = {
        "ask": "bridge",
        "on": str_month(on),
        "person": _who(person, book),
        "poor": file.stated.get("poor", False),
    }
    return gathered(facts, person.missing(), question)


def str_month(month: Month) -> str:
    """Return a month as a situation states it."""
    return f"{month.year:04}-{month.month:02}"


def _who(person: Person, book: Career) -> dict[str, Any]:
    return {"born": person.born, "sex": person.sex, "contributions": book.contributions()}


def _pension(
    person: Person, book: Career, ended: str | None, stated: Mapping[str, Any], start: Month
) -> dict[str, Any]:
    who = _who(person, book) | {key: stated[key] for key in _PLAIN if key in stated}
    if ended is not None:
        who["work_ended"] = ended
    return {"ask": "pension", "on": str_month(start), "person": who}


def _start(person: Person, book: Career, ended: str | None, file: File, first: Month) -> Month:
    """Return the month the pension begins: the first the law gives for these facts, which may lie before the file; the month after the file at the latest.

    The law of the month itself decides, so the month found is asked about once more.
    """
    start = first
    for _ in range(2):
        answer = cases_of([_pension(person, book, ended, file.stated, start)])[0].answer()
        found = next((one.value for one in answer.results if one.key == "pension_start"), None)
        if not isinstance(found, str) or Month.containing(date.fromisoformat(found)).number() > first.number():
            return first
        start = Month.containing(date.fromisoformat(found))
    return start


def _work_ended(book: Career, first: Month, stated: Mapping[str, Any]) -> tuple[str | None, bool]:
    """Return the last day of work, as stated with a paper, else the end of the last month paid; and whether contributions go on, so that it must be stated."""
    if "work_ended" in stated:
        return str(stated["work_ended"]), False
    working = [one for one in book.stretches if one.pay != "voluntary"]
    if not working:
        return None, False
    if working[-1].until_month >= first.number():
        return None, True
    return _end_of(working[-1].until_month), False


def _end_of(until_month: int) -> str:
    last = Month.of(until_month).plus(-1)
    return date(last.year, last.month, calendar.monthrange(last.year, last.month)[1]).isoformat()


def _ended_facts(ended: str | None, stated: Mapping[str, Any]) -> list[Fact]:
    if ended is None or "work_ended" in stated:
        return []
    written = f"{date.fromisoformat(ended):%d/%m/%Y}"
    return [fact("work_ended", ("ngừng đóng từ sau ngày", "contributions ended on"), written, BOOK)]


def draws_pension(person_id: int, month: Month) -> bool:
    """Tell whether somebody draws a pension, or would if it were not suspended."""
    return any(one.kind is Kind.PENSION and one.state is not State.ENDED for one in drawn_in(person_id, month))
