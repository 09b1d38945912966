"""Money that has to come back: listed by number, one with its steps and what may be done, each by an operation of reckoning."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.foundation.errors import Refusal
from ansinh.places.queries import banks_named
from ansinh.reckoning import operations
from ansinh.reckoning.operations import Repayment
from ansinh.reckoning.queries import RecoveryLine, RecoveryStep, recoveries, recovery_numbered, recovery_of
from ansinh.reckoning.states import RecoveryState
from ansinh.screens.components import (
    Actions,
    Area,
    Cell,
    Choice,
    Choices,
    Details,
    Empty,
    Event,
    Field,
    Form,
    Link,
    Pages,
    Part,
    Problem,
    Row,
    Summary,
    Table,
    Tag,
    Timeline,
)
from ansinh.screens.saying import moment, money
from ansinh.workbench.guard import Officer, missing, officer_page
from ansinh.workbench.pages.money.exceptions import REASON_LENGTH_MAX, number_after
from ansinh.workbench.pages.money.runs import NUMBER_MAX
from ansinh.workbench.shell import page
from ansinh.workbench.words import root
from ansinh.workbench.words.exceptions import WORDS as EXCEPTIONS
from ansinh.workbench.words.recoveries import WORDS

WHAT = ("xem khoản phải thu hồi và tiền chưa ai nhận", "look at money to come back and money nobody collected")
LENGTH = 50
AMOUNT_DIGITS_MAX = 15
_OVER = frozenset({RecoveryState.SETTLED, RecoveryState.WRITTEN_OFF})


@dataclass(frozen=True, slots=True)
class Sent:
    """What an officer sent about a recovery."""

    act: str
    reason: str
    paid: str
    reference: str
    bank: str


@officer_page(permission="reckoning.show", what=WHAT)
def recoveries_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Show the oldest recoveries, of all states or of one, by the number of the last one seen."""
    words, base = WORDS[language], root(language)
    asked, after = request.GET.get("state", ""), number_after(request)
    state = asked if asked in set(RecoveryState) else ""
    found = recoveries(state or None, after=after, length=LENGTH + 1)
    shown = found[:LENGTH]
    ways = [Link(words["all"], f"{base}exceptions/recoveries")]
    ways += [Link(words[one], f"{base}exceptions/recoveries?state={one}") for one in RecoveryState]
    parts: list[Part] = [Details(words["state"], (Actions(tuple(ways)),))]
    rows = tuple(
        (
            Link(words["recovery"].format(recovery=one.recovery_id), f"{base}exceptions/recoveries/{one.recovery_id}"),
            words[one.cause],
            Cell(words[one.state], words["asked"] if one.write_off_asked else ""),
            moment(one.opened_at),
            money(one.amount),
            money(one.remaining),
        )
        for one in shown
    )
    columns = (words["title"], *(words[one] for one in ("cause", "state", "opened", "amount", "left")))
    caption = words[state] if state else words["all"]
    parts.append(Table(caption, columns, rows, (4, 5)) if rows else Empty(words["none"]))
    here = f"{base}exceptions/recoveries?state={state}"
    more = Link(words["more"], f"{here}&after={shown[-1].recovery_id}") if len(found) > LENGTH else None
    if more or after:
        parts.append(Pages(Link(words["first"], here) if after else None, more))
    back = Link(EXCEPTIONS[language]["title"], f"{base}exceptions")
    return page(request, language, words["title"], parts, lead=words["lead"], back=back)


@officer_page(permission="reckoning.show", what=WHAT, safe=False)
def recovery_page(request: HttpRequest, language: str, officer: Officer, recovery: int) -> HttpResponse:
    """Show one recovery; its payee sees who looked. Posted, what was chosen is done."""
    words, base = WORDS[language], root(language)
    one = recovery_numbered(recovery) if recovery <= NUMBER_MAX else None
    if one is None:
        return missing(request, language)
    acts = acts_on(one, officer)
    sent = Sent(*(request.POST.get(name, "").strip()[:600] for name in ("act", "reason", "paid", "reference", "bank")))
    wrong = _problems(sent, acts, language) if request.method == "POST" else {}
    if request.method == "POST" and not wrong:
        try:
            _do(officer, one, sent)
            return HttpResponseRedirect(f"{base}exceptions/recoveries/{recovery}", status=303)
        except Refusal as refusal:
            if refusal.code not in {"more_than_owed", "receipt_differs", "invalid_input"}:
                raise
            wrong = {"paid": refusal.vi if language == "vi" else refusal.en}
    steps = recovery_of(actor=officer.actor, reason=words["look_reason"], person_id=one.person_id, recovery_id=recovery)
    parts: list[Part] = [_facts(one, language)]
    if acts:
        parts.append(_form(acts, sent, wrong, language))
    parts.append(Timeline(tuple(_event(step, language) for step in reversed(steps)), words["story"]))
    problems = tuple(Problem(field, text) for field, text in wrong.items())
    title, back = words["recovery"].format(recovery=recovery), Link(words["title"], f"{base}exceptions/recoveries")
    return page(request, language, title, parts, back=back, problems=problems)


