"""PDF files looked through without drawing them: every object, also those folded into object streams, for what starts by itself or carries files along."""

from __future__ import annotations

import re
import zlib

from ansinh.services.attachments.refusing import refused

BEGINS = b"%PDF-"
UNFOLDED_BYTES_MAX = 30_000_000
STREAMS_MAX = 20_000
_TAIL = 1_024
# What runs, fetches, sends or carries (ISO 32000-2: 7.11.4, 12.6.4, 12.7.8, 13.6).
_ACTIVE = frozenset(
    {
        b"JavaScript",
        b"JS",
        b"Launch",
        b"EmbeddedFile",
        b"EmbeddedFiles",
        b"RichMedia",
        b"XFA",
        b"AA",
        b"SubmitForm",
        b"ImportData",
        b"GoToE",
        b"GoToR",
        b"Rendition",
        b"Movie",
        b"Sound",
        b"FileAttachment",
    }
)
_NAME = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]+)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
# Readers know an object stream by what they need of it; its type may be left out.
_OBJECT_STREAM = re.compile(rb"/First\b")
_HIDDEN_OBJECT = re.compile(rb"[0-9]\s+[0-9]+\s+obj\b")
# Names long enough not to stand in compressed bytes by chance.
_LONG = 5
_DICTIONARY_MAX = 4_096


def require_pdf(content: bytes) -> None:
    """Refuse a PDF that is cut off, locked, carries something behind its end, or holds anything that acts."""
    end = content.rfind(b"%%EOF")
    if end < 0 or len(content) - end > _TAIL:
        raise refused("broken" if end < 0 else "two_in_one")
    if content[end + 5 :].strip(b"\r\n \t\x00"):
        raise refused("two_in_one")
    outside, streams = _apart(content)
    _require_passive(outside)
    unfolded = 0
    for dictionary, body in streams:
        # What claims to be a stream and holds objects hides them from whoever looks in order; readers find them by their offsets.
        if _HIDDEN_OBJECT.search(body):
            raise refused("two_in_one")
        _require_passive(body, _LONG)
        if _OBJECT_STREAM.search(_plain(dictionary)):
            objects = _objects(dictionary, body, UNFOLDED_BYTES_MAX - unfolded)
            unfolded += len(objects)
            _require_passive(objects)


def _apart(content: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Return what lies outside streams, and the streams with the dictionary before each."""
    outside: list[bytes] = []
    streams: list[tuple[bytes, bytes]] = []
    place = 0
    while found := _STREAM.search(content, place):
        # The data ends where the dictionary's word does; a stream without its end is no PDF.
        close = content.find(b"endstream", found.end())
        if close < 0 or len(streams) >= STREAMS_MAX:
            raise refused("broken")
        before = content[place : found.start()]
        outside.append(before)
        streams.append((before[-_DICTIONARY_MAX:], content[found.end() : close]))
        place = close + len(b"endstream")
    outside.append(content[place:])
    return b"\n".join(outside), streams


def _objects(dictionary: bytes, body: bytes, room: int) -> bytes:
    """Return the objects folded into a stream; one that is folded in a way we cannot look into is refused."""
    last = _plain(dictionary[dictionary.rfind(b"obj") :])
    filters = re.findall(rb"/(\w+Decode|Crypt|Fl|LZW|AHx|A85|RL)\b", last)
    if not filters and b"/Filter" not in last:
        return body
    if filters not in ([b"FlateDecode"], [b"Fl"]) or b"/DecodeParms" in last or b"/DP" in last:
        raise refused("locked")
    inflater = zlib.decompressobj()
    try:
        objects = inflater.decompress(body, max(room, 1))
    except zlib.error as error:
        raise refused("broken") from error
    if inflater.unconsumed_tail:
        raise refused("unfolds")
    return objects


def _require_passive(part: bytes, shortest: int = 0) -> None:
    names = {plain for plain in map(_plain, _NAME.findall(part)) if len(plain) >= shortest}
    if b"Encrypt" in names:
        raise refused("locked")
    if names & _ACTIVE:
        raise refused("active")


def _plain(name: bytes) -> bytes:
    """Return a name with its `#41` written out: that is how names are hidden."""
    return _ESCAPED.sub(lambda found: bytes([int(found.group(1), 16)]), name)
