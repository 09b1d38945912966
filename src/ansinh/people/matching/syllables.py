"""Vietnamese syllables: without diacritics, with the tone in one place, and repaired where a keyboard left its traces."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ansinh.people.matching.folding import folded_name

_TONES = {"\u0300": "1", "\u0301": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_SHAPES = {"\u0302": 1, "\u0306": 2, "\u031b": 3}
_TELEX_TONES = {"f": "\u0300", "s": "\u0301", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_TELEX_SHAPES = (("dd", "đ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"))
_LAWFUL = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnpqrstvx])?"
    r"(?:uye|uya|uyu|uay|uoi|uou|ieu|yeu|oai|oay|oao|oeo|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|ua|ue|ui|uo|uu|uy|ye|[aeiouy])"
    r"(?:ch|ng|nh|[cmnpt])?"
)
# One character per syllable tells its diacritics; this one means none, and is SQL's "any character" in LIKE.
PLAIN_MARK = "_"
_FIRST_MARK = 0x4E00
_SYLLABLE_LENGTH_MAX = 20


def folded(text: str) -> str:
    """Return the letters a to z of a text in lower case, diacritics dropped, without spaces; đ (and ð, a wrong key for it) is d."""
    return folded_name(text).replace(" ", "")


def key_of(text: str) -> str:
    """Return the folded text with y written i, as the two are one sound and spelled either way."""
    return folded(text).replace("y", "i")


def toned(syllable: str) -> str:
    """Return the syllable with its tone as a digit behind it: hoà and hòa both become hoa1."""
    shaped, tone = [], ""
    for c in unicodedata.normalize("NFD", syllable.lower().replace("ð", "đ")):
        if c in _TONES:
            tone = _TONES[c]
        else:
            shaped.append(c)
    return unicodedata.normalize("NFC", "".join(shaped)).replace("y", "i") + tone


def mark(syllable: str) -> str:
    """Return one character that stands for the diacritics of a syllable; equal letters and equal marks make equal syllables."""
    tone, shapes, stroke, place = 0, 0, 0, 0
    for c in unicodedata.normalize("NFD", syllable.lower()):
        if c in _TONES:
            tone = int(_TONES[c])
        elif c in _SHAPES:
            shapes += _SHAPES[c] * 4 ** min(place - 1, 3)
        elif c in "đð":
            stroke = 1
        elif c in "aeiouy":
            place += 1
    code = tone + 6 * (stroke + 2 * shapes)
    return chr(_FIRST_MARK + code) if code else PLAIN_MARK


def lawful(syllable: str) -> bool:
    """Tell whether letters can be one Vietnamese syllable."""
    return _LAWFUL.fullmatch(folded(syllable)) is not None


@lru_cache(maxsize=200_000)
def repaired(syllable: str) -> tuple[str, ...]:
    """Return the lawful syllables a typed word most likely means: telex decoded, a lost space put back; else the word itself."""
    if lawful(syllable) or len(syllable) > _SYLLABLE_LENGTH_MAX:
        return (syllable,)
    decoded = _from_telex(syllable)
    if decoded and lawful(decoded):
        return (decoded,)
    splits = [
        (syllable[:place], syllable[place:])
        for place in range(1, len(syllable))
        if not unicodedata.combining(syllable[place]) and lawful(syllable[:place]) and lawful(syllable[place:])
    ]
    return splits[0] if len(splits) == 1 else (syllable,)


def _from_telex(typed: str) -> str | None:
    if not typed.isascii():
        return None
    letters, tone = typed, ""
    if len(letters) > 1 and letters[-1] in _TELEX_TONES:
        letters, tone = letters[:-1], _TELEX_TONES[letters[-1]]
    for keys, letter in _TELEX_SHAPES:
        letters = letters.replace(keys, letter)
    if letters == typed:
        return None
    vowels = [place for place, c in enumerate(letters) if c in "aeiouyâêôăơư"]
    if not vowels:
        return None
    at = vowels[-1] + 1
    return unicodedata.normalize("NFC", letters[:at] + tone + letters[at:])
