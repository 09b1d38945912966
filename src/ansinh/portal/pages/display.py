"""How pages are shown: colours and size of letters, kept in a cookie that names nobody. And the list of all ways."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from ansinh.foundation.clock import Clock
from ansinh.foundation.settings import settings
from ansinh.portal.navigation import GROUPS, WAYS, is_there
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import open_page
from ansinh.portal.words import root
from ansinh.portal.words.shell import WORDS
from ansinh.screens.appearance import LOOK_COOKIE, TEXTS, THEMES, look_of
from ansinh.screens.components import Banner, Choice, Choices, Form, Part, Tile, Tiles

YEAR_SECONDS = 365 * 24 * 3600


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def display_page(request: HttpRequest, language: str, agency_clock: Callable[[], Clock]) -> HttpResponse:
    """Ask for colours and size of letters, and keep the answer in the browser."""
    words = WORDS[language]
    if request.method == "POST":
        theme, text = request.POST.get("theme", ""), request.POST.get("text", "")
        response = HttpResponseRedirect(f"{root(language)}display?done=1")
        if theme in THEMES and text in TEXTS:
            secure = settings().public_url.startswith("https://")
            response.set_cookie(
                LOOK_COOKIE, f"{theme}.{text}", YEAR_SECONDS, httponly=True, samesite="Lax", secure=secure
            )
        return response
    look = look_of(request)
    form = Form(
        (
            _choices("theme", THEMES, look.theme, language),
            _choices("text", TEXTS, look.text, language),
        ),
        button=words["display_save"],
    )
    parts: list[Part] = [Banner(words["display_saved"], kind="good")] if "done" in request.GET else []
    lead, back = words["display_lead"], home_link(language)
    return page(request, language, words["display_title"], [*parts, form], lead=lead, back=back)


def _choices(name: str, values: tuple[str, ...], chosen: str, language: str) -> Choices:
    words = WORDS[language]
    items = tuple(
        Choice(value, words[f"display_{name}_{value}"], words.get(f"display_{name}_{value}_hint", ""))
        for value in values
    )
    return Choices(name, words[f"display_{name}"], items, (chosen,))


@open_page
@require_safe
def menu_page(request: HttpRequest, language: str, agency_clock: Callable[[], Clock]) -> HttpResponse:
    """Show every way there is."""
    words = WORDS[language]
    parts = [
        Tiles(
            tuple(
                Tile(way.name(language), f"{root(language)}{way.address}", icon=way.icon)
                for way in WAYS
                if way.group == group and way.address != "menu" and is_there(way)
            ),
            title=words[f"group_{group}"],
        )
        for group in GROUPS
    ]
    return page(request, language, words["menu_title"], parts)


PAGES = {"display": display_page, "menu": menu_page}
