"""JPEG and PNG pictures read to their end, without a library that draws them: sizes, checksums, nothing behind the end, nothing that is no picture."""

from __future__ import annotations

import struct
import zlib

from ansinh.services.attachments.refusing import PIXELS_MAX, SIDE_MAX, refused

PNG_BEGINS = b"\x89PNG\r\n\x1a\n"
JPEG_BEGINS = b"\xff\xd8\xff"
_CHUNKS_MAX = 100_000
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {1, 2, 4, 8, 16}
# Start-of-frame markers; C4, C8 and CC mean something else.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_CODE = (b"<script", b"<?php", b"<html", b"<svg", b"javascript:")


def require_png(content: bytes) -> None:
    """Refuse what is no whole, plain PNG (PNG specification, third edition)."""
    place, header, unfolded = len(PNG_BEGINS), b"", 0
    inflater = zlib.decompressobj()
    for _ in range(_CHUNKS_MAX):
        if place + 12 > len(content):
            raise refused("broken")
        length, name = struct.unpack(">I4s", content[place : place + 8])
        end = place + 12 + length
        body = content[place + 8 : end - 4]
        if end > len(content) or zlib.crc32(name + body) != int.from_bytes(content[end - 4 : end], "big"):
            raise refused("broken")
        if (name == b"IHDR") is bool(header):
            raise refused("broken")
        if name == b"IHDR":
            header = body
            room = _png_room(header)
        elif name == b"IDAT":
            unfolded = _inflated(inflater, body, unfolded, room)
        elif name == b"IEND":
            if end != len(content):
                raise refused("two_in_one")
            return
        else:
            _no_code(body)
        place = end
    raise refused("broken")


def require_jpeg(content: bytes) -> None:
    """Refuse what is no whole, plain JPEG (ITU-T T.81, annex B)."""
    place, framed = 2, False
    for _ in range(_CHUNKS_MAX):
        if place + 4 > len(content) or content[place] != 0xFF:
            raise refused("broken")
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker == 0xD9:
            if not framed:
                raise refused("broken")
            _nothing_behind(content, place + 2)
            return
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        body = content[place + 4 : place + 2 + length]
        if length < 2 or len(body) != length - 2:
            raise refused("broken")
        if marker in _FRAMES:
            if len(body) < 6:
                raise refused("broken")
            _require_size(int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"))
            framed = True
        elif marker == 0xDA:
            place = _after_scan(content, place + 2 + length)
            if place + 2 == len(content) and content[place + 1] == 0xD9:
                if not framed:
                    raise refused("broken")
                return
            continue
        else:
            _no_code(body)
        place += 2 + length
    raise refused("broken")


def _png_room(header: bytes) -> int:
    """Return how many bytes the picture may unfold into; refuses absurd dimensions."""
    if len(header) != 13:
        raise refused("broken")
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    _require_size(width, height)
    if depth not in _DEPTHS or colour not in _CHANNELS or interlaced > 1:
        raise refused("broken")
    row: int = 1 + (width * depth * _CHANNELS[colour] + 7) // 8
    # Interlacing has at most seven passes, each with its own filter bytes and padding.
    room: int = row * height + (8 * height + 64) * interlaced
    return room


def _inflated(inflater: zlib._Decompress, body: bytes, so_far: int, room: int) -> int:
    try:
        so_far += len(inflater.decompress(body, room - so_far + 1))
    except (zlib.error, ValueError) as error:
        raise refused("broken") from error
    if so_far > room or inflater.unconsumed_tail:
        raise refused("unfolds")
    return so_far


def _require_size(width: int, height: int) -> None:
    if not (0 < width <= SIDE_MAX and 0 < height <= SIDE_MAX and width * height <= PIXELS_MAX):
        raise refused("dimensions")


def _after_scan(content: bytes, place: int) -> int:
    """Return where the next marker begins that is not part of a scan's data."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0 or place + 1 >= len(content):
            raise refused("broken")
        follower = content[place + 1]
        if follower not in {0x00, 0xFF, *_ALONE}:
            return place
        place += 1 if follower == 0xFF else 2


def _nothing_behind(content: bytes, end: int) -> None:
    if end != len(content):
        raise refused("two_in_one")


def _no_code(body: bytes) -> None:
    """Words in a picture's margins may say anything but this."""
    lowered = body.lower()
    if any(word in lowered for word in _CODE):
        raise refused("active")
