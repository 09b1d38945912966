"""Online services: choose one; follow an application with the legal clock, supplement, withdraw it. Applying itself: `applying`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST

from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import Refusal
from ansinh.foundation.purpose import Purpose
from ansinh.mandates.states import What
from ansinh.portal.acts.applying import apply_page
from ansinh.portal.acts.asking import answers_of, fields, raw_answers, shown
from ansinh.portal.acts.attaching import (
    OTHER,
    attached,
    attachments_shown,
    chosen,
    field_of,
    file_fields,
    hand_in,
    take_away,
    takes_files,
)
from ansinh.portal.acts.steps import REASON, back_to, go, problem_of
from ansinh.portal.acts.wording import begun_large
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import Whose, missing, own_page
from ansinh.portal.words import root
from ansinh.portal.words.attaching import WORDS as FILES
from ansinh.portal.words.services import WORDS
from ansinh.screens.components import (
    Actions,
    Banner,
    Button,
    Details,
    Empty,
    Event,
    Form,
    Group,
    Link,
    Part,
    Problem,
    Row,
    Summary,
    Tag,
    Tile,
    Tiles,
    Timeline,
)
from ansinh.screens.components.parts import Tone
from ansinh.screens.saying import day, either, moment
from ansinh.services.operations import read_attachment, supplement_application, withdraw_application
from ansinh.services.queries import (
    TOPICS,
    ApplicationShown,
    Ask,
    PaperWanted,
    application,
    applications_of,
    catalogue,
)
from ansinh.services.states import CLOSED, ApplicationState


@require_http_methods(["GET", "HEAD"])
@own_page(what=What.APPLY, noted="services")
def services_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show every service by topic, and the way to one's own applications."""
    words, base = WORDS[language], root(language)
    parts: list[Part] = [Tiles((Tile(words["files"], f"{base}services/mine", words["files_text"], icon="services"),))]
    for topic, group in groupby(catalogue().values(), key=lambda one: one.topic):
        tiles = tuple(
            Tile(
                either((one.vi, one.en), language),
                f"{base}services/apply/{one.code}",
                either((one.summary_vi, one.summary_en), language),
            )
            for one in group
        )
        parts.append(Tiles(tiles, either(TOPICS[topic], language)))
    return page(request, language, words["title"], parts, lead=words["lead"], back=home_link(language))


@require_http_methods(["GET", "HEAD"])
@own_page(what=What.READ, noted="applications")
def mine_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show one's own applications, the newest first."""
    words, base = WORDS[language], root(language)
    found = applications_of(whose.person_id)
    back = back_to(language, "services", words["title"])
    if not found:
        nothing = (Empty(words["files_none"], words["files_none_text"], back),)
        return page(request, language, words["files"], nothing, back=back)
    tiles = tuple(
        Tile(
            either((one.service.vi, one.service.en), language),
            f"{base}services/file/{one.reference}",
            _promise(one, language),
            one.receipt or words["draft"],
            _state(one, language),
        )
        for one in found
    )
    return page(request, language, words["files"], (Tiles(tiles),), back=back)


@require_http_methods(["GET", "HEAD"])
@own_page(what=What.READ, noted="applications")
def file_page(request: HttpRequest, language: str, whose: Whose, reference: str) -> HttpResponse:
    """Show one application: where it is, until when, what is wanted, what happened; what was answered and granted to who proved themselves surely."""
    return _file(request, language, whose, reference)


@require_http_methods(["GET", "HEAD"])
@own_page(level=2, what=What.READ, noted="applications")
def whole_file_page(request: HttpRequest, language: str, whose: Whose, reference: str) -> HttpResponse:
    """Show one application with the accounts that were named in it and the sums that were granted."""
    return _file(request, language, whose, reference)


