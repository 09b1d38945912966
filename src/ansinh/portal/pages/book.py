"""The contribution book: how long in all, what stands where, gaps explained, and the statement to take along."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from ansinh.database.urls import secrets_folder
from ansinh.foundation.purpose import Purpose
from ansinh.foundation.settings import settings
from ansinh.mandates.states import What
from ansinh.participation.operations import issue_statement, read_book
from ansinh.participation.queries import GAP_HELP, Book, BookLine, month_before
from ansinh.participation.queries import years_and_months as in_years
from ansinh.portal.navigation import is_routed
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import REASON, Whose, own_page
from ansinh.portal.words import root
from ansinh.portal.words.book import WORDS
from ansinh.screens.components import (
    Banner,
    Details,
    Empty,
    Figure,
    Form,
    Group,
    Heading,
    Link,
    Paragraph,
    Part,
    Row,
    Summary,
    Table,
)
from ansinh.screens.saying import either, money, month

KINDS = ("compulsory", "voluntary", "unemployment", "heavy")
FINDINGS_MAX = 30
LINES_MAX = 200


@own_page()
def book_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show the book as known today."""
    words = WORDS[language]
    book = read_book(
        actor=whose.actor, reason=REASON, clock=whose.clock, person_id=whose.person_id, purpose=Purpose.OWN_RECORD
    )
    if not book.lines:
        nothing = Empty(words["empty"], words["empty_text"], Link(words["empty_link"], f"{root(language)}help"))
        return page(request, language, words["title"], (nothing,), back=home_link(language))
    parts: list[Part] = [_total(book, language), *_kinds(book, language), *_findings(book, language)]
    parts += _employers(book, language)
    statement = Form((), words["statement"], f"{root(language)}book/statement")
    correct = [Link(words["correct"], f"{root(language)}book/correct")] if is_routed("book/correct") else []
    parts.append(Group((Paragraph(words["statement_text"]), statement, *correct)))
    return page(request, language, words["title"], parts, back=home_link(language))


@require_POST
@own_page(safe=False, what=What.READ)
def statement_file(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Issue the statement of today as a signed PDF, and hand it out."""
    issued = issue_statement(
        actor=whose.actor,
        reason="tải giấy xác nhận trên cổng dịch vụ",
        clock=whose.clock,
        person_id=whose.person_id,
        purpose=Purpose.OWN_RECORD,
        secrets=secrets_folder(settings()),
        language=language,
    )
    name = "qua-trinh-dong" if language == "vi" else "contributions"
    response = HttpResponse(issued.content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def _total(book: Book, language: str) -> Figure:
    words = WORDS[language]
    as_of = words["as_of"].format(month=month(month_before(book.upto)))
    return Figure(words["total"], either(in_years(book.totals.months), language), as_of)


def _kinds(book: Book, language: str) -> list[Part]:
    words = WORDS[language]
    rows = [
        Row(words[kind], either(in_years(getattr(book.totals, kind)), language))
        for kind in KINDS
        if getattr(book.totals, kind)
    ]
    return [Summary(tuple(rows), words["kinds"])] if rows else []


def _findings(book: Book, language: str) -> list[Part]:
    """Gaps are explained once, and what to do about them; what stands there twice counts once, and it is said."""
    words, parts = WORDS[language], list[Part]()
    for title, found in (("gaps", book.gaps), ("overlaps", book.overlaps)):
        if not found:
            continue
        told = [Paragraph(one.vi if language == "vi" else one.en) for one in found[:FINDINGS_MAX]]
        parts.append(Banner(words[title], told[0].text, "warning" if title == "gaps" else "info"))
        help_words = [Paragraph(either(GAP_HELP, language))] if title == "gaps" else []
        if len(told) > 1 or help_words:
            parts.append(Details(words["help"], (*told[1:], *help_words)))
    return parts


def _employers(book: Book, language: str) -> list[Part]:
    words, tables = WORDS[language], list[Part]()
    shown = sorted(book.lines[-LINES_MAX:], key=lambda line: line.from_month, reverse=True)
    for number, (_, group) in enumerate(groupby(shown, key=lambda line: (line.employer, line.scheme))):
        lines = list(group)
        name = lines[0].employer_name or words["voluntary_name" if lines[0].scheme == "voluntary" else "unknown_name"]
        rows = tuple((_span(one, words["now"]), str(one.months), money(one.wage)) for one in lines)
        total = (words["months_number"].format(months=sum(one.months for one in lines)), "", "")
        table = Table(
            name, (words["months"], words["count"], words["wage"]), rows, (1, 2), total if len(rows) > 1 else ()
        )
        tables += [Heading(words["employers"]), table] if number == 0 else [table]
    return tables


def _span(one: BookLine, now: str) -> str:
    if one.until_month is None:
        return f"{month(one.from_month)} – {now}"
    last = month_before(one.until_month)
    return month(one.from_month) if last == one.from_month else f"{month(one.from_month)} – {month(last)}"


PAGES = {"book": book_page, "book/statement": statement_file}
