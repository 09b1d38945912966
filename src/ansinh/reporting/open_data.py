"""The figures for everybody: counts by month and place and shares by province, small ones hidden, with what each means; as CSV, JSON and a data package.

Only whole months are published, each told apart from the others and never changed by a later one, and no running totals: so two editions, or two days, cannot
be taken from one another. A share is shown only where every count it could be worked back to is shown.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ansinh.database.sql import rows
from ansinh.places.queries import provinces
from ansinh.reporting.document.wording import EN, VI, unit
from ansinh.reporting.measuring import by_province, compared, ends
from ansinh.reporting.registry import CUT_OFFS, INDICATORS, Indicator
from ansinh.reporting.suppression import THRESHOLD, Shown, hidden

FIRST = date(2024, 12, 31)
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}
_COUNTS = """
SELECT series, '' AS province, '' AS kind, '' AS channel, {period} AS period, sum(count)::bigint FROM reporting_dailycount WHERE {which} GROUP BY 1, 5
UNION ALL
SELECT series, province, '', '', {period} AS period, sum(count)::bigint FROM reporting_provincecount WHERE {which} GROUP BY 1, 2, 5
UNION ALL
SELECT series, '', CASE WHEN dimension = 'kind' THEN part ELSE '' END, CASE WHEN dimension = 'channel' THEN part ELSE '' END, {period} AS period,
    sum(count)::bigint FROM reporting_partcount WHERE {which} GROUP BY 1, 3, 4, 5
"""
_PERIOD = "CASE WHEN day <= %(first)s THEN %(before)s ELSE to_char(day, 'YYYY-MM') END"
Where = tuple[str, str, str]
NATION: Where = ("", "", "")
Name = tuple[str, Where]


@dataclass(frozen=True, slots=True)
class Line:
    """One published figure: an indicator, in a place (empty: the nation), in a month or up to a day; no value where it is hidden."""

    key: str
    period: str
    where: Where
    value: float | int | None
    is_hidden: bool


def last_whole_month(as_of: date) -> date:
    """Return the last end of a month that is not after a day."""
    following = as_of + timedelta(days=1)
    return following.replace(day=1) - timedelta(days=1)


def open_data(as_of: date) -> dict[str, bytes]:
    """Return the files of an edition by name: the same counters give the same bytes. What is published ends with the last whole month."""
    until = last_whole_month(as_of)
    counts = list(_counts(until))
    shares = list(_shares(until, counts))
    tables = {"counts": counts, "shares": shares}
    files = {f"{name}.csv": _csv(_HEADS, map(_cells, lines)) for name, lines in tables.items()}
    files |= {
        f"{name}.json": _json([dict(zip(_HEADS, _cells(line), strict=True)) for line in lines])
        for name, lines in tables.items()
    }
    files["indicators.csv"] = _csv(
        tuple(_MEANING), ([str(tell(one)) for tell in _MEANING.values()] for one in _public())
    )
    files["provinces.csv"] = _csv(("code", "name"), ((one.code, one.name) for one in provinces()))
    files["datapackage.json"] = _json(_package(until))
    return files


def _public() -> list[Indicator]:
    return [one for one in INDICATORS if one.public]


def _counts(until: date) -> Iterator[Line]:
    gained = _gained(until)
    periods = [f"../{FIRST:%Y-%m}", *(f"{day:%Y-%m}" for day in ends(FIRST, until)[1:])] if until >= FIRST else []
    for family in _families():
        for period in periods:
            figures, sums = _table(family, gained.get(period, {}))
            out = hidden(figures, sums) if any(one.small_cells == "hide" for one in family) else frozenset()
            shown = {one.name: one.value for one in figures}
            for one in family:
                if one.formula.kind == "sum":
                    for (key, where), value in shown.items():
                        if key == one.key:
                            yield Line(key, period, where, None if (key, where) in out else value, (key, where) in out)


def _gained(until: date) -> dict[str, dict[tuple[str, Where], int]]:
    found: dict[str, dict[tuple[str, Where], int]] = {}
    sql = _COUNTS.format(period=_PERIOD, which="day <= %(until)s")
    for series, province, kind, channel, period, count in rows(
        sql, {"first": FIRST, "before": f"../{FIRST:%Y-%m}", "until": until}
    ):
        found.setdefault(period, {})[series, (province, kind, channel)] = int(count)
    return found


def _families() -> list[list[Indicator]]:
    """Counts that share series: what one of them hides another must not tell."""
    families: list[tuple[set[str], list[Indicator]]] = []
    for one in _public():
        if one.formula.kind != "sum":
            continue
        series, members = set(one.formula.series), [one]
        for known in [known for known in families if known[0] & series or _linked(known[0], series)]:
            families.remove(known)
            series, members = series | known[0], known[1] + members
        families.append((series, members))
    return [members for _, members in families]


def _linked(one: set[str], other: set[str]) -> bool:
    """Tell whether a share has some of each for its part and its whole."""
    return any(
        set(share.formula.series) & one and set(share.formula.series) & other
        for share in INDICATORS
        if share.formula.kind == "share"
    )


def _table(
    family: Sequence[Indicator], gained: dict[tuple[str, Where], int]
) -> tuple[list[Shown[Name]], list[tuple[Name, list[Name]]]]:
    """A month's figures of counts that belong together, each as the sum of its finest cells: series by province, kind and channel."""
    axes = [sorted({where[n] for _, where in gained if where[n]}) or [""] for n in range(3)]
    figures: list[Shown[Name]] = []
    sums: list[tuple[Name, list[Name]]] = []
    for one in family:
        offered = [
            axes[n] if name in one.dimensions else [""] for n, name in enumerate(("province", "kind", "channel"))
        ]
        alone: list[list[Where]] = [
            [(part if n == 0 else "", part if n == 1 else "", part if n == 2 else "") for part in offered[n] if part]
            for n in range(3)
        ]
        (combination,) = one.formula.counts
        for where in [NATION, *(where for axis in alone for where in axis)]:
            value = sum(sign * gained.get((series, where), 0) for series, sign in combination.items())
            cells: dict[Any, int] = {}
            for series, sign in combination.items():
                for cell in _finest(where, axes):
                    cells[series, cell] = sign
            figures.append(Shown((one.key, where), value, cells))
        sums += [((one.key, NATION), [(one.key, where) for where in axis]) for axis in alone if axis]
    return figures, sums


