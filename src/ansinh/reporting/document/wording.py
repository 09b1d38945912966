"""Numbers, days and units as a reader of Vietnamese or English writes them."""

from __future__ import annotations

from datetime import date
from typing import Literal

Language = Literal["vi", "en"]
VI: Language = "vi"
EN: Language = "en"

UNITS = {
    "persons": ("người", "persons"),
    "lookups": ("lượt", "look-ups"),
    "submissions": ("hồ sơ", "submissions"),
    "files": ("hồ sơ", "files"),
    "sign-ins": ("lượt", "sign-ins"),
    "events": ("sự kiện", "events"),
    "facilities": ("cơ sở", "facilities"),
    "percent": ("%", "%"),
    "points": ("điểm %", "points"),
    "days": ("ngày", "days"),
    "hours": ("giờ", "hours"),
}
_THOUSANDS, _DECIMALS_OF_SHARES = ",", 2
_SWAPPED = str.maketrans(",.", ".,")


def unit(name: str, language: Language) -> str:
    """Return a unit in words; one nobody has words for stands as it is."""
    vi, en = UNITS.get(name, (name, name))
    return vi if language == VI else en


def number(value: float | int | None, language: Language) -> str:
    """Return a number with the language's separators, shares to at most two decimals; a dash for none."""
    if value is None:
        return "–"
    if isinstance(value, float) and not value.is_integer():
        text = f"{value:{_THOUSANDS}.{_DECIMALS_OF_SHARES}f}".rstrip("0").rstrip(".")
    else:
        text = f"{int(value):{_THOUSANDS}}"
    text = text.replace("-", "−")
    return text.translate(_SWAPPED) if language == VI else text


def amount(value: float | int | None, name: str, language: Language) -> str:
    """Return a number with its unit."""
    if value is None:
        return "–"
    text = number(value, language)
    if name == "percent":
        return f"{text} %" if language == VI else f"{text}%"
    return f"{text} {unit(name, language)}"


def difference(value: float | int | None, language: Language) -> str:
    """Return a change with its sign; a dash for none."""
    if value is None:
        return "–"
    return "+" + number(value, language) if value > 0 else number(value, language)


def day(value: date, language: Language) -> str:
    """Return a day: 30/6/2025, or 30 June 2025."""
    return f"{value.day}/{value.month}/{value.year}" if language == VI else f"{value.day} {value:%B} {value.year}"


def month(value: date, language: Language) -> str:
    """Return a month: 6/2025, or Jun 2025."""
    return f"{value.month}/{value.year}" if language == VI else f"{value:%b %Y}"


def listed(names: list[str], language: Language) -> str:
    """Return names joined as a sentence does."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + (" và " if language == VI else " and ") + names[-1]
