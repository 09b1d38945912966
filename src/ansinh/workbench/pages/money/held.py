"""Orders of a run that are withheld, treated many at once: chosen, shown with what will change and its sum, then done, each by its own operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.foundation.errors import Refusal
from ansinh.payments.operations import hold_order
from ansinh.payments.queries import PAGE_LENGTH_MAX, HeldOrder, Run, held_orders, run_of
from ansinh.payments.states import RunState
from ansinh.screens.components import (
    Area,
    Banner,
    Choice,
    Choices,
    Empty,
    Form,
    Hidden,
    Link,
    Pages,
    Paragraph,
    Part,
    Problem,
    Table,
)
from ansinh.screens.saying import money
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.pages.money.exceptions import REASON_LENGTH_MAX, number_after
from ansinh.workbench.pages.money.runs import counted
from ansinh.workbench.shell import page
from ansinh.workbench.words import root
from ansinh.workbench.words.exceptions import WORDS
from ansinh.workbench.words.money import WORDS as MONEY


@officer_page(
    permission="payments.hold_order",
    what=("giữ lại và mở lại lệnh chi", "withhold and release orders"),
    safe=False,
)
def held_page(request: HttpRequest, language: str, officer: Officer, run: int) -> HttpResponse:
    """Show a run's withheld orders to choose from; chosen, what will change; confirmed, it is done order by order."""
    words, here, one = WORDS[language], f"{root(language)}runs/{run}/held", run_of(run)
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "").strip()
    numbers = [int(each) for each in request.POST.getlist("order") if each.isascii() and each.isdigit()]
    chosen = held_orders(one, only=numbers[:PAGE_LENGTH_MAX]) if request.method == "POST" else []
    wrong: dict[str, str] = {}
    if request.method == "POST":
        wrong |= {} if act in _acts(one) else {"act": words["choice_wrong"]}
        wrong |= {} if chosen else {"order": words["choose_wrong"]}
        if not wrong and "confirm" in request.POST:
            if 0 < len(reason) <= REASON_LENGTH_MAX:
                done = _treat(officer, one, chosen, act, reason)
                return HttpResponseRedirect(f"{here}?done={done}&left={len(chosen) - done}", status=303)
            wrong["reason"] = words["reason_missing"]
        if not set(wrong) - {"reason"}:
            return _preview(request, language, one, (chosen, act, reason, len(numbers)), wrong)
    return _choose(request, language, one, (set(numbers), act), wrong)


def _acts(run: Run) -> tuple[str, ...]:
    """A closed run pays nothing again, so that its orders can only be given back."""
    return ("release",) if run.state is RunState.CLOSED else ("resume", "release")


def _treat(officer: Officer, run: Run, chosen: Sequence[HeldOrder], act: str, reason: str) -> int:
    """Treat each order by itself and return how many could be; what was refused stays withheld."""
    done = 0
    for one in chosen:
        try:
            hold_order(
                actor=officer.actor,
                reason=reason,
                clock=officer.clock,
                run_id=run.run_id,
                person_id=one.person_id,
                verb=act,
            )
            done += 1
        except Refusal:
            continue
    return done


def _choose(
    request: HttpRequest, language: str, run: Run, sent: tuple[set[int], str], wrong: Mapping[str, str]
) -> HttpResponse:
    words, here = WORDS[language], f"{root(language)}runs/{run.run_id}/held"
    after = number_after(request)
    found = held_orders(run, after)
    shown = found[:PAGE_LENGTH_MAX]
    done, left = number_after(request, "done"), number_after(request, "left")
    parts: list[Part] = [Banner(words["done"].format(done=done), kind="good")] if done else []
    parts += [Banner(words["left"].format(left=left), kind="warning")] if left else []
    if shown:
        items = tuple(
            Choice(
                str(one.order_id),
                words["order_line"].format(order=one.order_id, amount=money(one.amount)),
                ", ".join(_kind(kind, language) for kind in one.kinds),
            )
            for one in shown
        )
        acts = tuple(Choice(act, words[act], words[f"{act}_hint"]) for act in _acts(run))
        ticked = tuple(str(number) for number in sorted(sent[0]))
        orders = Choices("order", words["choose"], items, ticked, error=wrong.get("order", ""), several=True)
        act = Choices("act", words["choice"], acts, (sent[1],), error=wrong.get("act", ""))
        parts.append(Form((orders, act), words["preview"], action=here))
    else:
        parts.append(Empty(words["held_none"]))
    more = Link(words["more"], f"{here}?after={shown[-1].order_id}") if len(found) > PAGE_LENGTH_MAX else None
    if more or after:
        parts.append(Pages(Link(words["first"], here) if after else None, more))
    return _page(request, language, run, parts, wrong)


def _preview(
    request: HttpRequest,
    language: str,
    run: Run,
    sent: tuple[Sequence[HeldOrder], str, str, int],
    wrong: Mapping[str, str],
) -> HttpResponse:
    words, (chosen, act, reason, asked) = WORDS[language], sent
    after = words["order_open" if act == "resume" else "order_released"]
    rows = tuple(
        (words["order_number"].format(order=one.order_id), words["order_withheld"], after, money(one.amount))
        for one in chosen
    )
    total = (words["total"].format(orders=counted(len(chosen))), "", "", money(sum(one.amount for one in chosen)))
    columns = (words["order"], words["before"], words["after"], words["amount"])
    parts: list[Part] = [Banner(words["gone"], kind="warning")] if len(chosen) < asked else []
    parts.append(Table(words["preview_title"], columns, rows, (3,), total))
    parts.append(Paragraph(words[f"{act}_hint"]))
    area = Area("reason", words["reason"], "", reason, wrong.get("reason", ""), REASON_LENGTH_MAX)
    fields = (*(Hidden("order", str(one.order_id)) for one in chosen), Hidden("act", act), area)
    back = Link(words["held"], f"{root(language)}runs/{run.run_id}/held")
    action = f"{root(language)}runs/{run.run_id}/held"
    parts.append(Form(fields, words["confirm"], action=action, name="confirm", beside=back))
    return _page(request, language, run, parts, wrong)


def _page(
    request: HttpRequest, language: str, run: Run, parts: Sequence[Part], wrong: Mapping[str, str]
) -> HttpResponse:
    words = WORDS[language]
    back = Link(MONEY[language]["run"].format(run=run.run_id), f"{root(language)}runs/{run.run_id}")
    problems = tuple(Problem(field, text) for field, text in wrong.items())
    title = words["held_of"].format(run=run.run_id)
    return page(request, language, title, parts, lead=words["bulk_lead"], back=back, problems=problems)


def _kind(kind: str, language: str) -> str:
    """Return why an order is withheld: a finding of the run's checks, or a case a bank's answer opened."""
    return MONEY[language].get(f"found_{kind}") or WORDS[language][f"kind_{kind}"]


PAGES = {"runs/<int:run>/held": held_page}