def _file(request: HttpRequest, language: str, whose: Whose, reference: str) -> HttpResponse:
    words, one = WORDS[language], application(whose.person_id, reference)
    if one is None:
        return missing(request, language)
    parts: list[Part] = []
    told = request.GET.get("told", "")
    if told == "sent" and one.receipt:
        parts.append(
            Banner(words["sent"], f"{words['sent_text'].format(receipt=one.receipt)} {_promise(one, language)}", "good")
        )
    elif told in {"supplemented", "withdrawn"}:
        parts.append(Banner(words[told], kind="good"))
    parts += _wanted(one, language)
    parts.append(Summary(tuple(_facts(one, language))))
    if one.state is ApplicationState.DRAFT:
        onward = f"{root(language)}services/apply/{one.service.code}?draft={one.reference}"
        parts.append(Actions((Button(words["go_on"], onward),)))
    parts += _private(one, language) if whose.citizen.level > 1 else [_surer(one, language)]
    events = tuple(
        Event(moment(line.happened_at), begun_large(either((line.vi, line.en), language)))
        for line in reversed(one.lines)
    )
    if events:
        parts.append(Timeline(events, words["story"]))
    if one.state not in CLOSED:
        action = f"{root(language)}services/file/{one.reference}/withdraw"
        name = words["drop_draft" if one.state is ApplicationState.DRAFT else "withdraw"]
        parts.append(Form((), name, action, kind="warning"))
    title = either((one.service.vi, one.service.en), language)
    return page(request, language, title, parts, back=back_to(language, "services/mine", words["files"]))


@require_POST
@takes_files
@own_page(what=What.APPLY, safe=False)
def supplement_form(request: HttpRequest, language: str, whose: Whose, reference: str) -> HttpResponse:
    """Hand in what is wanted, in answers, files or both; a file may be taken away again before."""
    one = application(whose.person_id, reference)
    if one is None:
        return missing(request, language)
    if take_away(request, whose, one):
        return go(language, f"services/file/{one.reference}")
    asks, papers = _asked_again(one)
    raw = raw_answers(asks, request.POST)
    answers, problems = answers_of(asks, raw, language)
    problems += hand_in(request, whose, one.reference, papers, language)
    fields_shown = [*(ask.key for ask in asks), *(field_of(paper.key) for paper in papers), field_of(OTHER)]
    if not (problems or answers or chosen(request, papers) or _brought(one)):
        problems = (Problem(fields_shown[0], FILES[language]["nothing"]),)
    if not problems:
        try:
            supplement_application(
                actor=whose.actor, reason=REASON, clock=whose.clock, reference=one.reference, answers=answers
            )
        except Refusal as refusal:
            problems = (problem_of(refusal, language, fields_shown),)
    if problems:
        again = application(whose.person_id, reference) or one
        parts, back = _wanted(again, language, raw, problems), _back_to_file(one, language)
        return page(request, language, WORDS[language]["wanted"], parts, back=back, problems=problems)
    return go(language, f"services/file/{one.reference}?told=supplemented")


@require_http_methods(["GET", "HEAD"])
@own_page(level=2, what=What.READ)
def attachment_page(request: HttpRequest, language: str, whose: Whose, reference: str, place: int) -> HttpResponse:
    """Give a file back to who handed it in, to be kept and not shown: nothing in it runs here."""
    one = application(whose.person_id, reference)
    found = dict(attached(one)).get(place) if one else None
    if found is None:
        return missing(request, language)
    name, media_type, content = read_attachment(
        actor=whose.actor,
        reason=REASON,
        clock=whose.clock,
        reference=reference,
        attachment_id=found.attachment_id,
        purpose=Purpose.OWN_RECORD,
    )
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@own_page(what=What.APPLY, safe=False)
def withdraw_form(request: HttpRequest, language: str, whose: Whose, reference: str) -> HttpResponse:
    """Withdraw an application."""
    one = application(whose.person_id, reference)
    if one is None:
        return missing(request, language)
    withdraw_application(actor=whose.actor, reason=REASON, clock=whose.clock, reference=one.reference)
    return go(language, f"services/file/{one.reference}?told=withdrawn")


