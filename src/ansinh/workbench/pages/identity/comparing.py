"""Two records side by side: what differs is marked by syllable in names, by piece in days, numbers and addresses."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher

from ansinh.people.states import FIELDS
from ansinh.places.queries import provinces
from ansinh.screens.components import Marked, Part, Table, Tag
from ansinh.workbench.words.identity import WORDS

Pieces = tuple[tuple[str, bool], ...]


def marked(ours: str, theirs: str) -> tuple[Pieces, Pieces]:
    """Return the syllables of two texts, each with whether it has no counterpart in the other; capitals do not count, diacritics do."""
    left, right = ours.split(), theirs.split()
    matcher = SequenceMatcher(None, [_alike(one) for one in left], [_alike(one) for one in right], autojunk=False)
    left_same, right_same = set(), set()
    for a, b, length in matcher.get_matching_blocks():
        left_same |= set(range(a, a + length))
        right_same |= set(range(b, b + length))
    return (
        tuple((one, place not in left_same) for place, one in enumerate(left)),
        tuple((one, place not in right_same) for place, one in enumerate(right)),
    )


def comparison(ours: Mapping[str, str | None], theirs: Mapping[str, str | None], language: str) -> Table:
    """Return the two records field by field, each with whether they agree in a word."""
    words = WORDS[language]
    names = {one.code: one.name for one in provinces()}
    rows: list[tuple[str | Part, ...]] = []
    for field, name in FIELDS.items():
        left, right = ours.get(field), theirs.get(field)
        if left is None and right is None:
            continue
        pieces = marked(written(field, left, language, names), written(field, right, language, names))
        rows.append((capital(name[0] if language == "vi" else name[1]), *map(Marked, pieces), _tag(left, right, words)))
    return Table(words["compared"], (words["field"], words["ours"], words["registered"], words["result"]), tuple(rows))


def written(field: str, value: str | None, language: str, names: Mapping[str, str]) -> str:
    """Return a field's value as people read it, in pieces that can be told apart."""
    if value is None:
        return "–"
    if field in {"birth_date", "died_on"}:
        return " / ".join(reversed(value.split("-")))
    if field == "sex":
        return WORDS[language][f"sex_{value}"]
    if field == "pin":
        return " ".join(value[start : start + 3] for start in range(0, len(value), 3))
    if field == "address":
        province, _, commune = value.partition("/")
        return " ".join(one for one in (commune, names.get(province, province)) if one)
    return value


def capital(text: str) -> str:
    """Return a text with its first letter large."""
    return text[:1].upper() + text[1:]


def _alike(syllable: str) -> str:
    return unicodedata.normalize("NFC", syllable).casefold()


def _tag(left: str | None, right: str | None, words: Mapping[str, str]) -> Tag:
    if left is None or right is None:
        return Tag(words["lacking"], "neutral")
    if _alike(left) == _alike(right):
        return Tag(words["equal"], "good")
    return Tag(words["differs"], "bad")
