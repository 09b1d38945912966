"""What makes the portal installable: the manifest, our own service worker, and the page a telephone shows without a line. Nothing of these names anybody."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ansinh.foundation.clock import Clock
from ansinh.portal.shell import STATIC, page
from ansinh.portal.words import root
from ansinh.portal.words.installing import WORDS
from ansinh.screens.appearance import POLICY, edition
from ansinh.screens.components import Actions, Button


@require_safe
def manifest(request: HttpRequest, language: str, agency_clock: Callable[[], Clock]) -> HttpResponse:
    """Tell a telephone how to install the portal."""
    words = WORDS[language]
    told = {
        "name": words["name"],
        "short_name": words["short"],
        "lang": language,
        "start_url": root(language),
        "scope": "/",
        "id": "/",
        "display": "standalone",
        "background_color": "#f1f5f3",
        "theme_color": "#0a5f49",
        "icons": [
            {"src": "/static/portal/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any"},
            {"src": "/static/portal/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


@require_safe
def service_worker(request: HttpRequest, language: str, agency_clock: Callable[[], Clock]) -> HttpResponse:
    """Hand out the service worker, which keeps the shell of this edition."""
    response = render(
        request, "portal/service-worker.js", {"edition": edition(STATIC)}, content_type="text/javascript; charset=utf-8"
    )
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline_page(request: HttpRequest, language: str, agency_clock: Callable[[], Clock]) -> HttpResponse:
    """Say that there is no line, and lead to the card if one was kept."""
    words, base = WORDS[language], root(language)
    parts = (
        Actions((Button(words["offline_card"], f"{base}card/kept"), Button(words["offline_again"], base, "quiet"))),
    )
    return page(request, language, words["offline_title"], parts, lead=words["offline_lead"])


PAGES = {"manifest.webmanifest": manifest, "service-worker.js": service_worker, "offline": offline_page}
