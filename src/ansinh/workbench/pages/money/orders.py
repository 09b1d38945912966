"""From a province to its orders, to one order, to why each đồng is owed, by which article."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse

from ansinh.benefits.queries import DecisionKept, EntitlementShown, decision, entitlements_of
from ansinh.foundation.errors import NotFound
from ansinh.payments.queries import (
    PAGE_LENGTH_MAX,
    OwnPayment,
    Step,
    order_numbered,
    orders_in,
    payments_to,
    run_of,
    story_of,
)
from ansinh.places.queries import provinces
from ansinh.screens.components import Event, Link, Pages, Paragraph, Part, Row, Steps, Summary, Table, Timeline
from ansinh.screens.saying import moment, money, month
from ansinh.workbench.guard import Officer, missing, officer_page
from ansinh.workbench.pages.money.runs import NUMBER_MAX, WHAT
from ansinh.workbench.shell import page
from ansinh.workbench.words import root
from ansinh.workbench.words.money import WORDS

_TRY = re.compile(r"attempt (\d+) ([a-z_]+)")


@officer_page(permission="payments.show", what=WHAT)
def province_page(request: HttpRequest, language: str, officer: Officer, run: int, province: str) -> HttpResponse:
    """Show a run's orders of a province, by the key of the last one seen; nobody is named in a list."""
    words, base = WORDS[language], root(language)
    told = request.GET.get("after", "")
    after = int(told) if told.isascii() and told.isdigit() and len(told) <= len(str(NUMBER_MAX)) + 2 else 0
    found = orders_in(run_of(run), province, after)
    name = next((one.name for one in provinces() if one.code == province), province)
    if name == province and not found:
        return missing(request, language)
    shown, here = found[:PAGE_LENGTH_MAX], f"{base}runs/{run}/provinces/{province}"
    rows = tuple(
        (
            Link(words["order_number"].format(order=one.order_id), f"{base}runs/{run}/orders/{one.order_id}"),
            one.commune or "–",
            words[one.channel],
            money(one.amount),
        )
        for one in shown
    )
    columns = (words["order"], words["commune"], words["channel"], words["amount"])
    parts: list[Part] = [Table(name, columns, rows, (3,))]
    more = Link(words["more"], f"{here}?after={shown[-1].order_id}") if len(found) > PAGE_LENGTH_MAX else None
    if more or after:
        parts.append(Pages(Link(words["newest"], here) if after else None, more))
    title = words["in_province"].format(run=run, province=name)
    return page(request, language, title, parts, back=Link(words["run"].format(run=run), f"{base}runs/{run}"))


@officer_page(permission="payments.show", what=WHAT)
def order_page(request: HttpRequest, language: str, officer: Officer, run: int, order: int) -> HttpResponse:
    """Show one order, what it is made of and why; the payee sees who looked."""
    words, base = WORDS[language], root(language)
    whose = order_numbered(run_of(run), order)
    if whose is None:
        return missing(request, language)
    steps = story_of(actor=officer.actor, reason=words["order_reason"], run_id=run, person_id=whose.person_id)
    facts = [
        Row(words["payee"], words["record"].format(person=whose.person_id)),
        Row(words["amount"], money(whose.amount)),
    ]
    parts: list[Part] = [Summary(tuple(facts))]
    for payment in payments_to(whose.person_id, only=run):
        parts.append(_made_of(payment, words))
        parts += _why(payment, entitlements_of(whose.person_id), language)
    events = tuple(event_of(one, words) for one in reversed(steps))
    if events:
        parts.append(Timeline(events, words["story"]))
    title = words["order_number"].format(order=order)
    return page(
        request,
        language,
        title,
        parts,
        back=Link(
            words["in_province"].format(run=run, province=whose.province),
            f"{base}runs/{run}/provinces/{whose.province}",
        ),
    )


def event_of(step: Step, words: Mapping[str, str]) -> Event:
    """Return a step of a payment as an event of its story."""
    told = _TRY.match(step.what)
    name, number = (told[2], words["try_number"].format(number=told[1])) if told else (step.what, "")
    said = words.get(f"step_{name}", words["step_other"])
    return Event(moment(step.happened_at), ", ".join(part for part in (said, number) if part), money(step.amount))


def _made_of(payment: OwnPayment, words: Mapping[str, str]) -> Summary:
    rows = tuple(
        Row(
            words["part"].format(kind=words[f"kind_{kind}"], month=month(of_month)),
            money(amount),
            "" if component == "base" else words["correction"],
        )
        for kind, of_month, component, amount, _ in payment.made_of
    )
    return Summary(rows, words["made_of"])


def _why(payment: OwnPayment, rights: list[EntitlementShown], language: str) -> list[Part]:
    words = WORDS[language]
    owed = {part[4] for part in payment.made_of}
    parts: list[Part] = []
    for right in (one for one in rights if one.entitlement_id in owed):
        title = words["why"].format(kind=words[f"kind_{right.kind}"])
        taken = _decided(right)
        if taken is None:
            parts.append(Paragraph(words["no_steps"]))
        else:
            because = taken.because_vi if language == "vi" else taken.because_en
            parts.append(Paragraph(words["decision"].format(number=taken.number, because=because)))
            source = "reference_vi" if language == "vi" else "reference"
            steps = [one for one in taken.explanation.get("steps", []) if one.get(language)]
            parts.append(Steps(tuple((str(one[language]), str(one.get(source) or "")) for one in steps), title))
        versions = tuple(
            Event(
                words["from_month"].format(month=month(one.valid_from), amount=money(one.amount)),
                words["by_act"].format(act=one.act),
                " ".join(f"{vi if language == 'vi' else en} ({article})" for vi, en, article in one.derivation()),
            )
            for one in reversed(right.versions)
        )
        parts.append(Timeline(versions, title))
    return parts


def _decided(right: EntitlementShown) -> DecisionKept | None:
    """Return the decision behind a right; those taken before this system are known by number alone."""
    try:
        return decision(right.decision_id) if right.decision_id is not None else None
    except NotFound:
        return None


PAGES = {"runs/<int:run>/provinces/<slug:province>": province_page, "runs/<int:run>/orders/<int:order>": order_page}
