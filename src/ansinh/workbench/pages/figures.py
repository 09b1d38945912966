"""The leaders' figures: all at a day against another, and one by month, province, kind of commune, channel and facility; from counters alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from ansinh.foundation.errors import NotFound
from ansinh.places.queries import facility_names, provinces
from ansinh.reporting.document.wording import Language, amount, day, difference, number
from ansinh.reporting.queries import (
    CUT_OFFS,
    Compared,
    Figure,
    Indicator,
    Place,
    Point,
    Value,
    by_part,
    compared,
    figures,
    indicator,
    last_day_counted,
    on_tile,
    tiles,
    trend,
)
from ansinh.screens.components import (
    Cell,
    Details,
    Empty,
    Field,
    Form,
    Heading,
    Hidden,
    Link,
    Paragraph,
    Part,
    Problem,
    Row,
    Shade,
    Summary,
    Table,
    TileMap,
    TilePlace,
    Trend,
)
from ansinh.screens.sent import day_of
from ansinh.workbench.guard import Officer, officer_page
from ansinh.workbench.shell import home_link, page
from ansinh.workbench.words import root
from ansinh.workbench.words.figures import WORDS

WHAT = ("xem số liệu", "see the figures")
TEMPLATE = "workbench/figures.html"
TREND_MONTHS, MONTH_DAYS = 6, 30
HEADLINES = (
    "pay.account_share.national",
    "pay.account_share.urban",
    "eid.book_lookups",
    "eid.sign_ins",
    "cards.lookups_by_citizen_card",
    "healthbook.submissions",
    "healthbook.searches",
    "people.participants_share",
    "services.files",
)
SHADES: tuple[Shade, ...] = ("1", "2", "3", "4", "5")
# The facilities of a province with the highest values.
FACILITIES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page was asked for: two days and a province, with what was wrong about them."""

    as_of: date
    compare: date
    province: str | None
    typed: tuple[str, str]
    problems: tuple[Problem, ...]

    def query(self, province: str | None) -> str:
        """Return the question as an address carries it, for another province."""
        told = {"as_of": f"{self.as_of:%d/%m/%Y}", "compare": f"{self.compare:%d/%m/%Y}"}
        return urlencode(told | ({"province": province} if province else {}))


@officer_page(permission="reporting.read", what=WHAT)
def figures_page(request: HttpRequest, language: Language, officer: Officer) -> HttpResponse:
    """Show every figure at a day against another, with its target and, of the first ones, its line by month."""
    words, newest = WORDS[language], last_day_counted()
    if newest is None:
        parts = (Empty(words["none_title"], words["none_text"]),)
        return page(request, language, words["title"], parts, template=TEMPLATE, back=home_link(language))
    asked = _asked(request, newest, language)
    shown: list[Part] = [_days_form(asked, language)]
    for group, lines in groupby(figures(asked.as_of, asked.compare, asked.province), key=_group):
        shown.append(_figures_table(words[f"group_{group}"], list(lines), asked, language))
    shown.append(Paragraph(words["print"], "quiet"))
    back = Link(words["whole_country"], f"{root(language)}figures?{asked.query(None)}") if asked.province else None
    return page(
        request,
        language,
        words["title"],
        shown,
        template=TEMPLATE,
        lead=_lead(asked, language),
        problems=asked.problems,
        back=back or home_link(language),
    )


@officer_page(permission="reporting.read", what=WHAT)
def figure_page(request: HttpRequest, language: Language, officer: Officer, indicator_key: str) -> HttpResponse:
    """Show one figure: its line by month, its provinces as a map and a table, its other parts, and what it is."""
    words, newest, one = WORDS[language], last_day_counted(), indicator(indicator_key)
    if newest is None:
        raise NotFound(words["none_text"], WORDS["en"]["none_text"])
    asked = _asked(request, newest, language)
    place = Place(asked.province)
    now = compared(one.key, asked.as_of, asked.compare, place)
    shown: list[Part] = [
        _days_form(asked, language),
        Summary(_summary_rows(now, asked, language)),
        Heading(words["trend"]),
    ]
    shown += _trend_parts(one, trend(one.key, _since(asked), asked.as_of, place=place), language)
    shown += _part_tables(one, asked, language)
    shown.append(Details(words["about"], (Summary(_about(one, language)),)))
    return page(
        request,
        language,
        one.vi if language == "vi" else one.en,
        shown,
        template=TEMPLATE,
        lead=_lead(asked, language),
        problems=asked.problems,
        back=Link(words["all_figures"], f"{root(language)}figures?{asked.query(asked.province)}"),
    )


