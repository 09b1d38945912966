"""A person, found by a number that never stands in an address: what the officer's roles may read, for a purpose that is kept with every look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.audit.operations import show_looks
from ansinh.benefits.operations import show_entitlements
from ansinh.cards.queries import own_si_code
from ansinh.ceilings.operations import TooManyLookUps
from ansinh.disclosure.operations import find_person
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.identifiers import parse_key
from ansinh.foundation.purpose import Purpose
from ansinh.participation.operations import read_book
from ansinh.people.queries import statements_about
from ansinh.people.states import CERTAINTIES, FIELDS, SOURCES
from ansinh.screens.components import (
    Banner,
    Choice,
    Choices,
    Empty,
    Field,
    Form,
    Heading,
    Hidden,
    Paragraph,
    Part,
    Problem,
    Table,
)
from ansinh.screens.saying import day, either, masked, moment, money, month
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.shell import home_link, page
from ansinh.workbench.words import root
from ansinh.workbench.words.person import WORDS

KEPT = "workbench_person"
NUMBER_LENGTH_MAX = 40


@dataclass(frozen=True, slots=True)
class Opened:
    """The person an officer has open: for which purpose, and why this look is made; `whole`: numbers are shown in full."""

    person: int
    purpose: Purpose
    reason: str
    whole: bool = False


def _identity_and_book(officer: Officer, one: Opened, language: str) -> list[Part]:
    words = WORDS[language]
    found = read_book(
        actor=officer.actor, reason=one.reason, clock=officer.clock, person_id=one.person, purpose=one.purpose
    )
    parts = [_identity(one, language), Heading(words["book"])]
    if not found.lines:
        return [*parts, Paragraph(words["book_empty"])]
    rows = tuple(
        (
            line.employer_name or "–",
            month(line.from_month),
            month(line.until_month) if line.until_month else words["now"],
            str(line.months),
            money(line.wage),
        )
        for line in found.lines
    )
    columns = tuple(words[name] for name in ("employer", "from", "until", "months", "wage"))
    told = words["book_months"].format(months=found.totals.months)
    return [*parts, Paragraph(told), Table(words["book"], columns, rows, (3, 4))]


def _entitlements(officer: Officer, one: Opened, language: str) -> list[Part]:
    words = WORDS[language]
    found = show_entitlements(actor=officer.actor, reason=one.reason, person_id=one.person)
    if not found:
        return [Heading(words["entitlements"]), Paragraph(words["entitlements_empty"])]
    rows = tuple((str(each.entitlement_id), each.kind, day(each.opened_on)) for each in found)
    columns = (words["entitlement"], words["kind"], words["opened_on"])
    return [Table(words["entitlements"], columns, rows)]


def _looks(officer: Officer, one: Opened, language: str) -> list[Part]:
    words = WORDS[language]
    found = show_looks(actor=officer.actor, reason=one.reason, person_id=one.person)
    rows = tuple(
        (moment(each.asked_at), each.call, f"{each.facility} {each.officer}".strip() or "–", each.purpose, each.result)
        for each in found
    )
    columns = tuple(words[name] for name in ("when", "call", "who", "why", "result"))
    return [Table(words["looks"], columns, rows)]


# A section, the permission it takes, and the purposes its reading serves; each reads by an operation that leaves its own line.
_WORK = frozenset({Purpose.ADMINISTRATION})
SECTIONS: tuple[tuple[str, frozenset[Purpose], Callable[[Officer, Opened, str], list[Part]]], ...] = (
    ("participation.read_book", frozenset(Purpose) - {Purpose.OWN_RECORD, Purpose.EMERGENCY}, _identity_and_book),
    ("benefits.show", _WORK, _entitlements),
    ("audit.show_looks", _WORK, _looks),
)


@officer_page(permission=None, what=("tra cứu một người", "look a person up"), safe=False)
def person_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Find a person, or show the one that is open; what is posted is a number to find, or `act`: unmask or close."""
    purposes = _purposes(officer)
    if not purposes:
        words = WORDS[language]
        return page(request, language, words["title"], (Empty(words["nobody_title"], words["nobody_text"]),))
    if request.method != "POST":
        one = _kept(officer, language)
        if one is None:
            return _asked(request, language, purposes)
        # Whoever may not read this person is not left with them: what is refused is not kept.
        kept = officer.session.pop(KEPT)
        shown = _shown(request, language, officer, one)
        officer.session[KEPT] = kept
        return shown
    if "act" not in request.POST:
        return _found(request, language, officer, purposes)
    return _acted(request, language, officer, request.POST["act"])


