"""Signing a run: the answers checked once more, the sum typed again, a reason given; the operation asks for three people by itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.database.urls import secrets_folder
from ansinh.foundation.money_words import money_in_words
from ansinh.foundation.settings import settings
from ansinh.payments.operations import approve_run, authorise_run
from ansinh.payments.queries import newest_seal, run_head, run_of
from ansinh.screens.components import Area, Field, Form, Link, Part, Problem, Row, Summary
from ansinh.screens.saying import money
from ansinh.workbench.guard import Officer, missing, officer_page
from ansinh.workbench.pages.money.runs import counted, facts_of
from ansinh.workbench.shell import page
from ansinh.workbench.words import root
from ansinh.workbench.words.money import WORDS

_SIGN = {"approve": approve_run, "authorise": authorise_run}
REASON_LENGTH_MAX = 500


@officer_page(permission="payments.approve_run", what=("duyệt đợt chi", "approve payment runs"), safe=False)
def approve_page(request: HttpRequest, language: str, officer: Officer, run: int) -> HttpResponse:
    """Approve a run."""
    return _signed(request, language, officer, run, "approve")


@officer_page(permission="payments.authorise_run", what=("chuẩn chi", "authorise payment runs"), safe=False)
def authorise_page(request: HttpRequest, language: str, officer: Officer, run: int) -> HttpResponse:
    """Authorise a run."""
    return _signed(request, language, officer, run, "authorise")


def _signed(request: HttpRequest, language: str, officer: Officer, run: int, verb: str) -> HttpResponse:
    words, base = WORDS[language], root(language)
    one, head, seal = run_of(run), run_head(run), newest_seal(run)
    if seal is None:
        return missing(request, language)
    typed, reason = request.POST.get("sum", ""), request.POST.get("reason", "")
    wrong: dict[str, str] = {}
    if request.method == "POST":
        if typed.replace(".", "").replace(" ", "") != str(seal.amount):
            wrong["sum"] = words["typed_wrong"]
        if not 0 < len(reason.strip()) <= REASON_LENGTH_MAX:
            wrong["reason"] = words["reason_missing"]
        if not wrong:
            _SIGN[verb](
                actor=officer.actor,
                reason=reason.strip(),
                clock=officer.clock,
                run_id=run,
                secrets=secrets_folder(settings()),
            )
            return HttpResponseRedirect(f"{base}runs/{run}", status=303)
    fields = (
        Field("sum", words["typed"], words["typed_hint"], typed[:40], wrong.get("sum", ""), "numeric", width=20),
        Area("reason", words["reason"], value=reason, error=wrong.get("reason", ""), length_max=REASON_LENGTH_MAX),
    )
    note = words["sealed_note"].format(orders=counted(seal.lines), seal=seal.seal_no)
    sealed = Summary(
        (Row(words["sealed"], money(seal.amount), note), Row(words["in_words"], money_in_words(seal.amount)))
    )
    parts: list[Part] = [facts_of(head, one.act, language), sealed, Form(fields, words[verb])]
    problems = tuple(Problem(field, text) for field, text in wrong.items())
    back = Link(words["run"].format(run=run), f"{base}runs/{run}")
    title = f"{words['check_title']}: {words['run'].format(run=run)}"
    return page(request, language, title, parts, lead=words["check_lead"], back=back, problems=problems)


PAGES = {"runs/<int:run>/approve": approve_page, "runs/<int:run>/authorise": authorise_page}