def _finest(where: Where, axes: Sequence[Sequence[str]]) -> Iterator[Where]:
    for province in [where[0]] if where[0] else axes[0]:
        for kind in [where[1]] if where[1] else axes[1]:
            for channel in [where[2]] if where[2] else axes[2]:
                yield province, kind, channel


def _shares(until: date, counts: Sequence[Line]) -> Iterator[Line]:
    out = {(line.key, line.where) for line in counts if line.is_hidden}
    for one in _public():
        if one.formula.kind not in {"share", "points_over"}:
            continue
        found = {"": compared(one.key, until, until).value}
        if "province" in one.dimensions:
            found |= {of.part: of.value for of in by_province(one.key, until, until)}
        kept = _hidden_shares(one, until) if one.small_cells == "hide" else frozenset()
        counted = {
            key.key for key in _public() if key.formula.kind == "sum" and {*key.formula.series} & {*one.formula.series}
        }
        for code, value in found.items():
            where: Where = (code, "", "")
            is_hidden = (one.key, where) in kept or any((key, where) in out for key in counted)
            yield Line(one.key, f"../{until:%Y-%m}", where, None if is_hidden else value, is_hidden)


def _hidden_shares(one: Indicator, until: date) -> frozenset[Name]:
    """Where a share is not shown: its part or what is left of the whole is hidden among those of all provinces."""
    totals: dict[tuple[str, Where], int] = {}
    for table, column in (("reporting_dailycount", "''"), ("reporting_provincecount", "province")):
        if column == "''" or "province" in one.dimensions:
            for code, series, total in rows(
                f"SELECT {column}, series, sum(count)::bigint FROM {table} WHERE series = ANY(%s) AND day <= %s GROUP BY 1, 2",
                [list(one.formula.series), until],
            ):
                totals[series, (code, "", "")] = int(total)
    places = sorted({where for _, where in totals if where != NATION})
    found: set[Name] = set()
    for combination in one.formula.counts:
        value = {
            where: sum(sign * totals.get((s, where), 0) for s, sign in combination.items())
            for where in (NATION, *places)
        }
        figures = [
            Shown((one.key, where), value[where], dict.fromkeys([where] if where != NATION else places or [NATION], 1))
            for where in value
        ]
        found |= hidden(figures, [((one.key, NATION), [(one.key, where) for where in places])])
    return frozenset(found)


