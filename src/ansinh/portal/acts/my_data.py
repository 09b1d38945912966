"""One's own data: requests with their legal time, what is hidden and allowed, everything in one file, and the dispute of a look with one click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from ansinh.foundation.clock import RealClock
from ansinh.foundation.errors import Refusal
from ansinh.mandates.states import What
from ansinh.places.queries import facility
from ansinh.portal.acts.steps import REASON, STEP, back_to, check_page, error_at, go, posted, problem_of, step_of
from ansinh.portal.acts.wording import begun_large, until
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import Whose, own_page
from ansinh.portal.words import root
from ansinh.portal.words.acting import WORDS as SHARED
from ansinh.portal.words.my_data import WORDS
from ansinh.rights.operations import (
    dispute_look,
    fetch_download,
    file_data_request,
    make_download,
    withdraw_data_request,
)
from ansinh.rights.queries import Declared, RequestShown, look_numbered, requests_of
from ansinh.rights.states import OPEN, OUTCOME_WORDS, STATE_WORDS, RequestKind
from ansinh.screens.components import (
    Area,
    Banner,
    Button,
    Choice,
    Choices,
    Field,
    Form,
    Group,
    Heading,
    Hidden,
    Link,
    Paragraph,
    Part,
    Problem,
    Row,
    Summary,
    Tag,
)
from ansinh.screens.components.parts import Tone
from ansinh.screens.saying import either, moment

FIELDS = ("kind", "about", "words")
ASKED = tuple(one for one in RequestKind if one is not RequestKind.DISPUTE)
NUMBER_LENGTH_MAX = 18
SHOWN_MAX = 20


@require_http_methods(["GET", "HEAD"])
@own_page(what=What.DECIDE, noted="my data")
def my_data_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show what a person may do about their data, and their requests."""
    words, base = WORDS[language], root(language)
    asked = requests_of(whose.person_id)
    make = Form((), words["download_make"], f"{base}my-data/download", kind="quiet")
    parts: list[Part] = [
        *_told(request, asked, language),
        Group((Paragraph(words["download_text"]), make), words["download_title"]),
        Heading(words["health_title"]),
        Paragraph(words["health_text"]),
        Button(words["health"], f"{base}health/chapters", kind="quiet"),
        Heading(words["ask_title"]),
        Button(words["ask"], f"{base}my-data/request"),
    ]
    parts += [_request(one, whose, language) for one in asked[:SHOWN_MAX]] or [Paragraph(words["none"], "quiet")]
    return page(request, language, words["title"], parts, lead=words["lead"], back=home_link(language))


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(what=What.DECIDE, safe=False)
def request_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Ask what is wanted, about what; check; send."""
    words, step, answers = WORDS[language], step_of(request), posted(request, FIELDS)
    if step in {"", "change"}:
        return _form(request, language, answers)
    kinds = {one.value: one for one in ASKED}
    empty = tuple(
        Problem(one, words[f"{one}_empty"])
        for one in FIELDS
        if not answers[one] or (one == "kind" and answers[one] not in kinds)
    )
    if empty:
        return _form(request, language, answers, empty)
    if step == "check":
        rows = (
            Row(words["kind"], words[f"kind_{answers['kind']}"]),
            Row(words["about"], answers["about"]),
            Row(words["words"], answers["words"]),
        )
        return check_page(request, language, rows, answers, button=words["send"])
    try:
        made = file_data_request(
            actor=whose.actor,
            reason=REASON,
            clock=whose.clock,
            person_id=whose.person_id,
            kind=kinds[answers["kind"]],
            about=answers["about"],
            words=answers["words"],
        )
    except Refusal as refusal:
        return _form(request, language, answers, (problem_of(refusal, language, ("words", *FIELDS)),))
    return go(language, f"my-data?sent={made}")


@require_POST
@own_page(what=What.DECIDE, safe=False)
def withdraw_form(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Take a request back."""
    number = _number(request.POST.get("request", ""))
    withdraw_data_request(actor=whose.actor, reason=REASON, person_id=whose.person_id, request_id=number)
    return go(language, "my-data?told=withdrawn")


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(what=What.DECIDE, safe=False)
def dispute_page(request: HttpRequest, language: str, whose: Whose, look: int) -> HttpResponse:
    """Show a look once more, and take the dispute of it in: words are welcome, none are needed."""
    words = WORDS[language]
    found = look_numbered(whose.person_id, look)
    if request.method == "POST":
        told = posted(request, ("words",))["words"]
        made = dispute_look(
            actor=whose.actor, reason=REASON, clock=whose.clock, person_id=whose.person_id, look=look, words=told
        )
        return go(language, f"my-data?sent={made}")
    known = facility(found.facility) if found.facility else None
    rows = (
        Row(words["look"], moment(found.asked_at)),
        Row(words["look_by"], known.name if known else words["agency"], note=found.officer),
    )
    asked = Area("words", words["dispute_words"], words["dispute_hint"], length_max=1_000, optional=True)
    parts = (Summary(rows), Form((asked,), words["dispute_send"], kind="warning"))
    back = back_to(language, "who-looked", words["who_looked"])
    return page(request, language, words["dispute_title"], parts, lead=words["dispute_lead"], back=back)


