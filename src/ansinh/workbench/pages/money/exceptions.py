"""Cases no rule may decide: by kind and age, and one with what happened, the partner's words and what may be done, each by an operation of payments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import InvalidInput
from ansinh.payments.operations import NameDiffers, NewAccount, file_account, hold_order, settle_case
from ansinh.payments.queries import PAGE_LENGTH_MAX, CaseLine, CaseShown, case_numbered, cases_after, story_of
from ansinh.places.queries import banks_named, provinces
from ansinh.screens.components import (
    Actions,
    Area,
    Banner,
    Button,
    Cell,
    Choice,
    Choices,
    Details,
    Empty,
    Field,
    Form,
    Link,
    Pages,
    Paragraph,
    Part,
    Problem,
    Row,
    Summary,
    Table,
    Timeline,
)
from ansinh.screens.saying import moment, money
from ansinh.workbench.guard import Officer, missing, officer_page
from ansinh.workbench.pages.money.orders import event_of
from ansinh.workbench.pages.money.runs import NUMBER_MAX, WHAT
from ansinh.workbench.shell import page
from ansinh.workbench.words import root
from ansinh.workbench.words.exceptions import WORDS
from ansinh.workbench.words.money import WORDS as MONEY

KINDS = tuple(name.removeprefix("kind_") for name in WORDS["vi"] if name.startswith("kind_"))
REASON_LENGTH_MAX = 500
# Pages below this one, by name, and the permission each takes.
WAYS = (
    ("recoveries", "reckoning.show"),
    ("unclaimed", "reckoning.claim"),
    ("recalls", "reckoning.show"),
)


def number_after(request: HttpRequest, name: str = "after") -> int:
    """Return the key a list goes on from; 0 when there is none that could be one."""
    told = request.GET.get(name, "")
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 18 else 0


def partner_name(partner: str, language: str) -> str:
    """Return a bank by its short name, or the post by its province."""
    if partner.startswith("P"):
        names = {one.code: one.name for one in provinces()}
        return WORDS[language]["post"].format(province=names.get(partner[1:], partner[1:]))
    found = banks_named(partner)
    return found[0].short_name if len(found) == 1 else partner


def said(code: str, words: Mapping[str, str]) -> str:
    """Return a partner's code with what it means, where that is known."""
    known = words.get(f"code_{code.partition(' ')[0]}")
    return f"{code}: {known}" if known else code


