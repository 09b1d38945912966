"""Charts of a report, drawn on the server as SVG by Vega-Lite: figures by month, and shares by province as a map of tiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import vl_convert

from ansinh.reporting.document.content import Content, Value
from ansinh.reporting.document.wording import VI, Language, amount, day, month, number, unit
from ansinh.reporting.tiles import on_tile, tiles

WIDTH, HEIGHT = 600, 220
FONT = "Libertinus Serif"
INK, GREY = "#14365d", "#5b6673"
_COLOURS = ("#14365d", "#b3541e", "#2f7d5b")
_SHADES = ("#e8f0f8", "#c4d7ea", "#8fb3d6", "#3f6f9f", INK)
_TILE = 54
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_LOOKS = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "gridColor": "#e3e8ee",
        "domainColor": "#9aa7b4",
        "tickColor": "#9aa7b4",
        "labelColor": "#333333",
    },
    "legend": {"labelFontSize": 12.5},
    "text": {"fontSize": 12.5},
}
# Of each area, the figures whose course over the months is drawn together, as they share a unit: key, and its name beside the line.
COURSES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "people": (
        ("people.authenticated", "Mọi người được xác thực", "All persons authenticated"),
        ("people.participants_authenticated", "Trong đó người tham gia", "Of whom participants"),
    ),
    "pay": (
        ("pay.account_share.national", "Cả nước, hưởng hằng tháng", "Nationwide, paid monthly"),
        ("pay.account_share.urban", "Đô thị, cả trợ cấp thất nghiệp", "Urban, with unemployment benefits"),
    ),
    "cards": (("cards.lookups_by_citizen_card", "Tra cứu thẻ bằng căn cước", "Look-ups by citizen card"),),
    "eid": (
        ("eid.book_lookups", "Tra cứu sổ BHXH", "Contribution-book look-ups"),
        ("eid.sign_ins", "Đăng nhập bằng tài khoản định danh", "Sign-ins with an e-ID account"),
    ),
    "healthbook": (
        ("healthbook.submissions", "Dữ liệu cơ sở gửi", "Submissions of facilities"),
        ("healthbook.searches", "Tra cứu của người dân", "Searches by citizens"),
    ),
    "services": (
        ("services.files", "Mọi hồ sơ liên thông", "All interlinked files"),
        ("services.child_cards", "Thẻ BHYT trẻ em dưới 6 tuổi", "Health cards of children under 6"),
    ),
}
Spec = dict[str, Any]
MAPPED = "pay.account_share.national"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its title, and in words what it shows for who cannot see it."""

    title: str
    told: str
    svg: str
    tall: bool = False


def course(area: str, content: Content, language: Language) -> Chart | None:
    """Return an area's figures over the months as lines, each with its last value beside it; None where there is nothing to draw."""
    drawn = [
        (line, vi if language == VI else en)
        for key, vi, en in COURSES.get(area, ())
        if (line := content.line(key)) and line.value is not None
    ]
    if len(content.months) < 2 or not any(line.value for line, _ in drawn):
        return None
    kind = drawn[0][0].indicator.unit
    data = [
        {"month": month(end, language), "order": place, "name": name, "value": values[line.key]}
        for line, name in drawn
        for place, (end, values) in enumerate(content.months)
        if values.get(line.key) is not None
    ]
    title = " · ".join(name for _, name in drawn) + f" ({unit(kind, language)})"
    span = f"{day(content.months[0][0], language)} – {day(content.as_of, language)}"
    told = "; ".join(
        f"{name}: {amount(content.months[0][1].get(line.key), kind, language)} → {amount(line.value, kind, language)}"
        for line, name in drawn
    )
    aims = sorted({line.indicator.target for line, _ in drawn if line.indicator.target is not None})
    return Chart(f"{title}, {span}", told, _drawn(_lines(data, aims, kind, language), language))


