"""Money: what a person receives, each payment with its story, and why an amount is what it is, by the explanation that was decided on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse

from ansinh.benefits.queries import EntitlementShown, VersionShown, decision, entitlements_of
from ansinh.benefits.states import State
from ansinh.foundation.errors import NotFound
from ansinh.payments.queries import OWN_PAYMENTS_MAX, OwnPayment, Step, payments_to, steps_to
from ansinh.payments.states import ONE_OFF_KINDS
from ansinh.portal.navigation import is_routed
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import Whose, missing, own_page
from ansinh.portal.words import root
from ansinh.portal.words.payments import WORDS
from ansinh.screens.components import (
    Actions,
    Banner,
    Button,
    Cell,
    Empty,
    Event,
    Link,
    Pages,
    Paragraph,
    Part,
    Row,
    Steps,
    Summary,
    Table,
    Tag,
    Timeline,
)
from ansinh.screens.components.parts import Tone
from ansinh.screens.saying import day, money, month

SHOWN = 12
BACK_MAX = 2_147_483_647
TONES: dict[str, Tone] = {"paid": "good", "paying": "waiting", "open": "waiting", "withheld": "bad", "returned": "bad"}
_TRY = re.compile(r"attempt (\d+) ([a-z]+)")


@own_page(level=2, noted="payments")
def payments_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show what a person receives, and the newest payments; older ones by the run they came before."""
    words, base = WORDS[language], root(language)
    before = _number(request.GET.get("before", ""))
    paid = payments_to(whose.person_id, before_run=before)
    rights = [] if before else _rights(entitlements_of(whose.person_id), whose.today, language)
    if not paid and not rights:
        nothing = Empty(words["empty"], words["empty_text"], Link(words["empty_link"], f"{base}pension"))
        return page(request, language, words["title"], (nothing,), back=home_link(language))
    parts: list[Part] = [*rights]
    if is_routed("payments/account") and not before:
        parts.append(Actions((Button(words["account_change"], f"{base}payments/account", "quiet"),)))
    if paid:
        parts.append(_table(paid[:SHOWN], language))
    older = Link(words["older"], f"{base}payments?before={paid[SHOWN - 1].run_id}") if len(paid) > SHOWN else None
    newest = Link(words["newest"], f"{base}payments") if before else None
    if older or newest:
        parts.append(Pages(newest, older))
    return page(request, language, words["title"], parts, back=home_link(language))


@own_page(level=2, noted="payment")
def payment_page(request: HttpRequest, language: str, whose: Whose, run: int) -> HttpResponse:
    """Show one payment: what it is made of, and each step it went through."""
    words, base = WORDS[language], root(language)
    found = payments_to(whose.person_id, only=run)
    if not found:
        return missing(request, language)
    one = found[0]
    to = {"account": words["to_account"], "post": words["to_post"]}.get(one.channel, "")
    rows = [Row(words["amount"], money(one.amount), to), Row(words["state"], _state(one, words))]
    for kind, of_month, component, amount, _ in one.made_of:
        told = words["of_month"].format(kind=words[f"kind_{kind}"], month=month(of_month))
        rows.append(Row(told, money(amount), "" if component == "base" else words["correction"]))
    parts: list[Part] = [*_what_to_do(one, words), Summary(tuple(rows), words["made_of"])]
    steps = [event for step in steps_to(whose.person_id, one) if (event := _step(step, words))]
    parts.append(Timeline(tuple(steps), words["story"]))
    why = [_why_link(number, base, words) for number in _entitlements(one, whose.person_id)]
    parts.append(Actions(tuple(why))) if why else None
    back = Link(words["title"], f"{base}payments")
    return page(request, language, words["story_title"].format(day=day(one.pay_on)), parts, back=back)


@own_page(level=2, noted="why this amount")
def why_page(request: HttpRequest, language: str, whose: Whose, place: int) -> HttpResponse:
    """Show how an amount came about: the decision's derivation step by step, each with its article, and every change since."""
    words, base = WORDS[language], root(language)
    rights = entitlements_of(whose.person_id)
    if not 1 <= place <= len(rights):
        return missing(request, language)
    right = rights[place - 1]
    parts = [*_derivation(right, language), *_changes(right, language)]
    latest = right.versions[-1]
    lead = words["why_lead"].format(
        name=words[f"kind_{right.kind}"], amount=money(_paid_version(right, whose.today, latest).amount)
    )
    return page(request, language, words["why_title"], parts, lead=lead, back=Link(words["title"], f"{base}payments"))


