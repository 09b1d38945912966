"""JSON of strangers, measured before it is read: how deep it is and of how many parts. Time and memory grow with the bytes alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A string that is never closed goes on to the end, so that no text makes the search begin anew at each of its quotes.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_OTHERS = bytes(set(range(256)) - set(b"{}[],"))
_ONE_KIND = bytes.maketrans(b"{}", b"[]")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a text may be, how deep, and of how many objects, lists and commas."""

    bytes_max: int
    depth_max: int
    parts_max: int


# A visit as a FHIR bundle: what the door takes, its reader reads.
BUNDLES = Bounds(8 << 20, 40, 400_000)
BUNDLE_TYPES = frozenset({"transaction", "collection", "message", "document"})


class OutOfBounds(Exception):
    """The text is more than is read here; the message is `too_long`, `too_deep` or `too_many_parts`."""


def require_bounded(raw: bytes, bounds: Bounds) -> None:
    """Refuse what is longer, deeper or of more parts than bounds allow; raises OutOfBounds.

    What is no JSON may pass: its reader tells.
    """
    if len(raw) > bounds.bytes_max:
        raise OutOfBounds("too_long")
    marks = _STRING.sub(b"", raw).translate(None, _OTHERS)
    if len(marks) - marks.count(b"}") - marks.count(b"]") > bounds.parts_max:
        raise OutOfBounds("too_many_parts")
    brackets = marks.translate(_ONE_KIND, b",")
    for _ in range(bounds.depth_max):
        fewer = brackets.replace(b"[]", b"")
        if len(fewer) == len(brackets):
            break  # nothing is left, or what is left is not closed: its reader tells
        brackets = fewer
    if b"[]" in brackets or brackets.count(b"[") > bounds.depth_max:
        raise OutOfBounds("too_deep")
