"""The workbench's addresses, in both languages: each module of pages gives a table, address → view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from ansinh.foundation.clock import Clock
from ansinh.people.queries import EffectQuery
from ansinh.screens.components import Actions, Button
from ansinh.workbench.door import DOORS
from ansinh.workbench.pages import (
    accesses,
    applications,
    data_requests,
    events,
    figures,
    files,
    identity,
    inbox,
    money,
    overuse,
    partners,
    person,
    rules,
)
from ansinh.workbench.pages.identity.deciding import Deciding, Follow
from ansinh.workbench.shell import home_link, page
from ansinh.workbench.words import LANGUAGES, root
from ansinh.workbench.words.shell import WORDS

View = Callable[..., HttpResponse]

# A page joins the workbench here, and the bar in `navigation.WAYS`.
TABLES: tuple[Mapping[str, View], ...] = (
    inbox.PAGES,
    figures.PAGES,
    money.PAGES,
    files.PAGES,
    events.PAGES,
    applications.PAGES,
    overuse.PAGES,
    partners.PAGES,
    data_requests.PAGES,
    rules.PAGES,
    person.PAGES,
    accesses.PAGES,
)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that is not ours, or too old to tell; nothing was done, and the page it stood on is one step away."""
    language = "en" if request.path.startswith(root("en")) else "vi"
    words = WORDS[language]
    parts = (Actions((Button(words["form_again"], request.path), home_link(language))),)
    return page(request, language, words["form_title"], parts, lead=words["form_lead"], status=403)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer more than a page takes; nothing was read or kept, and the page it stood on is one step away."""
    language = "en" if request.path.startswith(root("en")) else "vi"
    words = WORDS[language]
    parts = (Actions((Button(words["form_again"], request.path), home_link(language))),)
    return page(request, language, words["large_title"], parts, lead=words["large_lead"], status=413)


def routes(agency_clock: Callable[[], Clock], effects: Sequence[EffectQuery], follow: Follow) -> list[URLPattern]:
    """Return the addresses of all pages; views receive the language and the agency's clock, those about identity what decisions touch and what follows them."""
    found = []
    for language in LANGUAGES:
        below, given = root(language).removeprefix("/"), {"language": language}
        timed: dict[str, Any] = given | {"agency_clock": agency_clock}
        found += [path(f"{below}{one}", view, given, name=f"workbench-{one}-{language}") for one, view in DOORS.items()]
        decided = timed | {"deciding": Deciding(effects, follow)}
        for table, told in [*((one, timed) for one in TABLES), (identity.PAGES, decided)]:
            for address, view in table.items():
                name = f"workbench-{address or 'inbox'}-{language}".replace(":", ".")
                found.append(path(f"{below}{address}", view, told, name=name))
    return found
