"""Normal forms of names and numbers, derived and never stored in place of what was written."""

from __future__ import annotations

import unicodedata

_KINDS = {12: "pin", 9: "old_number"}


def _folding() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for point in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(point))[0].lower()
        table[point] = base if "a" <= base <= "z" else chr(point).lower()
    # These have no decomposition: the stroke is part of the letter. Ð (eth) is a common wrong key for Đ.
    table.update({0x110: "d", 0x111: "d", 0xD0: "d", 0xF0: "d"})
    table.update(dict.fromkeys(range(0x300, 0x370)))
    return table


_FOLDING = _folding()


def folded_name(name: str) -> str:
    """Return the name in lower-case letters a to z without diacritics, single spaces between syllables (linkage reference, section 2)."""
    folded = name.translate(_FOLDING).lower()
    if folded.isascii() and folded.replace(" ", "").isalpha():
        return " ".join(folded.split())
    return " ".join("".join(c if "a" <= c <= "z" else " " for c in folded).split())


def stated_number(raw: str | None) -> tuple[str, str] | None:
    """Return the scheme and value a stated identity number most likely means, or None when it means nothing.

    Spreadsheets eat leading zeros: 10 and 11 digits are taken as 12, 8 as 9.
    """
    digits = "".join(c for c in raw or "" if "0" <= c <= "9")
    if len(digits) in {10, 11}:
        digits = digits.zfill(12)
    elif len(digits) == 8:
        digits = digits.zfill(9)
    kind = _KINDS.get(len(digits))
    return (kind, digits) if kind else None
