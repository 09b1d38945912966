"""Emergencies: listed, declared after the answers were checked, approved by a second officer, withdrawn or ended, and who was reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.foundation.actor import Actor
from ansinh.foundation.errors import InvalidInput
from ansinh.places.queries import provinces
from ansinh.relief import operations
from ansinh.relief.operations import NewEmergency
from ansinh.relief.queries import EmergencyLine, emergencies, report_of
from ansinh.relief.states import WORDS as WHY
from ansinh.relief.states import EmergencyState, Why
from ansinh.screens.components import (
    Actions,
    Area,
    Banner,
    Button,
    Choice,
    Choices,
    Empty,
    Field,
    Form,
    Hidden,
    Link,
    Paragraph,
    Part,
    Problem,
    Row,
    Submit,
    Summary,
    Table,
    Tag,
)
from ansinh.screens.saying import day, either, money, month
from ansinh.workbench.guard import Officer, missing, officer_page
from ansinh.workbench.pages.money.making import day_field, day_sent, months_sent, province_choices, provinces_sent
from ansinh.workbench.pages.money.runs import NUMBER_MAX, WHAT, counted
from ansinh.workbench.pages.money.turns import roles_with
from ansinh.workbench.shell import page
from ansinh.workbench.words import root
from ansinh.workbench.words.emergencies import WORDS
from ansinh.workbench.words.money import WORDS as MONEY

# How those paid in cash are reached: name → into accounts where there is one, and else.
WAYS = {
    "account_home": (True, "home"),
    "account_cash": (True, "cash"),
    "home": (False, "home"),
    "cash": (False, "cash"),
}
_TAGS = {"declared": "waiting", "approved": "good", "withdrawn": "bad", "ended": "neutral"}
WORDS_LENGTH_MAX = 300
REASON_LENGTH_MAX = 500


@dataclass(frozen=True, slots=True)
class Declared:
    """What a form says of an emergency, as far as it can be read."""

    name: str
    act: str
    provinces: tuple[str, ...]
    from_on: date | None
    last_on: date | None
    told_months: str
    months: tuple[int, ...]
    way: str

    def problems(self, words: Mapping[str, str]) -> dict[str, str]:
        """Return what is missing or wrong, by field."""
        ordered = bool(self.from_on and self.last_on and self.from_on <= self.last_on)
        right = {
            "name": 0 < len(self.name) <= WORDS_LENGTH_MAX,
            "act": 0 < len(self.act) <= WORDS_LENGTH_MAX,
            "provinces": bool(self.provinces),
            "from_on": self.from_on is not None,
            "last_on": ordered or self.from_on is None,
            "months": bool(self.months) or not self.told_months,
            "otherwise": self.way in WAYS,
        }
        return {field: words[f"{field}_wrong"] for field, fine in right.items() if not fine}

    def new(self) -> NewEmergency:
        """Return it as the operation takes it, with the day after the last."""
        assert self.from_on is not None
        assert self.last_on is not None
        to_account, otherwise = WAYS[self.way]
        until_on = self.last_on + timedelta(days=1)
        given = (self.name, self.act, self.from_on, until_on, self.provinces)
        return NewEmergency(*given, months=self.months, to_account=to_account, otherwise=otherwise)


def _sent(request: HttpRequest) -> Declared:
    told = {name: request.POST.get(name, "").strip() for name in ("name", "act", "months", "otherwise")}
    return Declared(
        told["name"],
        told["act"],
        tuple(provinces_sent(request)),
        day_sent(request, "from_on"),
        day_sent(request, "last_on"),
        told["months"],
        months_sent(told["months"]),
        told["otherwise"],
    )


@officer_page(permission="payments.show", what=WHAT)
def emergencies_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Show the newest emergencies."""
    words, base = WORDS[language], root(language)
    names = {one.code: one.name for one in provinces()}
    rows = tuple(
        (
            Link(one.name, f"{base}emergencies/{one.emergency_id}"),
            _tag(one.state, language),
            _span(one.from_on, one.until_on, words),
            ", ".join(names.get(code, code) for code in one.provinces),
            one.act,
        )
        for one in emergencies()
    )
    parts: list[Part] = []
    if officer.may("relief.declare"):
        parts.append(Actions((Button(words["new"], f"{base}emergencies/new"),)))
    columns = tuple(words[one] for one in ("emergency", "state", "days", "provinces", "act"))
    parts.append(Table(words["title"], columns, rows) if rows else Empty(words["none"]))
    back = Link(MONEY[language]["title"], f"{base}runs")
    return page(request, language, words["title"], parts, lead=words["lead"], back=back)


