"""The law as the agency computes with it: every value on a day with its article, and one value through time. Nobody's record is read."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse

from ansinh.foundation.errors import NotFound
from ansinh.rules.law import parameters
from ansinh.rules.reading import Dated, Parameter, Value
from ansinh.screens.components import Cell, Empty, Field, Form, Link, Part, Problem, Row, Summary, Table
from ansinh.screens.saying import day, either
from ansinh.screens.sent import day_of
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.shell import home_link, page
from ansinh.workbench.words import root
from ansinh.workbench.words.rules import UNITS, WORDS

WHAT = ("xem các giá trị pháp luật", "look at the values of law")
SEARCH_LENGTH_MAX = 60
DECIMAL_COMMA = str.maketrans(".,", ",.")


@officer_page(permission=None, what=WHAT)
def rules_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Show the values in force on a day, all or those whose name, words or source hold a text."""
    words = WORDS[language]
    typed, searched = request.GET.get("on", "").strip(), request.GET.get("find", "").strip()[:SEARCH_LENGTH_MAX]
    on = day_of(typed) if typed else officer.today
    wrong = (Problem("on", words["on_wrong"]),) if on is None else ()
    shown_day = on or officer.today
    asks = (
        Field("on", words["on"], words["on_hint"], typed or day(shown_day), wrong[0].text if wrong else "", width=10),
        Field("find", words["find"], value=searched, optional=True),
    )
    parts: list[Part] = [Form(asks, words["show"], method="get", kind="quiet")]
    lines = tuple(_line(one, shown_day, language) for one in parameters().values() if _matches(one, searched))
    if lines:
        columns = (words["name"], words["value"], words["since"], words["source"])
        parts.append(Table(words["values"].format(day=day(shown_day)), columns, lines))
    else:
        parts.append(Empty(words["none_title"], words["none_text"]))
    return page(request, language, words["title"], parts, lead=words["lead"], back=home_link(language), problems=wrong)


@officer_page(permission=None, what=WHAT)
def rule_page(request: HttpRequest, language: str, officer: Officer, name: str) -> HttpResponse:
    """Show one value through time, the newest first."""
    words, one = WORDS[language], parameters().get(name)
    if one is None:
        raise NotFound("Không có tham số này.", "There is no such parameter.")
    facts = Summary((Row(words["key"], one.name), Row(words["unit"], _unit(one.unit, language))))
    columns = (words["since"], words["value"], words["source"], words["sure"])
    lines = tuple(
        (day(dated.day), _value(dated.value, one.unit, language), dated.reference, words[dated.confidence])
        for dated in reversed(one.history)
    )
    back = Link(words["title"], f"{root(language)}rules")
    title = either((one.vi, one.description), language)
    return page(request, language, title, [facts, Table(words["history"], columns, lines)], back=back)


def _matches(one: Parameter, searched: str) -> bool:
    said = " ".join((one.name, one.vi, one.description, *(dated.reference for dated in one.history)))
    return searched.casefold() in said.casefold()


def _line(one: Parameter, on: date, language: str) -> tuple[str | Part, ...]:
    words = WORDS[language]
    name = Cell(Link(either((one.vi, one.description), language), f"{root(language)}rules/{one.name}"), one.name)
    dated = _in_force(one, on)
    if dated is None:
        return name, words["unknown"], "–", "–"
    return name, _value(dated.value, one.unit, language), day(dated.day), dated.reference


def _in_force(one: Parameter, on: date) -> Dated | None:
    try:
        return one.in_force(on)
    except LookupError:
        return None


def _value(value: Value, unit: str, language: str) -> str:
    if value is None:
        return WORDS[language]["unknown"]
    if isinstance(value, str):
        return value
    told = f"{value:,}"
    if language == "vi":
        told = told.translate(DECIMAL_COMMA)
    return f"{told} ₫" if unit == "dong" else f"{told} {_unit(unit, language)}"


def _unit(unit: str, language: str) -> str:
    return UNITS.get(unit, unit) if language == "vi" else unit


PAGES = {"rules": rules_page, "rules/<str:name>": rule_page}
