"""The portal's addresses, in both languages: each module of pages gives a table, address → view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from ansinh.foundation.clock import Clock
from ansinh.portal.door.routes import door_routes
from ansinh.portal.pages import (
    book,
    card,
    display,
    family,
    figures,
    gallery,
    health,
    health_papers,
    helping,
    home,
    installing,
    messages,
    payments,
    pension,
    who_looked,
)
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import missing
from ansinh.portal.words import LANGUAGES, root
from ansinh.portal.words.shell import WORDS as SHELL
from ansinh.screens.components import Actions, Button

View = Callable[..., HttpResponse]

# A page joins the portal here, and the bar and the list of ways in `navigation.WAYS`.
TABLES: tuple[Mapping[str, View], ...] = (
    home.PAGES,
    card.PAGES,
    book.PAGES,
    payments.PAGES,
    health.PAGES,
    health_papers.PAGES,
    family.PAGES,
    pension.PAGES,
    who_looked.PAGES,
    messages.PAGES,
    display.PAGES,
    figures.PAGES,
    gallery.PAGES,
    helping.PAGES,
    installing.PAGES,
)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere, on any of the screens."""
    return missing(request, _language(request))


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that is not ours, or too old to tell; nothing was done, and the page it stood on is one step away."""
    language = _language(request)
    words = SHELL[language]
    parts = (Actions((Button(words["form_again"], request.path), home_link(language))),)
    return page(request, language, words["form_title"], parts, lead=words["form_lead"], status=403)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer more than a page takes: nothing was read or kept, and the page it stood on is one step away."""
    language = _language(request)
    words = SHELL[language]
    parts = (Actions((Button(words["form_again"], request.path), home_link(language))),)
    return page(request, language, words["large_title"], parts, lead=words["large_lead"], status=413)


def _language(request: HttpRequest) -> str:
    return "en" if request.path.startswith("/en/") else "vi"


def routes(agency_clock: Callable[[], Clock]) -> list[URLPattern]:
    """Return the addresses of all pages; views receive the language and the agency's clock."""
    found = door_routes(agency_clock)
    for language in LANGUAGES:
        given: dict[str, Any] = {"language": language, "agency_clock": agency_clock}
        for table in TABLES:
            for address, view in table.items():
                name = f"portal-{address or 'home'}-{language}".replace(":", ".")
                found.append(path(f"{root(language).lstrip('/')}{address}", view, given, name=name))
    return found
