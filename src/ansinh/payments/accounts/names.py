"""Names as banks print them, for comparing an account's holder with the payee."""

from __future__ import annotations

import unicodedata

# The same in the database, over a column: capitals without marks, Đ as D, one space.
FOLDED_SQL = "upper(unaccent(translate(regexp_replace(btrim(normalize({}, NFC)), '\\s+', ' ', 'g'), 'đĐ', 'dD')))"


def folded(name: str) -> str:
    """Return the name in capitals without marks, Đ as D (no decomposition knows it), with single spaces."""
    plain = name.replace("Đ", "D").replace("đ", "d")
    letters = unicodedata.normalize("NFD", plain)
    return " ".join("".join(one for one in letters if not unicodedata.combining(one)).upper().split())