def _lines(data: list[dict[str, Any]], aims: list[float], kind: str, language: Language) -> Spec:
    names = list(dict.fromkeys(one["name"] for one in data))
    by_month = {
        "field": "month",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelAngle": 0, "labelOverlap": True},
    }
    by_value = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"zero": kind != "percent", "nice": True},
        "axis": {"format": ",.4~f", "tickCount": 5},
    }
    colour = {
        "field": "name",
        "type": "nominal",
        "scale": {"domain": names, "range": list(_COLOURS[: len(names)])},
        "legend": {"title": None, "orient": "top", "direction": "vertical", "labelLimit": WIDTH}
        if len(names) > 1
        else None,
    }
    layers = [
        {
            "data": {"values": data},
            "mark": {"type": "line", "strokeWidth": 2.5, "point": {"size": 40}},
            "encoding": {"x": by_month, "y": by_value, "color": colour},
        }
    ]
    for aim in aims:
        word = "Mục tiêu" if language == VI else "Target"
        layers += _aim(aim, f"{word} {amount(aim, kind, language)}")
    newest = max(one["order"] for one in data)
    last = sorted((one for one in data if one["order"] == newest), key=lambda one: -float(one["value"]))
    for place, one in enumerate(last):
        layers.append(
            {
                "data": {"values": [{**one, "label": number(one["value"], language)}]},
                # The highest above its point, the others below theirs: two that are close do not lie upon each other.
                "mark": {"type": "text", "dy": 14 if place else -13, "fontWeight": "bold"},
                "encoding": {"x": by_month, "y": by_value, "color": colour, "text": {"field": "label"}},
            }
        )
    return {"width": WIDTH, "height": HEIGHT, "layer": layers}


def _aim(aim: float, told: str) -> list[Spec]:
    at = {"field": "aim", "type": "quantitative"}
    return [
        {
            "data": {"values": [{"aim": aim}]},
            "mark": {"type": "rule", "strokeDash": [5, 4], "color": GREY},
            "encoding": {"y": at},
        },
        {
            "data": {"values": [{"aim": aim, "told": told}]},
            "mark": {"type": "text", "align": "left", "dx": 4, "dy": -7, "color": GREY},
            "encoding": {"y": at, "x": {"value": 0}, "text": {"field": "told"}},
        },
    ]


def tile_map(content: Content, language: Language) -> Chart | None:
    """Return the share paid into accounts in each province, as a map on which every province is a tile of one size; None before any is paid."""
    shares = {one.code: (one.name, pair[0]) for one in content.by_province if (pair := one.values.get(MAPPED))}
    data: list[dict[str, Any]] = [
        {
            "x": column,
            "y": row,
            "name": on_tile(shares[code][0]),
            "value": shares[code][1],
            "label": number(_rounded(shares[code][1]), language),
        }
        for code, (column, row) in tiles().items()
        if code in shares and shares[code][1] is not None
    ]
    line = content.line(MAPPED)
    if not data or line is None:
        return None
    low, high = (pick(data, key=lambda one: one["value"]) for pick in (min, max))
    told = "; ".join(f"{' '.join(one['name'])}: {one['label']} %" for one in (high, low))
    return Chart(
        f"{line.name(language)}, {day(content.as_of, language)}", told, _drawn(_map(data), language), tall=True
    )


def _map(data: list[dict[str, Any]]) -> Spec:
    values = [one["value"] for one in data]
    low, high = min(values), max(values)
    # White upon the two darkest shades, ink upon the paler ones: each pair can be read.
    dark = high - (high - low) * 2 / len(_SHADES)
    columns, rows = 1 + max(one["x"] for one in data), 1 + max(one["y"] for one in data)
    place = {"type": "ordinal", "axis": None, "scale": {"paddingInner": 0.06}}
    legible = {
        "condition": {"test": f"datum.value >= {dark} && datum.value > {low}", "value": "white"},
        "value": "#10233b",
    }

    def text(field: str, **look: Any) -> Spec:
        return {"mark": {"type": "text", **look}, "encoding": {"text": {"field": field}, "color": legible}}

    shade = {
        "field": "value",
        "type": "quantitative",
        "scale": {"type": "quantize", "domain": [low, high], "range": list(_SHADES)},
        "legend": None,
    }
    return {
        "width": columns * (_TILE + 8),
        "height": rows * (_TILE - 4),
        "data": {"values": data},
        "encoding": {"x": {"field": "x", **place}, "y": {"field": "y", **place}},
        "layer": [
            {"mark": {"type": "rect", "cornerRadius": 4}, "encoding": {"color": shade}},
            text("name", fontSize=11.5, lineHeight=12, dy=-16),
            text("label", fontSize=13.5, fontWeight="bold", dy=14),
        ],
    }


def _rounded(value: Value) -> Value:
    return None if value is None else round(float(value), 1)


def _drawn(spec: Spec, language: Language) -> str:
    separators = {"decimal": ",", "thousands": "."} if language == VI else {"decimal": ".", "thousands": ","}
    return vl_convert.vegalite_to_svg(
        {"$schema": _SCHEMA, "config": _LOOKS, **spec},
        format_locale={**separators, "grouping": [3], "currency": ["", ""]},
    )
