"""The agency's figures, which name nobody and anybody may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ansinh.foundation.clock import Clock
from ansinh.foundation.settings import settings
from ansinh.portal.presenters import WORDS, day_in_words, figure_presenters
from ansinh.portal.shell import page
from ansinh.portal.whose import open_page
from ansinh.reporting.document.wording import Language
from ansinh.reporting.queries import figures, last_day_counted

COMPARE = date(2024, 12, 31)


@open_page
@require_safe
def figures_page(request: HttpRequest, language: Language, agency_clock: Callable[[], Clock]) -> HttpResponse:
    """Show the figures as last counted, against the end of 2024."""
    day = last_day_counted()
    here = settings()
    return page(
        request,
        language,
        WORDS[language]["title"],
        (),
        template="portal/figures.html",
        told=WORDS[language],
        day=day_in_words(day) if day else "",
        compare=day_in_words(COMPARE),
        figures=figure_presenters(figures(day, COMPARE), language) if day else [],
        gateway_url=f"http://{here.gateway_host}:{here.gateway_port}/v1/standing",
        lead=WORDS[language]["lead"],
    )


PAGES = {"figures": figures_page}
