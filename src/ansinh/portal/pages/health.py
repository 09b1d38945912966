"""The health book: what to know, visits, medicines, results. What the database lets the person see is what is told; each reading leaves its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from ansinh.disclosure.operations import read_book, read_visit
from ansinh.disclosure.queries import ReadBook
from ansinh.disclosure.states import WORDS as CHAPTERS
from ansinh.disclosure.states import What as Chapter
from ansinh.foundation.purpose import Purpose
from ansinh.mandates.states import What
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import REASON, Whose, missing, own_page
from ansinh.portal.words import root
from ansinh.portal.words.health import WORDS
from ansinh.screens.components import (
    Cell,
    Empty,
    Event,
    Link,
    Paragraph,
    Part,
    Row,
    Summary,
    Table,
    Tag,
    Tile,
    Tiles,
    Timeline,
)
from ansinh.screens.saying import either, money, told_day

LINES_MAX = 60


def book_of(whose: Whose) -> ReadBook:
    """Read the whole book as its person."""
    return read_book(
        actor=whose.actor, reason=REASON, clock=whose.clock, person_id=whose.person_id, purpose=Purpose.OWN_RECORD
    )


def health_link(language: str) -> Link:
    """Return the way back to the book's first page."""
    return Link(WORDS[language]["title"], f"{root(language)}health")


@own_page(level=2, what=What.HEALTH)
def health_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show what the book holds, and the ways into it."""
    words, base = WORDS[language], f"{root(language)}health/"
    read = book_of(whose)
    chapters = Tile(words["chapters"], f"{base}chapters", words["chapters_text"], icon="rights")
    if read.book is None and not (read.referrals or read.appointments or read.papers):
        parts: tuple[Part, ...] = (Empty(words["empty"], words["empty_text"]), Tiles((chapters,)))
        return page(request, language, words["title"], parts, lead=words["lead"], back=home_link(language))
    book = read.book or {}
    ahead = [one for one in read.appointments or [] if one["standing"] == "booked"]
    usable = [one for one in read.referrals or [] if one["standing"] == "issued"]
    counts = {
        "visits": (len(book.get("visits", [])), "health"),
        "medicines": (len(book.get("medicines", [])), "more"),
        "referrals": (len(usable), "services"),
        "appointments": (len(ahead), "calendar"),
        "papers": (len(read.papers or []), "book"),
    }
    tiles = tuple(
        Tile(words[name], f"{base}{name}", words[f"{name}_text"].format(count=count), icon=icon)
        for name, (count, icon) in counts.items()
    )
    know = Summary((_allergies(book, words), _next(ahead, words)))
    return page(
        request,
        language,
        words["title"],
        (know, Tiles((*tiles, chapters))),
        lead=words["lead"],
        back=home_link(language),
    )


@own_page(level=2, what=What.HEALTH)
def visits_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show the newest visits; of a private chapter no more than that there was one."""
    words = WORDS[language]
    book = book_of(whose).book
    if not book or not book["visits"]:
        parts: list[Part] = [Empty(words["empty"], words["empty_text"])]
    else:
        parts = [Timeline(tuple(_visit(place, one, language) for place, one in enumerate(book["visits"], start=1)))]
        if book["visits_left_out"]:
            parts.append(Paragraph(words["left_out"].format(count=book["visits_left_out"]), "quiet"))
    return page(request, language, words["visits"], parts, back=health_link(language))


@own_page(level=2, what=What.HEALTH)
def visit_page(request: HttpRequest, language: str, whose: Whose, place: int) -> HttpResponse:
    """Show one visit whole, by its place in the list: 1 is the newest."""
    words = WORDS[language]
    book = book_of(whose).book
    visits = book["visits"] if book else []
    if not 1 <= place <= len(visits):
        return missing(request, language)
    one = read_visit(
        actor=whose.actor,
        reason=REASON,
        clock=whose.clock,
        person_id=whose.person_id,
        visit_id=int(visits[place - 1]["visit"]),
        purpose=Purpose.OWN_RECORD,
    )
    parts = [*_about(one, language), *_medical(one, language), *_costs(one, words)]
    parts.append(Paragraph(words["recorded"].format(day=told_day(one["recorded_at"])), "quiet"))
    back = Link(words["visits"], f"{root(language)}health/visits")
    return page(request, language, words["visit_title"].format(day=told_day(one["admitted_at"])), parts, back=back)


