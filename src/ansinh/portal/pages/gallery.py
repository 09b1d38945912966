"""The gallery: every component in every state, with invented words. Who builds a page looks here first; tests try each component here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ansinh.foundation.clock import Clock
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import open_page
from ansinh.portal.words.gallery import WORDS
from ansinh.screens.components import (
    Actions,
    Area,
    Banner,
    Button,
    Cell,
    Choice,
    Choices,
    Code,
    DateField,
    Details,
    Empty,
    Event,
    Field,
    Figure,
    FileField,
    Form,
    Group,
    Heading,
    Link,
    Marked,
    Pages,
    Paragraph,
    Part,
    Problem,
    Row,
    Shade,
    Steps,
    Submit,
    Summary,
    Table,
    Tag,
    Tile,
    TileMap,
    TilePlace,
    Tiles,
    Timeline,
    Trend,
    Waterfall,
    Weighed,
)
from ansinh.screens.components.parts import Kind

_SHADES: tuple[Shade, ...] = ("none", "1", "2", "3", "4", "5")


@open_page
@require_safe
def gallery_page(request: HttpRequest, language: str, agency_clock: Callable[[], Clock]) -> HttpResponse:
    """Show every component."""
    words = WORDS[language]
    return page(
        request,
        language,
        words["title"],
        [*_shown(words), *_asked(words)],
        template="portal/gallery.html",
        lead=words["lead"],
        back=home_link(language),
        problems=(Problem("name", words["error"]),) if "problem" in request.GET else (),
    )


def _shown(words: Mapping[str, str]) -> list[Part]:
    say = words.__getitem__
    tags = (Tag(say("open")), Tag(say("done"), "good"), Tag(say("waiting"), "waiting"), Tag(say("refused"), "bad"))
    link = Link(say("more"), "#main", say("about"))
    kinds: tuple[Kind, ...] = ("info", "good", "warning", "bad")
    return [
        Heading("Banner"),
        *(Banner(f"{say('sentence')} ({kind})", say("explained"), kind, link) for kind in kinds),
        Heading("Tiles, Tag"),
        Tiles(
            tuple(
                Tile(say("tile"), "#main", say("explained"), "1.234.567 ₫", tag, icon)
                for tag, icon in zip(tags, ("card", "money", "health", "calendar"), strict=True)
            )
        ),
        Summary((Row(say("label"), say("value"), say("explained"), link), Row(say("label"), tags[1])), "Summary, Row"),
        Group((Paragraph(say("explained")), Paragraph(say("explained"), "quiet")), "Group, Paragraph"),
        Figure("Figure", "12.345.678 ₫", say("explained")),
        Heading("Table"),
        Table(
            say("table"),
            (say("month"), say("label"), say("amount")),
            (
                ("07/2025", Cell(say("value"), say("explained")), "1.234.567 ₫"),
                ("06/2025", tags[1], "1.234.567 ₫"),
            ),
            numbers=(2,),
            total=(say("sum"), "", "2.469.134 ₫"),
        ),
        Pages(Link(say("newer"), "#main"), Link(say("older"), "#main")),
        Heading("Timeline, Event"),
        Timeline(
            (
                Event("31/07/2025", say("tile"), say("explained"), tags[1], link),
                Event("01/07/2025", say("tile"), tag=tags[2]),
            ),
            say("history"),
        ),
        Steps(((say("explained"), say("label")), (say("explained"), "")), "Steps"),
        Heading("Code"),
        Code("M1 1.5h7M1 3.5h1M4 3.5h4M1 5.5h2M5 5.5h3M2 7.5h6", 9, say("code"), say("explained")),
        Heading("Waterfall"),
        Waterfall(
            say("table"),
            (say("label"), say("amount"), say("sum")),
            (Weighed(say("label"), say("value"), 4.5, 4.5), Weighed(say("other"), say("value"), -1.5, 3.0)),
        ),
        Heading("Marked"),
        Marked(((say("label"), False), (say("value"), True))),
        Heading("Trend, TileMap"),
        Trend((3.0, 4.0, 3.5, 6.0), say("explained"), "31/12/2024", "31/07/2025", target=5.0),
        Trend((3.0, 4.0, 3.5, 6.0), say("explained"), small=True),
        TileMap(
            say("explained"),
            tuple(TilePlace(n, n % 2, (say("label"),), str(n), shade) for n, shade in enumerate(_SHADES)),
        ),
        Heading("Details"),
        Details(say("more"), (Paragraph(say("explained")),)),
        Heading("Empty"),
        Empty(say("nothing"), say("explained"), link),
        Heading("Actions, Button"),
        Actions((Button(say("do"), "#main"), Button(say("other"), "#main", "quiet"), link)),
    ]


def _asked(words: Mapping[str, str]) -> list[Part]:
    say = words.__getitem__
    choices = (Choice("a", say("value"), say("explained")), Choice("b", say("other")))
    return [
        Heading("Form, Field, Area, DateField, FileField, Choices"),
        Form(
            (
                Field("name", say("label"), say("explained"), error=say("error")),
                Field("number", say("amount"), mode="numeric", width=6, value="12"),
                Area("more", say("more"), optional=True),
                DateField("born", say("born"), say("born_hint"), "31", "2", "1980", say("born_error")),
                FileField("scans", say("files"), say("files_hint"), accept=(".pdf", ".jpg"), optional=True),
                FileField("scan", say("files"), error=say("files_error"), several=False),
                Choices("one", say("choose"), choices, ("a",)),
                Choices("any", say("choose_any"), choices, ("b",), several=True, error=say("error")),
            ),
            button=say("do"),
            method="get",
            beside=Link(say("other"), "#main"),
        ),
        Form((), button=say("do"), method="get", beside=Submit(say("other"), "other")),
    ]


PAGES = {"gallery": gallery_page}