def _acted(request: HttpRequest, language: str, officer: Officer, act: str) -> HttpResponse:
    if act == "close":
        officer.session.pop(KEPT, None)
        return _again(language)
    one = _kept(officer, language)
    if act != "unmask" or one is None or not officer.actor.may_for("participation.read_book", one.purpose):
        return _again(language)
    whole = Opened(one.person, one.purpose, WORDS[language]["reason_unmask"], whole=True)
    return _shown(request, language, officer, whole)


def _purposes(officer: Officer) -> list[Purpose]:
    return [
        purpose
        for purpose in Purpose
        if officer.actor.may_for("disclosure.find", purpose)
        and any(purpose in serves and officer.actor.may_for(needed, purpose) for needed, serves, _ in SECTIONS)
    ]


def _kept(officer: Officer, language: str) -> Opened | None:
    kept = officer.session.get(KEPT)
    return Opened(kept[0], Purpose(kept[1]), WORDS[language]["reason"]) if kept else None


def _again(language: str) -> HttpResponse:
    return HttpResponseRedirect(f"{root(language)}person", status=303)


def _found(request: HttpRequest, language: str, officer: Officer, purposes: list[Purpose]) -> HttpResponse:
    words, wrong = WORDS[language], {}
    chosen = next((one for one in purposes if one.code == request.POST.get("purpose")), None)
    if chosen is None:
        wrong["purpose"] = words["purpose_missing"]
    key = None
    try:
        key = parse_key(request.POST.get("number", "")[:NUMBER_LENGTH_MAX])
    except InvalidInput:
        wrong["number"] = words["number_wrong"]
    if chosen is None or key is None:
        return _asked(request, language, purposes, wrong)
    try:
        person = find_person(actor=officer.actor, reason=words["reason_find"], key=key, purpose=chosen)
    except TooManyLookUps as refusal:
        told = (Banner(refusal.vi if language == "vi" else refusal.en, words["too_many_text"], kind="warning"),)
        response = page(request, language, words["too_many"], told, back=home_link(language), status=429)
        if refusal.seconds:
            response.headers["Retry-After"] = str(refusal.seconds)
        return response
    if person is None:
        return _asked(request, language, purposes, {"number": words["unknown"]})
    officer.session[KEPT] = [person, int(chosen)]
    return _again(language)


def _asked(
    request: HttpRequest, language: str, purposes: list[Purpose], wrong: dict[str, str] | None = None
) -> HttpResponse:
    words, wrong = WORDS[language], wrong or {}
    choices = tuple(Choice(one.code, either((one.vi, one.code), language)) for one in purposes)
    fields = (
        Field("number", words["number"], words["number_hint"], error=wrong.get("number", ""), width=20),
        Choices("purpose", words["purpose"], choices, (purposes[0].code,), error=wrong.get("purpose", "")),
    )
    problems = tuple(Problem(field, text) for field, text in wrong.items())
    parts = (Form(fields, words["open"]),)
    return page(request, language, words["title"], parts, lead=words["lead"], problems=problems)


def _shown(request: HttpRequest, language: str, officer: Officer, one: Opened) -> HttpResponse:
    words, parts = WORDS[language], []
    for needed, serves, section in SECTIONS:
        if one.purpose in serves and officer.actor.may_for(needed, one.purpose):
            parts += section(officer, one, language)
    if not one.whole and officer.actor.may_for("participation.read_book", one.purpose):
        parts.append(Form((Hidden("act", "unmask"),), words["unmask"], kind="quiet"))
    parts.append(Form((Hidden("act", "close"),), words["close"], kind="quiet"))
    purpose = either((one.purpose.vi, one.purpose.code), language)
    lead = words["opened"].format(person=one.person, purpose=purpose)
    return page(request, language, words["title"], parts, lead=lead)


def _identity(one: Opened, language: str) -> Table:
    words = WORDS[language]
    rows = [
        (
            either(FIELDS[said.field], language),
            _number(said.value, one) if said.field == "pin" else said.value or "–",
            either(SOURCES.get(said.source, (said.source, said.source)), language),
            moment(said.recorded_at),
            either(CERTAINTIES[said.certainty], language),
        )
        for said in statements_about(one.person)
    ]
    rows.append((words["si_code"], _number(own_si_code(one.person), one), "–", "–", "–"))
    columns = tuple(words[name] for name in ("field", "value", "source", "since", "certainty"))
    return Table(words["identity"], columns, tuple(rows))


def _number(number: str | None, one: Opened) -> str:
    if not number:
        return "–"
    return number if one.whole else masked(number)


PAGES = {"person": person_page}
