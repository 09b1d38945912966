"""“My pension”: what the real book would give, by the rules officers decide with. It asks only what nobody can know, and says that it is an estimate."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, QueryDict

from ansinh.benefits.queries import Simulated, Wish, entitlements_of, simulate_pension
from ansinh.benefits.states import Kind, State
from ansinh.participation.queries import years_and_months
from ansinh.portal.pages.payments import version_on
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import Whose, own_page
from ansinh.portal.words import root
from ansinh.portal.words.pension import WORDS
from ansinh.screens.components import (
    Actions,
    Banner,
    Button,
    Choice,
    Choices,
    Details,
    Empty,
    Field,
    Figure,
    Form,
    Link,
    Paragraph,
    Part,
    Problem,
    Steps,
)
from ansinh.screens.saying import either, money, month

AGES = (45, 80)
WAGE_MAX = 1_000_000_000
GROWTH_MAX = 20.0
_APART = re.compile(r"[\s.\u00a0₫đ]")


@own_page(noted="pension estimate")
def pension_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Ask for assumptions, all of which may be left out; show the estimate once asked."""
    words = WORDS[language]
    asked = "ask" in request.GET
    lead, back = words["lead"], home_link(language)
    if _receiving(whose):
        nothing = Empty(words["receiving"], link=Link(words["receiving_link"], f"{root(language)}payments"))
        return page(request, language, words["title"], (nothing,), back=back)
    wish, problems = _wish(request.GET, words)
    if not asked or problems:
        form = _form(request.GET, problems, language)
        return page(request, language, words["title"], (form,), lead=lead, back=back, problems=problems)
    found = simulate_pension(whose.person_id, whose.now, wish)
    parts = [Banner(words["estimate_title"], words["estimate"], "warning"), *_told(found, language)]
    again = request.GET.copy()
    del again["ask"]
    parts.append(Actions((Button(words["again"], f"{root(language)}pension?{again.urlencode()}", "quiet"),)))
    return page(request, language, words["title"], parts, back=back)


def _receiving(whose: Whose) -> bool:
    held = (version_on(right, whose.today) for right in entitlements_of(whose.person_id) if right.kind == Kind.PENSION)
    return any(one is not None and one.state != State.ENDED for one in held)


def _told(found: Simulated, language: str) -> list[Part]:
    words = WORDS[language]
    names = {"month": month(found.from_month), "time": either(years_and_months(found.months_paid), language)}
    result: Part = Figure(words["result"], money(found.pension), words["result_text"].format(**names))
    if not found.pension:
        result = Banner(words["not_yet"], words["not_yet_text"].format(**names), "warning")
    steps = [step for step in found.explanation["steps"] if step.get(language)]
    source = "reference_vi" if language == "vi" else "reference"
    shown = tuple((str(step[language]), str(step.get(source) or "")) for step in steps)
    assumed = tuple(Paragraph(one.vi if language == "vi" else one.en) for one in found.assumptions)
    return [result, Details(words["assumptions"], assumed), Steps(shown, words["steps"])]


def _form(given: QueryDict, problems: tuple[Problem, ...], language: str) -> Form:
    words = WORDS[language]
    wrong = {one.field: one.text for one in problems}
    fields = tuple(
        Field(
            name,
            words[name],
            words[f"{name}_hint"],
            given.get(name, "")[:20],
            wrong.get(name, ""),
            mode="numeric",
            width=width,
            length_max=20,
            optional=True,
        )
        for name, width in (("age", 3), ("wage", 14), ("growth", 4))
    )
    items = (Choice("yes", words["pays_on_yes"]), Choice("no", words["pays_on_no"]))
    chosen = "no" if given.get("pays_on") == "no" else "yes"
    pays_on = Choices("pays_on", words["pays_on"], items, (chosen,))
    return Form((*fields, pays_on), words["ask"], method="get", name="ask")


def _wish(given: QueryDict, words: Mapping[str, str]) -> tuple[Wish, tuple[Problem, ...]]:
    """Read the assumptions; dots, blanks and the sign of đồng in numbers are forgiven."""
    problems = []
    age, wage = _whole(given.get("age", "")), _whole(given.get("wage", ""))
    growth = _share(given.get("growth", ""))
    if age is not None and not AGES[0] <= age <= AGES[1]:
        problems.append(Problem("age", words["bad_age"]))
    if wage is not None and not 0 < wage <= WAGE_MAX:
        problems.append(Problem("wage", words["bad_wage"]))
    if growth is not None and not 0 <= growth <= GROWTH_MAX:
        problems.append(Problem("growth", words["bad_growth"]))
    if problems:
        return Wish(), tuple(problems)
    return Wish(age, wage, growth or 0.0, given.get("pays_on") != "no"), ()


def _whole(text: str) -> int | None:
    """Return the number typed, None where nothing was, −1 where it is no number."""
    plain = _APART.sub("", text)
    if not plain:
        return None
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= len(str(WAGE_MAX)) else -1


def _share(text: str) -> float | None:
    plain = text.strip().removesuffix("%").strip().replace(",", ".")
    if not plain:
        return None
    return float(plain) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", plain) else -1.0


PAGES = {"pension": pension_page}