def _asked(request: HttpRequest, newest: date, language: str) -> Asked:
    """Read the days and the province; a day that cannot be is told, and the usual one shown in its place."""
    words, problems = WORDS[language], []
    typed = (request.GET.get("as_of", "").strip(), request.GET.get("compare", "").strip())
    as_of, compare = day_of(typed[0]), day_of(typed[1])
    if typed[0] and (as_of is None or as_of > newest):
        problems.append(Problem("as_of", words["bad_day"].format(last=f"{newest:%d/%m/%Y}")))
        as_of = None
    as_of = as_of or newest
    usual = date(as_of.year - 1, 12, 31)
    if typed[1] and compare is None:
        problems.append(Problem("compare", words["bad_day"].format(last=f"{newest:%d/%m/%Y}")))
    elif compare is not None and compare >= as_of:
        problems.append(Problem("compare", words["bad_order"]))
        compare = None
    code = request.GET.get("province", "")
    if code and code not in tiles():
        raise NotFound("Không có tỉnh này.", "There is no such province.")
    return Asked(as_of, compare or usual, code or None, typed, tuple(problems))


def _days_form(asked: Asked, language: str) -> Part:
    words, wrong = WORDS[language], {one.field: one.text for one in asked.problems}
    boxes: tuple[Part, ...] = (
        Field("as_of", words["as_of"], words["hint"], _typed(asked, 0), wrong.get("as_of", ""), width=10),
        Field("compare", words["compare"], words["hint"], _typed(asked, 1), wrong.get("compare", ""), width=10),
    )
    if asked.province:
        boxes += (Hidden("province", asked.province),)
    return Form(boxes, words["show"], method="get", kind="quiet")


def _typed(asked: Asked, place: int) -> str:
    """Return what stands in a box: what was typed, if it was wrong, or the day that is shown."""
    name, value = (("as_of", asked.as_of), ("compare", asked.compare))[place]
    wrong = any(one.field == name for one in asked.problems)
    return asked.typed[place] if wrong else f"{value:%d/%m/%Y}"


def _lead(asked: Asked, language: Language) -> str:
    words = WORDS[language]
    place = words["in_place"].format(place=_province_name(asked.province)) if asked.province else ""
    return words["lead"].format(day=day(asked.as_of, language), compare=day(asked.compare, language), place=place)


def _province_name(code: str | None) -> str:
    return next((one.name for one in provinces() if one.code == code), code or "")


def _group(figure: Figure) -> str:
    return figure.indicator.key.partition(".")[0]


def _figures_table(caption: str, lines: Sequence[Figure], asked: Asked, language: Language) -> Part:
    words = WORDS[language]
    columns = (
        words["figure"],
        words["value"],
        words["before"].format(compare=day(asked.compare, language)),
        words["change"],
        words["target"],
        words["line"],
    )
    return Table(caption, columns, tuple(_figure_row(one, asked, language) for one in lines), numbers=(1, 2, 3))


def _figure_row(figure: Figure, asked: Asked, language: Language) -> tuple[str | Part, ...]:
    one = figure.indicator
    change = None if figure.value is None or figure.compare_value is None else figure.value - figure.compare_value
    name = one.vi if language == "vi" else one.en
    target = "" if one.target is None else amount(one.target, one.unit, language)
    line: str | Part = ""
    if one.key in HEADLINES:
        line = _line(one, trend(one.key, _since(asked), asked.as_of, place=Place(asked.province)), language, small=True)
    return (
        Link(name, f"{root(language)}figures/{one.key}?{asked.query(asked.province)}"),
        amount(figure.value, one.unit, language),
        amount(figure.compare_value, one.unit, language),
        difference(change, language),
        target,
        line,
    )


def _since(asked: Asked) -> date:
    """Return where lines begin: at the end of a month some months before the day that is shown, or earlier at the day compared with."""
    months_ago = (asked.as_of.replace(day=1) - timedelta(days=MONTH_DAYS * TREND_MONTHS)).replace(day=1)
    return min(asked.compare, months_ago - timedelta(days=1))


def _line(one: Indicator, points: Sequence[Point], language: Language, *, small: bool = False) -> Trend:
    known = [point for point in points if point.value is not None]
    values = tuple(float(point.value or 0) for point in known)
    first, last = (day(known[place].day, language) if known else "" for place in (0, -1))
    described = WORDS[language]["described"].format(
        first=first,
        last=last,
        low=amount(known[0].value if known else None, one.unit, language),
        high=amount(known[-1].value if known else None, one.unit, language),
    )
    return Trend(values, described, first, last, None if small else one.target, small)


