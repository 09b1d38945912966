"""Confirm, or decline, what a relative filed: always one's own answer, at level 2, whoever one acts for on other pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from ansinh.confirmations.operations import answer_confirmation
from ansinh.confirmations.queries import Confirmation, asked_of, confirmation
from ansinh.confirmations.states import CONFIRMATION_STATES, WAITING, ConfirmationState
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import Refusal
from ansinh.portal.acts.mandates import my_own
from ansinh.portal.acts.steps import REASON, back_to, error_at, go, posted, problem_of
from ansinh.portal.operations import read_page
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import Whose, missing
from ansinh.portal.words import root
from ansinh.portal.words.confirming import WORDS
from ansinh.screens.components import (
    Area,
    Banner,
    Choice,
    Choices,
    Empty,
    Form,
    Paragraph,
    Part,
    Problem,
    Row,
    Summary,
    Tag,
    Tile,
    Tiles,
)
from ansinh.screens.saying import day, either

FIELDS = ("answer", "because")


@require_safe
@my_own
def confirmations_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show what one is asked, what waits for an answer first."""
    words = WORDS[language]
    read_page(actor=whose.actor, reason=REASON, person_id=whose.person_id, page="confirmations")
    found = asked_of(whose.person_id)
    parts: list[Part] = []
    for title, group in (
        ("waiting", [one for one in found if one.state in WAITING]),
        ("answered", [one for one in found if one.state not in WAITING]),
    ):
        if group:
            parts.append(Tiles(tuple(_tile(one, language) for one in group), words[title]))
    if not parts:
        parts = [Empty(words["none"], words["none_text"], home_link(language))]
    return page(request, language, words["title"], parts, lead=words["lead"], back=home_link(language))


@require_http_methods(["GET", "HEAD", "POST"])
@my_own
def confirmation_page(request: HttpRequest, language: str, whose: Whose, reference: str) -> HttpResponse:
    """Show one question, and take the answer."""
    words = WORDS[language]
    read_page(actor=whose.actor, reason=REASON, person_id=whose.person_id, page="confirmations")
    one = confirmation(whose.person_id, reference)
    if one is None:
        return missing(request, language)
    answers = posted(request, FIELDS)
    if request.method != "POST":
        return _question(request, language, one, answers, ())
    if answers["answer"] not in {"agreed", "declined"}:
        return _question(request, language, one, answers, (Problem("answer", words["choose"]),))
    declined = answers["answer"] == "declined"
    try:
        answer_confirmation(
            actor=whose.actor,
            reason=REASON,
            clock=whose.clock,
            level=whose.citizen.level,
            reference=one.reference,
            agreed=not declined,
            because=answers["because"] if declined else "",
        )
    except Refusal as refusal:
        return _question(request, language, one, answers, (problem_of(refusal, language, FIELDS),))
    return go(language, f"confirmations/{one.reference}?told=done")


def _question(
    request: HttpRequest, language: str, one: Confirmation, answers: dict[str, str], problems: tuple[Problem, ...]
) -> HttpResponse:
    words = WORDS[language]
    parts: list[Part] = []
    if request.method != "POST" and request.GET.get("told") == "done" and one.state not in WAITING:
        parts.append(Banner(words["done"], words["done_text"], "good"))
    parts += [Paragraph(either((one.question_vi, one.question_en), language)), Summary(_facts(one, language))]
    if one.state in WAITING or one.state is ConfirmationState.DECLINED:
        parts.append(_form(one, language, answers, problems))
    return page(
        request,
        language,
        words["title"],
        parts,
        back=back_to(language, "confirmations", words["title"]),
        problems=problems,
    )


def _form(one: Confirmation, language: str, answers: dict[str, str], problems: tuple[Problem, ...]) -> Form:
    words = WORDS[language]
    agree = Choice("agreed", words["agreed"], words["agreed_hint"])
    decline = Choice("declined", words["declined"], words["declined_hint"])
    # Who declined may still agree.
    choices = (agree,) if one.state is ConfirmationState.DECLINED else (agree, decline)
    chosen = (answers["answer"],) if answers["answer"] else ()
    asked: list[Part] = [Choices("answer", words["answer"], choices, chosen, error=error_at(problems, "answer"))]
    if len(choices) > 1:
        error = error_at(problems, "because")
        area = Area("because", words["because"], words["because_hint"], answers["because"], error, 300, optional=True)
        asked.append(area)
    return Form(tuple(asked), words["send"])


def _facts(one: Confirmation, language: str) -> tuple[Row, ...]:
    words = WORDS[language]
    late = words["late"] if one.state is ConfirmationState.UNANSWERED else ""
    return (
        Row(words["asked_on"], day(legal_day(one.asked_at))),
        Row(words["until"], day(one.until_on), note=late),
        Row(words["state"], _state(one, language), note=one.because),
    )


def _tile(one: Confirmation, language: str) -> Tile:
    words, waiting = WORDS[language], one.state in WAITING
    until = f"{words['until']} {day(one.until_on)}" if waiting else ""
    question = either((one.question_vi, one.question_en), language)
    title = words["open"] if waiting else day(legal_day(one.asked_at))
    return Tile(title, f"{root(language)}confirmations/{one.reference}", question, until, _state(one, language))


def _state(one: Confirmation, language: str) -> Tag:
    words = either(CONFIRMATION_STATES[one.state], language)
    if one.state in WAITING:
        return Tag(words, "waiting")
    return Tag(words, "good" if one.state is ConfirmationState.AGREED else "neutral")


PAGES = {"confirmations": confirmations_page, "confirmations/<slug:reference>": confirmation_page}
