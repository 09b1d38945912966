"""What may stand in a message: letters banks can carry, and texts XML can hold."""

from __future__ import annotations

import re
import unicodedata

_FORBIDDEN_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_CARRIED = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
# Most of what is sent is of these letters already, with single spaces between words.
_AS_IT_IS = re.compile(r"[A-Za-z0-9/\-?:().,'+]+(?: [A-Za-z0-9/\-?:().,'+]+)*")
_SPACES = re.compile(r"\s+")
_SPECIAL = re.compile("[&<>\"']")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}


def carried(text: str, length_max: int) -> str:
    """Return a text in the letters every bank carries (SWIFT character set x): accents fall, Đ becomes D, what is left becomes a space."""
    if _AS_IT_IS.fullmatch(text):
        return text[:length_max].rstrip()
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _SPACES.sub(" ", _NOT_CARRIED.sub(" ", bare)).strip()[:length_max].rstrip()


def same_name(ours: str, banks: str) -> bool:
    """Tell whether two names are the same to a bank: capitals without accents, spaces told once."""
    return carried(ours, 140).upper() == carried(banks, 140).upper()


def escaped(text: str) -> str:
    """Return a text as it stands in XML; raises ValueError for characters XML 1.0 cannot hold."""
    if _FORBIDDEN_IN_XML.search(text):
        raise ValueError("the text holds a control character that XML cannot carry")
    return _SPECIAL.sub(lambda found: _ESCAPES[found.group()], text) if _SPECIAL.search(text) else text
