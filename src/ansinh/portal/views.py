"""Pages anybody may see."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ansinh.foundation.settings import settings
from ansinh.portal.presenters import WORDS, day_in_words, figure_presenters
from ansinh.reporting.queries import figures, last_day_counted

COMPARE = date(2024, 12, 31)


@require_safe
def figures_page(request: HttpRequest, language: str) -> HttpResponse:
    """Show the figures as last counted, against the end of 2024."""
    day = last_day_counted()
    here = settings()
    return render(
        request,
        "portal/figures.html",
        {
            "language": language,
            "words": WORDS[language],
            "day": day_in_words(day) if day else "",
            "compare": day_in_words(COMPARE),
            "figures": figure_presenters(figures(day, COMPARE), language) if day else [],
            "gateway_url": f"http://{here.gateway_host}:{here.gateway_port}/v1/standing",
        },
    )
