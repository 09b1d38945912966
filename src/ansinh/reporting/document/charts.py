"""Charts of a report, drawn on the server as SVG by Vega-Lite: figures by month, and shares by province as a map of tiles."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from ansinh.reporting.document.content import Content, Line, Value
from ansinh.reporting.document.wording import VI, Language, amount, day, month, number, unit

WIDTH, HEIGHT = 600, 220
FONT = "Libertinus Serif"
INK, GREY = "#14365d", "#5b6673"
_COLOURS = ("#14365d", "#b3541e", "#2f7d5b")
_TILE = 62
# Of each area, the figures whose course over the months is drawn together: they share a unit.
COURSES: dict[str, tuple[str, ...]] = {
    "people": ("people.authenticated", "people.participants_authenticated"),
    "pay": ("pay.account_share.national", "pay.account_share.urban"),
    "cards": ("cards.lookups_by_citizen_card",),
    "eid": ("eid.book_lookups", "eid.sign_ins"),
    "healthbook": ("healthbook.submissions", "healthbook.searches"),
    "services": ("services.files", "services.child_cards", "services.funeral"),
}
MAPPED = "pay.account_share.national"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its title, and in words what it shows for who cannot see it."""

    title: str
    told: str
    svg: str


def course(area: str, content: Content, language: Language) -> Chart | None:
    """Return an area's figures over the months as lines, each with its name and last value beside it; None where there is nothing to draw."""
    lines = [line for key in COURSES.get(area, ()) if (line := content.line(key)) and line.value is not None]
    if not lines or len(content.months) < 2:
        return None
    title = " · ".join(_short(line, language) for line in lines)
    data = [
        {"month": month(end, language), "order": place, "name": _short(line, language), "value": values[line.key]}
        for line in lines
        for place, (end, values) in enumerate(content.months)
        if values.get(line.key) is not None
    ]
    kind = lines[0].indicator.unit
    span = f"{day(content.compare, language)} – {day(content.as_of, language)}"
    told = "; ".join(
        f"{line.name(language)}: {amount(line.before, kind, language)} → {amount(line.value, kind, language)}"
        for line in lines
    )
    return Chart(
        f"{title} ({unit(kind, language)}), {span}", told, _drawn(_lines(data, lines, kind, language), language)
    )


def _lines(data: list[dict[str, Any]], lines: list[Line], kind: str, language: Language) -> Any:
    order = [month_name for _, month_name in sorted({(one["order"], one["month"]) for one in data})]
    names = [_short(line, language) for line in lines]
    base = _chart(data).encode(
        x=alt.X("month:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y(
            "value:Q",
            title=None,
            scale=alt.Scale(zero=kind != "percent", nice=True),
            axis=alt.Axis(format=",.4~f", tickCount=5),
        ),
        color=alt.Color(
            "name:N", scale=alt.Scale(domain=names, range=list(_COLOURS[: len(names)])), legend=_legend(names)
        ),
    )
    layers: list[Any] = [base.mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=40))]
    aims = sorted({line.indicator.target for line in lines if line.indicator.target is not None})
    for aim in aims:
        word = "Mục tiêu" if language == VI else "Target"
        rule = _chart([{"aim": aim, "word": f"{word} {amount(aim, kind, language)}"}])
        layers.append(rule.mark_rule(strokeDash=[5, 4], color=GREY).encode(y="aim:Q"))
        layers.append(
            rule.mark_text(align="left", dx=4, dy=-7, color=GREY).encode(y="aim:Q", x=alt.value(0), text="word:N")
        )
    last = [one for one in data if one["order"] == max(other["order"] for other in data)]
    labels = [{**one, "label": number(one["value"], language)} for one in last]
    layers.append(
        _chart(labels)
        .mark_text(align="right", dy=-11, fontWeight="bold")
        .encode(
            x=alt.X("month:N", sort=order),
            y="value:Q",
            text="label:N",
            color=alt.Color("name:N", legend=None, scale=alt.Scale(domain=names, range=list(_COLOURS[: len(names)]))),
        )
    )
    return alt.layer(*layers).resolve_legend(color="independent").properties(width=WIDTH - 110, height=HEIGHT)