def acts_on(one: RecoveryLine, officer: Officer) -> list[str]:
    """Return what an officer may do about a recovery now; the operations ask again, and for the second officer."""
    if one.state in _OVER:
        return []
    demanded = one.state != RecoveryState.OPEN
    offered = (
        ("demand", "reckoning.demand_recovery", not demanded),
        ("ask", "reckoning.ask_write_off", demanded and not one.write_off_asked),
        ("agree", "reckoning.decide_write_off", one.write_off_asked),
        ("refuse", "reckoning.decide_write_off", one.write_off_asked),
        ("repay", "reckoning.record_repayment", True),
    )
    return [act for act, permission, now in offered if now and officer.may(permission)]


def _problems(sent: Sent, acts: list[str], language: str) -> dict[str, str]:
    words = WORDS[language]
    wrong = {} if sent.act in acts else {"act": words["choice_wrong"]}
    if not 0 < len(sent.reason) <= REASON_LENGTH_MAX:
        wrong["reason"] = words["reason_missing"]
    if sent.act == "repay":
        digits = sent.paid.replace(".", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= AMOUNT_DIGITS_MAX):
            wrong["paid"] = words["paid_wrong"]
        if not sent.reference:
            wrong["reference"] = words["reference_wrong"]
        if len(banks_named(sent.bank)) != 1:
            wrong["bank"] = words["bank_wrong"]
    return wrong


def _do(officer: Officer, one: RecoveryLine, sent: Sent) -> None:
    actor, reason, clock = officer.actor, sent.reason, officer.clock
    person, number = one.person_id, one.recovery_id
    if sent.act == "demand":
        operations.demand_recovery(actor=actor, reason=reason, clock=clock, person_id=person, recovery_id=number)
    elif sent.act == "ask":
        operations.ask_write_off(actor=actor, reason=reason, clock=clock, person_id=person, recovery_id=number)
    elif sent.act == "repay":
        (bank,) = banks_named(sent.bank)
        repayment = Repayment(int(sent.paid.replace(".", "")), sent.reference, bank.bin)
        operations.record_repayment(
            actor=actor, reason=reason, clock=clock, person_id=person, recovery_id=number, repayment=repayment
        )
    else:
        agreed = sent.act == "agree"
        operations.decide_write_off(
            actor=actor, reason=reason, clock=clock, person_id=person, recovery_id=number, agreed=agreed
        )


def _facts(one: RecoveryLine, language: str) -> Summary:
    words = WORDS[language]
    return Summary(
        (
            Row(
                words["state"],
                Tag(words[one.state], "good" if one.state in _OVER else "waiting"),
                words["asked"] if one.write_off_asked else "",
            ),
            Row(words["cause"], words[one.cause]),
            Row(words["payee"], words["record"].format(person=one.person_id)),
            Row(words["amount"], money(one.amount)),
            Row(words["left"], money(one.remaining)),
            Row(words["opened"], moment(one.opened_at)),
        )
    )


def _form(acts: list[str], sent: Sent, wrong: dict[str, str], language: str) -> Form:
    words = WORDS[language]
    choices = tuple(Choice(act, words[act], words[f"{act}_hint"]) for act in acts)
    fields: list[Part] = [Choices("act", words["choice"], choices, (sent.act,), error=wrong.get("act", ""))]
    if "repay" in acts:
        asked = (("paid", sent.paid), ("reference", sent.reference), ("bank", sent.bank))
        fields += [
            Field(name, words[name], words.get(f"{name}_hint", ""), value, wrong.get(name, ""), optional=True)
            for name, value in asked
        ]
    fields.append(Area("reason", words["reason"], "", sent.reason, wrong.get("reason", ""), REASON_LENGTH_MAX))
    return Form(tuple(fields), words["do"])


def _event(step: RecoveryStep, language: str) -> Event:
    words = WORDS[language]
    who = step.officer.removeprefix("officer:")
    told = words["event_told"].format(officer=who, left=money(step.left_after))
    what = words[f"event_{step.event}"]
    return Event(moment(step.happened_at), f"{what}: {money(step.amount)}" if step.amount else what, told)


PAGES = {"exceptions/recoveries": recoveries_page, "exceptions/recoveries/<int:recovery>": recovery_page}