def version_on(right: EntitlementShown, today: date) -> VersionShown | None:
    """Return what an entitlement pays in the month of a day; None before it begins."""
    now = today.year * 100 + today.month
    held = [
        one for one in right.versions if one.valid_from <= now and (one.valid_until is None or now < one.valid_until)
    ]
    return held[-1] if held else None


def _paid_version(right: EntitlementShown, today: date, otherwise: VersionShown) -> VersionShown:
    found = version_on(right, today)
    return found if found and found.state != State.ENDED else otherwise


def _rights(rights: list[EntitlementShown], today: date, language: str) -> list[Part]:
    words, base = WORDS[language], root(language)
    rows = []
    for place, right in enumerate(rights, start=1):
        now = version_on(right, today)
        if now is None or now.state == State.ENDED:
            continue
        name = words[f"kind_{right.kind}"]
        told = words["once" if right.kind in ONE_OFF_KINDS else "amount_a_month"].format(amount=money(now.amount))
        since = words["since"].format(month=month(right.versions[0].valid_from))
        note = f"{words['suspended']}, {since}" if now.state == State.SUSPENDED else since
        why = Link(words["why"], f"{base}payments/why/{place}", words["why_of"].format(name=name))
        rows.append(Row(name, told, note, why))
    return [Summary(tuple(rows), words["rights"])] if rows else []


def _table(paid: list[OwnPayment], language: str) -> Table:
    words, base = WORDS[language], root(language)
    rows = tuple(
        (
            Link(day(one.pay_on), f"{base}payments/{one.run_id}"),
            Cell(", ".join(dict.fromkeys(words[f"kind_{part[0]}"] for part in one.made_of)) or "–"),
            money(one.amount),
            _state(one, words),
        )
        for one in paid
    )
    return Table(words["history"], (words["paid_on"], words["what"], words["amount"], words["state"]), rows, (2,))


def _state(one: OwnPayment, words: Mapping[str, str]) -> Tag:
    return Tag(words[f"state_{one.state}"], TONES[one.state])


def _what_to_do(one: OwnPayment, words: Mapping[str, str]) -> list[Part]:
    told = words.get(f"what_{one.state}")
    return [Banner(words[f"state_{one.state}"], told, "warning")] if told else []


def _step(step: Step, words: Mapping[str, str]) -> Event | None:
    """Return a step in words; what only the agency's own books know of is left out."""
    told = _TRY.match(step.what)
    name, number = (told[2], int(told[1])) if told else (step.what, 1)
    said = words.get(f"step_{name}")
    if said is None:
        return None
    when = day(step.happened_at.date())
    return Event(when, said, words["try_number"].format(number=number) if number > 1 else "")


def _entitlements(one: OwnPayment, person_id: int) -> list[tuple[int, str]]:
    places = {right.entitlement_id: place for place, right in enumerate(entitlements_of(person_id), start=1)}
    known = {part[4]: part[0] for part in one.made_of if part[4] in places}
    return [(places[number], kind) for number, kind in known.items()]


def _why_link(right: tuple[int, str], base: str, words: Mapping[str, str]) -> Link:
    place, kind = right
    return Link(words["why"], f"{base}payments/why/{place}", words["why_of"].format(name=words[f"kind_{kind}"]))


def _derivation(right: EntitlementShown, language: str) -> list[Part]:
    words = WORDS[language]
    if right.decision_id is None:
        return [Paragraph(words["no_steps"])]
    try:
        kept = decision(right.decision_id)
    except NotFound:
        return [Paragraph(words["no_steps"])]
    because = kept.because_vi if language == "vi" else kept.because_en
    steps = [step for step in kept.explanation.get("steps", []) if step.get(language)]
    told = tuple((str(step[language]), _source(step, language)) for step in steps)
    shown = [Steps(told, words["steps"])] if told else []
    return [Paragraph(f"{words['decision'].format(number=kept.number)}. {because}"), *shown]


def _source(step: Mapping[str, Any], language: str) -> str:
    return str(step.get("reference_vi" if language == "vi" else "reference") or "")


def _changes(right: EntitlementShown, language: str) -> list[Part]:
    words = WORDS[language]
    events = []
    for one in reversed(right.versions):
        steps = " ".join(vi if language == "vi" else en for vi, en, _ in one.derivation())
        text = " ".join(part for part in (words["act"].format(act=one.act), steps) if part)
        title = f"{words[f'cause_{one.cause}']}: {money(one.amount)}"
        events.append(Event(words["from_month"].format(month=month(one.valid_from)), title, text))
    return [Timeline(tuple(events), words["changes"])]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text) <= BACK_MAX else None


PAGES = {"payments": payments_page, "payments/<int:run>": payment_page, "payments/why/<int:place>": why_page}
assert OWN_PAYMENTS_MAX > SHOWN