def _chart(data: list[dict[str, Any]]) -> Any:
    # Altair's own types do not say what its methods return.
    values: Any = alt.Data
    return alt.Chart(values(values=data))


def _legend(names: list[str]) -> alt.Legend | None:
    return alt.Legend(title=None, orient="top", direction="horizontal", labelLimit=WIDTH) if len(names) > 1 else None


def tile_map(content: Content, language: Language) -> Chart | None:
    """Return the share paid into accounts in each province, as a map on which every province is a tile of one size; None before any is paid."""
    shares = {one.code: (one.name, pair[0]) for one in content.by_province if (pair := one.values.get(MAPPED))}
    data: list[dict[str, Any]] = [
        {
            "x": column,
            "y": row,
            "name": _on_tile(shares[code][0]),
            "value": shares[code][1],
            "label": number(_rounded(shares[code][1]), language),
        }
        for code, (column, row) in _tiles().items()
        if code in shares and shares[code][1] is not None
    ]
    line = content.line(MAPPED)
    if not data or line is None:
        return None
    low, high = (pick(data, key=lambda one: one["value"]) for pick in (min, max))
    told = "; ".join(f"{' '.join(one['name'])}: {one['label']} %" for one in (high, low))
    return Chart(f"{line.name(language)}, {day(content.as_of, language)}", told, _drawn(_map(data), language))


def _map(data: list[dict[str, Any]]) -> Any:
    base = _chart(data).encode(
        x=alt.X("x:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
        y=alt.Y("y:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
    )
    pale = alt.condition("datum.value > (extent[0] + extent[1]) / 2", alt.value("white"), alt.value("#10233b"))
    low, high = min(one["value"] for one in data), max(one["value"] for one in data)
    tiles = base.mark_rect(cornerRadius=4).encode(
        color=alt.Color("value:Q", scale=alt.Scale(domain=[low, high], range=["#dbe7f3", INK]), legend=None)
    )
    names = base.mark_text(fontSize=10.5, lineHeight=12, dy=-15).encode(text="name:N", color=pale)
    values = base.mark_text(fontSize=13, fontWeight="bold", dy=19).encode(text="label:N", color=pale)
    extent = alt.param(name="extent", value=[low, high])
    columns, rows = 1 + max(one["x"] for one in data), 1 + max(one["y"] for one in data)
    return (
        alt.layer(tiles, names, values)
        .add_params(extent)
        .properties(width=columns * (_TILE + 8), height=rows * (_TILE - 4))
    )


def _on_tile(name: str) -> list[str]:
    """A province's name without what kind of place it is, in two lines where it is long."""
    words = name.removeprefix("Thành phố ").removeprefix("Tỉnh ").split()
    half = (len(words) + 1) // 2
    return [" ".join(words[:half]), " ".join(words[half:])] if len(words) > 1 else [*words, ""]


def _rounded(value: Value) -> Value:
    return None if value is None else round(float(value), 1)


def _short(line: Line, language: Language) -> str:
    return line.name(language).split(" (")[0].split(", ")[0]


@cache
def _tiles() -> dict[str, tuple[int, int]]:
    with (Path(__file__).parent / "tiles.csv").open(encoding="utf-8", newline="") as file:
        return {one["province"]: (int(one["column"]), int(one["row"])) for one in csv.DictReader(file)}


def _drawn(chart: Any, language: Language) -> str:
    dressed = (
        chart.configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=12, gridColor="#e3e8ee", domainColor="#9aa7b4", tickColor="#9aa7b4", labelColor="#333333"
        )
        .configure_legend(labelFontSize=12.5)
        .configure_text(fontSize=12.5)
    )
    separators = {"decimal": ",", "thousands": "."} if language == VI else {"decimal": ".", "thousands": ","}
    return vl_convert.vegalite_to_svg(
        dressed.to_dict(), format_locale={**separators, "grouping": [3], "currency": ["", ""]}
    )
