"""A person, found by a number that never stands in an address: what the officer's roles may read, for a purpose that is kept with every look."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.ceilings.operations import TooManyLookUps
from ansinh.disclosure.operations import find_person
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.identifiers import parse_key
from ansinh.foundation.purpose import Purpose
from ansinh.screens.components import (
    Banner,
    Choice,
    Choices,
    Empty,
    Field,
    Form,
    Hidden,
    Problem,
)
from ansinh.screens.saying import either
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.pages.person.sections import SECTIONS, Opened, parts_of
from ansinh.workbench.shell import home_link, page
from ansinh.workbench.words import root
from ansinh.workbench.words.person import WORDS

KEPT = "workbench_person"
NUMBER_LENGTH_MAX = 40


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
    if act != "unmask" or one is None or not any(section.serves(officer, one.purpose) for section in SECTIONS):
        return _again(language)
    whole = Opened(one.person, one.purpose, WORDS[language]["reason_unmask"], whole=True)
    return _shown(request, language, officer, whole)


def _purposes(officer: Officer) -> list[Purpose]:
    return [
        purpose
        for purpose in Purpose
        if officer.actor.may_for("disclosure.find", purpose) and any(one.serves(officer, purpose) for one in SECTIONS)
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
    words = WORDS[language]
    if request.method != "POST":
        one = replace(one, known_on=_known_on(request, officer))
    shown = [section for section in SECTIONS if section.serves(officer, one.purpose)]
    parts = parts_of(officer, one, shown, language)
    if not one.whole and _has_numbers(officer, one):
        parts.append(Form((Hidden("act", "unmask"),), words["unmask"], kind="quiet"))
    parts.append(Form((Hidden("act", "close"),), words["close"], kind="quiet"))
    purpose = either((one.purpose.vi, one.purpose.code), language)
    lead = words["opened"].format(person=one.person, purpose=purpose)
    return page(request, language, words["title"], parts, lead=lead)


def _has_numbers(officer: Officer, one: Opened) -> bool:
    return any(section.masks and section.serves(officer, one.purpose) for section in SECTIONS)


def _known_on(request: HttpRequest, officer: Officer) -> date | None:
    """Return the earlier day the record is wanted as known on; None for today, and for what is no day or has not come."""
    try:
        wanted = date(*(int(request.GET.get(f"known-{part}", "")) for part in ("year", "month", "day")))
    except ValueError:
        return None
    return wanted if wanted < officer.today else None


PAGES = {"person": person_page}