@officer_page(permission="relief.declare", what=("lập tình huống khẩn cấp", "declare emergencies"), safe=False)
def new_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Ask what is declared, show it once more, and declare it; another officer approves."""
    words, sent = WORDS[language], _sent(request)
    asked = request.method == "POST" and "change" not in request.POST
    wrong = sent.problems(words) if asked else {}
    if asked and not wrong:
        if "declare" not in request.POST:
            return _check(request, language, sent)
        try:
            emergency = operations.declare_emergency(
                actor=officer.actor, reason=words["declare_reason"], clock=officer.clock, new=sent.new()
            )
            return HttpResponseRedirect(f"{root(language)}emergencies/{emergency}", status=303)
        except InvalidInput as refusal:
            field = str(refusal.facts.get("field", "name"))
            wrong = {"last_on" if field == "until_on" else field: refusal.vi if language == "vi" else refusal.en}
    ways = tuple(Choice(way, words[way]) for way in WAYS)
    fields = (
        Field("name", words["name"], words["name_hint"], sent.name, wrong.get("name", ""), length_max=WORDS_LENGTH_MAX),
        Field("act", words["act"], "", sent.act, wrong.get("act", ""), length_max=WORDS_LENGTH_MAX),
        day_field(request, "from_on", words["from_on"], wrong.get("from_on", "")),
        day_field(request, "last_on", words["last_on"], wrong.get("last_on", "")),
        Field(
            "months", words["months"], words["months_hint"], sent.told_months, wrong.get("months", ""), optional=True
        ),
        Choices("otherwise", words["otherwise"], ways, (sent.way,), error=wrong.get("otherwise", "")),
        province_choices(request, words, wrong.get("provinces", "")),
    )
    problems = tuple(Problem(field, text) for field, text in wrong.items())
    back = Link(words["title"], f"{root(language)}emergencies")
    parts = (Form(fields, words["to_check"]),)
    return page(request, language, words["new"], parts, lead=words["new_lead"], back=back, problems=problems)


def _check(request: HttpRequest, language: str, sent: Declared) -> HttpResponse:
    """Show what will be declared; the form holds it, to be sent or changed."""
    words, names = WORDS[language], {one.code: one.name for one in provinces()}
    assert sent.from_on is not None
    assert sent.last_on is not None
    rows = (
        Row(words["name"], sent.name),
        Row(words["act"], sent.act),
        Row(words["provinces"], ", ".join(names[code] for code in sent.provinces)),
        Row(words["days"], words["span"].format(first=day(sent.from_on), last=day(sent.last_on))),
        Row(words["months"], _months(sent.months, words)),
        Row(words["otherwise"], words[sent.way]),
    )
    kept = [Hidden("name", sent.name), Hidden("act", sent.act), Hidden("months", sent.told_months)]
    kept += [Hidden("otherwise", sent.way), *(Hidden("provinces", code) for code in sent.provinces)]
    for name, on in (("from_on", sent.from_on), ("last_on", sent.last_on)):
        kept += [
            Hidden(f"{name}-{part}", str(value))
            for part, value in (("day", on.day), ("month", on.month), ("year", on.year))
        ]
    change = Submit(words["change"], "change")
    parts = (Summary(rows), Form(tuple(kept), words["declare"], name="declare", beside=change))
    back = Link(words["title"], f"{root(language)}emergencies")
    return page(request, language, words["check"], parts, lead=words["new_lead"], back=back)


@officer_page(permission="payments.show", what=WHAT)
def emergency_page(request: HttpRequest, language: str, officer: Officer, emergency: int) -> HttpResponse:
    """Show one emergency, whose turn it is, and what may be done."""
    words, base = WORDS[language], root(language)
    found = emergencies(emergency) if emergency <= NUMBER_MAX else []
    if not found:
        return missing(request, language)
    one = found[0]
    parts = _turn(one, officer.actor, language)
    parts.append(_facts(one, language))
    parts.append(Actions((Link(words["reached"], f"{base}emergencies/{emergency}/reached"),)))
    return page(request, language, one.name, parts, back=Link(words["title"], f"{base}emergencies"))


def _turn(one: EmergencyLine, actor: Actor, language: str) -> list[Part]:
    words, here = WORDS[language], f"{root(language)}emergencies/{one.emergency_id}"
    waits, in_force = one.state == EmergencyState.DECLARED, one.state == EmergencyState.APPROVED
    parts: list[Part] = []
    buttons = []
    if waits and not actor.may("relief.approve"):
        parts.append(Banner(words["waits"].format(role=roles_with("relief.approve", language))))
    elif waits and one.declared_by == actor.named():
        parts.append(Banner(words["not_twice"], kind="warning"))
    elif waits:
        parts.append(Banner(words["yours"]))
        buttons.append(Button(words["approve"], f"{here}/approve"))
    if in_force and one.months and actor.may("relief.open_run"):
        buttons.append(Button(words["open_run"], f"{here}/open-run"))
    if in_force and actor.may("relief.end"):
        buttons.append(Button(words["end"], f"{here}/end", "quiet"))
    if (waits or in_force) and actor.may("relief.withdraw"):
        buttons.append(Button(words["withdraw"], f"{here}/withdraw", "quiet"))
    return [*parts, Actions(tuple(buttons))] if buttons else parts


def _facts(one: EmergencyLine, language: str) -> Summary:
    words, names = WORDS[language], {each.code: each.name for each in provinces()}
    way = next(name for name, how in WAYS.items() if how == (one.to_account, one.otherwise))
    places = ", ".join(names.get(code, code) for code in one.provinces)
    return Summary(
        (
            Row(words["state"], _tag(one.state, language)),
            Row(words["act"], one.act),
            Row(words["days"], _span(one.from_on, one.until_on, words)),
            Row(words["places"], places, words["communes"].format(communes=counted(one.communes))),
            Row(words["months"], _months(one.months, words)),
            Row(words["otherwise"], words[way]),
            Row(words["declared_by"], one.declared_by.removeprefix("officer:")),
            Row(words["approved_by"], (one.approved_by or words["nobody"]).removeprefix("officer:")),
        )
    )


@officer_page(permission="relief.approve", what=("phê duyệt tình huống khẩn cấp", "approve emergencies"), safe=False)
def approve_page(request: HttpRequest, language: str, officer: Officer, emergency: int) -> HttpResponse:
    """Approve an emergency somebody else declared."""
    return _act(request, language, officer, emergency, "approve")


@officer_page(permission="relief.withdraw", what=("rút tình huống khẩn cấp", "withdraw emergencies"), safe=False)
def withdraw_page(request: HttpRequest, language: str, officer: Officer, emergency: int) -> HttpResponse:
    """Withdraw an emergency, also half-way."""
    return _act(request, language, officer, emergency, "withdraw")


@officer_page(permission="relief.end", what=("kết thúc tình huống khẩn cấp", "end emergencies"), safe=False)
def end_page(request: HttpRequest, language: str, officer: Officer, emergency: int) -> HttpResponse:
    """End an emergency."""
    return _act(request, language, officer, emergency, "end")


@officer_page(
    permission="relief.open_run", what=("mở đợt chi gộp khi khẩn cấp", "open runs of emergencies"), safe=False
)
def open_run_page(request: HttpRequest, language: str, officer: Officer, emergency: int) -> HttpResponse:
    """Open the run that pays an emergency's months together."""
    return _act(request, language, officer, emergency, "open_run")


