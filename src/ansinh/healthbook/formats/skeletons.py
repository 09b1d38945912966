"""Tables written as others were before: only the texts of their fields are new, so only these are taken out.

Software writes each row of a table the same way. What is left of a row without the texts of its fields, its skeleton, is read by the XML parser
once, with stand-ins in the gaps, and remembered with the names of the fields in order. A text may stand in a gap when it has only characters that mean
nothing to XML and that the parser leaves as they are; then it cannot change what the parser found. Whatever is written in another way (entities, CDATA,
nested elements, line ends of old systems within a text) is left to the parser: both ways give the same rows.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from sys import intern
from typing import NamedTuple

from ansinh.healthbook.formats.bounded_xml import Unreadable, tree
from ansinh.healthbook.formats.rows import ROWS_MAX, Found, Shape, items_of, settled_row, shape

# Bounds of what is remembered: some MB. Longer skeletons are not looked at, and longer tables go to the parser, which counts their elements.
KEPT_MAX = 4_096
SKELETON_CHARACTERS_MAX = 8_000
TABLE_CHARACTERS_MAX = 1_000_000

_GAP = "\0"
_STAND_IN = "x"
_PLAIN = "[^<>&\x00-\x08\x0b-\x1f\ufffe\uffff]"
# Of plain characters, a marked section is the text itself.
_MARKED = re.compile(rf"(?<=>)<!\[CDATA\[({_PLAIN}*)\]\]>(?=</)")


class Skeleton(NamedTuple):
    """The fields that have texts, in order; `known`: all are of the table, and each is there once."""

    names: tuple[str, ...]
    known: bool


def rows_alike(text: str, form: Shape, already: int = 0) -> Found | None:
    """Read a table by the skeletons of its rows; None: it is the parser's. Numbers of rows begin after `already`."""
    if len(text) > TABLE_CHARACTERS_MAX or _GAP in text:
        return None
    if "<!" in text:
        text = "".join(_MARKED.split(text))
        if "<!" in text:
            return None
    opening, closing = f"<{form.row}>", f"</{form.row}>"
    begin, end = text.find(opening), text.rfind(closing)
    if begin < 0 or end < begin or not _holds_rows(text[:begin], text[end + len(closing) :], form.code, form.old):
        return None
    pieces = _texts(form.row).split(text[begin:end])
    bones = _GAP.join(pieces[::2]).split(closing)
    if already + len(bones) > ROWS_MAX:
        return None
    return _filled(bones, list(map(str.strip, pieces[1::2])), form, already)


def _filled(bones: list[str], texts: list[str], form: Shape, already: int) -> Found | None:
    """Put texts into the rows they were taken from; a text of blanks only is none."""
    found = Found(elements=len(texts) + len(bones))
    full, taken = all(texts), 0
    for number, one in enumerate(bones, start=already + 1):
        skeleton = _skeleton(one, form.code, form.old) if len(one) <= SKELETON_CHARACTERS_MAX else None
        if skeleton is None:
            return None
        names = skeleton.names
        own = texts[taken : taken + len(names)]
        taken += len(names)
        if skeleton.known and full:
            found.rows.append(dict(zip(names, own, strict=True)))
            continue
        told = [one for one in zip(names, own, strict=True) if one[1]]
        found.rows.append(dict(told) if skeleton.known else settled_row(told, form, number, found))
    return found


@cache
def _texts(row: str) -> re.Pattern[str]:
    """Return what finds the texts of fields; blanks before the end of a row are none."""
    return re.compile(rf">({_PLAIN}++)</(?!{row}>)")


@lru_cache(KEPT_MAX)
def _holds_rows(before: str, after: str, code: str, old: bool) -> bool:
    """Tell whether what stands around the rows is the table's root and list, and nothing else."""
    form = shape(code, old=old)
    found = Found()
    try:
        root, notes = tree(f"{before}<{form.row}/>{after}".encode())
    except Unreadable:
        return False
    items = items_of(root, form, found)
    sound = items is not None and len(items) == 1 and items[0].tag == form.row
    return sound and not (notes or found.problems or found.signature)


@lru_cache(KEPT_MAX)
def _skeleton(bones: str, code: str, old: bool) -> Skeleton | None:
    """Return the fields of a row without its texts; None when it is more than fields, or a field holds more than a text."""
    form = shape(code, old=old)
    try:
        row, notes = tree((bones.replace(_GAP, f">{_STAND_IN}</") + f"</{form.row}>").encode())
    except Unreadable:
        return None
    names = []
    for one in row:
        if len(one) or one.text not in (None, _STAND_IN):
            return None
        if one.text:
            names.append(intern(one.tag))
    if notes or row.tag != form.row or len(names) != bones.count(_GAP):
        return None
    return Skeleton(tuple(names), form.names.issuperset(names) and len(set(names)) == len(names))
