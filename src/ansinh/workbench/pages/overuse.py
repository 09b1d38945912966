"""Visits that may be over-use: the list with reasons, one finding with both visits, and an officer's decision in words. Nothing is refused by it."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.overuse.operations import NOTE_LENGTH_MAX, decide_finding, show_finding
from ansinh.overuse.queries import Finding, finding_of, findings
from ansinh.overuse.states import DECISIONS, FindingKind, FindingState
from ansinh.overuse.states import WORDS as SAID
from ansinh.places.queries import facility_names
from ansinh.screens.components import (
    Actions,
    Area,
    Choice,
    Choices,
    Empty,
    Form,
    Link,
    Pages,
    Paragraph,
    Part,
    Problem,
    Table,
    Tag,
)
from ansinh.screens.saying import day, either
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.shell import home_link, page
from ansinh.workbench.words import root
from ansinh.workbench.words.overuse import WORDS

WHAT = ("rà soát lượt khám nghi lạm dụng", "review visits that look like over-use")
PAGE_LENGTH = 50
CHOICES = tuple(one for one in FindingState if one in DECISIONS)


@officer_page(permission="overuse.show", what=WHAT)
def findings_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Show findings that are open, or of a state, of every kind or one, the newest first."""
    words, base = WORDS[language], root(language)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    one_kind = FindingKind(kind) if kind in set(FindingKind) else None
    one_state = FindingState(state) if state in set(FindingState) else FindingState.OPEN
    after = _key_of(request.GET.get("after", ""))
    found = findings(kind=one_kind, state=one_state, after=after, limit=PAGE_LENGTH + 1)
    asked = {"kind": one_kind.value if one_kind else "", "state": one_state.value}
    kinds = [Link(words["all"], f"{base}overuse?{urlencode(asked | {'kind': ''})}")]
    kinds += [
        Link(_said(one, language), f"{base}overuse?{urlencode(asked | {'kind': one.value})}") for one in FindingKind
    ]
    states = [
        Link(_said(one, language), f"{base}overuse?{urlencode(asked | {'state': one.value})}") for one in FindingState
    ]
    parts: list[Part] = [Actions(tuple(kinds)), Actions(tuple(states))]
    if found:
        shown = found[:PAGE_LENGTH]
        names = facility_names(sorted({code for one in shown for code in (one.facility, one.other_facility)}))
        columns = (words["why"], words["facilities"], words["day"], words["state"])
        lines = tuple(_line(one, names, language) for one in shown)
        parts.append(Table(_said(one_state, language), columns, lines))
    else:
        parts.append(Empty(words["none_title"], words["none_text"]))
    if len(found) > PAGE_LENGTH:
        onward = urlencode(asked | {"after": "_".join(map(str, found[PAGE_LENGTH - 1].key))})
        parts.append(Pages(older=Link(words["next"], f"{base}overuse?{onward}")))
    return page(request, language, words["title"], parts, lead=words["lead"], back=home_link(language))


@officer_page(permission="overuse.show", what=WHAT, safe=False)
def finding_page(request: HttpRequest, language: str, officer: Officer, finding: int) -> HttpResponse:
    """Show one finding; both persons see who looked. Posted, it is decided."""
    words, base = WORDS[language], root(language)
    finding_of(finding)  # a finding about people of another province is not there
    decision, why = request.POST.get("decision", ""), request.POST.get("words", "").strip()
    wrong: list[Problem] = []
    if request.method == "POST":
        if decision not in DECISIONS:
            wrong.append(Problem("decision", words["decision_missing"]))
        if not 0 < len(why) <= NOTE_LENGTH_MAX:
            wrong.append(Problem("words", words["words_missing"]))
        if not wrong:
            decide_finding(
                actor=officer.actor,
                reason=words["deciding"],
                clock=officer.clock,
                finding_no=finding,
                decision=FindingState(decision),
                words=why,
            )
            return HttpResponseRedirect(f"{base}overuse/{finding}", status=303)
    shown = show_finding(actor=officer.actor, reason=words["looked"], finding_no=finding)
    parts: list[Part] = [
        Tag(_said(shown.state, language), "waiting" if shown.state is FindingState.OPEN else "neutral")
    ]
    parts.append(_beside(shown, language))
    if shown.state is not FindingState.GONE and officer.may("overuse.decide"):
        errors = {one.field: one.text for one in wrong}
        choices = tuple(Choice(one.value, _said(one, language), words[f"{one}_hint"]) for one in CHOICES)
        asks = (
            Choices("decision", words["decide"], choices, (decision,), error=errors.get("decision", "")),
            Area("words", words["words"], words["words_hint"], why, errors.get("words", ""), NOTE_LENGTH_MAX),
        )
        parts.append(Form(asks, words["send"]))
    parts.append(Paragraph(words["lead"], "quiet"))
    title = words["finding"].format(finding=finding)
    back = Link(words["title"], f"{base}overuse")
    told = either(shown.why, language)
    return page(request, language, title, parts, lead=told, back=back, problems=tuple(wrong))


def _key_of(text: str) -> tuple[date, int, int] | None:
    """Return what a list goes on from; None for what is not one of ours, which shows the beginning."""
    try:
        first_on, measure, number = text.split("_")
        return date.fromisoformat(first_on), int(measure), int(number)
    except ValueError:
        return None


def _said(one: FindingKind | FindingState, language: str) -> str:
    return either(SAID[one], language).capitalize()


def _line(one: Finding, names: dict[str, str], language: str) -> tuple[str | Part, ...]:
    facilities = dict.fromkeys((one.facility, one.other_facility))
    return (
        Link(either(one.why, language), f"{root(language)}overuse/{one.finding_no}"),
        "; ".join(names.get(code, code) for code in facilities),
        day(one.first_on),
        _said(one.state, language),
    )


def _beside(one: Finding, language: str) -> Table:
    """Return both visits beside each other."""
    words = WORDS[language]
    names = facility_names([one.facility, one.other_facility])
    persons = tuple(words["person"].format(person=each) for each in (one.person_id, one.other_person_id))
    places = tuple(names.get(code, code) for code in (one.facility, one.other_facility))
    lines = (
        (words["facility"], *places),
        (words["who"], *persons),
        (words["visit"], str(one.visit_id), str(one.other_visit_id)),
    )
    return Table(words["both"], (words["what"], words["first"], words["second"]), lines)


PAGES = {"overuse": findings_page, "overuse/<int:finding>": finding_page}
