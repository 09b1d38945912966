"""The first page: what waits for the officer, by duty."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ansinh.screens.components import Empty, Link, Part, Table
from ansinh.screens.saying import day, moment
from ansinh.workbench.duties import COUNTED_MAX, DUTIES, Duty
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.shell import page
from ansinh.workbench.words import root
from ansinh.workbench.words.inbox import WORDS


@officer_page(permission=None, what=("xem việc cần làm", "see what waits"))
def inbox_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Show what waits for the officer."""
    words = WORDS[language]
    mine = [duty for duty in DUTIES if officer.may(duty.permission)]
    parts: tuple[Part, ...] = (Empty(words["none_title"], words["none_text"]),)
    if mine:
        columns = (words["duty"], words["count"], words["since"], words["due"])
        parts = (Table(words["duties"], columns, tuple(_line(duty, officer, language) for duty in mine), numbers=(1,)),)
    return page(request, language, words["title"], parts, lead=words["lead"])


def _line(duty: Duty, officer: Officer, language: str) -> tuple[str | Part, ...]:
    found = duty.query(officer.today, COUNTED_MAX + 1)
    name = duty.name(language)
    shown = Link(name, f"{root(language)}{duty.address}") if duty.address else name
    return shown, found.shown, moment(found.since) if found.since else "–", day(found.due)


PAGES = {"": inbox_page}
