"""Ask for a correction of the contribution book, and follow the requests there are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import InvalidInput
from ansinh.mandates.states import What
from ansinh.participation.operations import file_request
from ansinh.participation.queries import BookRequest, book_requests_of
from ansinh.portal.acts.steps import REASON, STEP, back_to, check_page, error_at, go, posted, problem_of, step_of
from ansinh.portal.acts.wording import until
from ansinh.portal.shell import page
from ansinh.portal.whose import Whose, own_page
from ansinh.portal.words.acting import WORDS as SHARED
from ansinh.portal.words.correction import WORDS
from ansinh.rights.states import RequestKind, due_at
from ansinh.screens.components import Area, Banner, Form, Group, Heading, Hidden, Part, Problem, Row, Summary, Tag
from ansinh.screens.components.parts import Tone
from ansinh.screens.saying import day

FIELDS = ("wrong", "evidence")
LENGTH_MAX = 500
TONES: dict[str, Tone] = {"filed": "waiting", "prepared": "waiting", "applied": "good", "refused": "bad"}


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(what=What.APPLY, safe=False, noted="correction requests")
def correction_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Ask what is wrong and what shows it, check, and send."""
    words, step = WORDS[language], step_of(request)
    answers = posted(request, FIELDS)
    if step in {"", "change"}:
        return _form(request, language, whose, answers)
    empty = tuple(Problem(one, words[f"{one}_empty"]) for one in FIELDS if not 0 < len(answers[one]) <= LENGTH_MAX)
    if empty:
        return _form(request, language, whose, answers, empty)
    if step == "check":
        rows = [Row(words[one], answers[one]) for one in FIELDS]
        return check_page(request, language, rows, answers, button=words["send"])
    try:
        made = file_request(actor=whose.actor, reason=REASON, clock=whose.clock, person_id=whose.person_id, **answers)
    except InvalidInput as refusal:
        return _form(request, language, whose, answers, (problem_of(refusal, language, FIELDS),))
    return go(language, f"book/correct?sent={made}")


def _form(
    request: HttpRequest, language: str, whose: Whose, answers: dict[str, str], problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    words = WORDS[language]
    asked = book_requests_of(whose.person_id)
    parts: list[Part] = []
    sent = next((one for one in asked if str(one.request) == request.GET.get("sent")), None)
    if sent is not None:
        due = until(due_at(RequestKind.CORRECT, sent.filed_at), language)
        told = words["done"].format(request=sent.request)
        parts.append(Banner(told, words["done_text"].format(due=due), "good"))
    else:
        fields = tuple(
            Area(one, words[one], words[f"{one}_hint"], answers[one], error_at(problems, one), LENGTH_MAX)
            for one in FIELDS
        )
        parts.append(Form((*fields, Hidden(STEP, "check")), SHARED[language]["continue"]))
    if asked:
        parts.append(Heading(words["mine"]))
        parts += [_shown(one, language) for one in asked]
    back = back_to(language, "book", words["book"])
    return page(request, language, words["title"], parts, lead=words["lead"], back=back, problems=problems)


def _shown(one: BookRequest, language: str) -> Part:
    words = WORDS[language]
    state = Tag(words[f"state_{one.state}"], TONES[one.state])
    rows = [
        Row(words["filed"].format(day=day(legal_day(one.filed_at))), state),
        Row(words["wrong"], one.wrong),
        Row(words["evidence"], one.evidence),
    ]
    if one.answer:
        rows.append(Row(words["answer"], one.answer))
    return Group((Summary(tuple(rows)),), words["number"].format(request=one.request))


PAGES = {"book/correct": correction_page}
