"""What is done to a run beside signing it: opened by a form, then one step at a time, each with a reason; the operations ask who may."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.database.urls import secrets_folder
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.settings import settings
from ansinh.payments import operations
from ansinh.payments.operations import RunOrder
from ansinh.payments.queries import run_head, run_of
from ansinh.payments.states import KINDS_OF_RHYTHM
from ansinh.places.queries import provinces
from ansinh.screens.components import (
    Area,
    Choice,
    Choices,
    DateField,
    Details,
    Field,
    Form,
    Link,
    Paragraph,
    Part,
    Problem,
)
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.pages.money.runs import facts_of
from ansinh.workbench.pages.money.turns import PERMISSIONS
from ansinh.workbench.shell import page
from ansinh.workbench.words import root
from ansinh.workbench.words.money import WORDS as MONEY
from ansinh.workbench.words.money_acts import WORDS

REASON_LENGTH_MAX = 500
_MONTH = re.compile(r"(0?[1-9]|1[0-2])/([0-9]{4})")
_MAKING = ("lập và sửa đợt chi", "make payment runs")


def day_sent(request: HttpRequest, name: str) -> date | None:
    """Return the day three boxes of a form hold, or None."""
    told = [request.POST.get(f"{name}-{part}", "").strip() for part in ("year", "month", "day")]
    if not all(one.isascii() and one.isdigit() and len(one) <= 4 for one in told):
        return None
    try:
        return date(*(int(one) for one in told))
    except ValueError:
        return None


def day_field(request: HttpRequest, name: str, label: str, error: str = "") -> DateField:
    """Return three boxes for a day, with what was typed."""
    typed = {part: request.POST.get(f"{name}-{part}", "")[:4] for part in ("day", "month", "year")}
    return DateField(name, label, "", typed["day"], typed["month"], typed["year"], error)


def months_sent(text: str) -> tuple[int, ...]:
    """Return months written as 07/2025, parted by commas; none when one of them is not a month."""
    told = [_MONTH.fullmatch(one.strip()) for one in text.split(",") if one.strip()]
    return tuple(sorted({int(one[2]) * 100 + int(one[1]) for one in told if one})) if all(told) else ()


def province_choices(request: HttpRequest, words: Mapping[str, str], error: str = "") -> Choices:
    """Return the provinces to choose any of, with those that were chosen."""
    items = tuple(Choice(one.code, one.name) for one in provinces())
    chosen = tuple(provinces_sent(request))
    return Choices("provinces", words["provinces"], items, chosen, words["provinces_hint"], error, several=True)


def provinces_sent(request: HttpRequest) -> list[str]:
    """Return the provinces that were chosen and that there are."""
    sent = set(request.POST.getlist("provinces"))
    return [one.code for one in provinces() if one.code in sent]


@officer_page(permission="payments.create_run", what=_MAKING, safe=False)
def new_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Open a run in draft."""
    words, base = WORDS[language], root(language)
    sent = {name: request.POST.get(name, "").strip() for name in ("months", "rhythm", "act")}
    pay_on, months = day_sent(request, "pay_on"), months_sent(sent["months"])
    wrong: dict[str, str] = {}
    if request.method == "POST":
        wrong |= {} if pay_on else {"pay_on": words["pay_on_wrong"]}
        wrong |= {} if months else {"months": words["months_wrong"]}
        wrong |= {} if sent["rhythm"] in KINDS_OF_RHYTHM else {"rhythm": words["rhythm_wrong"]}
        wrong |= {} if 0 < len(sent["act"]) <= REASON_LENGTH_MAX else {"act": words["act_wrong"]}
        if pay_on and not wrong:
            kinds, chosen = tuple(sorted(KINDS_OF_RHYTHM[sent["rhythm"]])), tuple(provinces_sent(request))
            order = RunOrder(pay_on, months, sent["act"], sent["rhythm"], chosen or None, kinds)
            try:
                run = operations.create_run(
                    actor=officer.actor, reason=words["open_reason"], clock=officer.clock, order=order
                )
                return HttpResponseRedirect(f"{base}runs/{run}", status=303)
            except InvalidInput as refusal:
                wrong = {str(refusal.facts.get("field", "months")): refusal.vi if language == "vi" else refusal.en}
    rhythms = tuple(Choice(one, words[one]) for one in KINDS_OF_RHYTHM)
    months_field = Field("months", words["months"], words["months_hint"], sent["months"], wrong.get("months", ""))
    fields: tuple[Part, ...] = (
        Choices("rhythm", words["rhythm"], rhythms, (sent["rhythm"] or "monthly",), error=wrong.get("rhythm", "")),
        day_field(request, "pay_on", words["pay_on"], wrong.get("pay_on", "")),
        months_field,
        Field("act", words["act"], "", sent["act"], wrong.get("act", ""), length_max=REASON_LENGTH_MAX),
        Details(words["provinces"], (province_choices(request, words),)),
    )
    problems = tuple(Problem(field, text) for field, text in wrong.items())
    back = Link(MONEY[language]["title"], f"{base}runs")
    parts = (Form(fields, words["open"]),)
    return page(request, language, words["new"], parts, lead=words["new_lead"], back=back, problems=problems)


