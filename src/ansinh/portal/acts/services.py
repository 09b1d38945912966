"""Online services: choose one, see what is known already, answer, check, apply; follow it with the legal clock, supplement, withdraw."""

from __future__ import annotations

import secrets as chance
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import Refusal
from ansinh.mandates.states import What
from ansinh.portal.acts.asking import answers_of, fields, hidden, names_of, raw_answers, shown
from ansinh.portal.acts.steps import REASON, STEP, back_to, go, problem_of, step_of
from ansinh.portal.acts.wording import begun_large
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import Whose, missing, own_page
from ansinh.portal.words import root
from ansinh.portal.words.acting import WORDS as SHARED
from ansinh.portal.words.services import WORDS
from ansinh.screens.components import (
    Banner,
    Details,
    Empty,
    Event,
    Form,
    Group,
    Hidden,
    Paragraph,
    Part,
    Problem,
    Row,
    Summary,
    Tag,
    Tile,
    Tiles,
    Timeline,
)
from ansinh.screens.saying import day, either, moment
from ansinh.services.operations import Form as Application
from ansinh.services.operations import submit_application, supplement_application, withdraw_application
from ansinh.services.queries import (
    TOPICS,
    ApplicationShown,
    Service,
    application,
    applications_of,
    catalogue,
    pulled,
)
from ansinh.services.states import CLOSED, ApplicationState, Office

KEY = "key"
KEY_LENGTH_MAX = 100


@require_http_methods(["GET", "HEAD"])
@own_page(what=What.APPLY, noted="services")
def services_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show every service by topic, and the way to one's own applications."""
    words, base = WORDS[language], root(language)
    parts: list[Part] = [Tiles((Tile(words["files"], f"{base}services/mine", words["files_text"], icon="services"),))]
    for topic, group in groupby(catalogue().values(), key=lambda one: one.topic):
        tiles = tuple(
            Tile(
                either((one.vi, one.en), language),
                f"{base}services/apply/{one.code}",
                either((one.summary_vi, one.summary_en), language),
            )
            for one in group
        )
        parts.append(Tiles(tiles, either(TOPICS[topic], language)))
    return page(request, language, words["title"], parts, lead=words["lead"], back=home_link(language))


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(what=What.APPLY, safe=False, noted="application")
def apply_page(request: HttpRequest, language: str, whose: Whose, code: str) -> HttpResponse:
    """Ask what a service asks, check, and submit."""
    of = catalogue().get(code)
    if of is None or of.office is Office.PAYMENTS:
        # Where money goes is asked for on its own page, at the surer level and of whoever may receive it.
        return missing(request, language) if of is None else go(language, "payments/account")
    step, raw = step_of(request), raw_answers(of.asks, request.POST)
    key = request.POST.get(KEY, "")[:KEY_LENGTH_MAX] or chance.token_urlsafe(24)
    if step in {"", "change"}:
        return _form(request, language, whose, of, raw, key)
    answers, problems = answers_of(of.asks, raw, language)
    missing_ones = tuple(
        Problem(one.key, f"“{either((one.vi, one.en), language)}”: {SHARED[language]['needed']}")
        for one in of.asks
        if not one.optional and one.key not in answers and not any(known.field == one.key for known in problems)
    )
    if problems or missing_ones:
        return _form(request, language, whose, of, raw, key, (*problems, *missing_ones))
    if step == "check":
        return _check(request, language, of, raw, answers, key)
    form = Application(whose.person_id, code, key, answers)
    try:
        receipt = submit_application(actor=whose.actor, reason=REASON, clock=whose.clock, form=form)
    except Refusal as refusal:
        keys = [one.key for one in of.asks] or [KEY]
        return _form(request, language, whose, of, raw, key, (problem_of(refusal, language, keys),))
    return go(language, f"services/file/{receipt.reference}?told=sent")


@require_http_methods(["GET", "HEAD"])
@own_page(what=What.READ, noted="applications")
def mine_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show one's own applications, the newest first."""
    words, base = WORDS[language], root(language)
    found = applications_of(whose.person_id)
    back = back_to(language, "services", words["title"])
    if not found:
        nothing = (Empty(words["files_none"], words["files_none_text"], back),)
        return page(request, language, words["files"], nothing, back=back)
    tiles = tuple(
        Tile(
            either((one.service.vi, one.service.en), language),
            f"{base}services/file/{one.reference}",
            _promise(one, language),
            one.receipt or words["draft"],
            _state(one, language),
        )
        for one in found
    )
    return page(request, language, words["files"], (Tiles(tiles),), back=back)