@officer_page(permission="payments.show", what=WHAT)
def cases_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Show the oldest cases that wait, of all kinds or of one, by the number of the last one seen."""
    words, base = WORDS[language], root(language)
    kind, after = request.GET.get("kind", ""), number_after(request)
    kind = kind if kind in KINDS else ""
    found = cases_after(after, kind or None)
    shown = found[:PAGE_LENGTH_MAX]
    ways = [Link(words[name], f"{base}exceptions/{name}") for name, takes in WAYS if officer.may(takes)]
    kinds = [Link(words[f"kind_{one}"], f"{base}exceptions?kind={one}") for one in KINDS if one != kind]
    kinds = [Link(words["all"], f"{base}exceptions"), *kinds] if kind else kinds
    parts: list[Part] = [Actions(tuple(ways)), Details(words["kinds"], (Actions(tuple(kinds)),))]
    if shown:
        columns = (words["title"], *(words[one] for one in ("what", "said", "run", "amount", "opened")))
        caption = words[f"kind_{kind}"] if kind else words["all"]
        parts.append(Table(caption, columns, tuple(_line(one, officer.clock.now(), language) for one in shown), (4,)))
    else:
        parts.append(Empty(words["none"]))
    here = f"{base}exceptions?kind={kind}"
    more = Link(words["more"], f"{here}&after={shown[-1].case_id}") if len(found) > PAGE_LENGTH_MAX else None
    if more or after:
        parts.append(Pages(Link(words["first"], here) if after else None, more))
    return page(request, language, words["title"], parts, lead=words["lead"])


def _line(one: CaseLine, now: datetime, language: str) -> tuple[str | Part, ...]:
    words, base = WORDS[language], root(language)
    days = (legal_day(now) - legal_day(one.opened_at)).days
    return (
        Link(words["case"].format(case=one.case_id), f"{base}exceptions/{one.case_id}"),
        words[f"kind_{one.kind}"],
        said(one.code, words) or "–",
        MONEY[language]["run"].format(run=one.run_id) if one.run_id else "–",
        "–" if one.amount is None else money(one.amount),
        Cell(moment(one.opened_at), words["days"].format(days=days) if days > 0 else words["today"]),
    )


@officer_page(permission="payments.show", what=WHAT, safe=False)
def case_page(request: HttpRequest, language: str, officer: Officer, case: int) -> HttpResponse:
    """Show one case; its payee sees who looked. Posted, its order is treated as chosen and the case settled."""
    words, base = WORDS[language], root(language)
    one = case_numbered(case) if case <= NUMBER_MAX else None
    if one is None:
        return missing(request, language)
    acts = acts_on(one, officer)
    sent = {name: request.POST.get(name, "").strip() for name in ("act", "reason")}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        wrong |= {} if sent["act"] in acts else {"act": words["choice_wrong"]}
        wrong |= {} if 0 < len(sent["reason"]) <= REASON_LENGTH_MAX else {"reason": words["found_out_missing"]}
        if not wrong:
            _treat(officer, one, sent["act"], sent["reason"])
            return HttpResponseRedirect(f"{base}exceptions/{case}", status=303)
    parts: list[Part] = [Banner(words["filed"], kind="good")] if request.GET.get("filed") else []
    parts += [Paragraph(words[f"about_{one.kind}"]), _facts(one, language)]
    if acts:
        choices = tuple(Choice(act, words[act], words[f"{act}_hint"]) for act in acts)
        fields = (
            Choices("act", words["choice"], choices, (sent["act"],), error=wrong.get("act", "")),
            Area("reason", words["found_out"], "", sent["reason"], wrong.get("reason", ""), REASON_LENGTH_MAX),
        )
        parts.append(Form(fields, words["decide"]))
    if one.settled_at is None and one.person_id and officer.may("payments.keep_account"):
        parts.append(Actions((Button(words["account"], f"{base}exceptions/{case}/account", "quiet"),)))
    if one.kind == "death_check":
        parts.append(Paragraph(words["recover_hint"], "quiet"))
    if one.run_id and one.person_id:
        story = story_of(actor=officer.actor, reason=words["look_reason"], run_id=one.run_id, person_id=one.person_id)
        if story:
            parts.append(Timeline(tuple(event_of(each, MONEY[language]) for each in reversed(story)), words["story"]))
    title = f"{words['case'].format(case=case)}: {words[f'kind_{one.kind}']}"
    problems = tuple(Problem(field, text) for field, text in wrong.items())
    return page(request, language, title, parts, back=Link(words["title"], f"{base}exceptions"), problems=problems)


def acts_on(one: CaseShown, officer: Officer) -> list[str]:
    """Return what an officer may do about a case: a closed run pays nothing again, and an order on its way is left alone."""
    if one.settled_at is not None or not officer.may("payments.settle_case"):
        return []
    acts = []
    if officer.may("payments.hold_order") and one.run_state != "aborted":
        if one.order_state == "withheld":
            acts = ["release"] if one.run_state == "closed" else ["resume", "release"]
        elif one.order_state == "open":
            acts = ["release"] if one.run_state == "closed" else ["withhold", "release"]
    return [*acts, "settle"]


def _treat(officer: Officer, one: CaseShown, act: str, reason: str) -> None:
    by = {"actor": officer.actor, "reason": reason, "clock": officer.clock}
    if act != "settle" and one.run_id is not None:
        hold_order(**by, run_id=one.run_id, person_id=one.person_id, verb=act)  # type: ignore[arg-type]  # three arguments of three types
    if act != "withhold":
        settle_case(**by, person_id=one.person_id, case_id=one.case_id, outcome=reason)  # type: ignore[arg-type]  # as above


def _facts(one: CaseShown, language: str) -> Summary:
    words, base = WORDS[language], root(language)
    rows = [Row(words["payee"], words["record"].format(person=one.person_id) if one.person_id else words["no_payee"])]
    if one.amount is not None:
        rows.append(Row(words["amount"], money(one.amount)))
    if one.code:
        rows.append(Row(words["said"], said(one.code, words)))
    if one.partner:
        rows.append(Row(words["partner"], partner_name(one.partner, language)))
    if one.file_name:
        rows.append(Row(words["file"], words["file_line"].format(file=one.file_name, line=one.line or 0)))
    if one.run_id:
        rows.append(Row(words["run"], Link(MONEY[language]["run"].format(run=one.run_id), f"{base}runs/{one.run_id}")))
    if one.order_id:
        address = f"{base}runs/{one.run_id}/orders/{one.order_id}"
        rows.append(Row(words["order"], Link(words["order_number"].format(order=one.order_id), address)))
        rows.append(Row(words["order_state"], words[f"order_{one.order_state or 'open'}"]))
    rows.append(Row(words["opened"], moment(one.opened_at)))
    if one.settled_at is not None:
        officer = (one.settled_by or "").removeprefix("officer:")
        told = words["settled_by"].format(officer=officer, at=moment(one.settled_at), outcome=one.outcome)
        rows.append(Row(words["settled"], told))
    return Summary(tuple(rows))


@officer_page(
    permission="payments.keep_account",
    what=("nhận tài khoản của người hưởng", "take payees' accounts in"),
    safe=False,
)
def account_page(request: HttpRequest, language: str, officer: Officer, case: int) -> HttpResponse:
    """Take in the corrected account of a case's payee; they confirm it themselves, by a code."""
    words, base = WORDS[language], root(language)
    one = case_numbered(case) if case <= NUMBER_MAX else None
    if one is None or not one.person_id or one.settled_at is not None:
        return missing(request, language)
    names = ("bank", "account", "holder", "relation")
    sent = {name: request.POST.get(name, "").strip()[:200] for name in names}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        banks = banks_named(sent["bank"])
        wrong |= {} if len(banks) == 1 else {"bank": words["bank_wrong"]}
        wrong |= {} if sent["account"] else {"account": words["account_missing"]}
        wrong |= {} if sent["holder"] else {"holder": words["holder_missing"]}
        if not wrong:
            filed = NewAccount(banks[0].bin, sent["account"], sent["holder"], sent["relation"] or "own")
            try:
                file_account(
                    actor=officer.actor,
                    reason=words["account"],
                    clock=officer.clock,
                    person_id=one.person_id,
                    account=filed,
                )
                return HttpResponseRedirect(f"{base}exceptions/{case}?filed=1", status=303)
            except (InvalidInput, NameDiffers) as refusal:
                field = str(refusal.facts.get("field", "holder"))
                wrong = {field if field in names else "account": refusal.vi if language == "vi" else refusal.en}
    relations = tuple(Choice(each, words[each]) for each in ("own", "guardian", "proxy"))
    fields = (
        Field("bank", words["bank"], words["bank_hint"], sent["bank"], wrong.get("bank", "")),
        Field("account", words["account_number"], "", sent["account"], wrong.get("account", ""), width=20),
        Field("holder", words["holder"], "", sent["holder"], wrong.get("holder", "")),
        Choices(
            "relation", words["relation"], relations, (sent["relation"] or "own",), error=wrong.get("relation", "")
        ),
    )
    problems = tuple(Problem(field, text) for field, text in wrong.items())
    back = Link(words["case"].format(case=case), f"{base}exceptions/{case}")
    parts = (Form(fields, words["file_account"]),)
    return page(request, language, words["account"], parts, lead=words["account_lead"], back=back, problems=problems)


PAGES = {"exceptions": cases_page, "exceptions/<int:case>": case_page, "exceptions/<int:case>/account": account_page}
