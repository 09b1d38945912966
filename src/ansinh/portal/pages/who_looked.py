"""Who looked at my data: when, who, what, why, in words; each with a way to ask about it, where the room for that is there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ansinh.mandates.states import What
from ansinh.people.queries import records_of
from ansinh.portal.looks import LOOKS_MAX, ShownLook, who_looked
from ansinh.portal.navigation import is_routed
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import Whose, own_page
from ansinh.portal.words import root
from ansinh.portal.words.looks import WORDS
from ansinh.screens.components import Empty, Event, Link, Paragraph, Part, Tag, Timeline
from ansinh.screens.components.parts import Tone

SHOWN_MAX = 60
TONES: dict[str, Tone] = {"answered": "neutral", "nothing": "neutral", "refused": "bad"}


@own_page(what=What.DECIDE)
def who_looked_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show who looked."""
    words = WORDS[language]
    found = who_looked(whose.person_id, records_of(whose.person_id), whose.now, language)
    asking = is_routed("who-looked/dispute/1")
    parts: list[Part] = [Empty(words["empty"], words["empty_text"])]
    if found.looks:
        parts = [Timeline(tuple(_event(one, language, asking) for one in found.looks[:SHOWN_MAX]))]
    if found.own:
        parts.append(Paragraph(words["own"].format(count=found.own), "quiet"))
    if found.full or len(found.looks) > SHOWN_MAX:
        parts.append(Paragraph(words["more"].format(count=LOOKS_MAX), "quiet"))
    return page(request, language, words["title"], parts, lead=words["lead"], back=home_link(language))


def _event(one: ShownLook, language: str, asking: bool) -> Event:
    words = WORDS[language]
    times = words["times"].format(count=one.count) if one.count > 1 else ""
    told = words["line"].format(what=one.what, why=one.why)
    text = ". ".join(part for part in (f"{told[:1].upper()}{told[1:]}", one.by, times) if part)
    link = None
    if asking:
        about = words["dispute_about"].format(who=one.who, when=one.when)
        link = Link(words["dispute"], f"{root(language)}who-looked/dispute/{one.reference}", about)
    tag = Tag(words[one.result], TONES[one.result]) if one.result != "answered" else None
    return Event(one.when, one.who, text, tag, link)


PAGES = {"who-looked": who_looked_page}