@require_http_methods(["GET", "HEAD"])
@own_page(what=What.READ, noted="applications")
def file_page(request: HttpRequest, language: str, whose: Whose, reference: str) -> HttpResponse:
    """Show one application: where it is, until when, what is wanted, what happened; what was answered and granted to who proved themselves surely."""
    return _file(request, language, whose, reference)


@require_http_methods(["GET", "HEAD"])
@own_page(level=2, what=What.READ, noted="applications")
def whole_file_page(request: HttpRequest, language: str, whose: Whose, reference: str) -> HttpResponse:
    """Show one application with the accounts that were named in it and the sums that were granted."""
    return _file(request, language, whose, reference)


def _file(request: HttpRequest, language: str, whose: Whose, reference: str) -> HttpResponse:
    words, one = WORDS[language], application(whose.person_id, reference)
    if one is None:
        return missing(request, language)
    parts: list[Part] = []
    told = request.GET.get("told", "")
    if told == "sent" and one.receipt:
        parts.append(
            Banner(words["sent"], f"{words['sent_text'].format(receipt=one.receipt)} {_promise(one, language)}", "good")
        )
    elif told in {"supplemented", "withdrawn"}:
        parts.append(Banner(words[told], kind="good"))
    parts += _wanted(one, language)
    parts.append(Summary(tuple(_facts(one, language))))
    parts += _private(one, language) if whose.citizen.level > 1 else [_surer(one, language)]
    events = tuple(
        Event(moment(line.happened_at), begun_large(either((line.vi, line.en), language)))
        for line in reversed(one.lines)
    )
    if events:
        parts.append(Timeline(events, words["story"]))
    if one.state not in CLOSED:
        action = f"{root(language)}services/file/{one.reference}/withdraw"
        parts.append(Form((), words["withdraw"], action, kind="warning"))
    title = either((one.service.vi, one.service.en), language)
    return page(request, language, title, parts, back=back_to(language, "services/mine", words["files"]))


@require_POST
@own_page(what=What.APPLY, safe=False)
def supplement_form(request: HttpRequest, language: str, whose: Whose, reference: str) -> HttpResponse:
    """Hand in what is wanted."""
    one = application(whose.person_id, reference)
    if one is None:
        return missing(request, language)
    asks = [ask for ask in one.service.asks if any(name in request.POST for name in names_of(ask))]
    answers, problems = answers_of(asks, raw_answers(asks, request.POST), language)
    if problems:
        return page(request, language, WORDS[language]["wanted"], _wanted(one, language), problems=problems)
    supplement_application(
        actor=whose.actor, reason=REASON, clock=whose.clock, reference=one.reference, answers=answers
    )
    return go(language, f"services/file/{one.reference}?told=supplemented")


@require_POST
@own_page(what=What.APPLY, safe=False)
def withdraw_form(request: HttpRequest, language: str, whose: Whose, reference: str) -> HttpResponse:
    """Withdraw an application."""
    one = application(whose.person_id, reference)
    if one is None:
        return missing(request, language)
    withdraw_application(actor=whose.actor, reason=REASON, clock=whose.clock, reference=one.reference)
    return go(language, f"services/file/{one.reference}?told=withdrawn")


