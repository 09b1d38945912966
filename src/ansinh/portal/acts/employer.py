"""For representatives of employers: send a monthly declaration in, correct and withdraw by its lines, and see what became of each line.

Employers stand in addresses by their place in the person's own list. These pages are about who is signed in, whomever they act for elsewhere.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from ansinh.foundation.errors import NotFound, Refusal
from ansinh.mandates.operations import declare_for_employer
from ansinh.mandates.queries import RepresentativeShown, employers_of
from ansinh.participation.queries import DecidedLine, Receipt, decided_lines, receipt, receipts_of
from ansinh.portal.acts.attaching import takes_files
from ansinh.portal.acts.mandates import my_own
from ansinh.portal.acts.steps import REASON, back_to, error_at, go, said
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import Whose
from ansinh.portal.words import root
from ansinh.portal.words.employer import WORDS
from ansinh.screens.components import (
    Area,
    Banner,
    Details,
    Empty,
    FileField,
    Form,
    Heading,
    Part,
    Problem,
    Row,
    Summary,
    Table,
    Tag,
    Tile,
    Tiles,
)
from ansinh.screens.components.parts import Tone
from ansinh.screens.saying import moment, month

CONTENT_LENGTH_MAX = 20_000  # letters of up to three bytes, in a form of 64 KiB
FILE_BYTES_MAX = 10_000_000
LINES_SHOWN_MAX = 200
TONES: dict[str, Tone] = {"applied": "good", "rejected": "bad", "parked": "waiting"}


@require_http_methods(["GET", "HEAD"])
@my_own
def employers_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show the employers the person represents."""
    words = WORDS[language]
    found = employers_of(whose.person_id, whose.now)
    parts: list[Part] = [Empty(words["none"], words["none_text"])]
    if found:
        tiles = (
            Tile(one.employer, f"{root(language)}employer/{place}", words["open"], one.code)
            for place, one in enumerate(found)
        )
        parts = [Tiles(tuple(tiles))]
    return page(request, language, words["title"], parts, back=home_link(language))


@require_http_methods(["GET", "HEAD", "POST"])
@takes_files
@my_own
def employer_page(request: HttpRequest, language: str, whose: Whose, place: int) -> HttpResponse:
    """Take a declaration in; show those there are."""
    words, one = WORDS[language], _represented(whose, place)
    problems: tuple[Problem, ...] = ()
    content, file = request.POST.get("content", ""), request.FILES.get("file")
    field = "file" if file else "content"
    if request.method == "POST":
        sent = file.read() if file else content.strip().encode("utf-8", "replace")
        if file and not 0 < len(sent) <= FILE_BYTES_MAX:
            problems = (Problem("file", words["file_size"]),)
        elif not sent or (not file and len(content) > CONTENT_LENGTH_MAX):
            problems = (Problem("file", words["content_empty"]),)
        else:
            try:
                made = declare_for_employer(
                    actor=whose.actor,
                    reason=REASON,
                    clock=whose.clock,
                    person_id=whose.person_id,
                    employer_code=one.code,
                    content=sent,
                )
            except Refusal as refusal:
                problems = (Problem(field, said(refusal, language)),)
            else:
                return go(language, f"employer/{place}/{made.month}/{made.version}")
    past = receipts_of(one.code)
    chosen = FileField("file", words["file"], words["file_hint"], error_at(problems, "file"), (".csv",), several=False)
    typed = Area(
        "content",
        words["content"],
        words["content_hint"],
        content,
        error_at(problems, "content"),
        CONTENT_LENGTH_MAX,
        True,
    )
    pasted: Part = typed if content else Details(words["paste"], (typed,))
    parts: list[Part] = [Form((chosen, pasted), words["send"]), Heading(words["past"])]
    tiles = tuple(
        Tile(
            words["month"].format(month=month(each.month), version=each.version),
            f"{root(language)}employer/{place}/{each.month}/{each.version}",
            words["received"].format(when=moment(each.received_at)),
            words["lines"].format(count=each.lines),
        )
        for each in past
    )
    parts.append(Tiles(tiles) if tiles else Empty(words["past_none"]))
    back = back_to(language, "employer", words["title"])
    return page(request, language, one.employer, parts, back=back, problems=problems)


@require_http_methods(["GET", "HEAD"])
@my_own
def declaration_page(
    request: HttpRequest, language: str, whose: Whose, place: int, month_declared: int, version: int
) -> HttpResponse:
    """Show what became of each line of a declaration."""
    words, one = WORDS[language], _represented(whose, place)
    found = receipt(one.code, month_declared, version)
    if found is None:
        raise NotFound("Không có tờ khai này.", "There is no such declaration.")
    lines = decided_lines(one.code, month_declared, version)[:LINES_SHOWN_MAX]
    columns = (words["line"], words["act"], words["state"], words["why"])
    shown = tuple(_line(each, language) for each in lines)
    parts: tuple[Part, ...] = (
        Banner(
            words["sent"].format(receipt=found.reference),
            words["received"].format(when=moment(found.received_at)),
            "good",
        ),
        Summary(_counts(found, language)),
        Table(words["caption"], columns, shown),
    )
    title = words["month"].format(month=month(month_declared), version=version)
    return page(request, language, title, parts, back=back_to(language, f"employer/{place}", one.employer))


def _represented(whose: Whose, place: int) -> RepresentativeShown:
    found = employers_of(whose.person_id, whose.now)
    if not 0 <= place < len(found):
        raise NotFound("Không có đơn vị này.", "There is no such employer.")
    return found[place]


def _counts(found: Receipt, language: str) -> tuple[Row, ...]:
    words = WORDS[language]
    rows = [Row(words[f"state_{state}"], words["lines"].format(count=count)) for state, count in found.states.items()]
    return (*rows, Row(words["digest"], found.sha256))


def _line(one: DecidedLine, language: str) -> tuple[str | Part, ...]:
    words = WORDS[language]
    why = " ".join(trouble[language] for trouble in one.troubles) or "–"
    return str(one.line), one.act or "–", Tag(words[f"state_{one.state}"], TONES.get(one.state, "neutral")), why


PAGES = {
    "employer": employers_page,
    "employer/<int:place>": employer_page,
    "employer/<int:place>/<int:month_declared>/<int:version>": declaration_page,
}
