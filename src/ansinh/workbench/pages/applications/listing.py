"""The queue of open applications, the first to fall due first; no names, no answers."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse

from ansinh.screens.components import Actions, Cell, Empty, Link, Part, Table
from ansinh.screens.saying import day, either, moment
from ansinh.services.queries import QueueLine, queue
from ansinh.services.states import APPLICATION_STATES, CLOSED, ApplicationState
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.shell import home_link, page
from ansinh.workbench.words import root
from ansinh.workbench.words.applications import WORDS

WHAT = ("tiếp nhận và giải quyết hồ sơ dịch vụ", "receive applications for services and answer them")
PAGE_LENGTH = 50
WAITING = tuple(one for one in ApplicationState if one not in CLOSED and one is not ApplicationState.DRAFT)


@officer_page(permission="services.read", what=WHAT)
def applications_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Show open applications, or those of a state, by deadline."""
    words, base = WORDS[language], root(language)
    asked = request.GET.get("state", "")
    state = ApplicationState(asked) if asked in WAITING else None
    found = queue(state=state, length=PAGE_LENGTH)
    ways = [
        Link(words["all"], f"{base}services"),
        *(Link(_name(one, language), f"{base}services?state={one}") for one in WAITING),
    ]
    parts: list[Part] = [Actions(tuple(ways))]
    if found:
        columns = tuple(words[name] for name in ("title", "service", "state", "holder", "submitted", "due"))
        caption = _name(state, language) if state else words["all"]
        parts.append(Table(caption, columns, tuple(_line(one, officer.today, language) for one in found)))
    else:
        parts.append(Empty(words["none_title"], words["none_text"]))
    lead = words["lead"].format(length=PAGE_LENGTH)
    return page(request, language, words["title"], parts, lead=lead, back=home_link(language))


def _name(state: ApplicationState, language: str) -> str:
    return either(APPLICATION_STATES[state], language).capitalize()


def _line(one: QueueLine, today: date, language: str) -> tuple[str | Part, ...]:
    words = WORDS[language]
    late = one.late or (one.due_on is not None and one.due_on < today)
    return (
        Link(words["application"].format(receipt=one.receipt), f"{root(language)}services/{one.reference}"),
        either((one.service.vi, one.service.en), language),
        either((one.state_vi, one.state_en), language),
        either((one.holder_vi, one.holder_en), language),
        moment(one.submitted_at),
        Cell(day(one.due_on), words["late"] if late else ""),
    )