def _trend_parts(one: Indicator, points: Sequence[Point], language: Language) -> list[Part]:
    words = WORDS[language]
    rows = tuple(
        (day(point.day, language), amount(point.value, one.unit, language), difference(point.gained, language))
        for point in reversed(points)
    )
    columns = (words["month"], words["value"], words["gained"])
    return [_line(one, points, language), Table(words["each_month"], columns, rows, numbers=(1, 2))]


def _summary_rows(now: Compared, asked: Asked, language: Language) -> tuple[Row, ...]:
    words, one = WORDS[language], now.indicator
    rows = [
        Row(words["value"], amount(now.value, one.unit, language)),
        Row(
            words["before"].format(compare=day(asked.compare, language)),
            amount(now.before, one.unit, language),
            difference(now.change, language),
        ),
    ]
    if one.target is not None:
        told = words["over_target"].format(
            change=difference(now.over_target, language), target=amount(one.target, one.unit, language)
        )
        rows.append(Row(words["target"], told))
    return tuple(rows)


def _part_tables(one: Indicator, asked: Asked, language: Language) -> list[Part]:
    """Return the parts of the figure: provinces of the nation as map and table; in a province its facilities; kinds and channels of either."""
    words, shown = WORDS[language], list[Part]()
    for dimension in one.dimensions:
        if dimension == ("province" if asked.province else "facility"):
            continue
        found = by_part(one.key, dimension, asked.as_of, asked.compare, asked.province)
        if dimension == "facility":
            found = sorted(found, key=lambda part: -(part.value or 0))[:FACILITIES_SHOWN]
        if not found:
            continue
        if dimension == "province":
            shown.append(Heading(words["map_title"]))
            shown.append(_map(one, found, asked, language))
        shown.append(_part_table(dimension, found, asked, language))
    return shown


def _map(one: Indicator, found: Sequence[Compared], asked: Asked, language: Language) -> Part:
    known = sorted(float(part.value) for part in found if part.value is not None)
    names = {place.code: place.name for place in provinces()}
    places = []
    for part in found:
        if part.part not in tiles():
            continue
        column, line = tiles()[part.part]
        lines = tuple(text for text in on_tile(names.get(part.part, part.part)) if text)
        address = f"{root(language)}figures/{one.key}?{asked.query(part.part)}"
        places.append(TilePlace(column, line, lines, number(part.value, language), _shade(part.value, known), address))
    name = one.vi if language == "vi" else one.en
    return TileMap(WORDS[language]["map"].format(name=name), tuple(places))


def _shade(value: Value, known: Sequence[float]) -> Shade:
    """Return how dark: by fifths of the distance from the lowest to the highest."""
    if value is None or known[0] == known[-1]:
        return "none" if value is None else SHADES[2]
    return SHADES[min(int((float(value) - known[0]) / (known[-1] - known[0]) * len(SHADES)), len(SHADES) - 1)]


def _part_table(dimension: str, found: Sequence[Compared], asked: Asked, language: Language) -> Part:
    words, one = WORDS[language], found[0].indicator
    named = _part_names(dimension, [part.part for part in found], language)
    columns = (
        words[f"part_{dimension}"],
        words["value"],
        words["before"].format(compare=day(asked.compare, language)),
        words["change"],
    )
    rows = tuple(
        (
            _part_name(dimension, part.part, named, f"{one.key}?{asked.query(part.part)}", language),
            amount(part.value, one.unit, language),
            amount(part.before, one.unit, language),
            difference(part.change, language),
        )
        for part in found
    )
    return Table(words[f"by_{dimension}"], columns, rows, numbers=(1, 2, 3))


def _part_names(dimension: str, codes: list[str], language: str) -> dict[str, str]:
    if dimension == "province":
        return {one.code: one.name for one in provinces()}
    if dimension == "facility":
        return facility_names(codes)
    return {code: WORDS[language].get(code, code) for code in codes}


def _part_name(dimension: str, code: str, named: dict[str, str], address: str, language: str) -> str | Part:
    name = named.get(code, code)
    if dimension == "province":
        return Link(name, f"{root(language)}figures/{address}")
    return Cell(name, code) if dimension == "facility" else name


def _about(one: Indicator, language: str) -> tuple[Row, ...]:
    words, place = WORDS[language], 0 if language == "vi" else 1
    rows = [
        Row(words["definition"], (one.definition_vi, one.definition_en)[place]),
        Row(words["owner"], (one.owner_vi, one.owner_en)[place]),
        Row(words["cut_off"], CUT_OFFS[one.cut_off][place]),
        Row(words["version"], str(one.version)),
        Row(words["key"], one.key),
    ]
    if one.target_source:
        rows.append(Row(words["source"], one.target_source))
    return tuple(rows)


PAGES = {"figures": figures_page, "figures/<str:indicator_key>": figure_page}
