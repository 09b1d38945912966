"""Life events: what each office has in hand and until when, one file as a timeline, and the cases only a person settles."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.foundation.clock import legal_day
from ansinh.lifeevents.operations import settle_case, show_file
from ansinh.lifeevents.queries import AtOffice, CaseLine, FileLine, FileShown, at_office, cases, file_shown
from ansinh.lifeevents.states import (
    CLOSED,
    KINDS,
    OFFICES,
    STEP_STATES,
    Office,
    Step,
    planned,
    state_words,
)
from ansinh.places.queries import provinces
from ansinh.screens.components import (
    Actions,
    Area,
    Banner,
    Cell,
    Empty,
    Event,
    Form,
    Heading,
    Hidden,
    Link,
    Pages,
    Paragraph,
    Part,
    Problem,
    Row,
    Summary,
    Table,
    Tag,
    Timeline,
)
from ansinh.screens.saying import day, either, moment
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.shell import home_link, page
from ansinh.workbench.words import root
from ansinh.workbench.words.events import WORDS

WHAT = ("theo dõi hồ sơ liên thông và giải quyết việc vướng", "follow life-event files and settle what is stuck")
PAGE_LENGTH = 50
CASES_SHOWN = 20
HOW_LENGTH_MAX = 500


@officer_page(permission="lifeevents.show", what=WHAT)
def events_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Show what a person must settle, and what an office has in hand, the first to fall due first."""
    words, base = WORDS[language], root(language)
    asked = request.GET.get("office", "")
    office = Office(asked) if asked in set(Office) else Office.AGENCY
    found = at_office(office, after=_key_of(request.GET.get("after", "")), limit=PAGE_LENGTH + 1)
    parts: list[Part] = _open_cases(language)
    parts.append(Actions(tuple(Link(_office(one, language), f"{base}events?office={one}") for one in Office)))
    if not found:
        parts.append(Empty(words["none_title"], words["none_text"]))
    else:
        columns = tuple(words[name] for name in ("step", "kind", "due", "waits"))
        shown = tuple(_line(one, officer.today, language) for one in found[:PAGE_LENGTH])
        parts.append(Table(words["held"].format(office=_office(office, language)), columns, shown))
    if len(found) > PAGE_LENGTH:
        last = found[PAGE_LENGTH - 1]
        more = urlencode({"office": office.value, "after": _text_of(last)})
        parts.append(Pages(older=Link(words["next"], f"{base}events?{more}")))
    return page(request, language, words["title"], parts, lead=words["lead"], back=home_link(language))


@officer_page(permission="lifeevents.show", what=WHAT, safe=False)
def event_page(request: HttpRequest, language: str, officer: Officer, file: int) -> HttpResponse:
    """Show one file; whoever it is about sees who looked. Posted, a case of it is settled."""
    words, base = WORDS[language], root(language)
    shown = file_shown(file)  # a file of another province is not there
    how, case = request.POST.get("how", "").strip(), request.POST.get("case", "")
    wrong: tuple[Problem, ...] = ()
    if request.method == "POST":
        if 0 < len(how) <= HOW_LENGTH_MAX and case.isascii() and case.isdecimal():
            settle_case(
                actor=officer.actor,
                reason=words["settling"],
                clock=officer.clock,
                file_id=file,
                case_no=int(case),
                how=how,
            )
            return HttpResponseRedirect(f"{base}events/{file}", status=303)
        wrong = (Problem("how", words["how_missing"]),)
    if shown.line.about is not None:
        shown = show_file(actor=officer.actor, reason=words["looked"], file_id=file)
    parts: list[Part] = [_facts(shown.line, language)]
    for one in shown.cases:
        failed = wrong if case == str(one.case_no) else ()
        parts += _case(one, language, how if failed else "", failed, settles=officer.may("lifeevents.settle"))
    parts.append(_steps(shown, officer.today, language))
    if shown.effects:
        parts.append(_effects(shown, language))
    parts.append(Timeline(_story(shown, language), words["story"]))
    title = f"{words['file'].format(file=file)}: {either(KINDS[shown.line.kind], language)}"
    back = Link(words["title"], f"{base}events")
    return page(request, language, title, parts, back=back, problems=wrong)


