"""Runs by month and state, and one run: whose turn it is, its sums, and how it differs from the month before, to the đồng."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ansinh.foundation.actor import Actor
from ansinh.foundation.money_words import money_in_words
from ansinh.payments.queries import (
    PAGE_LENGTH_MAX,
    Compared,
    Run,
    RunHead,
    RunSum,
    SentBack,
    compared_with_last,
    findings_of,
    largest_changes,
    left_to_pay,
    newest_seal,
    run_head,
    run_of,
    runs_before,
    sent_back,
    signatures_of,
    sums_of_run,
)
from ansinh.payments.states import RunState
from ansinh.places.queries import provinces
from ansinh.screens.components import (
    Actions,
    Banner,
    Button,
    Cell,
    Details,
    Empty,
    Event,
    Link,
    Pages,
    Paragraph,
    Part,
    Row,
    Summary,
    Table,
    Tag,
    Timeline,
)
from ansinh.screens.saying import day, moment, money, month
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.pages.money.turns import SIGNING, Turn, besides, roles_with, turn_of
from ansinh.workbench.shell import page
from ansinh.workbench.words import root
from ansinh.workbench.words.emergencies import WORDS as EMERGENCIES
from ansinh.workbench.words.exceptions import WORDS as EXCEPTIONS
from ansinh.workbench.words.money import WORDS
from ansinh.workbench.words.money_acts import WORDS as ACTS

WHAT = ("xem các đợt chi", "look at payment runs")
NUMBER_MAX = 2_147_483_647
GOOD, BAD = frozenset({"closed", "sent", "settling"}), frozenset({"aborted"})


@officer_page(permission="payments.show", what=WHAT)
def runs_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Show the newest runs; older ones by the number they came before."""
    words, base = WORDS[language], root(language)
    before = request.GET.get("before", "")
    given = int(before) if before.isascii() and before.isdigit() and int(before) <= NUMBER_MAX else None
    found = runs_before(given)
    shown = found[:PAGE_LENGTH_MAX]
    opening = _opening(officer, language)
    if not shown:
        return page(request, language, words["title"], (*opening, Empty(words["empty"])), lead=words["lead"])
    rows = tuple(
        (
            Link(words["run"].format(run=one.run_id), f"{base}runs/{one.run_id}"),
            day(one.pay_on),
            _months(one),
            state_tag(one.state, language),
            counted(one.orders),
            money(one.amount),
        )
        for one in shown
    )
    columns = (words["title"], *(words[one] for one in ("pay_on", "months", "state", "orders", "amount")))
    older = Link(words["older"], f"{base}runs?before={shown[-1].run_id}") if len(found) > PAGE_LENGTH_MAX else None
    parts: list[Part] = [*opening, Table(words["title"], columns, rows, (4, 5))]
    if older or given:
        parts.append(Pages(Link(words["newest"], f"{base}runs") if given else None, older))
    return page(request, language, words["title"], parts, lead=words["lead"])


@officer_page(permission="payments.show", what=WHAT)
def run_page(request: HttpRequest, language: str, officer: Officer, run: int) -> HttpResponse:
    """Show one run."""
    words, base = WORDS[language], root(language)
    one, head, signatures, sums = run_of(run), run_head(run), signatures_of(run), sums_of_run(run)
    left = left_to_pay(one) if one.state in {RunState.SENT, RunState.SETTLING} else (False, False)
    turn = turn_of(one, signatures, officer.actor, newest_seal(run), left)
    parts = [*_sent_back(sent_back(run), language), *_turn(one, turn, officer.actor, language)]
    parts.append(facts_of(head, one.act, language))
    newest = max((each.seal_no for each in signatures), default=0)
    signed = {each.step: each.officer for each in signatures if each.seal_no == newest and each.step}
    people = [Row(words["made_by"], _named(head.made_by or head.created_by))]
    people += [Row(words[f"signed_{step}"], _named(signed.get(step)) or words["nobody"]) for step in (1, 2)]
    parts.append(Summary(tuple(people), words["of_seal"].format(seal=newest) if newest else ""))
    compared = compared_with_last(one)
    if compared:
        parts.append(_compared(compared, head, language))
    found = findings_of(run)
    if found:
        rows = tuple(
            (Cell(words[f"found_{kind}"], ACTS[language][f"explain_{kind}"]), counted(n), counted(held))
            for kind, (n, held) in found.items()
        )
        parts.append(Table(words["found"], (words["what"], words["payees"], words["withheld"]), rows, (1, 2)))
    parts += _sums(run, sums, language)
    if found:
        parts.append(_largest(run, language))
    parts.append(Actions(_ways(one, officer, language)))
    return page(request, language, words["run"].format(run=run), parts, back=Link(words["title"], f"{base}runs"))


def _ways(run: Run, officer: Officer, language: str) -> tuple[Link, ...]:
    """Return the ways to a run's exceptions: what came back once it is under way, and what is withheld, for whom it concerns."""
    words, base = EXCEPTIONS[language], f"{root(language)}runs/{run.run_id}"
    ways = [Link(words["returns"], f"{base}/returned")]
    if officer.may("payments.hold_order"):
        ways.append(Link(words["held"], f"{base}/held"))
    return tuple(ways)


def _opening(officer: Officer, language: str) -> list[Part]:
    """Return the way to a new run, for whom it concerns, and the one to emergencies."""
    base = root(language)
    ways: list[Button | Link] = (
        [Button(ACTS[language]["new"], f"{base}runs/new")] if officer.may("payments.create_run") else []
    )
    return [Actions((*ways, Link(EMERGENCIES[language]["title"], f"{base}emergencies")))]


