"""The data-protection desk: requests by the law's time limit, one request and its answer, and unjustified looks to be reported."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode

from ansinh.places.queries import facility_names
from ansinh.rights.operations import (
    WORDS_LENGTH_MAX,
    acknowledge_request,
    answer_request,
    report_breach,
    show_request,
)
from ansinh.rights.queries import RequestShown, breaches_open, findings, request_numbered, requests_open
from ansinh.rights.states import KIND_WORDS, OPEN, OUTCOME_WORDS, OUTCOMES, STATE_WORDS, Outcome, RequestState
from ansinh.screens.components import (
    Area,
    Cell,
    Choice,
    Choices,
    Empty,
    Field,
    Form,
    Hidden,
    Link,
    Pages,
    Part,
    Problem,
    Row,
    Summary,
    Table,
    Tag,
)
from ansinh.screens.saying import either, moment
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.shell import home_link, page
from ansinh.workbench.words import root
from ansinh.workbench.words.data_requests import WORDS

WHAT = ("trả lời yêu cầu về dữ liệu cá nhân", "answer requests about personal data")
PAGE_LENGTH = 50


@officer_page(permission="rights.answer", what=WHAT)
def requests_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Show what the desk has to answer, breaches to report, and whose looks were found unjustified."""
    words, base, now = WORDS[language], root(language), officer.clock.now()
    found = requests_open(after=_key_of(request.GET.get("after", "")), length=PAGE_LENGTH + 1)
    columns = (words["kind"], words["state"], words["filed"], words["due"])
    parts: list[Part] = []
    if found:
        lines = tuple(_line(one, now, language) for one in found[:PAGE_LENGTH])
        parts.append(Table(words["open"], columns, lines))
    else:
        parts.append(Empty(words["none_title"], words["none_text"]))
    if len(found) > PAGE_LENGTH:
        last = found[PAGE_LENGTH - 1]
        onward = urlencode({"after": f"{last.due_at.isoformat()}_{last.request_id}"})
        parts.append(Pages(older=Link(words["next"], f"{base}data-requests?{onward}")))
    if breaches := breaches_open():
        lines = tuple((_name(one, language), moment(one.breach_due_at or one.due_at)) for one in breaches)
        parts.append(Table(words["breaches"], (words["kind"], words["report_by"]), lines))
    if unjustified := findings():
        names = facility_names([one.facility for one in unjustified])
        told = tuple(
            (one.officer, names.get(one.facility, one.facility or "–"), str(one.times), moment(one.last_found_at))
            for one in unjustified
        )
        heads = tuple(words[name] for name in ("officer", "facility", "times", "last"))
        parts.append(Table(words["findings"], heads, told))
    return page(request, language, words["title"], parts, lead=words["lead"], back=home_link(language))


@officer_page(permission="rights.answer", what=WHAT, safe=False)
def request_page(request: HttpRequest, language: str, officer: Officer, asked: int) -> HttpResponse:
    """Show one request; its person sees who looked. Posted, it is taken up, answered, or its breach noted as reported."""
    words, base = WORDS[language], root(language)
    one = request_numbered(asked)  # a request of another province is not there
    wrong: tuple[Problem, ...] = ()
    if request.method == "POST":
        wrong = _problems(request, one, language)
        if not wrong:
            _act(request, officer, asked, language)
            return HttpResponseRedirect(f"{base}data-requests/{asked}", status=303)
    shown = show_request(actor=officer.actor, reason=words["looked"], request_id=asked)
    parts: list[Part] = [_facts(shown, officer.clock.now(), language), *_forms(request, shown, wrong, language)]
    title = f"{words['request'].format(request=asked)}: {either(KIND_WORDS[shown.kind], language)}"
    back = Link(words["title"], f"{base}data-requests")
    return page(request, language, title, parts, back=back, problems=wrong)


def _key_of(text: str) -> tuple[datetime, int] | None:
    """Return what a list goes on from; None for what is not one of ours, which shows the beginning."""
    due, _, number = text.partition("_")
    try:
        found = datetime.fromisoformat(due), int(number)
    except ValueError:
        return None
    return found if found[0].tzinfo else None


