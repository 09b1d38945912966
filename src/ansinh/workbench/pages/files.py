"""Claims: open files by deadline, one file with its clock and derivation, and its decision by two officers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.benefits.file_states import FILE_KINDS, FILE_STATES, FileState, Outcome
from ansinh.benefits.operations import FileShown, decide_application, prepare_decision, show_file
from ansinh.benefits.queries import DecisionKept, File, file_numbered, files
from ansinh.foundation.clock import legal_day
from ansinh.screens.components import (
    Actions,
    Area,
    Banner,
    Cell,
    Choice,
    Choices,
    Empty,
    Event,
    Form,
    Heading,
    Hidden,
    Link,
    Paragraph,
    Part,
    Problem,
    Row,
    Steps,
    Summary,
    Table,
    Tag,
    Timeline,
)
from ansinh.screens.saying import day, either, moment, money
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.shell import home_link, page
from ansinh.workbench.words import root
from ansinh.workbench.words.files import WORDS

WHAT = ("xem và giải quyết hồ sơ chế độ", "see benefit files and decide them")
PAGE_LENGTH = 50
REASON_LENGTH_MAX = 500
_HELD = {
    FileState.FILED: "held_officer",
    FileState.GATHERING: "held_officer",
    FileState.WAITING_PAPERS: "held_applicant",
    FileState.WAITING_CONFIRMATION: "held_relative",
    FileState.PREPARED: "held_approver",
}
_PREPARABLE = frozenset({FileState.GATHERING, FileState.WAITING_PAPERS})
ACTS = ("prepare", "approve", "send_back")


@dataclass(frozen=True, slots=True)
class Sent:
    """What an officer sent: an act and why."""

    act: str
    reason: str

    def problems(self, words: Mapping[str, str]) -> tuple[Problem, ...]:
        """Return what is missing of it."""
        found = [] if self.act in ACTS else [Problem("act", words["act_missing"])]
        if not 0 < len(self.reason) <= REASON_LENGTH_MAX:
            found.append(Problem("reason", words["reason_missing"]))
        return tuple(found)


@officer_page(permission="benefits.show", what=WHAT)
def files_page(request: HttpRequest, language: str, officer: Officer) -> HttpResponse:
    """Show open files, or those of a state, by deadline."""
    words, base = WORDS[language], root(language)
    asked = request.GET.get("state", "")
    state = FileState(asked) if asked in _HELD else None
    found = files(state=state, length=PAGE_LENGTH)
    ways = [
        Link(words["all"], f"{base}files"),
        *(Link(_name(one, language), f"{base}files?state={one}") for one in _HELD),
    ]
    parts: list[Part] = [Actions(tuple(ways))]
    if not found:
        parts.append(Empty(words["none_title"], words["none_text"]))
    else:
        columns = tuple(words[name] for name in ("file", "kind", "state", "holder", "filed", "due"))
        columns = (words["files"], *columns[1:])
        caption = _name(state, language) if state else words["all"]
        parts.append(Table(caption, columns, tuple(_line(one, officer.today, language) for one in found)))
    lead = words["lead"].format(length=PAGE_LENGTH)
    return page(request, language, words["title"], parts, lead=lead, back=home_link(language))


@officer_page(permission="benefits.show", what=WHAT, safe=False)
def file_page(request: HttpRequest, language: str, officer: Officer, file: int) -> HttpResponse:
    """Show one file; whoever applied sees who looked. Posted, it is prepared, approved or sent back."""
    words, base = WORDS[language], root(language)
    file_numbered(file)  # a file of another province is not there
    sent = (
        Sent(request.POST.get("act", ""), request.POST.get("reason", "").strip()) if request.method == "POST" else None
    )
    wrong = sent.problems(words) if sent else ()
    if sent and not wrong:
        _act(officer, sent, file)
        return HttpResponseRedirect(f"{base}files/{file}", status=303)
    shown = show_file(actor=officer.actor, reason=words["looked"], application=file)
    parts: list[Part] = [_facts(shown.file, officer.today, language), *_turn(shown, officer, language, sent)]
    parts += _decided(shown, language)
    parts.append(Timeline(_story(shown, language), words["story"]))
    title = f"{words['file'].format(file=file)}: {either(FILE_KINDS[shown.file.kind], language)}"
    back = Link(words["title"], f"{base}files")
    return page(request, language, title, parts, back=back, problems=wrong)


def _act(officer: Officer, sent: Sent, file: int) -> None:
    if sent.act == "prepare":
        prepare_decision(actor=officer.actor, reason=sent.reason, clock=officer.clock, application=file)
        return
    back = sent.reason if sent.act == "send_back" else None
    decide_application(actor=officer.actor, reason=sent.reason, clock=officer.clock, application=file, send_back=back)


def _name(state: FileState, language: str) -> str:
    return either(FILE_STATES[state], language).capitalize()


def _due(due: date | None, today: date, language: str, *, is_open: bool) -> Cell:
    late = is_open and due is not None and due < today
    return Cell(day(due), WORDS[language]["late"] if late else "")


def _line(one: File, today: date, language: str) -> tuple[str | Part, ...]:
    words = WORDS[language]
    return (
        Link(words["file"].format(file=one.application_id), f"{root(language)}files/{one.application_id}"),
        either(FILE_KINDS[one.kind], language),
        either(FILE_STATES[one.state], language),
        words[_HELD.get(one.state, "held_nobody")],
        day(legal_day(one.filed_at)),
        _due(one.due_on, today, language, is_open=one.state in _HELD),
    )


def _facts(one: File, today: date, language: str) -> Summary:
    words, is_open = WORDS[language], one.state in _HELD
    late = is_open and one.due_on is not None and one.due_on < today
    clock = words["clock_none"] if one.deadline_days is None else words["clock_days"].format(days=one.deadline_days)
    rows = [
        Row(words["state"], Tag(either(FILE_STATES[one.state], language), "waiting" if is_open else "neutral")),
        Row(words["holder"], words[_HELD.get(one.state, "held_nobody")]),
        Row(words["due"], day(one.due_on), words["late"] if late else clock),
        Row(words["who"], words["record"].format(person=one.person_id)),
    ]
    if one.insured_person_id != one.person_id:
        rows.append(Row(words["insured"], words["record"].format(person=one.insured_person_id)))
    if is_open:
        missing = "; ".join(lack[language] for lack in one.missing)
        rows.append(Row(words["missing"], missing or words["nothing_missing"]))
    return Summary(tuple(rows))


def _turn(shown: FileShown, officer: Officer, language: str, sent: Sent | None) -> list[Part]:
    """Return the form of what the officer may do now, or why there is none."""
    words, state = WORDS[language], shown.file.state
    if state in _PREPARABLE and not shown.file.missing and officer.may("benefits.prepare_decision"):
        lead = Paragraph(words["prepare_lead"], "quiet")
        return [
            Heading(words["prepare"]),
            Form((lead, Hidden("act", "prepare"), _reason(words, sent)), words["prepare"]),
        ]
    if state is not FileState.PREPARED:
        return []
    if not officer.may("benefits.approve_decision"):
        return [Banner(words["for_other"])]
    if shown.decisions[0].prepared_by == officer.actor.reference:
        return [Banner(words["same_officer"], kind="warning")]
    acts = tuple(Choice(act, words[act]) for act in ("approve", "send_back"))
    wrong = words["act_missing"] if sent and sent.act not in ACTS else ""
    chosen = (sent.act,) if sent else ()
    return [Form((Choices("act", words["decision"], acts, chosen, error=wrong), _reason(words, sent)), words["decide"])]


def _reason(words: Mapping[str, str], sent: Sent | None) -> Area:
    wrong = {one.field: one.text for one in sent.problems(words)} if sent else {}
    value = sent.reason if sent else ""
    return Area("reason", words["reason"], value=value, error=wrong.get("reason", ""), length_max=REASON_LENGTH_MAX)


def _decided(shown: FileShown, language: str) -> list[Part]:
    words = WORDS[language]
    if not shown.decisions or shown.decisions[0].returned_by is not None:
        return []
    kept = shown.decisions[0]
    rows = [Row(words["outcome"], _outcome(kept, words)), Row(words["amount"], money(kept.amount))]
    because = kept.because_vi if language == "vi" else kept.because_en
    if because:
        rows.append(Row(words["because"], because))
    source = "reference_vi" if language == "vi" else "reference"
    steps = [one for one in kept.explanation.get("steps", []) if one.get(language)]
    parts: list[Part] = [Summary(tuple(rows), words["decision"])]
    if steps:
        parts.append(Steps(tuple((str(one[language]), str(one.get(source) or "")) for one in steps), words["why"]))
    return parts


def _outcome(kept: DecisionKept, words: Mapping[str, str]) -> str:
    return words["granted" if kept.outcome == Outcome.GRANTED else "refused"]


def _story(shown: FileShown, language: str) -> tuple[Event, ...]:
    """Return what happened, the newest first."""
    words = WORDS[language]
    found = [(shown.file.filed_at.date(), 0, Event(moment(shown.file.filed_at), words["received"]))]
    for pause in shown.pauses:
        what = words["paused"].format(what=words[f"pause_{pause.reason}"])
        until = words["pause_over"].format(day=moment(pause.ended_at)) if pause.ended_at else ""
        if not until and pause.until_on:
            until = words["pause_until"].format(day=day(pause.until_on))
        found.append((pause.paused_at.date(), 1, Event(moment(pause.paused_at), what, until)))
    for alert in shown.alerts:
        because = alert.because_vi if language == "vi" else alert.because_en
        later = words["new_due"].format(day=day(alert.new_due_on)) if alert.new_due_on else ""
        told = "; ".join(part for part in (because, later) if part)
        found.append(
            (alert.raised_on, 2, Event(day(alert.raised_on), words["alert"].format(day=day(alert.due_on)), told))
        )
    for one in shown.decisions:
        what = words["prepared"].format(outcome=_outcome(one, words))
        by = words["by"].format(officer=one.prepared_by)
        found.append((one.prepared_at.date(), 3, Event(moment(one.prepared_at), what, by)))
        if one.returned_by is not None:
            by = words["by"].format(officer=one.returned_by)
            back = f"{by}: {one.returned_because or ''}"
            found.append((one.prepared_at.date(), 4, Event("–", words["returned"], back)))
        elif one.approved_by is not None and one.decided_on is not None:
            by = words["by"].format(officer=one.approved_by)
            found.append(
                (one.decided_on, 4, Event(day(one.decided_on), words["approved"].format(number=one.number), by))
            )
    return tuple(event for _, _, event in sorted(found, key=lambda each: each[:2], reverse=True))


PAGES = {"files": files_page, "files/<int:file>": file_page}
