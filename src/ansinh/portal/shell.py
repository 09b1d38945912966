"""A page of the portal: title, parts, the ways around it, how the reader wants it shown, and the headers that keep it to itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from ansinh.portal.navigation import ways_in_bar
from ansinh.portal.words import LANGUAGES, root
from ansinh.portal.words.shell import WORDS
from ansinh.screens.appearance import POLICY, edition, look_of
from ansinh.screens.components import ErrorSummary, Link, Part, Problem

MARK_LENGTH = 20
STATIC = Path(__file__).parent / "static" / "portal"


def page(
    request: HttpRequest,
    language: str,
    title: str,
    parts: Sequence[Part],
    *,
    template: str = "portal/page.html",
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    """Return a page. `shown` may hold `lead` (first sentence), `back` (a Link), `problems` (a tuple of Problem), and what a template of one's own needs.

    The page of somebody signed in has the bar of ways and the button to sign out; where they act for somebody else, it says so and leads back.
    """
    other = LANGUAGES[1 - LANGUAGES.index(language)]
    problems: tuple[Problem, ...] = shown.pop("problems", ())
    inside = getattr(request, "citizen", None) is not None
    context = {
        "language": language,
        "words": WORDS[language],
        "root": root(language),
        "other": other,
        "other_address": in_other_language(request, language),
        "edition": edition(STATIC),
        "look": look_of(request),
        "inside": inside,
        "whose_mark": whose_mark(request),
        "ways": ways_in_bar(language, request.path) if inside else [],
        "title": title,
        "parts": parts,
        "problems": ErrorSummary(problems) if problems else None,
        "acting": getattr(request, "acting", ""),
        "acting_end": f"{root(language)}family/act-for",
    }
    response = render(request, template, context | shown, status=422 if problems and status == 200 else status)
    response.headers["Content-Security-Policy"] = POLICY
    # Forms send where they come from, which the check against forged forms wants; other sites learn nothing.
    response.headers["Referrer-Policy"] = "same-origin"
    if inside:
        response.headers["Cache-Control"] = "no-store"
    return response


def home_link(language: str) -> Link:
    """Return the way back home, for the top of a page."""
    return Link(WORDS[language]["back_home"], root(language))


def in_other_language(request: HttpRequest, language: str) -> str:
    """Return the address of the same page in the other language, with what it was asked by."""
    path = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    if language == "vi":
        return f"/en{path}"
    # Two slashes at the beginning would name another host.
    return f"/{path.removeprefix('/en').lstrip('/')}"


def whose_mark(request: HttpRequest) -> str:
    """Return the mark that forms carry of who is signed in and for whom they act now; empty outside. It tells nothing of either."""
    citizen = getattr(request, "citizen", None)
    if citizen is None:
        return ""
    named = f"{citizen.person_id}:{citizen.acting_for or citizen.person_id}"
    return salted_hmac("portal whose form", named, algorithm="sha256").hexdigest()[:MARK_LENGTH]
