"""What came back of a run, order by order, and messages that were called back; lists by key, nobody named."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ansinh.payments.queries import PAGE_LENGTH_MAX, RecalledBatch, came_back, recalled_batches, run_of
from ansinh.reckoning.queries import RecallLine, recalls
from ansinh.screens.components import Cell, Empty, Link, Pages, Part, Table, Tag
from ansinh.screens.saying import moment, money
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.pages.money.exceptions import number_after, partner_name, said
from ansinh.workbench.pages.money.runs import WHAT, counted
from ansinh.workbench.shell import page
from ansinh.workbench.words import root
from ansinh.workbench.words.exceptions import WORDS
from ansinh.workbench.words.money import WORDS as MONEY


@officer_page(permission="payments.show", what=WHAT)
def returns_page(request: HttpRequest, language: str, officer: Officer, run: int) -> HttpResponse:
    """Show a run's orders whose money did not stay: why, through whom, and whether it went out again."""
    words, base, after = WORDS[language], root(language), number_after(request)
    found = came_back(run_of(run), after)
    shown = found[:PAGE_LENGTH_MAX]
    names = {partner: partner_name(partner, language) for partner in {one.partner for one in shown}}
    channels = {"account": words["account_channel"], "cash": words["cash"], "home": words["home"]}
    rows = tuple(
        (
            Link(words["order_number"].format(order=one.order_id), f"{base}runs/{run}/orders/{one.order_id}"),
            Cell(words[one.how], said(one.code, words)),
            Cell(channels[one.channel], names[one.partner]),
            Tag(words["yes"], "good") if one.again else Tag(words["no"], "waiting"),
            money(one.amount),
        )
        for one in shown
    )
    title, here = words["returns_of"].format(run=run), f"{base}runs/{run}/returned"
    columns = tuple(words[one] for one in ("order", "how", "channel", "again", "amount"))
    parts: list[Part] = [Table(words["returns"], columns, rows, (4,)) if rows else Empty(words["returns_none"])]
    more = Link(words["more"], f"{here}?after={shown[-1].order_id}") if len(found) > PAGE_LENGTH_MAX else None
    if more or after:
        parts.append(Pages(Link(words["first"], here) if after else None, more))
    back = Link(MONEY[language]["run"].format(run=run), f"{base}runs/{run}")
    return page(request, language, title, parts, back=back)


@officer_page(permission="reckoning.show", what=("xem tệp lệnh đã thu hồi", "look at messages called back"))
def recalls_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Show messages banks or the post were asked not to carry out, and what they said."""
    words, base, before = WORDS[language], root(language), number_after(request, "before")
    found = recalled_batches(before or None)
    shown = found[:PAGE_LENGTH_MAX]
    rows = tuple(_recall(one, language) for one in shown)
    asked = tuple(_recall(one, language) for one in recalls(PAGE_LENGTH_MAX)) if not before else ()
    columns = tuple(words[one] for one in ("message", "run", "asked", "outcome", "lines", "amount"))
    parts: list[Part] = [Table(words["recalls_by_officers"], columns, asked, (4, 5))] if asked else []
    parts += [Table(words["recalls"], columns, rows, (4, 5))] if rows else []
    if not parts:
        parts.append(Empty(words["recalls_none"]))
    here = f"{base}exceptions/recalls"
    more = Link(words["more"], f"{here}?before={shown[-1].event_no}") if len(found) > PAGE_LENGTH_MAX else None
    if more or before:
        parts.append(Pages(Link(words["first"], here) if before else None, more))
    back = Link(words["title"], f"{base}exceptions")
    return page(request, language, words["recalls"], parts, lead=words["recalls_lead"], back=back)


def _recall(one: RecalledBatch | RecallLine, language: str) -> tuple[str | Part, ...]:
    words, outcome = WORDS[language], one.outcome or "waiting"
    kind = {"confirmed": "good", "too_late": "bad"}.get(outcome, "waiting")
    return (
        Cell(one.message_id, partner_name(one.partner, language)),
        Link(MONEY[language]["run"].format(run=one.run_id), f"{root(language)}runs/{one.run_id}"),
        moment(one.asked_at),
        Tag(words[outcome], kind),  # type: ignore[arg-type]  # kinds of tags are those named above
        counted(one.lines),
        money(one.amount),
    )


PAGES = {"runs/<int:run>/returned": returns_page, "exceptions/recalls": recalls_page}