@own_page(level=2, what=What.HEALTH)
def medicines_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show the medicines of the last 120 days."""
    words = WORDS[language]
    book = book_of(whose).book
    medicines = book["medicines"] if book else []
    parts: tuple[Part, ...] = (Empty(words["no_medicines"]),)
    if medicines:
        rows = tuple(
            (str(one["name"]), _how(one), _amount(one), told_day(one["ordered_at"])) for one in medicines[:LINES_MAX]
        )
        columns = (words["medicine"], words["dose"], words["amount"], words["when"])
        parts = (Table(words["medicines_text"].format(count=len(medicines)), columns, rows, (2,)),)
    return page(request, language, words["medicines"], parts, back=health_link(language))


def private_tag(sensitive: Sequence[str], language: str) -> Tag | None:
    """Return a tag that names the private chapters of a row, if it has any."""
    if not sensitive:
        return None
    names = ", ".join(either(CHAPTERS[Chapter(one)], language) for one in sensitive)
    return Tag(WORDS[language]["private"].format(chapter=names))


def diagnosis_in_words(one: Mapping[str, Any], language: str) -> str:
    """Return a diagnosis as the facility wrote it, with its code; English titles are the classification's."""
    told = one.get("diagnosis_text") or one.get("title") or ""
    code = one.get("diagnosis") or one.get("code") or ""
    return f"{told} ({code})" if told and code else str(told or code or "–")


def _allergies(book: Mapping[str, Any], words: Mapping[str, str]) -> Row:
    told = book.get("allergies") or {"known": [], "none_known": False}
    if told["known"]:
        return Row(words["allergies"], Tag(", ".join(told["known"]), "bad"))
    return Row(words["allergies"], words["allergies_none" if told["none_known"] else "allergies_unasked"])


def _next(ahead: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> Row:
    if not ahead:
        return Row(words["next"], words["next_none"])
    soonest = min(ahead, key=lambda one: one["due_on"])
    return Row(words["next"], told_day(soonest["due_on"]), soonest["facility_name"] or soonest["facility"])


def _visit(place: int, one: Mapping[str, Any], language: str) -> Event:
    words, day = WORDS[language], told_day(one["admitted_at"])
    private = private_tag(one["sensitive"], language)
    title = words["private_title"] if private else diagnosis_in_words(one, language)
    where = str(one["facility_name"] or one["facility"])
    see = Link(words["see"], f"{root(language)}health/visits/{place}", words["see_about"].format(day=day))
    return Event(day, title, where, private, see)


def _about(one: Mapping[str, Any], language: str) -> list[Part]:
    words = WORDS[language]
    told = {
        "facility": one["facility_name"] or one["facility"],
        "care": words.get(f"care_{one['care_kind']}", one["care_kind"]),
        "reason": one["reason"],
        "from": told_day(one["admitted_at"]),
        "until": told_day(one["discharged_at"]) if one["discharged_at"] else None,
        "doctor": one["doctor"],
        "result": words.get(f"result_{one['result']}", one["result"]),
        "advice": one["notes"],
    }
    rows = [Row(words[name], str(value)) for name, value in told.items() if value]
    private = private_tag(one["sensitive"], language)
    return [*([private] if private else []), Summary(tuple(rows))]


def _medical(one: Mapping[str, Any], language: str) -> list[Part]:
    """Titles of diagnoses are English, as the classification's are; Vietnamese pages show what the facility wrote, then the codes."""
    words, parts = WORDS[language], list[Part]()
    diagnoses = [Row(words["diagnosis"], diagnosis_in_words(one, language))]
    others = [each for each in one["diagnoses"] if not each["main"] or language == "en"]
    diagnoses += [Row(str(each["code"]), str(each["title"] or "–")) for each in others[:LINES_MAX]]
    parts.append(Summary(tuple(diagnoses), words["diagnoses"]))
    if one["medicines"]:
        rows = tuple((str(each["name"]), _how(each), _amount(each)) for each in one["medicines"][:LINES_MAX])
        columns = (words["medicine"], words["dose"], words["amount"])
        parts.append(Table(words["medicines"], columns, rows, (2,)))
    if one["results"]:
        found = tuple(
            (
                str(each["index"] or each["service"] or "–"),
                Cell(f"{each['value'] or '–'} {each['unit'] or ''}".strip(), str(each["conclusion"] or "")),
            )
            for each in one["results"][:LINES_MAX]
        )
        parts.append(Table(words["results"], (words["index"], words["value"]), found))
    if one["services"]:
        done = tuple((str(each["name"]), _amount(each)) for each in one["services"][:LINES_MAX])
        parts.append(Table(words["services"], (words["services"], words["amount"]), done, (1,)))
    return parts


def _costs(one: Mapping[str, Any], words: Mapping[str, str]) -> list[Part]:
    told = {"cost_total": one["total"], "cost_fund": one["fund_paid"], "cost_own": one["patient_copaid"]}
    rows = [Row(words[name], money(int(amount))) for name, amount in told.items() if amount is not None]
    return [Summary(tuple(rows), words["cost"])] if rows else []


def _how(one: Mapping[str, Any]) -> str:
    return " · ".join(str(one[name]) for name in ("strength", "dose", "usage") if one.get(name)) or "–"


def _amount(one: Mapping[str, Any]) -> str:
    quantity = one.get("quantity")
    return f"{quantity:g} {one.get('unit') or ''}".strip() if quantity is not None else "–"


PAGES = {
    "health": health_page,
    "health/visits": visits_page,
    "health/visits/<int:place>": visit_page,
    "health/medicines": medicines_page,
}
