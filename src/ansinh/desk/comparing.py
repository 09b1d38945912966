"""Do a scanned card and the record speak of the same person? Spelling habits are forgiven; a different letter, tone or day is marked."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from ansinh.desk.reading import Particulars

# Combining marks that carry a tone; the others make a letter (ă â ê ô ơ ư).
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_STROKED = str.maketrans({"\u00d0": "\u0111", "\u0110": "\u0111", "\u00f0": "\u0111"})


@dataclass(frozen=True)
class Mismatch:
    """A field (`name`, `born`, `sex`) on which card and record differ, as each says it."""

    field: str
    card: str
    record: str


def same_name(one: str, other: str) -> bool:
    """Tell whether two spellings are one name: case, blanks, encoding and the place of a tone within its syllable do not matter."""
    return _folded(one) == _folded(other)


def same_birth(one: str, other: str) -> bool:
    """Tell whether two birth dates can be one: where only year or month is known, the rest is not held against anybody."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def mismatches(card: Particulars, *, full_name: str, born: str | None, sex: str | None) -> list[Mismatch]:
    """Return the fields on which the scanned card and the record differ; what the record does not know is not compared."""
    found = []
    if not same_name(card.full_name, full_name):
        found.append(Mismatch("name", card.full_name, full_name))
    if born and not same_birth(card.born, born):
        found.append(Mismatch("born", card.born, born))
    if sex and card.sex != sex:
        found.append(Mismatch("sex", card.sex, sex))
    return found


def _folded(name: str) -> list[tuple[str, str]]:
    """Return each syllable as its letters and its tones, so that `òa` and `oà` are one."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name).translate(_STROKED).casefold())
    syllables = []
    for word in plain.split():
        letters = "".join(mark for mark in word if mark not in _TONES)
        tones = "".join(sorted(mark for mark in word if mark in _TONES))
        syllables.append((unicodedata.normalize("NFC", letters), tones))
    return syllables
