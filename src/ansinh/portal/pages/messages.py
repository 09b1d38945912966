"""Messages: what the agency told a person, in the words it was told in."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from ansinh.notices.queries import ToldMessage, told_to
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import Whose, own_page
from ansinh.portal.words import root
from ansinh.portal.words.looks import WORDS
from ansinh.screens.components import Empty, Event, Link, Pages, Part, Tag, Timeline
from ansinh.screens.components.parts import Tone
from ansinh.screens.saying import moment

SHOWN = 20
GROUPS = {
    "card": ("card_", "pupil_card", "moved_choose"),
    "file": ("file_", "confirmation_", "application_", "supplement_", "retirement_", "job_lost"),
    "money": ("payment_", "recovery_", "account_"),
    "health": ("appointment_", "health_", "record_opened"),
}
TONES: dict[str, Tone] = {
    "queued": "waiting",
    "sent": "neutral",
    "delivered": "good",
    "failed": "bad",
    "refused": "neutral",
}


def subject_of(one: ToldMessage, language: str) -> str:
    """Return what a message is about, in a word."""
    group = next((name for name, starts in GROUPS.items() if one.template.startswith(starts)), "other")
    return WORDS[language][f"group_{group}"]


@own_page(noted="messages")
def messages_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show the newest messages; older ones by the moment they came before."""
    words, base = WORDS[language], root(language)
    before = _moment(request.GET.get("before", ""))
    found = told_to(whose.person_id, language, before=before, length=SHOWN + 1)
    parts: list[Part] = [Empty(words["messages_empty"], words["messages_empty_text"])]
    if found:
        parts = [Timeline(tuple(_event(one, language) for one in found[:SHOWN]))]
    newest = Link(words["newest"], f"{base}messages") if before else None
    older = None
    if len(found) > SHOWN:
        older = Link(words["older"], f"{base}messages?{urlencode({'before': found[SHOWN - 1].queued_at.isoformat()})}")
    if newest or older:
        parts.append(Pages(newest, older))
    title, lead = words["messages_title"], words["messages_lead"]
    return page(request, language, title, parts, lead=lead, back=home_link(language))


def _event(one: ToldMessage, language: str) -> Event:
    tag = Tag(WORDS[language][f"message_{one.state}"], TONES[one.state])
    return Event(moment(one.queued_at), subject_of(one, language), one.text, tag)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


PAGES = {"messages": messages_page}
