"""Files about somebody who died: the funeral allowance of whoever buried them, and what their relatives get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ansinh.benefits.gathering.asked import File
from ansinh.benefits.gathering.found import ENTITLEMENTS, REGISTER, STATED, Fact, Gathered, fact, gathered
from ansinh.benefits.gathering.insured import str_month
from ansinh.benefits.gathering.registers import (
    Drawn,
    Person,
    book_facts,
    book_of,
    drawn_facts,
    drawn_in,
    person_known,
)
from ansinh.benefits.gathering.statements import KINSHIP, stated_facts, statement
from ansinh.benefits.states import Kind
from ansinh.foundation.period import Month
from ansinh.participation.queries import Career


@dataclass(frozen=True, slots=True)
class _Death:
    """Who died when, with what they had paid and what they drew."""

    person: Person
    died: date
    book: Career
    drawn: tuple[Drawn, ...]

    @property
    def pension(self) -> Drawn | None:
        return next((one for one in self.drawn if one.kind is Kind.PENSION), None)

    @property
    def injury(self) -> Drawn | None:
        return next((one for one in self.drawn if one.kind is Kind.WORK_INJURY), None)

    def facts(self) -> list[Fact]:
        return [*self.person.facts("deceased_"), *book_facts(self.book), *drawn_facts(self.drawn)]


def gather_funeral(file: File, moment: datetime) -> Gathered:
    """Gather a funeral allowance: what the deceased had paid and drew in the month of death."""
    death = _death(file, moment)
    if death is None:
        return _without_day(file, moment)
    voluntary = sum(one.months for one in death.book.stretches if one.pay == "voluntary")
    question = {
        "ask": "funeral",
        "on": str_month(Month.containing(death.died)),
        "compulsory_months": death.book.months - voluntary,
        "voluntary_months": voluntary,
        "pensioner": death.pension is not None,
        "work_injury_recipient": death.injury is not None,
        "work_death": file.stated.get("work_death", False),
    }
    return gathered([*death.facts(), *stated_facts(file)], [], question)


def gather_survivors(file: File, moment: datetime) -> Gathered:
    """Gather survivors' allowances: the deceased, and each relative with age, work and benefits from the registers."""
    death = _death(file, moment)
    if death is None:
        return _without_day(file, moment)
    start = Month.containing(death.died).plus(1)
    facts, missing = [*death.facts(), *stated_facts(file)], death.person.missing()
    if not file.stated.get("relatives"):
        missing.append(statement(file.kind, "relatives").missing())
    relatives = []
    for stated in file.stated.get("relatives", []):
        known = person_known(stated["person"], moment)
        missing += known.missing()
        relatives.append(_relative(stated, known, moment, start))
        facts += _relative_facts(stated, known, relatives[-1])
    question = {
        "ask": "survivors",
        "on": str_month(start),
        "deceased": _deceased(death, file),
        "relatives": relatives,
    }
    return gathered(facts, missing, question)


def relative_name(person_id: int, kinship: str) -> str:
    """Return how a relative is named in a question and its derivation: kinship and number of the record."""
    return f"{KINSHIP[kinship][0]} #{person_id}"


def _death(file: File, moment: datetime) -> _Death | None:
    """Return the death a file is about; None while nobody knows the day."""
    person = person_known(file.insured_person_id, moment)
    day = person.died or file.stated.get("died")
    if day is None or len(day) != len("2025-06-30"):
        return None
    died = date.fromisoformat(day)
    month = Month.containing(died)
    drawn = drawn_in(person.person_id, month)
    return _Death(person, died, book_of(person.person_id, moment, month.plus(1)), tuple(drawn))


def _without_day(file: File, moment: datetime) -> Gathered:
    person = person_known(file.insured_person_id, moment)
    return gathered(person.facts("deceased_"), [statement(file.kind, "died").missing()], {})


def _deceased(death: _Death, file: File) -> dict[str, Any]:
    month = Month.containing(death.died)
    stated: dict[str, Any] = {
        "born": death.person.born,
        "sex": death.person.sex,
        "died": death.died.isoformat(),
        "contributions": death.book.contributions(),
        "work_death": file.stated.get("work_death", False),
        "work_injury_recipient": death.injury is not None,
    }
    drawn = death.pension or death.injury
    if drawn is not None:
        since = Month.containing(drawn.opened_on)
        months = (month.year - since.year) * 12 + month.month - since.month + 1
        stated |= {"pensioner": death.pension is not None, "pension": drawn.amount, "months_received": max(months, 0)}
    return stated


def _relative(stated: dict[str, Any], known: Person, moment: datetime, start: Month) -> dict[str, Any]:
    book = book_of(known.person_id, moment, start)
    last = book.stretches[-1] if book.stretches else None
    drawn = [one for one in drawn_in(known.person_id, start) if one.kind is not Kind.SURVIVOR]
    found = {
        "name": relative_name(known.person_id, stated["kinship"]),
        "kinship": stated["kinship"],
        "born": known.born,
        "sex": known.sex or "female",
        "salaried": last is not None and last.pay != "voluntary" and last.until_month >= start.number(),
        "monthly_benefit": sum(one.amount for one in drawn),
    }
    kept = ("capacity_loss", "monthly_income", "without_carer")
    return found | {key: stated[key] for key in kept if key in stated}


def _relative_facts(stated: dict[str, Any], known: Person, asked: dict[str, Any]) -> list[Fact]:
    name = relative_name(known.person_id, stated["kinship"])
    key = f"relative_{known.person_id}"
    facts: Sequence[Fact] = [
        fact(key, (name, f"{stated['kinship']} #{known.person_id}"), _born(known.born), REGISTER),
        fact(f"{key}_kinship", (f"quan hệ của {name}", "kinship"), KINSHIP[stated["kinship"]][0], STATED),
    ]
    if not asked["monthly_benefit"]:
        return list(facts)
    paid = f"{asked['monthly_benefit']:,} đồng".replace(",", ".")
    return [*facts, fact(f"{key}_benefit", (f"trợ cấp của {name}", "monthly benefits"), paid, ENTITLEMENTS)]


def _born(day: str | None) -> str:
    return "sinh " + "/".join(reversed((day or "").split("-")))
