"""The indicators of Project 06, each a file: its names and definitions, unit, owner, version, cut-off, target, dimensions, and how it follows from series."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ansinh.foundation.errors import NotFound
from ansinh.reporting.formulas import KINDS, Formula, Totals, Value

FOLDER = Path(__file__).parent / "indicators"
DIMENSIONS = ("province", "kind", "facility", "channel")
CUT_OFFS = {
    "day": ("hết ngày theo lịch Việt Nam", "the end of a day of Viet Nam's calendar"),
    "run": (
        "kỳ chi trả gần nhất đã khóa sổ đến hết ngày",
        "the newest run closed by the end of the day",
    ),
}
# Whether counts under the threshold are hidden in public, or say nothing of persons and stay whole.
SMALL_CELLS = ("hide", "whole")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure as its file tells it; `value` turns the totals at a day into it, `unit` is a word of the report (persons, lookups, percent)."""

    key: str
    vi: str
    en: str
    definition_vi: str
    definition_en: str
    owner_vi: str
    owner_en: str
    unit: str
    version: int
    cut_off: str
    dimensions: tuple[str, ...]
    public: bool
    small_cells: str
    formula: Formula
    target: float | None
    target_source: str

    def value(self, totals: Totals) -> Value:
        """Return its value from what its series add up to."""
        return self.formula(totals)


def _read(file: Path) -> tuple[int, Indicator]:
    told: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    value = told["value"]
    unknown = {
        "cut_off": told["cut_off"] not in CUT_OFFS,
        "dimensions": not set(told["dimensions"]) <= set(DIMENSIONS),
        "small_cells": told["small_cells"] not in SMALL_CELLS,
        "value.kind": value["kind"] not in KINDS,
    }
    if any(unknown.values()):
        raise ValueError(f"{file.name}: {', '.join(field for field, wrong in unknown.items() if wrong)}")
    return int(told["order"]), Indicator(
        file.stem,
        told["name"]["vi"],
        told["name"]["en"],
        told["definition"]["vi"],
        told["definition"]["en"],
        told["owner"]["vi"],
        told["owner"]["en"],
        told["unit"],
        told["version"],
        told["cut_off"],
        tuple(told["dimensions"]),
        told["public"],
        told["small_cells"],
        Formula(value["kind"], tuple(value["terms"]), tuple(value.get("whole", ())), value.get("target", 0.0)),
        told.get("target"),
        told.get("target_source", ""),
    )


INDICATORS: tuple[Indicator, ...] = tuple(
    one for _, one in sorted(map(_read, FOLDER.glob("*.toml")), key=lambda of: of[0])
)


@cache
def _by_key() -> dict[str, Indicator]:
    return {one.key: one for one in INDICATORS}


def indicator(key: str) -> Indicator:
    """Return an indicator; raises NotFound for a key there is none of."""
    found = _by_key().get(key)
    if found is None:
        raise NotFound(f"Không có chỉ tiêu “{key}”.", f"There is no indicator “{key}”.", key=key)
    return found
