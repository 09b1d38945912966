"""What acting pages have in common: a form, the page that checks answers, the act, and what a refusal becomes beside its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.foundation.errors import Refusal
from ansinh.portal.shell import page
from ansinh.portal.words import root
from ansinh.portal.words.acting import WORDS
from ansinh.screens.components import Form, Hidden, Link, Part, Problem, Row, Summary

REASON = "tự làm trên cổng dịch vụ"
STEP = "step"
VALUE_LENGTH_MAX = 2_000


def step_of(request: HttpRequest) -> str:
    """Return how far a posted form is: `check` (first sent), `change` (back to the answers) or `send`; nothing where the page was only opened."""
    if request.method != "POST":
        return ""
    step = request.POST.get(STEP, "check")
    return step if step in {"check", "change", "send"} else "check"


def posted(request: HttpRequest, names: Sequence[str]) -> dict[str, str]:
    """Return what was answered, trimmed, without the letter the database keeps no texts with; what was not is empty."""
    return {name: request.POST.get(name, "")[:VALUE_LENGTH_MAX].replace("\0", "").strip() for name in names}


def said(refusal: Refusal, language: str) -> str:
    """Return a refusal in the reader's language."""
    return refusal.vi if language == "vi" else refusal.en


def problem_of(refusal: Refusal, language: str, fields: Sequence[str]) -> Problem:
    """Return a refusal as a problem of the field it names, or of the first one."""
    named = str(refusal.facts.get("field", ""))
    return Problem(named if named in fields else fields[0], said(refusal, language))


def error_at(problems: Sequence[Problem], field: str) -> str:
    """Return what is wrong with a field, or nothing."""
    return next((one.text for one in problems if one.field == field), "")


def check_page(
    request: HttpRequest,
    language: str,
    rows: Sequence[Row],
    answers: Mapping[str, str],
    *,
    button: str,
    before: Sequence[Part] = (),
) -> HttpResponse:
    """Show what was answered once more; its button names the act, the other leads back to the answers."""
    words = WORDS[language]
    kept = tuple(Hidden(name, value) for name, value in answers.items())
    parts: list[Part] = [
        *before,
        Summary(tuple(rows)),
        Form((*kept, Hidden(STEP, "send")), button),
        Form((*kept, Hidden(STEP, "change")), words["change"], kind="quiet"),
    ]
    return page(request, language, words["check_title"], parts, lead=words["check_lead"])


def go(language: str, address: str) -> HttpResponse:
    """Lead to another page of the portal once something was done, so that a reload does nothing again."""
    response = HttpResponseRedirect(f"{root(language)}{address}")
    response.status_code = 303
    return response


def back_to(language: str, address: str, text: str) -> Link:
    """Return the way back at the top of a page."""
    return Link(text, f"{root(language)}{address}")