def _act(request: HttpRequest, language: str, officer: Officer, emergency: int, act: str) -> HttpResponse:
    words, base = WORDS[language], root(language)
    found = emergencies(emergency) if emergency <= NUMBER_MAX else []
    if not found:
        return missing(request, language)
    reason, pay_on = request.POST.get("reason", "").strip(), day_sent(request, "pay_on")
    wrong: dict[str, str] = {}
    if request.method == "POST":
        wrong |= {} if 0 < len(reason) <= REASON_LENGTH_MAX else {"reason": words["reason_missing"]}
        wrong |= {} if pay_on or act != "open_run" else {"pay_on": words["pay_on_wrong"]}
        if not wrong:
            return HttpResponseRedirect(f"{base}{_do(officer, reason, emergency, act, pay_on)}", status=303)
    fields: list[Part] = []
    if act == "open_run":
        fields.append(day_field(request, "pay_on", words["pay_on"], wrong.get("pay_on", "")))
    fields.append(Area("reason", words["reason"], "", reason, wrong.get("reason", ""), REASON_LENGTH_MAX))
    parts = (Paragraph(words[f"{act}_lead"]), _facts(found[0], language), Form(tuple(fields), words[act]))
    problems = tuple(Problem(field, text) for field, text in wrong.items())
    back = Link(found[0].name, f"{base}emergencies/{emergency}")
    return page(request, language, f"{words[act]}: {found[0].name}", parts, back=back, problems=problems)


