"""One application: what was answered, the papers, the clock, the story, and what an officer may do now."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import content_disposition_header

from ansinh.foundation.errors import NotFound, Refusal
from ansinh.foundation.purpose import Purpose
from ansinh.screens.components import Banner, Cell, Event, Link, Part, Problem, Row, Summary, Table, Tag, Timeline
from ansinh.screens.saying import day, either, moment
from ansinh.services.operations import read_attachment, show_application
from ansinh.services.queries import ApplicationShown, AttachmentShown, Pulled, pulled, told_answer
from ansinh.services.states import CLOSED
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.pages.applications.acting import Sent, act, form, permitted, sent_in
from ansinh.workbench.pages.applications.listing import WHAT
from ansinh.workbench.shell import page
from ansinh.workbench.words import root
from ansinh.workbench.words.applications import WORDS

KIB = 1024


@officer_page(permission="services.read", what=WHAT, safe=False)
def application_page(request: HttpRequest, language: str, officer: Officer, reference: str) -> HttpResponse:
    """Show one application; whoever applied sees who looked, and officers of other provinces are refused. Posted, it is acted upon."""
    words, base = WORDS[language], root(language)
    shown = show_application(actor=officer.actor, reason=words["looked"], clock=officer.clock, reference=reference)
    acts, sent, wrong = permitted(shown, officer), Sent(), tuple[Problem, ...]()
    if request.method == "POST":
        sent = sent_in(request)
        wrong = sent.problems(acts, language) or _refused(officer, reference, sent, language)
        if not wrong:
            return HttpResponseRedirect(f"{base}services/{reference}", status=303)
    told = pulled(shown.person_id, shown.service, officer.clock.now())
    parts: list[Part] = [_facts(shown, language), *_wanted(shown, language)]
    parts += [_answers(shown, language), _registers(told, language)]
    if shown.attachments:
        parts.append(_papers(shown, language))
    if acts:
        parts += form(shown, acts, sent, wrong, language)
    lines = (
        Event(moment(one.happened_at), either((one.vi, one.en), language), _by(one.by, words))
        for one in reversed(shown.lines)
    )
    parts.append(Timeline(tuple(lines), words["story"]))
    title = f"{words['application'].format(receipt=shown.receipt or '–')}: {either((shown.service.vi, shown.service.en), language)}"
    return page(request, language, title, parts, back=Link(words["title"], f"{base}services"), problems=wrong)


@officer_page(permission="services.read", what=WHAT)
def attachment_file(
    request: HttpRequest, language: str, officer: Officer, reference: str, attachment: int
) -> HttpResponse:
    """Hand out a paper to be kept and not shown: nothing in it runs here. Whoever handed it in sees who opened it."""
    name, media_type, content = read_attachment(
        actor=officer.actor,
        reason=WORDS[language]["opened"],
        clock=officer.clock,
        reference=reference,
        attachment_id=attachment,
        purpose=Purpose.ADMINISTRATION,
    )
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused(officer: Officer, reference: str, sent: Sent, language: str) -> tuple[Problem, ...]:
    """Do what was asked; what the room refuses is told where it was asked, and nothing that was typed is lost."""
    try:
        act(officer, reference, sent)
    except NotFound:
        raise
    except Refusal as refusal:
        return (Problem("act", either((refusal.vi, refusal.en), language)),)
    return ()


def _facts(shown: ApplicationShown, language: str) -> Summary:
    words = WORDS[language]
    promised = words["late_told"].format(day=day(shown.promised_on)) if shown.late else ""
    rows = [
        Row(
            words["state"],
            Tag(either((shown.state_vi, shown.state_en), language), "neutral" if shown.state in CLOSED else "waiting"),
        ),
        Row(words["holder"], either((shown.holder_vi, shown.holder_en), language)),
        Row(words["who"], words["record"].format(person=shown.person_id)),
        Row(words["channel"], either((shown.channel_vi, shown.channel_en), language)),
    ]
    if shown.on_behalf_why:
        rows.append(Row(words["why"], shown.on_behalf_why))
    if shown.submitted_at:
        rows.append(Row(words["submitted"], moment(shown.submitted_at)))
    rows += [Row(words["due"], day(shown.due_on), promised), Row(words["law"], shown.service.basis)]
    if shown.result_vi and shown.result_en:
        rows.append(Row(words["result"], either((shown.result_vi, shown.result_en), language)))
    rows += [Row(either((vi, en), language), value) for vi, en, value in shown.result_facts]
    return Summary(tuple(rows))


def _wanted(shown: ApplicationShown, language: str) -> list[Part]:
    words, now = WORDS[language], shown.wanted
    if now is None:
        return []
    what = "; ".join(one[language] for one in now.wanted) or either((now.because_vi, now.because_en), language)
    until = words["until"].format(day=day(now.until_on)) if now.until_on else ""
    return [Banner(f"{words['wanted']}: {what}", until)]


def _answers(shown: ApplicationShown, language: str) -> Summary:
    rows = (
        Row(either((ask.vi, ask.en), language), either(told_answer(ask, shown.answers[ask.key]), language))
        for ask in shown.service.asks
        if shown.answers.get(ask.key) not in (None, "")
    )
    return Summary(tuple(rows), WORDS[language]["answers"])


def _registers(told: list[Pulled], language: str) -> Summary:
    """Say what registers tell, so that nobody is asked for it; a register that knows nothing says so."""
    words = WORDS[language]
    rows = (
        Row(
            either((one.vi, one.en), language),
            _said(one, language),
            either((one.register_vi, one.register_en), language),
        )
        for one in told
    )
    return Summary(tuple(rows), words["registers"])


def _said(one: Pulled, language: str) -> str:
    words = WORDS[language]
    told = "; ".join(f"{either((vi, en), language)}: {value}" for vi, en, value in one.lines)
    return told or words["there" if one.there else "not_there"]


def _by(by: str, words: Mapping[str, str]) -> str:
    kind, _, who = by.partition(":")
    return words["by_officer"].format(officer=who) if kind == "officer" else words.get(f"by_{kind}", by)


def _papers(shown: ApplicationShown, language: str) -> Table:
    words = WORDS[language]
    lines = tuple(
        (_paper(one, shown, language), f"{-(-one.size // KIB)} KiB", moment(one.added_at)) for one in shown.attachments
    )
    return Table(words["papers"], (words["paper"], words["size"], words["added"]), lines)


def _paper(one: AttachmentShown, shown: ApplicationShown, language: str) -> Cell:
    words = WORDS[language]
    if one.removed_at is not None:
        return Cell(one.name, words["taken_away"])
    named = {each.key: either((each.vi, each.en), language) for each in shown.service.papers}
    note = "; ".join(text for text in (named.get(one.paper, ""), _read(one, language)) if text)
    address = f"{root(language)}services/{shown.reference}/papers/{one.attachment_id}"
    return Cell(Link(one.name, address, download=True), note)


def _read(one: AttachmentShown, language: str) -> str:
    return WORDS[language]["readings"].format(count=len(one.readings)) if one.readings else ""
