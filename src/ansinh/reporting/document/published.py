"""What the real agency published for the first half of 2025, to set an invented nation beside.

Source: the agency's report on Project 06 for the first six months of 2025, as told by Huế ngày nay, "Hơn 81,5% số người nhận lương hưu, trợ cấp hằng tháng qua
tài khoản" (huengaynay.vn). "Over" and "about" of the text stand as the figure itself.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent.parent / "published.csv"
_PEOPLE = "people.authenticated"
_OF_A_WHOLE = {"percent", "points"}


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A figure the real agency reported, in the indicator's unit, and by how much it had changed since the end of 2024 where it said so."""

    key: str
    value: float
    change: float | None


@cache
def published_figures() -> dict[str, PublishedFigure]:
    """Return what was published, by key of the indicator."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        found = (
            PublishedFigure(one["key"], float(one["value"]), float(one["change"]) if one["change"] else None)
            for one in csv.DictReader(file)
        )
        return {one.key: one for one in found}


def scaled(key: str, unit: str, people: float | None) -> float | None:
    """Return what was published as it would be in a nation of so many authenticated people; shares stay as they are, None where nothing was published."""
    told = published_figures().get(key)
    if told is None:
        return None
    if unit in _OF_A_WHOLE:
        return told.value
    return told.value * people / published_figures()[_PEOPLE].value if people else None
