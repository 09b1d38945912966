"""How clerks and keyboards spell the words of the vocabulary, and how words become a written name."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ansinh_synthetic.chance import Bools, Ints
from ansinh_synthetic.names import vocabulary

CANONICAL, PLAIN, TELEX, SPELLED, SLIP = range(5)
SLIPS = 6
_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_SHAPES = {"\u0306": "w", "\u031b": "w"}
_TONE_PLACES = {
    "òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ", "ùy": "uỳ", "úy": "uý", "ủy": "uỷ", "ũy": "uỹ",
    "ụy": "uỵ", "òe": "oè", "óe": "oé",
}  # fmt: skip
_Y_TO_I = {"y": "i", "ỳ": "ì", "ý": "í", "ỷ": "ỉ", "ỹ": "ĩ", "ỵ": "ị"}
_NEIGHBOURS = dict(zip("abcdeghiklmnopqrstuvxy", "sndfrhjolknmiptwedyicct", strict=False))


def plain(text: str) -> str:
    """Return the text without any diacritics."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def telex(text: str) -> str:
    """Return what stays on the paper when the Vietnamese keyboard was off: Nguyeenx for Nguyễn."""
    syllables = []
    for syllable in text.replace("đ", "dd").replace("Đ", "Dd").split(" "):
        typed, tone = "", ""
        for c in unicodedata.normalize("NFD", syllable):
            if c in _TONES:
                tone = _TONES[c]
            elif c == "\u0302":
                typed += typed[-1].lower()
            else:
                typed += _SHAPES.get(c, c)
        syllables.append(typed + tone)
    return " ".join(syllables)


def spelled(text: str) -> str:
    """Return the other lawful spelling where there is one: Hoà for Hòa, Mĩ for Mỹ."""
    for old, new in _TONE_PLACES.items():
        if text.endswith(old) and not text.lower().startswith("qu"):
            return text[: -len(old)] + new
    if len(text) > 1 and text[-1] in _Y_TO_I and plain(text[-2]).lower() not in "aeou":
        return text[:-1] + _Y_TO_I[text[-1]]
    if len(text) > 2 and text.lower().startswith("qu") and text[-1] in _Y_TO_I:
        return text[:-1] + _Y_TO_I[text[-1]]
    return text


def slip(text: str, way: int) -> str:
    """Return the text with one letter lost, doubled, exchanged or hit beside."""
    place = 1 + (way * 7 + len(text)) % max(len(text) - 1, 1)
    kind = way % 4
    if len(text) < 3:
        return text + text[-1].lower()
    place = min(place, len(text) - 1)
    letter = text[place]
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + letter + text[place:]
    if kind == 2 and place + 1 < len(text) and text[place + 1] != letter:
        return text[:place] + text[place + 1] + letter + text[place + 2 :]
    return text[:place] + _NEIGHBOURS.get(plain(letter).lower(), "e") + text[place + 1 :]


@cache
def _forms() -> Any:
    words = vocabulary()
    forms = list(words) + [plain(w) for w in words] + [telex(w) for w in words] + [spelled(w) for w in words]
    for way in range(SLIPS):
        forms += [slip(w, way) for w in words]
    return pa.array(forms, pa.string())


@cache
def can_be_spelled() -> Bools:
    """Tell of each word whether it has another lawful spelling."""
    return np.array([spelled(w) != w for w in vocabulary()])


def written(names: Ints, forms: Ints | None = None, joined: Bools | None = None) -> Any:
    """Write names as text; `forms` chooses a spelling per place, `joined` loses the space before the last word."""
    size = len(vocabulary())
    places = []
    for place in range(names.shape[1]):
        number = names[:, place].astype(np.int64)
        absent = number < 0
        if forms is not None:
            number = number + forms[:, place] * size
        places.append(_forms().take(pa.array(np.where(absent, 0, number), mask=absent)))
    text = pc.binary_join_element_wise(*places, " ", null_handling="skip")
    if joined is None or not joined.any():
        return text
    short = pc.binary_join_element_wise(*places[:-1], " ", null_handling="skip")
    return pc.if_else(pa.array(joined), pc.binary_join_element_wise(short, places[-1], "", null_handling="skip"), text)