@dataclass(frozen=True, slots=True)
class Act:
    """One step of a run: its address below the run's, its words, its permission, what the page is for, and the operation."""

    address: str
    name: str
    permission: str
    what: tuple[str, str]
    do: Callable[[Officer, str, int], object]
    kind: Literal["main", "warning"] = "main"


def _by(operation: Callable[..., object], officer: Officer, reason: str, run: int, **given: object) -> object:
    return operation(actor=officer.actor, reason=reason, clock=officer.clock, run_id=run, **given)


def _back(operation: Callable[..., object], officer: Officer, reason: str, run: int) -> object:
    return _by(operation, officer, reason, run, secrets=secrets_folder(settings()), agreed=False)


ACTS = (
    # A worker builds, whatever the size; what is owed it asks by itself.
    Act("build", "build", PERMISSIONS["build"], _MAKING, partial(_by, operations.build_run, owed="", by_worker=True)),
    Act("check", "check", PERMISSIONS["check"], _MAKING, partial(_by, operations.check_run, by_worker=True)),
    Act("seal", "seal", PERMISSIONS["seal"], _MAKING, partial(_by, operations.check_run)),
    Act("reroute", "reroute", PERMISSIONS["reroute"], _MAKING, partial(_by, operations.reroute_orders)),
    Act("close", "close", PERMISSIONS["close"], _MAKING, partial(_by, operations.close_run)),
    Act("abort", "abort", PERMISSIONS["abort"], _MAKING, partial(_by, operations.abort_run), kind="warning"),
    Act(
        "fund",
        "fund",
        PERMISSIONS["fund"],
        ("bố trí tiền cho đợt chi", "set money aside for payment runs"),
        partial(_by, operations.fund_run),
    ),
    Act(
        "approve/back",
        "back",
        PERMISSIONS["approve"],
        ("duyệt đợt chi", "approve payment runs"),
        partial(_back, operations.approve_run),
    ),
    Act(
        "authorise/back",
        "back",
        PERMISSIONS["authorise"],
        ("chuẩn chi", "authorise payment runs"),
        partial(_back, operations.authorise_run),
    ),
)


def _page_of(act: Act) -> Callable[..., HttpResponse]:
    @officer_page(permission=act.permission, what=act.what, safe=False)
    def act_page(request: HttpRequest, language: str, officer: Officer, run: int) -> HttpResponse:
        """Show the run once more and do the step, with a reason."""
        words, base = WORDS[language], root(language)
        one, head = run_of(run), run_head(run)
        reason = request.POST.get("reason", "").strip()
        wrong = request.method == "POST" and not 0 < len(reason) <= REASON_LENGTH_MAX
        if request.method == "POST" and not wrong:
            act.do(officer, reason, run)
            return HttpResponseRedirect(f"{base}runs/{run}", status=303)
        error = words["reason_missing"] if wrong else ""
        area = Area("reason", words["reason"], value=reason, error=error, length_max=REASON_LENGTH_MAX)
        parts = (
            Paragraph(words[f"{act.name}_lead"]),
            facts_of(head, one.act, language),
            Form((area,), words[act.name], kind=act.kind),
        )
        named = MONEY[language]["run"].format(run=run)
        problems = (Problem("reason", error),) if error else ()
        back = Link(named, f"{base}runs/{run}")
        return page(request, language, f"{words[act.name]}: {named}", parts, back=back, problems=problems)

    return act_page


PAGES = {"runs/new": new_page, **{f"runs/<int:run>/{act.address}": _page_of(act) for act in ACTS}}
