"""Amounts and days as banks write them; what is not clear is said to be unclear, never guessed."""

from __future__ import annotations

import re
from datetime import date

from lxml import etree

_DONG = re.compile(r"([0-9]{1,18})(?:\.0{1,5})?")


class Unclear(ValueError):
    """A part of a message that has no one meaning for us."""


def dong(element: etree._Element) -> int:
    """Return an amount in whole đồng; raises Unclear for another currency, a fraction, or no number."""
    currency, words = element.get("Ccy"), (element.text or "").strip()
    found = _DONG.fullmatch(words)
    if currency != "VND" or found is None:
        raise Unclear(f"an amount that is not whole đồng: {words} {currency}")
    return int(found.group(1))


def day(words: str | None) -> date | None:
    """Return the day a date or a moment begins with; None when absent. Raises Unclear when it is no day."""
    if words is None:
        return None
    try:
        return date.fromisoformat(words[:10])
    except ValueError:
        raise Unclear(f"not a day: {words}") from None