def _problems(request: HttpRequest, one: RequestShown, language: str) -> tuple[Problem, ...]:
    words, act, found = WORDS[language], request.POST.get("act", ""), []
    if act == "answer":
        if request.POST.get("outcome", "") not in OUTCOMES[one.kind]:
            found.append(Problem("outcome", words["outcome_missing"]))
        if not 0 < len(request.POST.get("answer", "").strip()) <= WORDS_LENGTH_MAX:
            found.append(Problem("answer", words["answer_missing"]))
    elif act == "report":
        if not 0 < len(request.POST.get("reference", "").strip()) <= WORDS_LENGTH_MAX:
            found.append(Problem("reference", words["reference_missing"]))
    elif act != "acknowledge":
        found.append(Problem("outcome", words["outcome_missing"]))
    return tuple(found)


def _act(request: HttpRequest, officer: Officer, number: int, language: str) -> None:
    given, reason = request.POST, WORDS[language]["answering"]
    match given["act"]:
        case "acknowledge":
            acknowledge_request(actor=officer.actor, reason=reason, clock=officer.clock, request_id=number)
        case "answer":
            answer_request(
                actor=officer.actor,
                reason=reason,
                clock=officer.clock,
                request_id=number,
                outcome=Outcome(given["outcome"]),
                answer=given["answer"],
            )
        case "report":
            report_breach(
                actor=officer.actor,
                reason=reason,
                clock=officer.clock,
                request_id=number,
                reference=given["reference"],
            )


def _name(one: RequestShown, language: str) -> Cell:
    name = WORDS[language]["request"].format(request=one.request_id)
    kind = either(KIND_WORDS[one.kind], language)
    return Cell(Link(kind.capitalize(), f"{root(language)}data-requests/{one.request_id}", about=name), name)


def _line(one: RequestShown, now: datetime, language: str) -> tuple[str | Part, ...]:
    late = WORDS[language]["late"] if one.due_at < now else ""
    state = either(STATE_WORDS[one.state], language)
    return _name(one, language), state, moment(one.filed_at), Cell(moment(one.due_at), late)


def _facts(one: RequestShown, now: datetime, language: str) -> Summary:
    words, waits = WORDS[language], one.state in OPEN
    rows = [
        Row(words["state"], Tag(either(STATE_WORDS[one.state], language), "waiting" if waits else "neutral")),
        Row(words["who"], words["record"].format(person=one.person_id)),
        Row(words["filed"], moment(one.filed_at)),
        Row(words["due"], moment(one.due_at), words["late"] if waits and one.due_at < now else ""),
    ]
    if one.about:
        rows.append(Row(words["about"], one.about))
    if one.words:
        rows.append(Row(words["words"], one.words))
    if one.looked_at is not None:
        place = facility_names([one.facility]).get(one.facility, one.facility or "–")
        by = words["looked_by"].format(officer=one.officer, facility=place, moment=moment(one.looked_at))
        rows.append(Row(words["look"], by))
    if one.outcome is not None and one.answered_at is not None:
        rows.append(Row(words["outcome"], either(OUTCOME_WORDS[one.outcome], language)))
        rows += [Row(words["answer"], one.answer or "–"), Row(words["answered"], moment(one.answered_at))]
    if one.breach_due_at is not None:
        rows.append(Row(words["report_by"], moment(one.breach_due_at)))
    if one.breach_reported_at is not None:
        rows.append(Row(words["reported"], moment(one.breach_reported_at)))
    return Summary(tuple(rows))


def _forms(request: HttpRequest, one: RequestShown, wrong: tuple[Problem, ...], language: str) -> list[Part]:
    words, given = WORDS[language], request.POST
    errors = {problem.field: problem.text for problem in wrong}
    if one.breach_due_at is not None and one.breach_reported_at is None:
        asked = Field(
            "reference", words["reference"], value=given.get("reference", ""), error=errors.get("reference", "")
        )
        return [Form((Hidden("act", "report"), asked), words["report"])]
    if one.state not in OPEN:
        return []
    outcomes = tuple(
        Choice(each.value, either(OUTCOME_WORDS[each], language)) for each in Outcome if each in OUTCOMES[one.kind]
    )
    asks = (
        Hidden("act", "answer"),
        Choices("outcome", words["outcome"], outcomes, (given.get("outcome", ""),), error=errors.get("outcome", "")),
        Area(
            "answer",
            words["answer"],
            words["answer_hint"],
            given.get("answer", ""),
            errors.get("answer", ""),
            WORDS_LENGTH_MAX,
        ),
    )
    parts: list[Part] = []
    if one.state is RequestState.FILED:
        parts.append(Form((Hidden("act", "acknowledge"),), words["acknowledge"], kind="quiet"))
    return [*parts, Form(asks, words["send"])]


PAGES = {"data-requests": requests_page, "data-requests/<int:asked>": request_page}