def _do(officer: Officer, reason: str, emergency: int, act: str, pay_on: date | None) -> str:
    """Do it and return where to go then."""
    actor, clock = officer.actor, officer.clock
    if act == "open_run" and pay_on is not None:
        run = operations.open_run(actor=actor, reason=reason, clock=clock, emergency_id=emergency, pay_on=pay_on)
        return f"runs/{run}"
    if act == "approve":
        operations.approve_emergency(actor=actor, reason=reason, clock=clock, emergency_id=emergency)
    elif act == "withdraw":
        operations.withdraw_emergency(actor=actor, reason=reason, clock=clock, emergency_id=emergency)
    else:
        operations.end_emergency(actor=actor, reason=reason, clock=clock, emergency_id=emergency)
    return f"emergencies/{emergency}"


@officer_page(permission="payments.show", what=WHAT)
def reached_page(request: HttpRequest, language: str, officer: Officer, emergency: int) -> HttpResponse:
    """Show how many were reached, by province, channel and outcome; nobody is named."""
    words, base = WORDS[language], root(language)
    report = report_of(emergency)
    names = {one.code: one.name for one in provinces()}
    sums: dict[tuple[str, str, str], tuple[int, int]] = {}
    for line in report.lines:
        key = (line.province, line.channel, line.why)
        persons, amount = sums.get(key, (0, 0))
        sums[key] = (persons + line.persons, amount + line.amount)
    rows = tuple(
        (
            names.get(province, province),
            words[f"channel_{channel}"],
            either(WHY[Why(why)], language),
            counted(persons),
            money(amount),
        )
        for (province, channel, why), (persons, amount) in sums.items()
    )
    columns = tuple(words[one] for one in ("province", "channel", "why", "persons", "amount"))
    total = (words["total"], "", "", counted(report.persons), money(report.amount))
    parts: list[Part] = [
        Table(words["reached"], columns, rows, (3, 4), total) if rows else Empty(words["reached_none"])
    ]
    runs = tuple(Link(MONEY[language]["run"].format(run=run), f"{base}runs/{run}") for run in report.runs)
    if runs:
        parts.append(Actions(runs))
    back = Link(report.emergency.name, f"{base}emergencies/{emergency}")
    return page(request, language, words["reached"], parts, lead=words["reached_lead"], back=back)


def _tag(state: str, language: str) -> Tag:
    return Tag(WORDS[language][state], _TAGS[state])  # type: ignore[arg-type]  # kinds of tags are those named above


def _span(from_on: date, until_on: date, words: Mapping[str, str]) -> str:
    return words["span"].format(first=day(from_on), last=day(until_on - timedelta(days=1)))


def _months(months: Sequence[int], words: Mapping[str, str]) -> str:
    return ", ".join(month(one) for one in months) or words["no_months"]


PAGES = {
    "emergencies": emergencies_page,
    "emergencies/new": new_page,
    "emergencies/<int:emergency>": emergency_page,
    "emergencies/<int:emergency>/approve": approve_page,
    "emergencies/<int:emergency>/withdraw": withdraw_page,
    "emergencies/<int:emergency>/end": end_page,
    "emergencies/<int:emergency>/open-run": open_run_page,
    "emergencies/<int:emergency>/reached": reached_page,
}
