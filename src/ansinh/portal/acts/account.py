"""Change the account money is paid to: named, checked, confirmed with the code its payee is sent, used from the month the 20th rule says."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from ansinh.foundation.errors import Refusal
from ansinh.mandates.queries import may_act
from ansinh.mandates.states import What, Who
from ansinh.payments.operations import NewAccount, NotConfirmed, confirm_account, file_account
from ansinh.payments.queries import effective_month, newest_account
from ansinh.people.queries import person_as_known
from ansinh.places.queries import Bank, banks_named
from ansinh.portal.acts.steps import (
    REASON,
    STEP,
    back_to,
    check_page,
    error_at,
    go,
    posted,
    problem_of,
    said,
    step_of,
)
from ansinh.portal.shell import page
from ansinh.portal.whose import Whose, own_page
from ansinh.portal.words import root
from ansinh.portal.words.account import WORDS
from ansinh.portal.words.acting import WORDS as SHARED
from ansinh.screens.components import (
    Banner,
    Button,
    Choice,
    Choices,
    Empty,
    Field,
    Form,
    Hidden,
    Link,
    Part,
    Problem,
    Row,
)
from ansinh.screens.saying import masked, month

FIELDS = ("bank", "account", "holder")
RELATIONS = {Who.SELF: "own", Who.PARENT: "guardian", Who.GUARDIAN: "guardian", Who.DELEGATE: "proxy"}


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(level=2, what=What.RECEIVE, safe=False)
def account_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Ask for the new account, check the answers, take it in and send the code."""
    words, step = WORDS[language], step_of(request)
    if not step:
        return _form(request, language, whose, {"bank": "", "account": "", "holder": _name(whose)})
    answers = posted(request, FIELDS)
    answers["account"] = "".join(answers["account"].replace("-", " ").split())
    if step == "change":
        return _form(request, language, whose, answers)
    banks = banks_named(answers["bank"])
    if len(banks) != 1:
        told = words["bank_many_error"] if banks else words["bank_none"]
        return _form(request, language, whose, answers, (Problem("bank", told),), banks)
    relation = _relation(whose)
    new = NewAccount(banks[0].bin, answers["account"], answers["holder"], relation)
    if step == "check" and answers["account"] and answers["holder"]:
        rows = (
            Row(words["bank"], banks[0].short_name, note=banks[0].name),
            Row(words["account"], answers["account"]),
            Row(words["holder"], answers["holder"], note=words[relation]),
            Row(words["from"], month(effective_month(whose.now)), note=words["lead"]),
        )
        return check_page(request, language, rows, answers | {"bank": banks[0].bin}, button=words["send"])
    try:
        file_account(actor=whose.actor, reason=REASON, clock=whose.clock, person_id=whose.person_id, account=new)
    except Refusal as refusal:
        fields = ("holder", *FIELDS) if refusal.code == "name_differs" else ("account", *FIELDS)
        return _form(request, language, whose, answers, (problem_of(refusal, language, fields),))
    return go(language, "payments/account/code")


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(level=2, what=What.RECEIVE, safe=False, noted="account")
def code_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Ask for the code; once it is right, say from when the account is used."""
    words, found = WORDS[language], newest_account(whose.person_id)
    back = back_to(language, "payments", words["payments"])
    if found is None:
        begin = Link(words["title"], f"{root(language)}payments/account")
        nothing = (Empty(words["none_title"], words["none_text"], begin),)
        return page(request, language, words["code_title"], nothing, back=back)
    if found.confirmed:
        told = words["done"].format(month=month(found.from_month), account=masked(found.account), bank=found.bank_name)
        parts = (Banner(told, words["done_before"], "good"), Button(words["payments"], f"{root(language)}payments"))
        return page(request, language, words["done_title"], parts)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        code = "".join(posted(request, ("code",))["code"].split())
        try:
            right = bool(code) and confirm_account(
                actor=whose.actor,
                reason=REASON,
                clock=whose.clock,
                person_id=whose.person_id,
                account_id=found.account_id,
                code=code,
            )
        except NotConfirmed as refusal:
            anew = Button(words["again"], f"{root(language)}payments/account")
            told_why = (Banner(said(refusal, language), kind="warning"), anew)
            return page(request, language, words["code_title"], told_why, back=back, status=422)
        if right:
            return go(language, "payments/account/code")
        problems = (Problem("code", words["code_wrong"] if code else words["code_empty"]),)
    field = Field(
        "code",
        words["code"],
        error=error_at(problems, "code"),
        mode="numeric",
        fill="one-time-code",
        width=6,
        length_max=12,
    )
    again = Link(words["again"], f"{root(language)}payments/account")
    parts_shown = (Form((field,), words["confirm"]), again)
    return page(
        request, language, words["code_title"], parts_shown, lead=words["code_lead"], back=back, problems=problems
    )


def _form(
    request: HttpRequest,
    language: str,
    whose: Whose,
    answers: dict[str, str],
    problems: tuple[Problem, ...] = (),
    banks: Sequence[Bank] = (),
) -> HttpResponse:
    words = WORDS[language]
    bank: Part = Field(
        "bank", words["bank"], words["bank_hint"], answers["bank"], error_at(problems, "bank"), fill="off"
    )
    if banks:
        items = tuple(Choice(one.bin, one.short_name, one.name) for one in banks)
        bank = Choices("bank", words["bank_many"], items, error=error_at(problems, "bank"))
    hint = words["holder_hint_for"] if whose.for_another else words["holder_hint"]
    fields = (
        bank,
        Field(
            "account",
            words["account"],
            words["account_hint"],
            answers["account"],
            error_at(problems, "account"),
            width=20,
            length_max=40,
        ),
        Field("holder", words["holder"], hint, answers["holder"], error_at(problems, "holder"), length_max=140),
        Hidden(STEP, "check"),
    )
    back = back_to(language, "payments", words["payments"])
    form = Form(fields, SHARED[language]["continue"])
    return page(request, language, words["title"], (form,), lead=words["lead"], back=back, problems=problems)


def _relation(whose: Whose) -> str:
    who = may_act(whose.citizen.person_id, whose.person_id, What.RECEIVE, whose.now) or Who.SELF
    return RELATIONS[who]


def _name(whose: Whose) -> str:
    """The holder most likely is whoever is signed in: the payee, or who receives for them."""
    known = person_as_known(whose.citizen.person_id, whose.now)
    return (known and known.fields["full_name"]) or ""


PAGES = {"payments/account": account_page, "payments/account/code": code_page}