def _key_of(text: str) -> tuple[date, int, str] | None:
    """Return what a list goes on from; None for what is not one of ours, which shows the beginning."""
    day_text, _, rest = text.partition("_")
    number, _, step = rest.partition("_")
    try:
        return date.fromisoformat(day_text), int(number) if number.isascii() else 0, Step(step).value
    except ValueError:
        return None


def _text_of(one: AtOffice) -> str:
    due_on, file, step = one.key
    return f"{due_on.isoformat()}_{file}_{step}"


def _office(office: Office, language: str) -> str:
    return either(OFFICES[office], language)


def _open_cases(language: str) -> list[Part]:
    words, base = WORDS[language], root(language)
    found = cases(limit=CASES_SHOWN)
    if not found:
        return []
    lines = tuple(
        (
            Link(words["file"].format(file=one.file_id), f"{base}events/{one.file_id}"),
            either((one.vi, one.en), language),
            moment(one.opened_at),
        )
        for one in found
    )
    return [
        Table(words["cases"], (words["kind"], words["what"], words["when"]), lines),
        Paragraph(words["cases_lead"], "quiet"),
    ]


def _line(one: AtOffice, today: date, language: str) -> tuple[str | Part, ...]:
    words = WORDS[language]
    step = planned(one.kind, one.step)
    name = words["file"].format(file=one.file_id)
    return (
        Cell(Link(either((step.vi, step.en), language), f"{root(language)}events/{one.file_id}", about=name), name),
        either(KINDS[one.kind], language),
        Cell(day(one.due_on), words["late"] if one.due_on < today else ""),
        either((one.waits_vi, one.waits_en), language) or "–",
    )


def _facts(line: FileLine, language: str) -> Summary:
    words = WORDS[language]
    names = {one.code: one.name for one in provinces()}
    person = words["record"].format(person=line.person_id) if line.person_id else words["unknown"]
    state = either(state_words(line.kind, line.state), language)
    return Summary(
        (
            Row(words["state"], Tag(state, "neutral" if line.state in CLOSED else "waiting")),
            Row(words["about"], person),
            Row(words["received"], moment(line.received_at)),
            Row(words["due"], day(line.due_on)),
            Row(words["province"], names.get(line.province, line.province or "–")),
        )
    )


def _case(one: CaseLine, language: str, how: str, wrong: tuple[Problem, ...], *, settles: bool) -> list[Part]:
    words = WORDS[language]
    what = either((one.vi, one.en), language)
    if one.settled_by is not None:
        return [Banner(what, words["settled"].format(officer=one.settled_by), kind="good")]
    told = Banner(what, words["opened"].format(moment=moment(one.opened_at)), kind="warning")
    if not settles:
        return [told]
    error = wrong[0].text if wrong else ""
    area = Area("how", words["how"], words["how_hint"], how, error, HOW_LENGTH_MAX)
    form = Form((Hidden("case", str(one.case_no)), area), words["settle"])
    return [told, Heading(words["case"].format(case=one.case_no)), form]


def _steps(shown: FileShown, today: date, language: str) -> Table:
    words = WORDS[language]
    lines = []
    for one in shown.steps:
        step = planned(shown.line.kind, one.step)
        late = one.ended_at is None and one.due_on is not None and one.due_on < today
        lines.append(
            (
                Cell(either((step.vi, step.en), language), either((one.waits_vi, one.waits_en), language)),
                _office(one.office, language),
                either(STEP_STATES[one.state], language),
                Cell(day(one.due_on), words["late"] if late else ""),
                day(legal_day(one.ended_at)) if one.ended_at else "–",
            )
        )
    return Table(
        words["steps"], tuple(words[name] for name in ("step", "office", "state", "due", "ended")), tuple(lines)
    )


def _effects(shown: FileShown, language: str) -> Table:
    words = WORDS[language]
    lines = tuple(
        (words[f"effect_{one.kind}"], moment(one.done_at), words[f"undo_{one.undo or 'none'}"]) for one in shown.effects
    )
    return Table(words["effects"], (words["what"], words["when"], words["undo"]), lines)


def _story(shown: FileShown, language: str) -> tuple[Event, ...]:
    """Return what happened, the newest first."""
    return tuple(
        Event(moment(one.happened_at), either((one.vi, one.en), language), _office(one.office, language))
        for one in reversed(shown.story)
    )


PAGES = {"events": events_page, "events/<int:file>": event_page}
