"""Mandates: see those given and taken, give one, agree or decline, end one at once; and what others did in one's place.

Nobody does any of this in another's place: these pages are always about who is signed in.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from ansinh.audit.queries import done_for
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import Refusal
from ansinh.mandates.operations import Grant, answer_mandate, offer_mandate, revoke_mandate
from ansinh.mandates.queries import MandateShown, actor_for, mandates_given, mandates_taken
from ansinh.mandates.states import GRANTABLE, STATE_WORDS, WHAT_WORDS, MandateKind, MandateState, What
from ansinh.people.queries import person_as_known
from ansinh.portal.acts.steps import REASON, STEP, back_to, error_at, go, posted, problem_of, step_of
from ansinh.portal.acts.wording import act_in_words, begun_large
from ansinh.portal.door.guard import CitizenRequest, citizen_page
from ansinh.portal.shell import page
from ansinh.portal.whose import Whose, another_tab, missing, refused, switched
from ansinh.portal.words import root
from ansinh.portal.words.acting import WORDS as SHARED
from ansinh.portal.words.mandates import WORDS
from ansinh.screens.components import (
    Banner,
    Button,
    Choice,
    Choices,
    DateField,
    Empty,
    Field,
    Form,
    Group,
    Heading,
    Hidden,
    Part,
    Problem,
    Row,
    Summary,
    Table,
    Tag,
)
from ansinh.screens.components.parts import Tone
from ansinh.screens.saying import day, either, moment

FIELDS = ("pin", "full_name", "scopes", "last")
NUMBERS_MAX = 10**9
DEEDS_SHOWN = 50
TONES: dict[str, Tone] = {"in_force": "good", "offered": "waiting", "prepared": "waiting"}


def my_own(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view show who is signed in, at level 2, whoever they act for on other pages."""

    @functools.wraps(view)
    def wrapped(
        request: CitizenRequest, language: str, agency_clock: Callable[[], Clock], **given: Any
    ) -> HttpResponse:
        person = request.citizen.person_id
        if another_tab(request):
            return switched(request, language)
        clock = agency_clock()
        try:
            actor = actor_for(person, person, What.DECIDE, clock.now())
            whose = Whose(person, actor, clock, request.citizen)
            return view(request, language, whose, **given)
        except Refusal as refusal:
            return missing(request, language) if refusal.code == "not_found" else refused(request, language, refusal)

    return citizen_page(level=2)(wrapped)


@require_http_methods(["GET", "HEAD"])
@my_own
def mandates_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show every mandate, with what can be done about it."""
    words = WORDS[language]
    given = mandates_given(whose.person_id, whose.today)
    taken = mandates_taken(whose.person_id, whose.today)
    parts: list[Part] = []
    told = request.GET.get("told", "")
    if told in {"sent", "agreed", "declined", "ended"}:
        parts.append(Banner(words[told], words["sent_text"] if told == "sent" else "", "good"))
    parts.append(Button(words["new"], f"{root(language)}family/mandates/new"))
    for title, listed, mine in ((words["given"], given, True), (words["taken"], taken, False)):
        if listed:
            parts += [Heading(title), *(_mandate(one, mine, language) for one in listed)]
    if not given and not taken:
        parts.append(Empty(words["none"], words["none_text"]))
    parts += _deeds(whose, language)
    back = back_to(language, "family", words["family"])
    return page(request, language, words["title"], parts, lead=words["lead"], back=back)


@require_POST
@my_own
def answer_form(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Agree, decline or end; the mandate must be one of the person's own."""
    number, act = request.POST.get("mandate", ""), request.POST.get("act", "")
    mandate = int(number) if number.isascii() and number.isdigit() and len(number) <= len(str(NUMBERS_MAX)) else 0
    person = whose.person_id
    if act in {"agree", "decline"}:
        answer_mandate(
            actor=whose.actor,
            reason=REASON,
            clock=whose.clock,
            person_id=person,
            level=whose.citizen.level,
            mandate_id=mandate,
            agreed=act == "agree",
        )
        return go(language, f"family/mandates?told={'agreed' if act == 'agree' else 'declined'}")
    if act != "end":
        return missing(request, language)
    revoke_mandate(actor=whose.actor, reason=REASON, clock=whose.clock, person_id=person, mandate_id=mandate)
    return go(language, "family/mandates?told=ended")