def download_page(declared: Callable[[], Declared]) -> Callable[..., HttpResponse]:
    """Return the page that makes an archive of everything rooms declare, and hands it out once."""

    @require_POST
    @own_page(level=2, what=What.DECIDE, safe=False)
    def view(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
        words, level, key = WORDS[language], whose.citizen.level, request.POST.get("key", "")
        given: dict[str, Any] = {
            "actor": whose.actor,
            "reason": REASON,
            # The key ends by the clock on the wall: an invented nation's day never does.
            "clock": RealClock(),
            "person_id": whose.person_id,
        }
        back = back_to(language, "my-data", words["title"])
        if key:
            content = fetch_download(**given, level=level, key=key)
            response = HttpResponse(content, content_type="application/zip")
            response.headers["Content-Disposition"] = 'attachment; filename="du-lieu-cua-toi.zip"'
            return response
        made = make_download(**given, level=level, declared=declared())
        form = Form((Hidden("key", made),), words["fetch"], f"{root(language)}my-data/download")
        return page(request, language, words["ready_title"], (form,), lead=words["ready_text"], back=back)

    return view


def _told(request: HttpRequest, asked: list[RequestShown], language: str) -> list[Part]:
    words = WORDS[language]
    sent = next((one for one in asked if str(one.request_id) == request.GET.get("sent")), None)
    if sent is not None:
        told = "dispute_sent" if sent.kind is RequestKind.DISPUTE else "sent"
        due = words["sent_text"].format(due=until(sent.due_at, language))
        return [Banner(words[told].format(request=sent.request_id), due, "good")]
    told = request.GET.get("told", "")
    return [Banner(words[told], kind="good")] if told == "withdrawn" else []


def _request(one: RequestShown, whose: Whose, language: str) -> Part:
    words = WORDS[language]
    late = one.state in OPEN and one.due_at < whose.now
    tone: Tone = "bad" if late else "good" if one.outcome else "waiting" if one.state in OPEN else "neutral"
    rows = [Row(words["state"], Tag(begun_large(either(STATE_WORDS[one.state], language)), tone))]
    if one.looked_at is not None:
        rows.append(Row(words["look"], moment(one.looked_at), note=f"{one.facility} {one.officer}".strip()))
    else:
        rows.append(Row(words["about"], one.about, note=one.words))
    if one.state in OPEN:
        rows.append(Row(words["due"], until(one.due_at, language), note=words["late"] if late else ""))
    if one.outcome is not None:
        rows.append(Row(words["outcome"], begun_large(either(OUTCOME_WORDS[one.outcome], language))))
        rows.append(Row(words["answer"], one.answer or ""))
    parts: list[Part] = [Summary(tuple(rows))]
    if one.state in OPEN:
        about = words["withdraw_about"].format(request=one.request_id)
        action = f"{root(language)}my-data/withdraw"
        hidden = (Hidden("request", str(one.request_id)),)
        parts.append(Form(hidden, words["withdraw"], action, kind="quiet", about=about))
    kind = words[f"kind_{one.kind.value}"].lower()
    return Group(tuple(parts), words["number"].format(request=one.request_id, kind=kind))


def _form(
    request: HttpRequest, language: str, answers: dict[str, str], problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    words = WORDS[language]
    kinds = tuple(Choice(one.value, words[f"kind_{one.value}"]) for one in ASKED)
    fields = (
        Choices("kind", words["kind"], kinds, (answers["kind"],), error=error_at(problems, "kind")),
        Field("about", words["about"], words["about_hint"], answers["about"], error_at(problems, "about")),
        Area("words", words["words"], words["words_hint"], answers["words"], error_at(problems, "words"), 1_000),
        Hidden(STEP, "check"),
    )
    hint = Banner(words["book_hint"], link=Link(words["book_link"], f"{root(language)}book/correct"))
    parts = (hint, Form(fields, SHARED[language]["continue"]))
    back = back_to(language, "my-data", words["title"])
    return page(request, language, words["ask"], parts, back=back, problems=problems)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= NUMBER_LENGTH_MAX else 0


PAGES = {
    "my-data": my_data_page,
    "my-data/request": request_page,
    "my-data/withdraw": withdraw_form,
    "who-looked/dispute/<int:look>": dispute_page,
}
