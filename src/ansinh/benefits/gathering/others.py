"""Files of who lost a job, and of the old without a pension."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ansinh.benefits.file_states import FileKind
from ansinh.benefits.gathering.asked import File
from ansinh.benefits.gathering.found import BOOK, Gathered, fact, gathered
from ansinh.benefits.gathering.insured import str_month
from ansinh.benefits.gathering.registers import (
    book_facts,
    book_of,
    drawn_facts,
    drawn_in,
    month_of_moment,
    person_known,
    without_used,
)
from ansinh.benefits.gathering.statements import stated_facts, statement
from ansinh.benefits.states import Kind
from ansinh.foundation.clock import legal_day
from ansinh.foundation.period import Month
from ansinh.places.queries import WorkingCalendar, working_calendar

# The benefit begins within a few weeks of the file; the holidays of that time are told to the law.
_DAYS_AHEAD = 60
_REQUIRED = ("contract_end", "broke_contract")


def gather_unemployment(file: File, moment: datetime) -> Gathered:
    """Gather an unemployment benefit: the insured months since the last one, the employer's region, and how the contract ended."""
    person = person_known(file.person_id, moment)
    filed = legal_day(file.filed_at)
    on = Month.containing(filed)
    book = without_used(book_of(person.person_id, moment, on), Kind.UNEMPLOYMENT)
    insured = [one for one in book.stretches if one.unemployment]
    drawn = drawn_in(person.person_id, on)
    missing = [statement(FileKind.UNEMPLOYMENT, key).missing() for key in _REQUIRED if key not in file.stated]
    facts = [*person.facts(), *book_facts(book), *drawn_facts(drawn), *stated_facts(file)]
    last = insured[-1] if insured else None
    if last is not None:
        months = sum(one.months for one in insured)
        facts.append(fact("insured", ("tháng đóng bảo hiểm thất nghiệp", "months insured"), f"{months} tháng", BOOK))
        facts.append(fact("region", ("vùng lương tối thiểu", "minimum-wage region"), str(last.region or 1), BOOK))
    question = {
        "ask": "unemployment",
        "on": str_month(on),
        "contract_end": file.stated.get("contract_end"),
        "contract_months": file.stated.get("contract_months", 0),
        "broke_contract": file.stated.get("broke_contract", False),
        "found_work": file.stated.get("found_work", False),
        "pensioner": any(one.kind in {Kind.PENSION, Kind.CAPACITY_LOSS} for one in drawn),
        "region": last.region or 1 if last else 1,
        "state_pay": last is not None and last.pay == "state",
        "filed": filed.isoformat(),
        "holidays": _days_off(working_calendar(), filed),
    }
    if insured:
        question["contributions"] = book.unemployment_contributions()
    else:
        question |= {"months": 0, "mean_salary": 0}
    return gathered(facts, missing, question)


def gather_social_pension(file: File, moment: datetime) -> Gathered:
    """Gather a social pension: age, benefits drawn, and between 70 and 75 whether the household is poor. It is for the month of the decision."""
    person = person_known(file.person_id, moment)
    on = month_of_moment(moment)
    drawn = drawn_in(person.person_id, on)
    missing = person.missing()
    if person.born and "poor" not in file.stated and _age(person.born, legal_day(moment)) in range(70, 75):
        missing.append(statement(file.kind, "poor").missing())
    question = {
        "ask": "social_pension",
        "on": str_month(on),
        "born": person.born,
        "poor": file.stated.get("poor", False),
        "pensioner": any(one.kind is Kind.PENSION for one in drawn),
        "monthly_benefit": sum(one.amount for one in drawn if one.kind is not Kind.SOCIAL_PENSION),
        "social_allowance": file.stated.get("social_allowance", 0),
    }
    return gathered([*person.facts(), *drawn_facts(drawn), *stated_facts(file)], missing, question)


def _age(born: str, day: date) -> int:
    """Return whole years of age; an unknown day or month of birth is the first."""
    year, month, of_month = (int(part) for part in (f"{born}-01-01".split("-"))[:3])
    return day.year - year - ((day.month, day.day) < (month, of_month))


def _days_off(calendar: WorkingCalendar, since: date) -> list[str]:
    """Return the weekdays off in the weeks after a day, as far as the calendar is known."""
    days = (since + timedelta(days=n) for n in range(_DAYS_AHEAD))
    return [day.isoformat() for day in days if calendar.known.holds(day) and day in calendar.off and day.weekday() < 5]
