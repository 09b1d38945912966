"""The first page: what the portal is, for whoever is not signed in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ansinh.foundation.clock import Clock
from ansinh.portal.components import Actions, Button, Group, Paragraph, Tile, Tiles
from ansinh.portal.navigation import WAYS
from ansinh.portal.shell import page
from ansinh.portal.words import root
from ansinh.portal.words.home import WORDS


@require_safe
def home_page(request: HttpRequest, language: str, agency_clock: Callable[[], Clock]) -> HttpResponse:
    """Welcome whoever is not signed in, and lead them to the door."""
    words, base = WORDS[language], root(language)
    names = {way.address: way for way in WAYS}
    can = (("card", "card_text"), ("payments", "payments_text"), ("health", "health_text"), ("who-looked", "who_text"))
    parts = (
        Group((Paragraph(words["sign_in_text"]), Actions((Button(words["sign_in"], f"{base}sign-in"),)))),
        Tiles(
            tuple(
                Tile(names[way].name(language), f"{base}{way}", words[text], icon=names[way].icon) for way, text in can
            ),
            title=words["what"],
        ),
        Tiles(
            tuple(
                Tile(names[way].name(language), f"{base}{way}", icon=names[way].icon)
                for way in ("help", "figures", "display")
            ),
            title=words["without"],
        ),
    )
    return page(request, language, words["welcome"], parts, lead=words["welcome_lead"])


PAGES = {"": home_page}
