"""The family: whom a citizen may act for, and beginning and ending to do so. Forms name people by a mark good for this citizen alone, never by a number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.http import require_POST, require_safe

from ansinh.access.queries import actor_of_person
from ansinh.foundation.clock import Clock
from ansinh.mandates.queries import ActedFor, acted_for
from ansinh.mandates.states import Who
from ansinh.portal.door.guard import CitizenRequest, citizen_page, session_key
from ansinh.portal.navigation import is_routed
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import missing
from ansinh.portal.words import root
from ansinh.portal.words.family import WORDS
from ansinh.screens.components import Empty, Form, Group, Hidden, Paragraph, Part, Row, Summary, Tile, Tiles
from ansinh.screens.saying import day
from ansinh.signin.operations import act_for

ROLES = {Who.PARENT: "parent", Who.GUARDIAN: "guardian", Who.DELEGATE: "mandated"}
MARK_LENGTH = 20


def mark_of(person_id: int, other: int) -> str:
    """Return under which mark a citizen's forms name another person; it tells nothing and is good for nobody else."""
    return salted_hmac("portal family", f"{person_id}:{other}", algorithm="sha256").hexdigest()[:MARK_LENGTH]


@citizen_page()
@require_safe
def family_page(request: CitizenRequest, language: str, agency_clock: Callable[[], Clock]) -> HttpResponse:
    """Show whom the signed-in citizen may act for; who acts for somebody already sees their own family all the same."""
    words, base = WORDS[language], root(language)
    people = acted_for(request.citizen.person_id, agency_clock().now())
    parts: list[Part] = [_person(one, request.citizen.person_id, language) for one in people]
    parts += [Paragraph(words["seen"], "quiet")] if people else [Empty(words["empty"], words["empty_text"])]
    if is_routed("family/mandates"):
        parts.append(Tiles((Tile(words["mandates"], f"{base}family/mandates", words["mandates_text"], icon="rights"),)))
    return page(request, language, words["title"], parts, lead=words["lead"], back=home_link(language))


@citizen_page()
@require_POST
def act_for_form(request: CitizenRequest, language: str, agency_clock: Callable[[], Clock]) -> HttpResponse:
    """Begin to act for the person a form names by its mark, or stop, where it names nobody."""
    me, mark = request.citizen.person_id, request.POST.get("who", "")
    other = None
    if mark:
        may = [
            one.person_id
            for one in acted_for(me, agency_clock().now())
            if constant_time_compare(mark_of(me, one.person_id), mark)
        ]
        if not may:
            return missing(request, language)
        other = may[0]
    reason = "làm thay người thân trên cổng dịch vụ" if other else "trở lại phần của mình"
    key = session_key(request)
    act_for(actor=actor_of_person(me), reason=reason, key=key, person_id=me, for_person_id=other)
    return HttpResponseRedirect(root(language))


def _person(one: ActedFor, me: int, language: str) -> Group:
    words = WORDS[language]
    rows = [
        Row(words[f"role_{ROLES.get(one.who, 'other')}"], one.full_name),
        Row(words["may"], ", ".join(words[f"what_{what.value}"] for what in one.what)),
    ]
    if one.until:
        rows.append(Row("", words["until"].format(day=day(one.until - timedelta(days=1)))))
    form = Form(
        (Hidden("who", mark_of(me, one.person_id)),),
        words["act"],
        f"{root(language)}family/act-for",
        kind="quiet",
        about=words["act_about"].format(name=one.full_name),
    )
    return Group((Summary(tuple(rows)), form), one.full_name)


PAGES = {"family": family_page, "family/act-for": act_for_form}