def _wanted(
    one: ApplicationShown, language: str, raw: Mapping[str, str] | None = None, problems: Sequence[Problem] = ()
) -> list[Part]:
    words = WORDS[language]
    if one.wanted is None or one.state is not ApplicationState.WAITING_SUPPLEMENT:
        return []
    told = either((one.wanted.because_vi, one.wanted.because_en), language)
    until = words["wanted_until"].format(day=day(one.wanted.until_on))
    asks, papers = _asked_again(one)
    named = {*(ask.key for ask in asks), *(paper.key for paper in papers)}
    others = [line for line in one.wanted.wanted if line.get("key") not in named]
    parts: list[Part] = [Banner(words["wanted"], f"{told}. {until}", "warning")]
    if others:
        rows = tuple(
            Row(str(line.get(language, "")), str(line.get("paper_vi" if language == "vi" else "paper_en", "")))
            for line in others
        )
        parts.append(Summary(rows))
    action = f"{root(language)}services/file/{one.reference}/supplement"
    parts += attachments_shown(one, language, action=action)
    asked = (*fields(asks, raw or {}, problems, language), *file_fields(papers, problems, language))
    parts.append(Group((Form(asked, words["supplement"], action),)))
    return parts


def _asked_again(one: ApplicationShown) -> tuple[list[Ask], list[PaperWanted]]:
    """Return the questions and the papers that are wanted once more."""
    named = {str(line.get("key", "")) for line in one.wanted.wanted} if one.wanted else set()
    asks = [ask for ask in one.service.asks if ask.key in named]
    return asks, [paper for paper in one.service.papers if paper.key in named]


def _brought(one: ApplicationShown) -> bool:
    """Tell whether a file was handed in since something is wanted, on a page that then found a mistake in something else."""
    since = one.wanted.paused_at if one.wanted else None
    return since is not None and any(each.added_at >= since for _, each in attached(one))


def _back_to_file(one: ApplicationShown, language: str) -> Link:
    return back_to(language, f"services/file/{one.reference}", either((one.service.vi, one.service.en), language))


def _facts(one: ApplicationShown, language: str) -> list[Row]:
    words = WORDS[language]
    rows = [
        Row(words["state"], _state(one, language)),
        Row(words["holder"], either((one.holder_vi, one.holder_en), language)),
    ]
    if one.receipt:
        rows.append(Row(words["receipt"], one.receipt))
    if one.submitted_at:
        rows.append(Row(words["submitted"], day(legal_day(one.submitted_at))))
    if one.promised_on and one.closed_on is None:
        rows.append(Row(words["promised"], day(one.promised_on), note=words["late"] if one.late else ""))
    if one.result_vi and one.result_en:
        rows.append(Row(words["answer"], either((one.result_vi, one.result_en), language)))
    return rows


def _surer(one: ApplicationShown, language: str) -> Part:
    words = WORDS[language]
    return Tiles((Tile(words["whole"], f"{root(language)}services/file/{one.reference}/whole", words["whole_text"]),))


def _private(one: ApplicationShown, language: str) -> list[Part]:
    granted = tuple(Row(either((vi, en), language), value) for vi, en, value in one.result_facts)
    files = attachments_shown(one, language, sure=True)
    return [*([Summary(granted)] if granted else []), *([_answers(one, language)] if one.answers else []), *files]


def _answers(one: ApplicationShown, language: str) -> Part:
    rows = tuple(
        Row(either((ask.vi, ask.en), language), shown(ask, one.answers[ask.key], language))
        for ask in one.service.asks
        if ask.key in one.answers
    )
    return Details(WORDS[language]["answers"], (Summary(rows),))


def _state(one: ApplicationShown, language: str) -> Tag:
    tones: dict[ApplicationState, Tone] = {
        ApplicationState.GRANTED: "good",
        ApplicationState.REFUSED: "bad",
        ApplicationState.WAITING_SUPPLEMENT: "bad",
    }
    tone = tones.get(one.state, "neutral" if one.state in CLOSED else "waiting")
    return Tag(begun_large(either((one.state_vi, one.state_en), language)), tone)


def _promise(one: ApplicationShown, language: str) -> str:
    if one.promised_on is None or one.closed_on is not None:
        return ""
    return WORDS[language]["due"].format(day=day(one.promised_on))


PAGES = {
    "services": services_page,
    "services/mine": mine_page,
    "services/apply/<slug:code>": apply_page,
    "services/file/<slug:reference>": file_page,
    "services/file/<slug:reference>/whole": whole_file_page,
    "services/file/<slug:reference>/supplement": supplement_form,
    "services/file/<slug:reference>/withdraw": withdraw_form,
    "services/file/<slug:reference>/attachment/<int:place>": attachment_page,
}
