"""Whose pages somebody sees: their own, or those of a person they act for now. What they may not see is a page that says so, and nothing else."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import NotFound, Refusal
from ansinh.mandates.queries import actor_for
from ansinh.mandates.states import What
from ansinh.people.queries import person_as_known
from ansinh.portal.door.guard import CitizenRequest, citizen_at, citizen_page
from ansinh.portal.operations import read_page
from ansinh.portal.shell import home_link, page, whose_mark
from ansinh.portal.words.shell import WORDS
from ansinh.screens.components import Actions, Banner, Button
from ansinh.signin.queries import Citizen

REASON = "xem trên cổng dịch vụ"
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose page is shown (`person_id`), who acts, the agency's clock, and who is signed in."""

    person_id: int
    actor: Actor
    clock: Clock
    citizen: Citizen

    @property
    def now(self) -> datetime:
        """Return the agency's moment."""
        return self.clock.now()

    @property
    def today(self) -> date:
        """Return the agency's day."""
        return legal_day(self.now)

    @property
    def for_another(self) -> bool:
        """Tell whether somebody acts for another person."""
        return self.person_id != self.citizen.person_id


def whose_page(citizen: Citizen, what: What, clock: Clock) -> Whose:
    """Return whose page a citizen sees now. Refuses (`may_not_act`) a person they may not act for, or not any more, and the phone of the dead."""
    other = citizen.person_id if citizen.acting_for is None else citizen.acting_for
    actor = actor_for(citizen.person_id, other, what, clock.now())
    return Whose(int(actor.reference), actor, clock, citizen)


def own_page(*, level: int = 1, what: What = What.READ, noted: str = "", safe: bool = True) -> Callable[[View], View]:
    """Let a view show a signed-in citizen what is theirs: `view(request, language, whose, …)`.

    `what` must be permitted where they act for another; `noted` names the page in the audit where no room's operation leaves a line; pages that only show
    are `safe` and take no POST. Refusals become pages: what is not there and what is another's look alike.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(
            request: CitizenRequest, language: str, agency_clock: Callable[[], Clock], **given: Any
        ) -> HttpResponse:
            if another_tab(request):
                return switched(request, language)
            try:
                whose = whose_page(request.citizen, what, agency_clock())
                name_acting(request, whose)
                if noted:
                    read_page(actor=whose.actor, reason=REASON, person_id=whose.person_id, page=noted)
                return view(request, language, whose, **given)
            except NotFound:
                return missing(request, language)
            except Refusal as refusal:
                return refused(request, language, refusal)

        return citizen_page(level=level)(require_safe(wrapped) if safe else wrapped)

    return decorate


def open_page(view: View) -> View:
    """Let anybody see a page; whoever is signed in finds their ways around it."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        citizen = citizen_at(request)
        if citizen is not None:
            request.citizen = citizen  # type: ignore[attr-defined]  # the shell asks whether it is there
        return view(request, *args, **given)

    return wrapped


def name_acting(request: HttpRequest, whose: Whose) -> None:
    """Let the page say for whom somebody acts."""
    if whose.for_another:
        known = person_as_known(whose.person_id, whose.now)
        request.acting = (known.fields["full_name"] if known else None) or "…"  # type: ignore[attr-defined]  # for the shell


def another_tab(request: HttpRequest) -> bool:
    """Tell whether a form was opened while somebody else was signed in, or acted for, than now. One without a mark was opened by no page of ours."""
    return request.method == "POST" and request.POST.get("whose", "") not in {"", whose_mark(request)}


def switched(request: HttpRequest, language: str) -> HttpResponse:
    """Answer a form of another tab: nothing was done."""
    words = WORDS[language]
    parts = (Actions((Button(words["form_again"], request.path), home_link(language))),)
    return page(request, language, words["form_title"], parts, lead=words["form_whose"], status=409)


def missing(request: HttpRequest, language: str) -> HttpResponse:
    """Answer an address that leads nowhere, or to what is another's: both look alike."""
    words = WORDS[language]
    return page(
        request, language, words["missing_title"], (), lead=words["missing_lead"], back=home_link(language), status=404
    )


def refused(request: HttpRequest, language: str, refusal: Refusal) -> HttpResponse:
    """Say why something may not be done, and what to do."""
    words = WORDS[language]
    told = refusal.vi if language == "vi" else refusal.en
    parts = (Banner(told, kind="warning"),)
    return page(request, language, words["refused_title"], parts, back=home_link(language), status=403)