def facts_of(head: RunHead, act: str, language: str) -> Summary:
    """Return what a run is, its sum also in words."""
    words = WORDS[language]
    return Summary(
        (
            Row(words["state"], state_tag(head.state, language)),
            Row(words["pay_on"], day(head.pay_on)),
            Row(words["months"], _months(head)),
            Row(words["act"], act),
            Row(words["orders"], counted(head.orders)),
            Row(words["amount"], money(head.amount)),
            Row(words["in_words"], money_in_words(head.amount)),
        )
    )


def state_tag(state: str, language: str) -> Tag:
    """Return a run's state as a tag."""
    return Tag(WORDS[language][f"state_{state}"], "good" if state in GOOD else "bad" if state in BAD else "waiting")


def counted(number: int) -> str:
    """Return a count as people read it: 1.234.567."""
    return f"{number:,}".replace(",", ".")


def _months(head: RunHead) -> str:
    return ", ".join(month(one) for one in head.months)


def _named(officer: str | None) -> str:
    return (officer or "").removeprefix("officer:")


def _turn(one: Run, turn: Turn, actor: Actor, language: str) -> list[Part]:
    words, base = {**WORDS[language], **ACTS[language]}, f"{root(language)}runs/{one.run_id}"
    title = words[f"turn_{turn.verb}"]
    others = [Button(words[verb.rpartition("/")[2]], f"{base}/{verb}", "quiet") for verb in besides(one, turn, actor)]
    parts: list[Part] = []
    if turn.mine:
        told = words["yours" if turn.verb in SIGNING else "yours_to_act"]
        parts = [Banner(title, told), Actions((Button(words[turn.verb], f"{base}/{turn.verb}"), *others))]
    elif not turn.permission:
        parts = [Banner(title)]
    elif turn.permitted:
        parts = [Banner(title, words["not_twice"])]
    else:
        parts = [Banner(title, words["not_role"].format(role=roles_with(turn.permission, language)))]
    if others and not turn.mine:
        parts.append(Actions(tuple(others)))
    return parts


def _sent_back(found: list[SentBack], language: str) -> list[Part]:
    words = ACTS[language]
    told = [
        (words["was_sent_back"].format(officer=_named(each.officer), at=moment(each.sent_back_at)), each)
        for each in found
    ]
    if found and found[0].open:
        return [Banner(told[0][0], found[0].reason, kind="warning")]
    events = tuple(Event(moment(each.sent_back_at), title, each.reason) for title, each in told)
    return [Details(words["sent_back"], (Timeline(events),))] if found else []


def _compared(compared: Compared, head: RunHead, language: str) -> Table:
    words = WORDS[language]
    before = compared.before
    rows: list[tuple[str | Part, ...]] = [(words["last_total"], counted(before.orders), money(before.amount))]
    rows += [
        (words[f"moved_{one.kind}"], counted(one.payees), _signed(one.amount - one.before)) for one in compared.moved
    ]
    rows.append((words["moved_rest"], "–", _signed(compared.rest(head.amount))))
    caption = words["compared"].format(run=before.run_id, day=day(before.pay_on))
    total = (words["this_total"], counted(head.orders), money(head.amount))
    return Table(caption, (words["compared_what"], words["payees"], words["amount"]), tuple(rows), (1, 2), total)


def _signed(amount: int) -> str:
    return f"{'+' if amount > 0 else '−' if amount < 0 else ''}{money(abs(amount))}"


def _sums(run: int, sums: dict[str, list[RunSum]], language: str) -> list[Part]:
    words, base = WORDS[language], root(language)
    names = {one.code: one.name for one in provinces()}
    by_province = [
        (
            Link(names.get(one.key, one.key), f"{base}runs/{run}/provinces/{one.key}"),
            counted(one.payees),
            money(one.amount),
        )
        for one in sums["province"]
    ]
    by_kind = [(words[f"kind_{one.key}"], counted(one.payees), money(one.amount)) for one in sums["kind"]]
    channels: dict[str, tuple[int, int]] = {}
    for one in sums["partner"]:
        channel = "account" if one.key.isdigit() else "cash"
        payees, amount = channels.get(channel, (0, 0))
        channels[channel] = (payees + one.payees, amount + one.amount)
    by_channel = [(words[name], counted(payees), money(amount)) for name, (payees, amount) in channels.items()]
    columns = (words["key"], words["orders"], words["amount"])
    parts: list[Part] = []
    if by_kind:
        parts += [Table(words["by_kind"], columns, tuple(by_kind), (1, 2)), Paragraph(words["kind_note"], "quiet")]
    if by_channel:
        parts.append(Table(words["by_channel"], columns, tuple(by_channel), (1, 2)))
    if by_province:
        parts.append(Table(words["by_province"], columns, tuple(by_province), (1, 2)))
    return parts


def _largest(run: int, language: str) -> Table:
    words, base = WORDS[language], root(language)
    rows = tuple(
        (
            Link(words["order_number"].format(order=one.order_id), f"{base}runs/{run}/orders/{one.order_id}")
            if one.order_id
            else Cell("–"),
            words[f"found_{one.kind}"],
            money(one.before),
            money(one.amount),
        )
        for one in largest_changes(run)
    )
    return Table(words["largest"], (words["order"], words["what"], words["was"], words["now"]), rows, (2, 3))


PAGES = {"runs": runs_page, "runs/<int:run>": run_page}
