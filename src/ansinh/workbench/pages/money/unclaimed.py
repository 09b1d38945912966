"""Money nobody collected: who came for it is chosen, what will change is shown with its sum, then each claim is made by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.foundation.errors import NotFound
from ansinh.reckoning.operations import claim_unclaimed
from ansinh.reckoning.queries import UnclaimedLine, unclaimed_of
from ansinh.screens.components import (
    Area,
    Banner,
    Choice,
    Choices,
    Empty,
    Form,
    Hidden,
    Link,
    Part,
    Problem,
    Table,
)
from ansinh.screens.saying import day, money
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.pages.money.exceptions import REASON_LENGTH_MAX, number_after
from ansinh.workbench.pages.money.recoveries import LENGTH
from ansinh.workbench.pages.money.runs import counted
from ansinh.workbench.shell import page
from ansinh.workbench.words import root
from ansinh.workbench.words.exceptions import WORDS as EXCEPTIONS
from ansinh.workbench.words.recoveries import WORDS


@officer_page(
    permission="reckoning.claim", what=("trả tiền chưa ai nhận", "give people money they had not collected"), safe=False
)
def unclaimed_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Show what is set aside to choose from; chosen, what will change; confirmed, it is due again. Persons' numbers travel in bodies alone."""
    words, here = WORDS[language], f"{root(language)}exceptions/unclaimed"
    sent = {
        name: [one for one in request.POST.getlist(name) if one.isascii() and one.isdigit() and len(one) <= 18]
        for name in ("person", "after")
    }
    after = int(sent["after"][0]) if sent["after"] else 0
    if request.method != "POST" or after:
        return _choose(request, language, after, {})
    chosen = unclaimed_of([int(one) for one in sent["person"]][:LENGTH])
    if not chosen:
        return _choose(request, language, 0, {"person": words["choose_wrong"]})
    reason = request.POST.get("reason", "").strip()
    if "confirm" not in request.POST:
        return _preview(request, language, chosen, reason, {})
    if not 0 < len(reason) <= REASON_LENGTH_MAX:
        return _preview(request, language, chosen, reason, {"reason": words["reason_missing"]})
    return HttpResponseRedirect(f"{here}?done={_claim(officer, chosen, reason)}", status=303)


def _claim(officer: Officer, chosen: Sequence[UnclaimedLine], reason: str) -> int:
    """Claim for each and return for how many; whose money was claimed meanwhile is left alone."""
    done = 0
    for one in chosen:
        try:
            claim_unclaimed(actor=officer.actor, reason=reason, clock=officer.clock, person_id=one.person_id)
            done += 1
        except NotFound:
            continue
    return done


def _choose(request: HttpRequest, language: str, after: int, wrong: Mapping[str, str]) -> HttpResponse:
    words, here = WORDS[language], f"{root(language)}exceptions/unclaimed"
    found = unclaimed_of(after=after, length=LENGTH + 1)
    shown = found[:LENGTH]
    done = number_after(request, "done")
    parts: list[Part] = [Banner(words["done"].format(done=done), kind="good")] if done else []
    items = tuple(
        Choice(
            str(one.person_id),
            words["unclaimed_line"].format(person=one.person_id, amount=money(one.amount)),
            words["unclaimed_note"].format(months=one.months, day=day(one.set_aside_at.date())),
        )
        for one in shown
    )
    if items:
        people = Choices("person", words["choose"], items, error=wrong.get("person", ""), several=True)
        parts.append(Form((people,), words["preview"], action=here))
    else:
        parts.append(Empty(words["unclaimed_none"]))
    if len(found) > LENGTH:
        last = Hidden("after", str(shown[-1].person_id))
        parts.append(Form((last,), words["more"], action=here, kind="quiet"))
    return _page(request, language, parts, wrong)


def _preview(
    request: HttpRequest, language: str, chosen: Sequence[UnclaimedLine], reason: str, wrong: Mapping[str, str]
) -> HttpResponse:
    words, here = WORDS[language], f"{root(language)}exceptions/unclaimed"
    rows = tuple(
        (EXCEPTIONS[language]["record"].format(person=one.person_id), words["aside"], words["due"], money(one.amount))
        for one in chosen
    )
    total = (words["total"].format(persons=counted(len(chosen))), "", "", money(sum(one.amount for one in chosen)))
    columns = (EXCEPTIONS[language]["payee"], words["before"], words["after"], words["amount"])
    area = Area("reason", words["reason"], "", reason, wrong.get("reason", ""), REASON_LENGTH_MAX)
    kept = tuple(Hidden("person", str(one.person_id)) for one in chosen)
    back = Link(words["unclaimed"], here)
    parts: tuple[Part, ...] = (
        Table(words["preview_title"], columns, rows, (3,), total),
        Form((*kept, area), words["confirm"], action=here, name="confirm", beside=back),
    )
    return _page(request, language, parts, wrong)


def _page(request: HttpRequest, language: str, parts: Sequence[Part], wrong: Mapping[str, str]) -> HttpResponse:
    words = WORDS[language]
    problems = tuple(Problem(field, text) for field, text in wrong.items())
    back = Link(EXCEPTIONS[language]["title"], f"{root(language)}exceptions")
    lead = words["unclaimed_lead"]
    return page(request, language, words["unclaimed"], parts, lead=lead, back=back, problems=problems)


PAGES = {"exceptions/unclaimed": unclaimed_page}
