"""Who may see a page of the workbench: officers of the agency, signed in by two factors, whose roles permit it; they see people of their provinces."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from ansinh.access.queries import actor_of_officer, roles, roles_of_officer
from ansinh.access.seeing import as_officer
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, RealClock, legal_day
from ansinh.foundation.errors import NotFound, OutsideProvinces, Refusal
from ansinh.screens.components import Banner, Paragraph
from ansinh.signin.queries import officer_at
from ansinh.signin.states import SubjectKind
from ansinh.workbench.shell import home_link, page, role_names
from ansinh.workbench.words import root
from ansinh.workbench.words.shell import WORDS

View = Callable[..., HttpResponse]
NEXT_LENGTH_MAX = 500


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer at work: as who they act, which roles and provinces are theirs (None: the whole country), the agency's clock, and their session."""

    account: int
    number: str
    name: str
    actor: Actor
    roles: tuple[str, ...]
    clock: Clock
    session: SessionBase

    @property
    def provinces(self) -> frozenset[str] | None:
        """Return the provinces of all that they may; None is the whole country."""
        return self.actor.provinces()

    @property
    def today(self) -> date:
        """Return the agency's day."""
        return legal_day(self.clock.now())

    def may(self, permission: str) -> bool:
        """Tell whether one of their roles carries a permission."""
        return self.actor.may(permission)


def officer_page(*, permission: str | None, what: tuple[str, str], safe: bool = True) -> Callable[[View], View]:
    """Let a view be reached by officers with a permission (None: by all of them): `view(request, language, officer, …)`.

    `what` says in Vietnamese and English what the page is for, and is told to whoever may not. Pages that only show are `safe` and take no POST. The view, and
    the page it makes, run with the sight of the officer (`access.seeing`). Refusals become pages.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(
            request: HttpRequest, language: str, agency_clock: Callable[[], Clock], **given: Any
        ) -> HttpResponse:
            officer = officer_of(request, agency_clock)
            if officer is None:
                return to_the_door(request, language)
            request.officer = officer  # type: ignore[attr-defined]  # the shell asks whether it is there
            if permission is not None and not officer.may(permission):
                return not_permitted(request, language, permission, what)
            try:
                with as_officer(officer.actor, permission):
                    return view(request, language, officer, **given)
            except (NotFound, OutsideProvinces):
                return missing(request, language)
            except Refusal as refusal:
                return refused(request, language, refusal)

        guarded: View = require_safe(wrapped) if safe else wrapped
        guarded.__permission__ = permission or "workbench.enter"  # type: ignore[attr-defined]  # read by the test that walks all routes
        return guarded

    return decorate


def officer_of(request: HttpRequest, agency_clock: Callable[[], Clock]) -> Officer | None:
    """Return the officer of the agency behind a request; None when nobody is signed in, or not any more."""
    who = officer_at(request.session, SubjectKind.AGENCY_OFFICER, RealClock().now())
    if who is None:
        return None
    number = who.subject.officer
    return Officer(
        who.account,
        number,
        who.name,
        actor_of_officer(number),
        roles_of_officer(number),
        agency_clock(),
        request.session,
    )


def to_the_door(request: HttpRequest, language: str) -> HttpResponse:
    """Lead somebody who is not signed in to the door, and back to the page afterwards; what was being sent is not kept."""
    safe = request.method in {"GET", "HEAD"}
    back = request.get_full_path() if safe else request.path
    response = HttpResponseRedirect(f"{root(language)}sign-in?{urlencode({'next': local_path(back, language)})}")
    response.status_code = 302 if safe else 303
    response.headers["Cache-Control"] = "no-store"
    return response


def local_path(text: str, language: str) -> str:
    """Return a path of the workbench as it is, or its root when the text is anything else: nobody is ever sent elsewhere."""
    plain = text.isascii() and text.isprintable() and "\\" not in text and len(text) <= NEXT_LENGTH_MAX
    return text if plain and text.startswith("/workbench/") and "//" not in text else root(language)


def not_permitted(request: HttpRequest, language: str, permission: str, what: tuple[str, str]) -> HttpResponse:
    """Say what the page is for, which roles may see it, and whom to ask."""
    words = WORDS[language]
    carrying = [name for name, _, _, permissions in roles() if permission in permissions]
    told = words["no_permission"].format(what=what[0] if language == "vi" else what[1])
    parts = (
        Banner(told, words["no_permission_roles"].format(roles=role_names(carrying, language)), kind="warning"),
        Paragraph(words["no_permission_ask"]),
    )
    return page(request, language, words["no_permission_title"], parts, back=home_link(language), status=403)


def missing(request: HttpRequest, language: str) -> HttpResponse:
    """Answer an address that leads nowhere, or to what is not the officer's: both look alike."""
    words = WORDS[language]
    back = home_link(language)
    return page(request, language, words["missing_title"], (), lead=words["missing_lead"], back=back, status=404)


def refused(request: HttpRequest, language: str, refusal: Refusal) -> HttpResponse:
    """Say why something may not be done, and what to do."""
    words = WORDS[language]
    parts = (Banner(refusal.vi if language == "vi" else refusal.en, kind="warning"),)
    return page(request, language, words["refused_title"], parts, back=home_link(language), status=403)
