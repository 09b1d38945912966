"""Files handed in with an application: fields to choose them, handing them in one by one, what is there already, and taking one away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.http import HttpRequest

from ansinh.foundation.errors import Refusal
from ansinh.portal.acts.steps import REASON, error_at, said
from ansinh.portal.whose import Whose
from ansinh.portal.words import root
from ansinh.portal.words.attaching import WORDS
from ansinh.screens.components import FileField, Form, Group, Hidden, Link, Paragraph, Part, Problem, Row, Summary
from ansinh.screens.saying import either, moment
from ansinh.services.operations import attach_file, remove_attachment
from ansinh.services.queries import ApplicationShown, AttachmentShown, PaperWanted
from ansinh.services.states import ApplicationState

OTHER = "other"
# Media types let telephones offer their camera; endings name what has none that every telephone knows.
ACCEPT = ("application/pdf", "image/jpeg", "image/png", ".docx", ".xlsx")
AT_ONCE_BYTES_MAX = 25_000_000
FILES_AT_ONCE_MAX = 10
REMOVE = "remove"
_FIELD = "file-{}"
V = TypeVar("V")


def takes_files(view: V) -> V:
    """Let a page take files; the others' are left unread (`config.bodies`)."""
    view.__files_bytes_max__ = AT_ONCE_BYTES_MAX  # type: ignore[attr-defined]  # read where the body's length is known first
    return view


def file_fields(papers: Sequence[PaperWanted], problems: Sequence[Problem], language: str) -> list[Part]:
    """Return a field for each paper, with the case in which it is needed, and one for anything else."""
    words = WORDS[language]
    told = [
        (one.key, either((one.vi, one.en), language), either((one.when_vi, one.when_en), language)) for one in papers
    ]
    found: list[Part] = [Paragraph(words["formats"], "quiet")]
    for key, label, when in (*told, (OTHER, words["other"], "")):
        error = error_at(problems, field_of(key))
        found.append(FileField(field_of(key), label, when, error, ACCEPT, optional=True))
    return found


def field_of(paper: str) -> str:
    """Return the name of the field that takes a paper."""
    return _FIELD.format(paper)


def chosen(request: HttpRequest, papers: Sequence[PaperWanted]) -> bool:
    """Tell whether files came along for any of the papers."""
    return any(request.FILES.getlist(field_of(key)) for key in _keys(papers))


def hand_in(
    request: HttpRequest, whose: Whose, reference: str, papers: Sequence[PaperWanted], language: str
) -> tuple[Problem, ...]:
    """Attach what was chosen; returns what was not taken, each at its field, named, with the rule it breaks. What was taken stays."""
    problems: dict[str, list[str]] = {}
    left = FILES_AT_ONCE_MAX
    for key in _keys(papers):
        for file in request.FILES.getlist(field_of(key)):
            name, left = str(file.name), left - 1
            try:
                if left < 0:
                    problems.setdefault(key, []).append(WORDS[language]["too_many"])
                    break
                attach_file(
                    actor=whose.actor,
                    reason=REASON,
                    clock=whose.clock,
                    reference=reference,
                    paper=key,
                    name=name,
                    content=file.read(),
                )
            except Refusal as refusal:
                problems.setdefault(key, []).append(f"“{name[:60]}”: {said(refusal, language)}")
    return tuple(Problem(field_of(key), " ".join(told)) for key, told in problems.items())


def take_away(request: HttpRequest, whose: Whose, one: ApplicationShown) -> bool:
    """Take away the file a form names by its place; returns whether a form did."""
    place = request.POST.get(REMOVE, "")
    if not place:
        return False
    found = {str(number): each for number, each in attached(one)}.get(place)
    if found is not None:
        remove_attachment(
            actor=whose.actor,
            reason=REASON,
            clock=whose.clock,
            reference=one.reference,
            attachment_id=found.attachment_id,
        )
    return True


def attached(one: ApplicationShown) -> list[tuple[int, AttachmentShown]]:
    """Return the files that are there, each with its place, which never changes."""
    return [(place, each) for place, each in enumerate(one.attachments, start=1) if each.removed_at is None]


def attachments_shown(
    one: ApplicationShown, language: str, *, carried: Sequence[Hidden] = (), action: str = "", sure: bool = False
) -> list[Part]:
    """Return the files that are there, with a button to take away each that may be; `carried` goes along with it. `sure`: with a way to open each."""
    words = WORDS[language]
    parts: list[Part] = []
    for place, each in attached(one):
        address = f"{root(language)}services/file/{one.reference}/attachment/{place}"
        open_ = Link(words["open"], address, each.name, download=True) if sure else None
        looks = words["looked"].format(count=len(each.readings)) if each.readings else ""
        note = " · ".join(told for told in (_paper(one, each, language), moment(each.added_at), looks) if told)
        parts.append(Summary((Row(each.name, _size(each.size), note, open_),)))
        if action and _may_go(one, each):
            form = (*carried, Hidden(REMOVE, str(place)))
            parts.append(Form(form, words["remove"], action, kind="quiet", about=each.name))
    return [Group(tuple(parts), words["attached"])] if parts else []


def explained(language: str) -> Part:
    """Return the sentence that stands over fields for files."""
    return Paragraph(WORDS[language]["explained"], "quiet")


def _keys(papers: Sequence[PaperWanted]) -> tuple[str, ...]:
    return (*(one.key for one in papers), OTHER)


def _may_go(one: ApplicationShown, each: AttachmentShown) -> bool:
    handed_in = one.submitted_at is not None and each.added_at <= one.submitted_at
    return one.state in {ApplicationState.DRAFT, ApplicationState.WAITING_SUPPLEMENT} and not handed_in


def _paper(one: ApplicationShown, each: AttachmentShown, language: str) -> str:
    named = (either((paper.vi, paper.en), language) for paper in one.service.papers if paper.key == each.paper)
    return next(named, WORDS[language]["other"])


def _size(size: int) -> str:
    return f"{max(1, round(size / 1_000)):,} kB".replace(",", ".")
