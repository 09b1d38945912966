"""Request bodies as hospitals' software really sends them: JSON or a form, whatever the content type says, in the encodings that are about."""

from __future__ import annotations

import codecs
import json
from urllib.parse import parse_qsl

FIELDS_MAX = 40
VALUE_LENGTH_MAX = 300
INTEGER_DIGITS_MAX = 17
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "unicode": "utf-16-le",
    "windows-1258": "cp1258",
    "windows-1252": "cp1252",
    "iso-8859-1": "latin-1",
}


class Unreadable(Exception):
    """The body is neither JSON nor a form as agreed; the message says why, without anything of it."""


def read_fields(body: bytes, content_type: str | None) -> dict[str, str]:
    """Return the fields of a body by their names in small letters, numbers as text, null as nothing; raises Unreadable.

    A field given twice is refused: who reads the first and who reads the last would not mean the same person. Fields not asked for are let be.
    """
    encoding, plain = _encoding(body, content_type)
    try:
        text = plain.decode(encoding).strip(" \t\r\n\ufeff")
        return _named(_json_pairs(text) if text.startswith("{") else _form_pairs(text, encoding))
    except (UnicodeError, RecursionError, ValueError) as error:
        raise Unreadable(type(error).__name__) from error


def _encoding(body: bytes, content_type: str | None) -> tuple[str, bytes]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return encoding, body[len(mark) :]
    if body[1:2] == b"\0":
        return "utf-16-le", body
    if body[:1] == b"\0":
        return "utf-16-be", body
    declared = (content_type or "").lower().partition("charset=")[2].split(";")[0].strip(" \"'")
    return _CHARSETS.get(declared, "utf-8"), body


def _json_pairs(text: str) -> list[tuple[str, object]]:
    found = json.loads(text, object_pairs_hook=list, parse_constant=lambda _: None)
    pairs: list[tuple[str, object]] = found
    return pairs


def _form_pairs(text: str, encoding: str) -> list[tuple[str, object]]:
    if "=" not in text:
        raise Unreadable("no fields")
    coding = "utf-8" if encoding.startswith("utf") else encoding
    return list(parse_qsl(text, keep_blank_values=True, encoding=coding, errors="strict", max_num_fields=FIELDS_MAX))


def _named(pairs: list[tuple[str, object]]) -> dict[str, str]:
    if len(pairs) > FIELDS_MAX:
        raise Unreadable("too many fields")
    fields: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        if key in fields:
            raise Unreadable("a field twice")
        fields[key] = _as_text(value)
    return fields


def _as_text(value: object) -> str:
    """Numbers and null are taken as text; a list, an object, a fraction or true is nothing a person can be named by."""
    if isinstance(value, str):
        if len(value) > VALUE_LENGTH_MAX:
            raise Unreadable("a value is too long")
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**INTEGER_DIGITS_MAX:
        return str(value)
    if value is None:
        return ""
    return "\0"
