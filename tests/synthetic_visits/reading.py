"""Reads the XML of visits in the plainest way, as a stranger would."""

from __future__ import annotations

from base64 import b64decode
from decimal import ROUND_HALF_UP, Decimal

from lxml import etree

Rows = list[dict[str, str]]


def tables_of(content: bytes) -> dict[str, Rows]:
    """Return the rows of each table of an encounter file."""
    root = etree.fromstring(content)
    found: dict[str, Rows] = {}
    for part in root.iter("FILEHOSO"):
        inside = etree.fromstring(b64decode(part.findtext("NOIDUNGFILE") or ""))
        items = [one for one in inside.iter() if len(one) and not any(len(cell) for cell in one)]
        found[part.findtext("LOAIHOSO") or ""] = [{str(cell.tag): cell.text or "" for cell in one} for one in items]
    return found


def hundredths(amount: Decimal) -> Decimal:
    """Round to two decimals, halves up."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
