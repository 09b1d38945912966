"""Doubtful records: the longest waiting first, two records side by side, why a machine doubts, and the officer's word."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.people.matching.explaining import line_words, waterfall
from ansinh.people.operations import Decided, RecordShown, confirm_candidate, refuse_candidate, show_record
from ansinh.people.queries import OfferedCandidate, candidates_of, open_candidates, waits_since
from ansinh.people.states import FIELDS, REQUEST_WORDS, SOURCES, VALUE_STATES, RequestState
from ansinh.places.queries import provinces
from ansinh.screens.components import (
    Actions,
    Area,
    Banner,
    Details,
    Empty,
    Event,
    Form,
    Group,
    Hidden,
    Link,
    Pages,
    Paragraph,
    Part,
    Problem,
    Submit,
    Table,
    Tag,
    Timeline,
    Waterfall,
    Weighed,
)
from ansinh.screens.saying import either, moment, percent
from ansinh.workbench.guard import Officer, missing, officer_page
from ansinh.workbench.pages.identity.comparing import capital, comparison, written
from ansinh.workbench.pages.identity.deciding import NUMBER_MAX, REASON_LENGTH_MAX, Deciding, number_asked
from ansinh.workbench.shell import page
from ansinh.workbench.words import root
from ansinh.workbench.words.identity import WORDS

WHAT = ("xét định danh nghi vấn", "tell doubtful identities")
PERMISSION = "people.decide_candidate"
LENGTH = 50
CHARTS = "workbench/figures.html"


@officer_page(permission=PERMISSION, what=WHAT)
def reviews_page(request: HttpRequest, language: str, officer: Officer, deciding: Deciding) -> HttpResponse:
    """Show who waits, by the key of the last one seen; nobody is named in a list."""
    words, base = WORDS[language], root(language)
    after = _key_asked(request)
    found = open_candidates(length=LENGTH + 1, after=after)
    shown = found[:LENGTH]
    parts: list[Part] = _told(request, language)
    names = {one.code: one.name for one in provinces()}
    rows = tuple(
        (
            Link(words["record"].format(person=one.person_id), f"{base}reviews/{one.person_id}"),
            names.get(one.province, one.province),
            str(one.offered),
            moment(one.since),
        )
        for one in shown
    )
    if rows:
        columns = (words["about"], words["province"], words["offered"], words["since"])
        parts.append(Table(words["reviews"], columns, rows, (2,)))
    else:
        parts.append(Empty(words["reviews_none"]))
    last = shown[-1] if len(found) > LENGTH else None
    key = urlencode({"since": last.since.isoformat(), "after": last.person_id}) if last else ""
    more = Link(words["more"], f"{base}reviews?{key}") if key else None
    if more or after:
        parts.append(Pages(Link(words["first"], f"{base}reviews") if after else None, more))
    return page(request, language, words["reviews"], parts, lead=words["reviews_lead"])


@officer_page(permission=PERMISSION, what=WHAT, safe=False)
def review_page(request: HttpRequest, language: str, officer: Officer, deciding: Deciding, person: int) -> HttpResponse:
    """Show a record beside a candidate; a posted form says whether they are one."""
    words, base = WORDS[language], root(language)
    reason = request.POST.get("reason", "")
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        if 0 < len(reason.strip()) <= REASON_LENGTH_MAX:
            return _decided(request, language, officer, deciding, person)
        problems = (Problem("reason", words["reason_missing"]),)
    if person > NUMBER_MAX:
        return missing(request, language)
    shown = show_record(actor=officer.actor, reason=words["looked"], clock=officer.clock, person_id=person)
    back = Link(words["reviews"], f"{base}reviews")
    title = words["same_person"].format(person=person)
    if not shown.offered:
        parts = [*_told(request, language), Banner(words["closed"]), history(shown, language)]
        return page(request, language, words["record"].format(person=person), parts, back=back)
    rank = number_asked(request, "candidate")
    one = next((each for each in shown.offered if each.rank == rank), shown.offered[0])
    lead = words["compare_lead"].format(rank=one.rank, offered=len(shown.offered))
    told = [*_told(request, language), *_beside_each_other(shown, one, language)]
    parts = [*told, _form(shown, one, language, reason, problems), history(shown, language)]
    beside = _why(shown, one, language)
    return page(
        request, language, title, parts, template=CHARTS, lead=lead, back=back, beside=beside, problems=problems
    )


def history(shown: RecordShown, language: str) -> Part:
    """Return what was said about a record and decided about it, the newest first."""
    words = WORDS[language]
    names = {one.code: one.name for one in provinces()}
    events = [
        (
            one.prepared_at,
            Event(
                moment(one.prepared_at),
                words["decided"].format(
                    kind=either(REQUEST_WORDS[one.kind], language), state=either(REQUEST_WORDS[one.state], language)
                ),
                words["by_officer"].format(officer=one.prepared_by, reason=one.reason),
            ),
        )
        for one in shown.requests
    ]
    events += [
        (
            one.recorded_at,
            Event(
                moment(one.recorded_at),
                f"{_field(one.field, language)}: {written(one.field, one.value, language, names)}",
                words["said_by"].format(source=either(SOURCES.get(one.source, (one.source, one.source)), language)),
                Tag(either(VALUE_STATES[one.state], language)),
            ),
        )
        for one in shown.statements
    ]
    if not events:
        return Paragraph(words["nothing_yet"])
    newest = sorted(events, key=lambda one: one[0], reverse=True)
    return Details(words["history"], (Timeline(tuple(event for _, event in newest)),))


def _beside_each_other(shown: RecordShown, one: OfferedCandidate, language: str) -> list[Part]:
    words, base = WORDS[language], root(language)
    parts: list[Part] = []
    if len(shown.offered) > 1:
        others = tuple(
            Link(words["candidate"].format(rank=each.rank), f"{base}reviews/{shown.person_id}?candidate={each.rank}")
            for each in shown.offered
            if each.rank != one.rank
        )
        parts.append(Actions(others))
    if one.holder is not None:
        parts.append(Banner(words["holder"].format(person=one.holder), kind="warning"))
    if one.registered is None:
        return [*parts, Banner(words["not_there"], kind="warning")]
    return [*parts, comparison(shown.fields, {**one.registered, "pin": one.register_pin}, language)]


def _why(shown: RecordShown, one: OfferedCandidate, language: str) -> list[Part]:
    # The weights of the best candidate stand with the verdict; those of the others with themselves, if the engine kept them.
    words, detail = WORDS[language], (shown.detail if one.rank == 1 else one.detail) or {}
    lines = waterfall(detail)
    if not lines:
        return [Paragraph(words["why_none"], "quiet")]
    drawn = tuple(
        Weighed(capital(what), level, each.weight, each.total)
        for each in lines
        for what, level in [line_words(each, language)]
    )
    columns = (words["why_what"], words["why_weight"], words["why_total"])
    parts: list[Part] = [Waterfall(words["why"], columns, drawn, language), Paragraph(words["why_lead"], "quiet")]
    if detail.get("posterior") is not None:
        parts.append(Paragraph(words["chance"].format(chance=percent(round(detail["posterior"] * 100, 4), language))))
    return parts


def _form(shown: RecordShown, one: OfferedCandidate, language: str, reason: str, problems: tuple[Problem, ...]) -> Part:
    words = WORDS[language]
    waiting = [each for each in shown.requests if each.state == RequestState.PREPARED]
    if waiting:
        return Banner(words["pending"].format(request=waiting[0].request))
    error = problems[0].text if problems else ""
    area = Area("reason", words["reason"], words["reason_hint"], reason, error, length_max=REASON_LENGTH_MAX)
    other = Submit(words["other"], "other", key=words["other_key"])
    asked = Hidden("candidate", str(one.rank))
    form = Form((asked, area), words["same"], name="same", key=words["same_key"], beside=other)
    return Group((form,), words["decide"])


def _decided(request: HttpRequest, language: str, officer: Officer, deciding: Deciding, person: int) -> HttpResponse:
    reason, base = request.POST["reason"].strip(), root(language)
    told, actor, clock = request.POST.get("candidate", ""), officer.actor, officer.clock
    one = next((each for each in candidates_of(person) if str(each.rank) == told), None)
    if one is None or ("same" in request.POST) == ("other" in request.POST):
        return missing(request, language)
    pin, since = one.register_pin, waits_since(person)
    said = {"done": person}
    if "other" in request.POST:
        if refuse_candidate(actor=actor, reason=reason, clock=clock, person_id=person, register_pin=pin):
            return HttpResponseRedirect(f"{base}reviews/{person}?{urlencode(said)}", status=303)
    else:

        def act() -> Decided:
            return confirm_candidate(
                actor=actor, reason=reason, clock=clock, person_id=person, register_pin=pin, effects=deciding.effects
            )

        if deciding.follow(act, reason=reason, clock=clock).state == RequestState.PREPARED:
            said = {"asked": person}
    following = open_candidates(length=1, after=(since, person)) if since else []
    place = f"reviews/{following[0].person_id}" if following else "reviews"
    return HttpResponseRedirect(f"{base}{place}?{urlencode(said)}", status=303)


def _told(request: HttpRequest, language: str) -> list[Part]:
    words = WORDS[language]
    found = [(name, number_asked(request, name)) for name in ("done", "asked")]
    return [Banner(words[name].format(person=person), kind="good") for name, person in found if person]


def _key_asked(request: HttpRequest) -> tuple[datetime, int] | None:
    person = number_asked(request, "after")
    try:
        since = datetime.fromisoformat(request.GET.get("since", ""))
    except ValueError:
        return None
    return (since, person) if person and since.tzinfo else None


def _field(field: str, language: str) -> str:
    return capital(either(FIELDS[field], language))


PAGES = {"reviews": reviews_page, "reviews/<int:person>": review_page}
