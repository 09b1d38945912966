"""Bytes to well-made UTF-8: byte-order marks, wrong labels, Windows-1258, and marks written apart from their letters.

What was changed is said, so that the sender's software can be mended. ASCII and NFC text in UTF-8 passes untouched, byte for byte.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_DECLARATION = re.compile(rb"^\s*<\?xml[^>]{0,200}?\?>")
_DECLARATION_BYTES_MAX = 300
_LABELS_KEPT_MAX = 256
_LABEL = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# Labels under which real files hold plain ASCII, UTF-8 or Windows-1258.
_HARMLESS = {"utf-8", "utf8", "us-ascii", "ascii", "windows-1258", "cp1258", "windows-1252", "iso-8859-1"}
_WIDE = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# In Windows-1258 a mark stands behind its letter; text of another encoding breaks this soon.
_STRAY_MARK = re.compile("(?<![AEIOUYaeiouyĂÂÊÔƠƯăâêôơư])[\u0300\u0301\u0303\u0309\u0323]")
_CONTROL = re.compile("[\x80-\x9f]")


class UnreadableEncoding(Exception):
    """The bytes are no text we can read with certainty."""


class Settled(NamedTuple):
    """Well-made bytes, the same as text, and what was changed: (`encoding_changed`, from what) or (`accents_joined`, "")."""

    content: bytes
    text: str
    notes: list[tuple[str, str]]


def settled(raw: bytes) -> Settled:
    """Return `raw` as UTF-8 in NFC. Raises UnreadableEncoding."""
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise UnreadableEncoding
    for mark, name in _WIDE:
        if raw.startswith(mark):
            return _told_again(_decoded(raw, name), [("encoding_changed", name.upper())])
    raw = raw.removeprefix(codecs.BOM_UTF8)
    label = _label(raw)
    if raw.isascii():
        if label in _HARMLESS:
            content = raw if label in {"utf-8", "utf8"} else _undeclared(raw)
            return Settled(content, content.decode("ascii"), [])
        raise UnreadableEncoding
    return _letters(raw, label)


def _letters(raw: bytes, label: str) -> Settled:
    if label not in _HARMLESS:
        raise UnreadableEncoding
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return _told_again(_windows(raw), [("encoding_changed", "Windows-1258")])
    if label not in {"utf-8", "utf8"}:
        return _told_again(text, [("encoding_changed", "UTF-8")])
    if unicodedata.is_normalized("NFC", text):
        return Settled(raw, text, [])
    return _told_again(text, [])


def _windows(raw: bytes) -> str:
    text = _decoded(raw, "cp1258")
    if _STRAY_MARK.search(text) or _CONTROL.search(text):
        raise UnreadableEncoding
    return unicodedata.normalize("NFC", text)  # its marks are apart by nature: no change worth telling


def _told_again(text: str, notes: list[tuple[str, str]]) -> Settled:
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        notes.append(("accents_joined", ""))
    content = _undeclared(text.encode("utf-8"))
    return Settled(content, content.decode("utf-8"), notes)


def _decoded(raw: bytes, name: str) -> str:
    try:
        return raw.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise UnreadableEncoding from None


def _label(raw: bytes) -> str:
    return _label_of(raw[: raw.find(b">", 0, _DECLARATION_BYTES_MAX) + 1])


@lru_cache(_LABELS_KEPT_MAX)
def _label_of(begin: bytes) -> str:
    """Return what a file's first words declare; software writes the same ones each time."""
    declaration = _DECLARATION.match(begin)
    found = _LABEL.search(declaration[0]) if declaration else None
    return found[1].decode("ascii").lower() if found else "utf-8"


def _undeclared(raw: bytes) -> bytes:
    return _DECLARATION.sub(b"", raw, count=1)
