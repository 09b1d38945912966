"""Papers of the health book: referrals with their QR codes, appointments, what facilities wrote; and who may see which chapter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from ansinh.disclosure.operations import hide_chapter, show_chapter, withdraw_consent
from ansinh.disclosure.queries import decisions_of, glasses_of
from ansinh.disclosure.states import CHAPTERS
from ansinh.disclosure.states import WORDS as NAMES
from ansinh.disclosure.states import What as Chapter
from ansinh.foundation.clock import legal_day
from ansinh.mandates.states import What
from ansinh.places.queries import facility
from ansinh.portal.pages.health import book_of, diagnosis_in_words, health_link
from ansinh.portal.shell import page
from ansinh.portal.whose import REASON, Whose, missing, own_page
from ansinh.portal.words import root
from ansinh.portal.words.health import WORDS
from ansinh.referrals.queries import code_text
from ansinh.screens.components import (
    Banner,
    Cell,
    Empty,
    Event,
    Form,
    Group,
    Heading,
    Hidden,
    Link,
    Paragraph,
    Part,
    Row,
    Summary,
    Table,
    Tag,
    Timeline,
)
from ansinh.screens.components.parts import Tone
from ansinh.screens.drawing import code_of
from ansinh.screens.saying import day, either, moment, told_day

TONES: dict[str, Tone] = {"issued": "good", "booked": "waiting", "kept": "good", "used": "neutral"}
LOOKS_MAX = 20
# What can be done here, and the word under which its banner stands.
DONE = {"hide": "hidden", "show": "shown", "withdraw": "withdrawn"}


@own_page(level=2, what=What.HEALTH)
def referrals_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show the referral papers, the newest first."""
    words = WORDS[language]
    papers = book_of(whose).referrals or []
    parts: tuple[Part, ...] = (Empty(words["no_referrals"], words["no_referrals_text"]),)
    if papers:
        parts = (Timeline(tuple(_referral_line(place, one, language) for place, one in enumerate(papers, start=1))),)
    return page(request, language, words["referrals"], parts, back=health_link(language))


@own_page(level=2, what=What.HEALTH)
def referral_page(request: HttpRequest, language: str, whose: Whose, place: int) -> HttpResponse:
    """Show a referral paper with its QR code, by its place in the list."""
    words = WORDS[language]
    papers = book_of(whose).referrals or []
    if not 1 <= place <= len(papers):
        return missing(request, language)
    one = papers[place - 1]
    number = str(one["number"])
    rows = [
        Row(words["state"], _standing(one, words)),
        Row(words["valid_until"], told_day(one["valid_until"]), words[f"reach_{one['reach']}"]),
        Row(words["issued_by"], str(one["issuer_name"] or one["issuer"])),
        Row(words["to"], str(one["to_name"] or one["to"] or words["to_any"])),
        Row(words["diagnosis"], diagnosis_in_words(one, language)),
        Row(words["doctor"], str(one["doctor"] or "–")),
    ]
    for use in one["uses"]:
        told = words["used_at"].format(facility=use["facility_name"] or use["facility"], day=told_day(use["used_at"]))
        rows.append(Row(words["standing_used"], told))
    code = []
    if one["standing"] in {"issued", "used"}:
        text = code_text("GCT", str(one["issuer"]), number)
        code = [code_of(text, words["referral_described"].format(number=number), words["referral_under"])]
    back = Link(words["referrals"], f"{root(language)}health/referrals")
    title = words["referral_title"].format(number=number)
    return page(request, language, title, (*code, Summary(tuple(rows))), back=back)