def _form(
    request: HttpRequest,
    language: str,
    whose: Whose,
    of: Service,
    raw: Mapping[str, str],
    key: str,
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:
    words = WORDS[language]
    facts = (
        Row(words["who"], either((of.who_vi, of.who_en), language)),
        Row(words["result"], either((of.result_vi, of.result_en), language)),
        Row(words["basis"], of.basis),
    )
    asked = (*fields(of.asks, raw, problems, language), Hidden(KEY, key), Hidden(STEP, "check"))
    parts: list[Part] = [
        Details(words["who"], (Summary(facts),)),
        *_known(whose, of, language),
        Form(asked, SHARED[language]["continue"]),
    ]
    if of.papers:
        lines = tuple(
            Row(either((one.vi, one.en), language), either((one.when_vi, one.when_en), language)) for one in of.papers
        )
        parts.append(Details(words["papers"], (Summary(lines), Paragraph(words["papers_text"], "quiet"))))
    lead = either((of.summary_vi, of.summary_en), language)
    title, back = either((of.vi, of.en), language), back_to(language, "services", words["title"])
    return page(request, language, title, parts, lead=lead, back=back, problems=problems)


def _known(whose: Whose, of: Service, language: str) -> list[Part]:
    words = WORDS[language]
    rows = tuple(
        Row(
            either((one.vi, one.en), language),
            "; ".join(f"{either((vi, en), language)}: {value}" for vi, en, value in one.lines)
            or either((one.register_vi, one.register_en), language),
        )
        for one in pulled(whose.person_id, of, whose.now)
        if one.there
    )
    return [Summary(rows, words["known"])] if rows else []


def _check(
    request: HttpRequest, language: str, of: Service, raw: Mapping[str, str], answers: Mapping[str, Any], key: str
) -> HttpResponse:
    words, shared = WORDS[language], SHARED[language]
    rows = tuple(
        Row(either((one.vi, one.en), language), shown(one, answers[one.key], language))
        for one in of.asks
        if one.key in answers
    )
    kept = (*hidden(raw), Hidden(KEY, key))
    parts = (
        Summary(rows, either((of.vi, of.en), language)),
        Form((*kept, Hidden(STEP, "send")), words["send"]),
        Form((*kept, Hidden(STEP, "change")), shared["change"], kind="quiet"),
    )
    return page(request, language, shared["check_title"], parts, lead=shared["check_lead"])


def _wanted(one: ApplicationShown, language: str) -> list[Part]:
    words = WORDS[language]
    if one.wanted is None or one.state is not ApplicationState.WAITING_SUPPLEMENT:
        return []
    told = either((one.wanted.because_vi, one.wanted.because_en), language)
    until = words["wanted_until"].format(day=day(one.wanted.until_on))
    named = [str(line.get("key", "")) for line in one.wanted.wanted]
    asks = [ask for ask in one.service.asks if ask.key in named]
    others = [line for line in one.wanted.wanted if line.get("key") not in {ask.key for ask in asks}]
    parts: list[Part] = [Banner(words["wanted"], f"{told}. {until}", "warning")]
    if others:
        rows = tuple(
            Row(str(line.get(language, "")), str(line.get("paper_vi" if language == "vi" else "paper_en", "")))
            for line in others
        )
        parts.append(Summary(rows))
    action = f"{root(language)}services/file/{one.reference}/supplement"
    parts.append(Group((Form(tuple(fields(asks, {}, (), language)), words["supplement"], action),)))
    return parts


def _facts(one: ApplicationShown, language: str) -> list[Row]:
    words = WORDS[language]
    rows = [
        Row(words["state"], _state(one, language)),
        Row(words["holder"], either((one.holder_vi, one.holder_en), language)),
    ]
    if one.receipt:
        rows.append(Row(words["receipt"], one.receipt))
    if one.submitted_at:
        rows.append(Row(words["submitted"], day(legal_day(one.submitted_at))))
    if one.promised_on and one.closed_on is None:
        rows.append(Row(words["promised"], day(one.promised_on), note=words["late"] if one.late else ""))
    if one.result_vi and one.result_en:
        rows.append(Row(words["answer"], either((one.result_vi, one.result_en), language)))
    return rows


def _surer(one: ApplicationShown, language: str) -> Part:
    words = WORDS[language]
    return Tiles((Tile(words["whole"], f"{root(language)}services/file/{one.reference}/whole", words["whole_text"]),))


def _private(one: ApplicationShown, language: str) -> list[Part]:
    granted = tuple(Row(either((vi, en), language), value) for vi, en, value in one.result_facts)
    return [*([Summary(granted)] if granted else []), _answers(one, language)]


def _answers(one: ApplicationShown, language: str) -> Part:
    rows = tuple(
        Row(either((ask.vi, ask.en), language), shown(ask, one.answers[ask.key], language))
        for ask in one.service.asks
        if ask.key in one.answers
    )
    return Details(WORDS[language]["answers"], (Summary(rows),))


def _state(one: ApplicationShown, language: str) -> Tag:
    tones = {
        ApplicationState.GRANTED: "good",
        ApplicationState.REFUSED: "bad",
        ApplicationState.WAITING_SUPPLEMENT: "bad",
    }
    tone = tones.get(one.state, "neutral" if one.state in CLOSED else "waiting")
    return Tag(begun_large(either((one.state_vi, one.state_en), language)), tone)  # type: ignore[arg-type]  # one of the tones


def _promise(one: ApplicationShown, language: str) -> str:
    if one.promised_on is None or one.closed_on is not None:
        return ""
    return WORDS[language]["due"].format(day=day(one.promised_on))


PAGES = {
    "services": services_page,
    "services/mine": mine_page,
    "services/apply/<slug:code>": apply_page,
    "services/file/<slug:reference>": file_page,
    "services/file/<slug:reference>/whole": whole_file_page,
    "services/file/<slug:reference>/supplement": supplement_form,
    "services/file/<slug:reference>/withdraw": withdraw_form,
}
