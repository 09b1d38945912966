"""The auditor's pages: what officers read on a day, who read one record, and where the proof of it stands. Reading them leaves lines too."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from ansinh.audit.operations import show_accesses, show_looks
from ansinh.audit.queries import Access, Wanted, proof_state, unsigned_chains
from ansinh.foundation.clock import RealClock, legal_day
from ansinh.foundation.purpose import Purpose
from ansinh.screens.components import (
    Cell,
    Choice,
    Choices,
    DateField,
    Empty,
    Field,
    Form,
    Link,
    Pages,
    Paragraph,
    Part,
    Problem,
    Row,
    Summary,
    Table,
    Tag,
)
from ansinh.screens.saying import day, moment
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.saying import looked, purpose
from ansinh.workbench.shell import home_link, page
from ansinh.workbench.words import root
from ansinh.workbench.words.accesses import WORDS

WHAT = ("kiểm soát ai đã xem hồ sơ của ai", "go through who read about whom")
PAGE_LENGTH, LOOKS_LENGTH, ASKED_LENGTH_MAX = 50, 100, 60


@officer_page(permission="audit.read", what=WHAT)
def accesses_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Show what officers read on a day: all of them, or those of an officer, a purpose, a room, or that found nobody."""
    words = WORDS[language]
    wanted = _wanted(request)
    if wanted is None:
        today = Wanted(legal_day(RealClock().now()))
        problems = (Problem("day", words["day_wrong"]),)
        choice = (_choice(today, language, words["day_wrong"]),)
        return page(request, language, words["title"], choice, lead=words["lead"], problems=problems)
    # One more than is shown tells whether there are earlier ones.
    found = show_accesses(
        actor=officer.actor, reason=words["reason"], wanted=wanted, before=_before(request), limit=PAGE_LENGTH + 1
    )
    shown = found[:PAGE_LENGTH]
    parts: list[Part] = [_choice(wanted, language)]
    if not shown:
        parts.append(Empty(words["none_title"], words["none_text"]))
    else:
        columns = tuple(words[name] for name in ("when", "officer", "what", "person", "purpose", "result"))
        rows = tuple(_line(one, language) for one in shown)
        parts.append(Table(words["list"].format(day=day(wanted.day)), columns, rows))
    if len(found) > PAGE_LENGTH:
        last = shown[-1]
        onward = urlencode(_asked(wanted) | {"before": f"{last.acted_at.isoformat()} {last.act_id}"})
        parts.append(Pages(older=Link(words["older"], f"{root(language)}accesses?{onward}")))
    parts += _proof(language)
    return page(request, language, words["title"], parts, lead=words["lead"], back=home_link(language))


@officer_page(permission="audit.show_looks", what=WHAT)
def record_page(request: HttpRequest, language: str, officer: Officer, person: int) -> HttpResponse:
    """Show who read one record: officers, facilities and the person."""
    words = WORDS[language]
    found = show_looks(actor=officer.actor, reason=words["reason_person"], person_id=person, limit=LOOKS_LENGTH)
    rows = tuple(
        (
            moment(each.asked_at),
            f"{each.facility} {each.officer}".strip() or "–",
            looked(each.call, language),
            Cell(purpose(each.purpose, language), each.reason or ""),
            looked(each.result, language),
        )
        for each in found
    )
    columns = tuple(words[name] for name in ("when", "who", "what", "purpose", "result"))
    title = words["of_person"].format(person=person)
    parts = [Table(title, columns, rows)] if rows else [Empty(words["looked_none"])]
    return page(request, language, title, parts, back=Link(words["title"], f"{root(language)}accesses"))


def _wanted(request: HttpRequest) -> Wanted | None:
    """Return what is asked for, of today where no day is; None for a day that is none."""
    told = [request.GET.get(f"day-{part}", "") for part in ("year", "month", "day")]
    try:
        chosen = date(*map(int, told)) if any(told) else legal_day(RealClock().now())
    except (ValueError, OverflowError):
        return None
    purpose = next((one for one in Purpose if one.code == request.GET.get("purpose")), None)
    said = {name: request.GET.get(name, "").strip()[:ASKED_LENGTH_MAX] for name in ("officer", "room")}
    return Wanted(chosen, said["officer"], purpose, said["room"], request.GET.get("only") == "nobody")


def _before(request: HttpRequest) -> tuple[datetime, int] | None:
    at, _, act = request.GET.get("before", "").rpartition(" ")
    try:
        known = datetime.fromisoformat(at)
        return (known, int(act)) if known.tzinfo else None
    except ValueError:
        return None


def _asked(wanted: Wanted) -> dict[str, str]:
    return {
        "day-day": str(wanted.day.day),
        "day-month": str(wanted.day.month),
        "day-year": str(wanted.day.year),
        "officer": wanted.officer,
        "purpose": wanted.purpose.code if wanted.purpose else "",
        "room": wanted.room,
        "only": "nobody" if wanted.nobody else "",
    }


def _choice(wanted: Wanted, language: str, wrong: str = "") -> Form:
    words, asked = WORDS[language], _asked(wanted)
    purposes = (Choice("", words["all"]), *(Choice(one.code, purpose(one.code, language)) for one in Purpose))
    results = (Choice("", words["all"]), Choice("nobody", words["only_nobody"]))
    fields = (
        DateField("day", words["day"], "", asked["day-day"], asked["day-month"], asked["day-year"], error=wrong),
        Field("officer", words["officer"], words["officer_hint"], value=wanted.officer, width=20),
        Field("room", words["room"], words["room_hint"], value=wanted.room, width=20),
        Choices("purpose", words["purpose"], purposes, (asked["purpose"],)),
        Choices("only", words["only"], results, (asked["only"],)),
    )
    return Form(fields, words["show"], method="get")


def _line(one: Access, language: str) -> tuple[str | Part, ...]:
    words, base = WORDS[language], root(language)
    if one.outcome != "done":
        result = Tag(words["refused"].format(code=one.outcome), "bad")
    else:
        result = Tag(words["done"], "good") if one.found else Tag(words["nobody"], "waiting")
    record: str | Part = "–"
    if one.person is not None:
        record = Link(f"#{one.person}", f"{base}accesses/records/{one.person}")
    what = Cell(looked(one.read, language) if one.read else one.act, one.act)
    return (moment(one.acted_at), one.officer, what, record, Cell(purpose(one.purpose, language), one.reason), result)


def _proof(language: str) -> list[Part]:
    words, state = WORDS[language], proof_state()
    rows = (
        Row(words["chains"], str(state.chains)),
        Row(words["links"], str(state.links)),
        Row(words["signed"], moment(state.signed_at) if state.signed_at else words["never"]),
        Row(words["unsigned"], str(unsigned_chains())),
    )
    return [Summary(rows, words["proof"]), Paragraph(words["proof_text"], kind="quiet")]


PAGES = {"accesses": accesses_page, "accesses/records/<int:person>": record_page}
