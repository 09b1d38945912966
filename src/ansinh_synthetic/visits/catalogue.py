"""What people fall ill with, and what is done about it: the three lists of this folder, read once."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

AGE_BANDS = (6, 18, 40, 60)
# A year of each season: how much a month weighs, on average 100 (assumed after the country's yearly reports of disease).
SEASONS = {
    "flat": (100,) * 12,
    "winter": (135, 125, 115, 95, 80, 75, 75, 80, 90, 100, 110, 120),
    "spring": (110, 125, 135, 125, 100, 85, 80, 80, 85, 90, 95, 90),
    "summer": (70, 75, 85, 105, 130, 140, 135, 125, 105, 90, 75, 65),
    "autumn": (80, 75, 80, 85, 90, 90, 95, 115, 145, 140, 110, 95),
    "dengue": (50, 35, 30, 30, 45, 75, 115, 150, 180, 190, 170, 130),
    "hand_foot": (45, 45, 75, 115, 130, 115, 95, 100, 140, 150, 120, 70),
}


@dataclass(frozen=True, slots=True)
class Index:
    """One value a test tells: usual range as integers scaled by `decimals`; -1 decimals is negative or positive in words."""

    code: str
    name: str
    unit: str
    low: int
    high: int
    decimals: int


@dataclass(frozen=True, slots=True)
class Service:
    """A service, its cost group and price in đồng, and what it tells (`indices`), says (`finding`) or is (`procedure`, ICD-9-CM)."""

    code: str
    name: str
    group: int
    unit: str
    price: int
    ratio: int
    indices: tuple[Index, ...]
    finding: str
    procedure: str


@dataclass(frozen=True, slots=True)
class Medicine:
    """A product: price in đồng a unit, units a day, or units whatever the days (`whole`)."""

    code: str
    name: str
    strength: str
    form: str
    route: str
    unit: str
    registration: str
    price: int
    ratio: int
    a_day: int
    whole: int


@dataclass(frozen=True, slots=True)
class Condition:
    """Why somebody comes: how often by age band and sex, where it is treated, with what, and what follows."""

    icd: str
    name: str
    kind: str
    ages: tuple[int, ...]
    sexes: tuple[int, int]
    season: tuple[int, ...]
    department: str
    level: int
    days: int
    leave: int
    refer: int
    medicines: tuple[Medicine, ...]
    tests: tuple[Service, ...]
    also: tuple[str, ...]
    reason: str
    course: str


def _lines(name: str) -> list[dict[str, str]]:
    text = (Path(__file__).parent / f"{name}.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [
        {key: escape((value or "").strip()) for key, value in line.items()}
        for line in csv.DictReader(lines, delimiter="|")
    ]


def _indices(text: str) -> tuple[Index, ...]:
    if not text or text[0] in "@!":
        return ()
    found = []
    for one in text.split(";"):
        code, name, unit, low, high, decimals = one.split(",")
        found.append(Index(code, name, unit, int(low), int(high), int(decimals)))
    return tuple(found)


@cache
def services() -> dict[str, Service]:
    """Return every service by its key."""
    return {
        line["key"]: Service(
            line["code"],
            line["name"],
            int(line["group"]),
            line["unit"],
            int(line["price"]),
            int(line["ratio"]),
            _indices(line["indices"]),
            line["indices"][1:] if line["indices"].startswith("@") else "",
            line["indices"][1:] if line["indices"].startswith("!") else "",
        )
        for line in _lines("services")
    }


@cache
def medicines() -> dict[str, Medicine]:
    """Return every medicine by its key."""
    return {
        line["key"]: Medicine(
            line["code"],
            line["name"],
            line["strength"],
            line["form"],
            line["route"],
            line["unit"],
            line["registration"],
            *(int(line[number] or 0) for number in ("price", "ratio", "a_day", "whole")),
        )
        for line in _lines("medicines")
    }


@cache
def conditions() -> tuple[Condition, ...]:
    """Return every condition in the order of the list."""
    return tuple(
        Condition(
            line["icd"],
            line["name"],
            line["kind"],
            tuple(map(int, line["age"].split())),
            (int(line["male"]), int(line["female"])),
            SEASONS[line["season"]],
            line["department"],
            int(line["level"]),
            int(line["days"]),
            int(line["leave"]),
            int(line["refer"]),
            tuple(medicines()[key] for key in line["medicines"].split()),
            tuple(services()[key] for key in line["tests"].split()),
            tuple(filter(None, line["also"].split(";"))),
            line["reason"],
            line["course"],
        )
        for line in _lines("conditions")
    )


def of_kind(kind: str) -> list[int]:
    """Return the places of the conditions of a kind."""
    return [place for place, one in enumerate(conditions()) if one.kind == kind]
