"""Requests that wait for a second officer: what was prepared, by whom, what it touches; approved or refused with a reason."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.people.operations import Decided, approve_request, refuse_request, show_record
from ansinh.people.queries import RequestLine, request_line, requests_waiting
from ansinh.people.states import FIELDS, REQUEST_WORDS, SOURCES, RequestKind, RequestState
from ansinh.places.queries import provinces
from ansinh.screens.components import (
    Area,
    Banner,
    Empty,
    Form,
    Group,
    Link,
    Pages,
    Part,
    Problem,
    Row,
    Submit,
    Summary,
    Table,
)
from ansinh.screens.saying import either, moment
from ansinh.workbench.guard import Officer, missing, officer_page
from ansinh.workbench.pages.identity.comparing import capital, written
from ansinh.workbench.pages.identity.deciding import NUMBER_MAX, REASON_LENGTH_MAX, Deciding, number_asked
from ansinh.workbench.pages.identity.reviews import history
from ansinh.workbench.shell import page
from ansinh.workbench.words import root
from ansinh.workbench.words.identity import WORDS

WHAT = ("duyệt quyết định về định danh", "approve decisions about identity")
PERMISSION = "people.approve_request"
LENGTH = 50


@officer_page(permission=PERMISSION, what=WHAT)
def decisions_page(request: HttpRequest, language: str, officer: Officer, deciding: Deciding) -> HttpResponse:
    """Show the requests that wait, the oldest first, by the number of the last one seen."""
    words, base = WORDS[language], root(language)
    after = number_asked(request, "after")
    found = requests_waiting(LENGTH + 1, after)
    shown = found[:LENGTH]
    parts: list[Part] = [
        Banner(words[name].format(request=number), kind="good")
        for name in ("approved", "refused")
        if (number := number_asked(request, name))
    ]
    rows = tuple(
        (
            Link(words["request"].format(request=one.request), f"{base}decisions/{one.request}"),
            _act(one, language),
            _record(one, language),
            one.prepared_by,
            moment(one.prepared_at),
        )
        for one in shown
    )
    if rows:
        columns = (words["decisions"], *(words[one] for one in ("what", "about", "who", "when")))
        parts.append(Table(words["decisions"], columns, rows))
    else:
        parts.append(Empty(words["decisions_none"]))
    more = Link(words["more"], f"{base}decisions?after={shown[-1].request}") if len(found) > LENGTH else None
    if more or after:
        parts.append(Pages(Link(words["first"], f"{base}decisions") if after else None, more))
    return page(request, language, words["decisions"], parts, lead=words["decisions_lead"])


@officer_page(permission=PERMISSION, what=WHAT, safe=False)
def decision_page(
    request: HttpRequest, language: str, officer: Officer, deciding: Deciding, asked: int
) -> HttpResponse:
    """Show one request with the record it is about; a posted form approves or refuses it."""
    words, base = WORDS[language], root(language)
    if asked > NUMBER_MAX:
        return missing(request, language)
    reason = request.POST.get("reason", "")
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        if 0 < len(reason.strip()) <= REASON_LENGTH_MAX:
            return _decided(request, language, officer, deciding, asked)
        problems = (Problem("reason", words["reason_missing"]),)
    one = request_line(asked)
    parts: list[Part] = [_prepared(one, language), *_effects(one, language)]
    waits = one.state == RequestState.PREPARED
    parts.append(_form(language, reason, problems) if waits else Banner(words["closed_request"]))
    beside = _records(one, officer, language)
    title = words["request"].format(request=asked)
    back = Link(words["decisions"], f"{base}decisions")
    return page(
        request,
        language,
        title,
        parts,
        lead=words["decisions_lead"],
        back=back,
        beside=beside,
        problems=problems if waits else (),
    )


def _decided(request: HttpRequest, language: str, officer: Officer, deciding: Deciding, asked: int) -> HttpResponse:
    reason, actor, clock = request.POST["reason"].strip(), officer.actor, officer.clock
    if ("approve" in request.POST) == ("refuse" in request.POST):
        return missing(request, language)
    if "refuse" in request.POST:
        refuse_request(actor=actor, reason=reason, clock=clock, request=asked)
        return HttpResponseRedirect(f"{root(language)}decisions?refused={asked}", status=303)

    def act() -> Decided:
        return approve_request(actor=actor, reason=reason, clock=clock, request=asked)

    deciding.follow(act, reason=reason, clock=clock)
    return HttpResponseRedirect(f"{root(language)}decisions?approved={asked}", status=303)


def _act(one: RequestLine, language: str) -> str:
    return capital(either(REQUEST_WORDS[one.kind], language))


def _record(one: RequestLine, language: str) -> str:
    words = WORDS[language]
    return words["many"] if one.kind == RequestKind.ADOPT else words["record"].format(person=one.person_id)


def _prepared(one: RequestLine, language: str) -> Summary:
    words = WORDS[language]
    names = {each.code: each.name for each in provinces()}
    field = one.field or ""
    source = one.source or ""
    facts = [
        ("what", _act(one, language)),
        ("about", _record(one, language)),
        ("other_record", words["record"].format(person=one.other_person_id) if one.other_person_id else ""),
        ("number", written("pin", one.register_pin, language, names) if one.register_pin else ""),
        ("changed_field", capital(either(FIELDS[field], language)) if field else ""),
    ]
    if one.kind == RequestKind.CORRECT:
        facts += [
            (name, written(field, value, language, names))
            for name, value in (("old", one.old_value), ("new", one.new_value))
        ]
    facts += [
        ("source", either(SOURCES.get(source, (source, source)), language)),
        ("evidence", one.evidence or ""),
        ("undoes", words["request"].format(request=one.undoes) if one.undoes else ""),
        ("reason", one.reason),
        ("who", one.prepared_by),
        ("when", moment(one.prepared_at)),
    ]
    return Summary(tuple(Row(words[name], text) for name, text in facts if text))


def _effects(one: RequestLine, language: str) -> list[Part]:
    words = WORDS[language]
    rows = tuple(
        (str(each["vi"] if language == "vi" else each["en"]), words["yes"] if each["money"] else words["no"])
        for each in one.effects
    )
    return [Table(words["effects"], (words["effect"], words["money"]), rows)] if rows else []


def _form(language: str, reason: str, problems: tuple[Problem, ...]) -> Group:
    words = WORDS[language]
    error = problems[0].text if problems else ""
    area = Area("reason", words["reason"], words["reason_hint"], reason, error, length_max=REASON_LENGTH_MAX)
    refuse = Submit(words["refuse"], "refuse", key=words["refuse_key"])
    form = Form((area,), words["approve"], name="approve", key=words["approve_key"], beside=refuse)
    return Group((form,), words["decide"])


def _records(one: RequestLine, officer: Officer, language: str) -> list[Part]:
    """Return what the records of a request hold, each read under the officer's name; a request about many names nobody."""
    if one.kind == RequestKind.ADOPT:
        return []
    words, parts = WORDS[language], []
    names = {each.code: each.name for each in provinces()}
    for person in (one.person_id, one.other_person_id):
        if person is None:
            continue
        shown = show_record(actor=officer.actor, reason=words["looked"], clock=officer.clock, person_id=person)
        rows = tuple(
            Row(capital(either(FIELDS[field], language)), written(field, value, language, names))
            for field, value in shown.fields.items()
            if value is not None
        )
        parts += [Summary(rows, words["held"].format(person=person)), history(shown, language)]
    return parts


PAGES = {"decisions": decisions_page, "decisions/<int:asked>": decision_page}
