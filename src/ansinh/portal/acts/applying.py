"""Apply for a service: see what is known already, answer, choose files, check, and submit once. Files wait with a draft, which can be gone on with."""

from __future__ import annotations

import secrets as chance
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from ansinh.foundation.errors import InvalidInput, Refusal
from ansinh.mandates.states import What
from ansinh.portal.acts.asking import answers_of, fields, hidden, raw_answers, raw_of, shown
from ansinh.portal.acts.attaching import (
    attachments_shown,
    chosen,
    explained,
    file_fields,
    hand_in,
    take_away,
    takes_files,
)
from ansinh.portal.acts.steps import REASON, STEP, back_to, go, problem_of, step_of
from ansinh.portal.shell import page
from ansinh.portal.whose import Whose, missing, own_page
from ansinh.portal.words import root
from ansinh.portal.words.acting import WORDS as SHARED
from ansinh.portal.words.attaching import WORDS as FILES
from ansinh.portal.words.services import WORDS
from ansinh.screens.components import Details, Form, Group, Hidden, Paragraph, Part, Problem, Row, Summary
from ansinh.screens.saying import either
from ansinh.services.operations import Form as Application
from ansinh.services.operations import save_draft, submit_application
from ansinh.services.queries import ApplicationShown, Service, application, catalogue, pulled
from ansinh.services.states import ApplicationState, Office

KEY, DRAFT = "key", "draft"
KEY_LENGTH_MAX = 100


@dataclass(frozen=True)
class _Filling:
    """A form being filled in: of which service, what was typed, its key, and the draft its files wait with, once there is one."""

    of: Service
    raw: Mapping[str, str]
    key: str
    draft: ApplicationShown | None

    @property
    def carried(self) -> list[Hidden]:
        """Return what goes along with every form of these pages."""
        kept = [Hidden(KEY, self.key)]
        return [*kept, Hidden(DRAFT, self.draft.reference)] if self.draft else kept


@require_http_methods(["GET", "HEAD", "POST"])
@takes_files
@own_page(what=What.APPLY, safe=False, noted="application")
def apply_page(request: HttpRequest, language: str, whose: Whose, code: str) -> HttpResponse:
    """Ask what a service asks, take files, check, and submit."""
    of = catalogue().get(code)
    if of is None or of.office is Office.PAYMENTS:
        # Where money goes is asked for on its own page, at the surer level and of whoever may receive it.
        return missing(request, language) if of is None else go(language, "payments/account")
    step, filling = step_of(request), _filling(request, whose, of)
    if step in {"", "change"}:
        return _form(request, language, whose, filling)
    answers, problems = answers_of(of.asks, filling.raw, language)
    problems += tuple(
        Problem(one.key, f"“{either((one.vi, one.en), language)}”: {SHARED[language]['needed']}")
        for one in of.asks
        if not one.optional and one.key not in answers and not any(known.field == one.key for known in problems)
    )
    try:
        filling, refused = _with_files(request, whose, filling, answers, language)
        problems += refused
        if problems:
            return _form(request, language, whose, filling, problems)
        if step == "check":
            return _check(request, language, filling, answers)
        form = Application(whose.person_id, code, filling.key, answers)
        receipt = submit_application(actor=whose.actor, reason=REASON, clock=whose.clock, form=form)
    except Refusal as refusal:
        keys = [one.key for one in of.asks] or [KEY]
        return _form(request, language, whose, filling, (problem_of(refusal, language, keys),))
    return go(language, f"services/file/{receipt.reference}?told=sent")


def _filling(request: HttpRequest, whose: Whose, of: Service) -> _Filling:
    """Return the form as posted, or as its draft has it where somebody goes on with one of their own."""
    posted = request.method == "POST"
    reference = (request.POST if posted else request.GET).get(DRAFT, "")
    draft = application(whose.person_id, reference) if reference.isalnum() else None
    if draft is not None and (draft.state is not ApplicationState.DRAFT or draft.service.code != of.code):
        draft = None
    if draft is not None:
        raw = raw_answers(of.asks, request.POST) if posted else raw_of(of.asks, draft.answers)
        return _Filling(of, raw, draft.client_key, draft)
    key = request.POST.get(KEY, "")[:KEY_LENGTH_MAX] or chance.token_urlsafe(24)
    return _Filling(of, raw_answers(of.asks, request.POST), key, None)


def _with_files(
    request: HttpRequest, whose: Whose, filling: _Filling, answers: Mapping[str, Any], language: str
) -> tuple[_Filling, tuple[Problem, ...]]:
    """Hand files in with a draft, or take one away; returns the form with what is there then, and what was not taken."""
    of = filling.of
    problems: tuple[Problem, ...] = ()
    if chosen(request, of.papers):
        reference = _drafted(whose, filling, answers)
        problems = hand_in(request, whose, reference, of.papers, language)
    elif filling.draft is not None and take_away(request, whose, filling.draft):
        reference = filling.draft.reference
    else:
        return filling, ()
    return replace(filling, draft=application(whose.person_id, reference)), problems


def _drafted(whose: Whose, filling: _Filling, answers: Mapping[str, Any]) -> str:
    """Return the draft that files wait with; answers that are not right yet are kept by the page alone."""
    form = Application(whose.person_id, filling.of.code, filling.key, answers)
    try:
        return save_draft(actor=whose.actor, reason=REASON, clock=whose.clock, form=form)
    except InvalidInput:
        return save_draft(actor=whose.actor, reason=REASON, clock=whose.clock, form=replace(form, answers={}))


def _form(
    request: HttpRequest, language: str, whose: Whose, filling: _Filling, problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    words, of = WORDS[language], filling.of
    facts = (
        Row(words["who"], either((of.who_vi, of.who_en), language)),
        Row(words["result"], either((of.result_vi, of.result_en), language)),
        Row(words["basis"], of.basis),
    )
    asked: list[Part] = fields(of.asks, filling.raw, problems, language)
    if of.papers:
        there = attachments_shown(filling.draft, language) if filling.draft else []
        files = (explained(language), *there, *file_fields(of.papers, problems, language))
        asked.append(Group(files, FILES[language]["title"]))
    parts: list[Part] = [
        Details(words["who"], (Summary(facts),)),
        *_known(whose, of, language),
        Form((*asked, *filling.carried, Hidden(STEP, "check")), SHARED[language]["continue"]),
    ]
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


def _check(request: HttpRequest, language: str, filling: _Filling, answers: Mapping[str, Any]) -> HttpResponse:
    words, shared, of = WORDS[language], SHARED[language], filling.of
    rows = tuple(
        Row(either((one.vi, one.en), language), shown(one, answers[one.key], language))
        for one in of.asks
        if one.key in answers
    )
    kept = (*hidden(filling.raw), *filling.carried)
    action = f"{root(language)}services/apply/{of.code}"
    again = (*kept, Hidden(STEP, "check"))
    files = attachments_shown(filling.draft, language, carried=again, action=action) if filling.draft else []
    told: list[Part] = [Summary(rows, either((of.vi, of.en), language))] if rows else []
    if not told and not files:
        told = [Paragraph(either((of.vi, of.en), language))]
    parts = (
        *told,
        *files,
        Form((*kept, Hidden(STEP, "send")), words["send"], action),
        Form((*kept, Hidden(STEP, "change")), shared["change"], action, kind="quiet"),
    )
    return page(request, language, shared["check_title"], parts, lead=shared["check_lead"])