@own_page(level=2, what=What.HEALTH)
def appointments_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show the appointments, the latest first."""
    words = WORDS[language]
    found = book_of(whose).appointments or []
    parts: tuple[Part, ...] = (Empty(words["no_appointments"]),)
    if found:
        events = tuple(
            Event(
                words["appointment_on"].format(day=told_day(one["due_on"])),
                str(one["facility_name"] or one["facility"]),
                f"{diagnosis_in_words(one, language)}. {words['valid_until']} {told_day(one['valid_until'])}.",
                _standing(one, words),
            )
            for one in found
        )
        parts = (Timeline(events),)
    return page(request, language, words["appointments"], parts, back=health_link(language))


@own_page(level=2, what=What.HEALTH)
def papers_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show what papers facilities wrote."""
    words = WORDS[language]
    found = book_of(whose).papers or []
    parts: tuple[Part, ...] = (Empty(words["no_papers"]),)
    if found:
        rows = tuple(
            (
                Cell(words.get(f"paper_{one['kind']}", words["paper_other"]), words["signed"] if one["signed"] else ""),
                str(one["number"] or "–"),
                str(one["facility_name"] or one["facility"]),
                told_day(one["issued_on"]),
            )
            for one in found
        )
        columns = (words["kind"], words["number"], words["facility"], words["issued_on"])
        parts = (Table(words["papers"], columns, rows),)
    return page(request, language, words["papers"], parts, back=health_link(language))


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(level=2, what=What.DECIDE, safe=False)
def chapters_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show who may see which chapter, and let the person hide one or show it again."""
    words = WORDS[language]
    here = f"{root(language)}health/chapters"
    if request.method == "POST":
        done = _changed(request, whose)
        return HttpResponseRedirect(f"{here}?done={done}") if done else missing(request, language)
    decided = decisions_of(whose.person_id, whose.now)
    done = request.GET.get("done", "")
    parts: list[Part] = [Banner(words[f"done_{done}"], kind="good")] if done in DONE.values() else []
    parts += [_chapter(chapter, chapter.value in decided.hidden, language) for chapter in CHAPTERS]
    parts += [_consent(one, language) for one in decided.consents]
    parts += _glasses(whose, language)
    lead, back = words["chapters_lead"], health_link(language)
    return page(request, language, words["chapters"], parts, lead=lead, back=back)


def _changed(request: HttpRequest, whose: Whose) -> str:
    """Hide a chapter, show it again, or take a consent back; returns what was done, nothing where nobody can tell what is meant."""
    act, chapter = request.POST.get("act", ""), request.POST.get("chapter", "")
    given: dict[str, Any] = {"actor": whose.actor, "reason": REASON, "clock": whose.clock, "person_id": whose.person_id}
    if act == "withdraw":
        withdraw_consent(**given, facility=request.POST.get("facility", "")[:5], chapter=chapter)
    elif act in DONE:
        (hide_chapter if act == "hide" else show_chapter)(**given, chapter=chapter)
    return DONE.get(act, "")


def _consent(one: tuple[str, str, datetime], language: str) -> Group:
    words, (place, what, ends_at) = WORDS[language], one
    chapter, last = either(NAMES[Chapter(what)], language), day(legal_day(ends_at - timedelta(microseconds=1)))
    told = words["consent"].format(facility=_facility_name(place), chapter=chapter, day=last)
    hidden = (Hidden("act", "withdraw"), Hidden("chapter", what), Hidden("facility", place))
    return Group((Paragraph(told), Form(hidden, words["withdraw"], kind="quiet", about=told)), words["consents"])


def _chapter(chapter: Chapter, hidden: bool, language: str) -> Group:
    words = WORDS[language]
    name = either(NAMES[chapter], language)
    act = "show" if hidden else "hide"
    state = Tag(words["hidden"], "waiting") if hidden else Tag(words["shown"], "good")
    form = Form(
        (Hidden("chapter", chapter.value), Hidden("act", act)),
        words[act],
        kind="quiet",
        about=words["hide_about"].format(chapter=name),
    )
    return Group((state, form), f"{name[:1].upper()}{name[1:]}")


def _glasses(whose: Whose, language: str) -> list[Part]:
    words = WORDS[language]
    found = glasses_of(whose.person_id)[:LOOKS_MAX]
    if not found:
        return [Heading(words["glasses"]), Paragraph(words["glasses_none"])]
    events = tuple(
        Event(moment(one.opened_at), words["glass"].format(facility=one.facility_name, reason=one.reason))
        for one in found
    )
    return [Timeline(events, words["glasses"])]


def _referral_line(place: int, one: Mapping[str, Any], language: str) -> Event:
    words = WORDS[language]
    to = str(one["to_name"] or one["to"] or words["to_any"])
    link = Link(words["referral_title"].format(number=one["number"]), f"{root(language)}health/referrals/{place}")
    until = f"{words['valid_until']} {told_day(one['valid_until'])}"
    return Event(told_day(one["issued_on"]), f"{words['to']}: {to}", until, _standing(one, words), link)


def _standing(one: Mapping[str, Any], words: Mapping[str, str]) -> Tag:
    standing = str(one["standing"])
    return Tag(words[f"standing_{standing}"], TONES.get(standing, "bad"))


def _facility_name(code: str) -> str:
    found = facility(code)
    return found.name if found else code


PAGES = {
    "health/referrals": referrals_page,
    "health/referrals/<int:place>": referral_page,
    "health/appointments": appointments_page,
    "health/papers": papers_page,
    "health/chapters": chapters_page,
}
