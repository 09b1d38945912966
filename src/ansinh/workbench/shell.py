"""A page of the workbench: title, parts, who is at work, the ways they may follow, and the headers that keep it to itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ansinh.access.queries import roles
from ansinh.places.queries import provinces
from ansinh.screens.appearance import POLICY, edition, look_of
from ansinh.screens.components import ErrorSummary, Link, Part, Problem
from ansinh.screens.saying import day
from ansinh.signin.queries import OFFICER_IDLE_MAX, OFFICER_WARNED_BEFORE
from ansinh.workbench.navigation import ways_in_bar
from ansinh.workbench.words import LANGUAGES, root
from ansinh.workbench.words.shell import WORDS

if TYPE_CHECKING:
    from ansinh.workbench.guard import Officer

STATIC = Path(__file__).parent / "static" / "workbench"


def page(
    request: HttpRequest,
    language: str,
    title: str,
    parts: Sequence[Part],
    *,
    template: str = "workbench/page.html",
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    """Return a page. `shown` may hold `lead`, `back` (a Link), `beside` (parts of a second column), `problems` (a tuple of Problem), and what a template of
    one's own needs."""
    other = LANGUAGES[1 - LANGUAGES.index(language)]
    problems: tuple[Problem, ...] = shown.pop("problems", ())
    officer: Officer | None = getattr(request, "officer", None)
    context = {
        "language": language,
        "words": WORDS[language],
        "root": root(language),
        "other": other,
        "other_address": in_other_language(request, language),
        "edition": edition(STATIC),
        "look": look_of(request),
        "title": title,
        "parts": parts,
        "problems": ErrorSummary(problems) if problems else None,
    }
    if officer is not None:
        context |= {
            "officer": officer,
            "roles": role_names(officer.roles, language) or WORDS[language]["no_roles"],
            "provinces": province_names(officer.provinces, language),
            "today": day(officer.today),
            "ways": ways_in_bar(officer.actor.permissions, language, request.path),
            "idle_seconds": int(OFFICER_IDLE_MAX.total_seconds()),
            "warned_seconds": int(OFFICER_WARNED_BEFORE.total_seconds()),
        }
    response = render(request, template, context | shown, status=422 if problems and status == 200 else status)
    response.headers["Content-Security-Policy"] = POLICY
    # Forms send where they come from, which the check against forged forms wants; other sites learn nothing.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


def home_link(language: str) -> Link:
    """Return the way back to what waits."""
    return Link(WORDS[language]["back_home"], root(language))


def in_other_language(request: HttpRequest, language: str) -> str:
    """Return the address of the same page in the other language, with what it was asked by."""
    path = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    other = LANGUAGES[1 - LANGUAGES.index(language)]
    return f"{root(other)}{path.removeprefix(root(language))}" if path.startswith(root(language)) else root(other)


def role_names(names: Sequence[str], language: str) -> str:
    """Return roles as people call them."""
    titles = {name: vi if language == "vi" else en for name, vi, en, _ in roles()}
    return ", ".join(titles[name] for name in names if name in titles)


def province_names(codes: frozenset[str] | None, language: str) -> str:
    """Return provinces by name; None is the whole country."""
    if codes is None:
        return WORDS[language]["country"]
    known = {one.code: one.name for one in provinces()}
    return ", ".join(known.get(code, code) for code in sorted(codes))