@require_http_methods(["GET", "HEAD", "POST"])
@my_own
def new_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Ask for whom, what and how long; check; offer."""
    words, step = WORDS[language], step_of(request)
    answers = posted(request, ("pin", "full_name", "last-day", "last-month", "last-year"))
    chosen = tuple(one for one in GRANTABLE if one.value in request.POST.getlist("scopes"))
    if step in {"", "change"}:
        return _form(request, language, answers, chosen)
    last = _day(answers)
    if last is None:
        return _form(request, language, answers, chosen, (Problem("last", words["last_error"]),))
    grant = Grant(answers["pin"], answers["full_name"], chosen, whose.today, last + timedelta(days=1))
    if step == "check" and chosen and answers["pin"] and answers["full_name"]:
        rows = (
            Row(words["pin"], answers["pin"]),
            Row(words["full_name"], answers["full_name"]),
            Row(words["what"], _what(chosen, language)),
            Row(words["until"], day(last)),
        )
        kept = answers | {"scopes": ""}
        hidden = [Hidden("scopes", one.value) for one in chosen]
        return _check(request, language, rows, kept, hidden)
    try:
        offer_mandate(
            actor=whose.actor,
            reason=REASON,
            clock=whose.clock,
            person_id=whose.person_id,
            level=whose.citizen.level,
            grant=grant,
        )
    except Refusal as refusal:
        if refusal.facts.get("field") == "valid_until":
            refusal.facts["field"] = "last"
        return _form(request, language, answers, chosen, (problem_of(refusal, language, FIELDS),))
    return go(language, "family/mandates?told=sent")


def _check(
    request: HttpRequest, language: str, rows: tuple[Row, ...], answers: dict[str, str], hidden: list[Hidden]
) -> HttpResponse:
    """Of several scopes each goes along by itself."""
    words, shared = WORDS[language], SHARED[language]
    kept = (*(Hidden(name, value) for name, value in answers.items() if name != "scopes"), *hidden)
    parts = (
        Banner(words["named_before"], kind="warning"),
        Summary(rows),
        Form((*kept, Hidden(STEP, "send")), words["send"]),
        Form((*kept, Hidden(STEP, "change")), shared["change"], kind="quiet"),
    )
    return page(request, language, shared["check_title"], parts, lead=shared["check_lead"])


def _form(
    request: HttpRequest,
    language: str,
    answers: dict[str, str],
    chosen: tuple[What, ...],
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:
    words = WORDS[language]
    scopes = tuple(Choice(one.value, begun_large(either(WHAT_WORDS[one], language))) for one in GRANTABLE)
    fields = (
        Field(
            "pin", words["pin"], words["pin_hint"], answers["pin"], error_at(problems, "pin"), "numeric", width=20
        ),
        Field(
            "full_name", words["full_name"], words["full_name_hint"], answers["full_name"],
            error_at(problems, "full_name"),
        ),
        Choices(
            "scopes", words["scopes"], scopes, tuple(one.value for one in chosen), words["scopes_hint"],
            error_at(problems, "scopes"), several=True,
        ),
        DateField(
            "last", words["last"], words["last_hint"], answers["last-day"], answers["last-month"],
            answers["last-year"], error_at(problems, "last"),
        ),
        Hidden(STEP, "check"),
    )  # fmt: skip
    back = back_to(language, "family/mandates", words["title"])
    form = Form(fields, SHARED[language]["continue"])
    return page(request, language, words["new_title"], (form,), back=back, problems=problems)


def _mandate(one: MandateShown, mine: bool, language: str) -> Part:
    words = WORDS[language]
    state = words["over"] if one.over else either(STATE_WORDS[MandateState(one.state)], language)
    tone: Tone = "neutral" if one.over else TONES.get(one.state, "neutral")
    name = one.name if mine else one.for_name
    rows = [
        Row(words["state"], Tag(begun_large(state), tone)),
        Row(words["what"], begun_large(_what(one.scopes, language))),
    ]
    if one.valid_until:
        rows.append(Row(words["until"], day(one.valid_until - timedelta(days=1))))
    if one.kind == MandateKind.GUARDIAN:
        rows.append(Row("", words["guardian"].format(paper=one.paper)))
    parts: list[Part] = [Summary(tuple(row for row in rows if row.label))]
    action = f"{root(language)}family/mandates/answer"
    hidden = Hidden("mandate", str(one.mandate_id))
    if one.kind == MandateKind.DELEGATE and one.state in {"offered", "in_force"} and not one.over:
        if one.state == "offered" and not mine:
            parts.append(Form((hidden, Hidden("act", "agree")), words["agree"], action))
            parts.append(Form((hidden, Hidden("act", "decline")), words["decline"], action, kind="quiet"))
        else:
            about = words["end_about"].format(name=name)
            parts.append(Form((hidden, Hidden("act", "end")), words["end"], action, kind="warning", about=about))
    return Group(tuple(parts), name)


def _deeds(whose: Whose, language: str) -> list[Part]:
    words = WORDS[language]
    deeds = [one for one in done_for(whose.person_id, DEEDS_SHOWN) if one.outcome == "done"]
    names = {one.by_person: person_as_known(one.by_person, whose.now) for one in deeds}
    lines = tuple(
        (
            moment(one.done_at),
            (known.fields["full_name"] if (known := names[one.by_person]) else None) or "–",
            act_in_words(one.act, language),
        )
        for one in deeds
    )
    if not lines:
        return []
    columns = (words["when"], words["who"], words["act"])
    return [Heading(words["done_for"]), Table(words["done_for_caption"], columns, lines)]


def _what(scopes: tuple[What, ...], language: str) -> str:
    return "; ".join(either(WHAT_WORDS[one], language) for one in scopes)


def _day(answers: dict[str, str]) -> date | None:
    try:
        return date(*(int(answers[f"last-{part}"]) for part in ("year", "month", "day")))
    except (ValueError, OverflowError):
        return None


PAGES = {
    "family/mandates": mandates_page,
    "family/mandates/new": new_page,
    "family/mandates/answer": answer_form,
}
