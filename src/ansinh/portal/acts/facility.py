"""Choose the first-contact facility: changed in the window at the beginning of a quarter, planned for it at any time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from ansinh.cards.operations import OnCard, change_facility
from ansinh.cards.queries import PrintedCard, printed_card
from ansinh.foundation.errors import Refusal
from ansinh.mandates.states import What
from ansinh.places.queries import Facility, facilities_named
from ansinh.places.queries import facility as facility_of_code
from ansinh.portal.acts.steps import REASON, STEP, back_to, check_page, error_at, go, posted, problem_of, step_of
from ansinh.portal.shell import page
from ansinh.portal.whose import Whose, own_page
from ansinh.portal.words.acting import WORDS as SHARED
from ansinh.portal.words.facility import WORDS
from ansinh.rules.health_insurance import next_change_window
from ansinh.screens.components import (
    Banner,
    Choice,
    Choices,
    Empty,
    Field,
    Form,
    Hidden,
    Part,
    Problem,
    Row,
    Summary,
)
from ansinh.screens.saying import day

LEVELS = ("primary", "basic")


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(what=What.APPLY, safe=False, noted="card")
def facility_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Ask for the facility, check, and record it from the next day on which it may be."""
    words, step = WORDS[language], step_of(request)
    card, back = printed_card(whose.person_id), back_to(language, "card", words["card"])
    if card is None or not card.card_number:
        nothing = (Empty(words["no_card"], words["no_card_text"], back),)
        return page(request, language, words["title"], nothing, back=back)
    on, answers = next_change_window(whose.today), posted(request, ("facility",))
    if step in {"", "change"}:
        return _form(request, language, card, on, answers)
    found = facilities_named(answers["facility"], LEVELS)
    same = len(found) == 1 and found[0].code == (card.next_facility or card.facility)
    if len(found) != 1 or same:
        told = words["same"] if same else words["many_error"] if found else words["none"]
        return _form(request, language, card, on, answers, (Problem("facility", told),), [] if same else found)
    if step == "check":
        rows = (Row(words["facility"], found[0].name, note=found[0].code), Row(words["from"], day(on)))
        return check_page(request, language, rows, {"facility": found[0].code}, button=words["send"])
    problem = _change(whose, card, on, found[0], language)
    if problem is not None:
        return _form(request, language, card, on, answers, (problem,))
    return go(language, f"card/facility?done={on:%Y-%m-%d}")


def _change(whose: Whose, card: PrintedCard, on: date, chosen: Facility, language: str) -> Problem | None:
    key = f"portal:{on:%Y%m%d}:{chosen.code}:{card.next_facility or card.facility}"
    try:
        change_facility(
            actor=whose.actor,
            reason=REASON,
            clock=whose.clock,
            on=OnCard(whose.person_id, str(card.card_number), on, key),
            facility=chosen.code,
        )
    except Refusal as refusal:
        return problem_of(refusal, language, ("facility",))
    return None


def _form(
    request: HttpRequest,
    language: str,
    card: PrintedCard,
    on: date,
    answers: dict[str, str],
    problems: tuple[Problem, ...] = (),
    found: Sequence[Facility] = (),
) -> HttpResponse:
    words = WORDS[language]
    rows = [Row(words["now"], _named(card.facility), note=card.facility)]
    planned = card.next_facility is not None and card.next_facility != card.facility
    if planned:
        rows.append(Row(words["next"], _named(str(card.next_facility)), note=day(card.next_valid_from)))
    parts: list[Part] = [Summary(tuple(rows))]
    back = back_to(language, "card", words["card"])
    if request.method != "POST" and "done" in request.GET:
        told = words["done_text"].format(day=day(card.next_valid_from if planned else on))
        parts.insert(0, Banner(words["done"], told, "good"))
        return page(request, language, words["title"], parts, back=back)
    asked: Part = Field(
        "facility", words["facility"], words["facility_hint"], answers["facility"], error_at(problems, "facility")
    )
    if found:
        items = tuple(Choice(one.code, one.name, one.code) for one in found)
        asked = Choices("facility", words["many"], items, error=error_at(problems, "facility"))
    parts.append(Form((asked, Hidden(STEP, "check")), SHARED[language]["continue"]))
    lead = words["lead"].format(day=day(on))
    return page(request, language, words["title"], parts, lead=lead, back=back, problems=problems)


def _named(code: str) -> str:
    found = facility_of_code(code)
    return found.name if found else code


PAGES = {"card/facility": facility_page}
