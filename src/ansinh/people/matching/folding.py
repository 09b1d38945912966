"""Names without their diacritics, derived and never stored in place of what was written."""

from __future__ import annotations

import unicodedata


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