_HEADS = ("key", "period", "province", "kind", "channel", "value", "hidden")
_MEANING: dict[str, Any] = {
    "key": lambda one: one.key,
    "name_vi": lambda one: one.vi,
    "name_en": lambda one: one.en,
    "definition_vi": lambda one: one.definition_vi,
    "definition_en": lambda one: one.definition_en,
    "unit_vi": lambda one: unit(one.unit, VI),
    "unit_en": lambda one: unit(one.unit, EN),
    "owner_vi": lambda one: one.owner_vi,
    "owner_en": lambda one: one.owner_en,
    "version": lambda one: one.version,
    "cut_off_vi": lambda one: CUT_OFFS[one.cut_off][0],
    "cut_off_en": lambda one: CUT_OFFS[one.cut_off][1],
    "target": lambda one: "" if one.target is None else one.target,
    "target_source": lambda one: one.target_source,
}


def _cells(line: Line) -> tuple[str | float | int | bool | None, ...]:
    return line.key, line.period, *line.where, line.value, line.is_hidden


def _csv(heads: Sequence[str], lines: Any) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(lines)
    return text.getvalue().encode()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _package(until: date) -> dict[str, Any]:
    """Describe the files as a data package (Frictionless Data Package, version 1)."""
    fields = [
        ("key", "string", "Mã chỉ tiêu, xem indicators.csv · Key of the indicator, see indicators.csv"),
        (
            "period",
            "string",
            "Tháng (2025-06), hoặc từ đầu đến hết tháng (../2025-06) · Month, or all up to the end of one",
        ),
        (
            "province",
            "string",
            "Mã tỉnh; trống là cả nước; 00 chưa rõ · Code of the province; empty: the nation; 00: not known",
        ),
        ("kind", "string", "Loại đơn vị cấp xã: urban là phường · Kind of commune: urban is a ward; empty: all"),
        ("channel", "string", "Kênh; trống là mọi kênh · Channel; empty: all"),
        (
            "value",
            "number",
            "Giá trị; trống nếu được giấu hoặc không có · Value; empty where hidden or where there is none",
        ),
        (
            "hidden",
            "boolean",
            f"Được giấu vì dưới {THRESHOLD}, hoặc để không tính ngược được · Hidden: under {THRESHOLD}, or so that such cannot be worked out",
        ),
    ]
    schema = {
        "fields": [{"name": name, "type": of, "description": told} for name, of, told in fields],
        "primaryKey": ["key", "period", "province", "kind", "channel"],
    }
    told = {"counts": "Số đếm từng tháng · Counts by month", "shares": "Tỷ lệ · Shares"}
    texts = {"indicators": "Từ điển chỉ tiêu · What each indicator means", "provinces": "Tỉnh, thành phố · Provinces"}
    heads = {"indicators": tuple(_MEANING), "provinces": ("code", "name")}
    of_text = [
        {
            "name": name,
            "path": f"{name}.csv",
            "title": title,
            "format": "csv",
            "encoding": "utf-8",
            "schema": {"fields": [{"name": head, "type": "string"} for head in heads[name]]},
        }
        for name, title in texts.items()
    ]
    return {
        "profile": "data-package",
        "name": "ansinh-project-06",
        "title": "Số liệu Đề án 06, đất nước giả định · Figures of Project 06, an invented nation",
        "version": f"{until:%Y.%m}",
        "licenses": [LICENCE],
        "resources": [
            *(
                {
                    "name": name,
                    "path": f"{name}.csv",
                    "title": title,
                    "format": "csv",
                    "encoding": "utf-8",
                    "schema": schema,
                }
                for name, title in told.items()
            ),
            *of_text,
            *(
                {"name": f"{name}-json", "path": f"{name}.json", "title": title, "format": "json"}
                for name, title in told.items()
            ),
        ],
    }
