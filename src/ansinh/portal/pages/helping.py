"""Help and contact, in the same place on every page, and open to everybody."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ansinh.foundation.clock import Clock
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import open_page
from ansinh.portal.words.help import WORDS
from ansinh.screens.components import Details, Heading, Paragraph, Row, Summary

QUESTIONS = ("signin", "wrong", "payment", "who", "phone")


@open_page
@require_safe
def help_page(request: HttpRequest, language: str, agency_clock: Callable[[], Clock]) -> HttpResponse:
    """Show how to reach a person, and what is often asked."""
    words = WORDS[language]
    parts = (
        Summary(
            (
                Row(words["call"], words["call_number"], words["call_note"]),
                Row(words["visit"], words["visit_text"]),
                Row(words["emergency"], words["emergency_number"], words["emergency_note"]),
            )
        ),
        Heading(words["questions"]),
        *(Details(words[f"q_{one}"], (Paragraph(words[f"a_{one}"]),)) for one in QUESTIONS),
    )
    return page(request, language, words["title"], parts, lead=words["lead"], back=home_link(language))


PAGES = {"help": help_page}
