"""DOCX and XLSX files: folders of parts, looked through while they unfold. Nothing that runs, nothing fetched from elsewhere, no files inside files."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from itertools import pairwise

from ansinh.services.attachments.refusing import refused

BEGINS = b"PK\x03\x04"
PARTS_MAX = 2_000
PART_BYTES_MAX = 50_000_000
UNFOLDED_BYTES_MAX = 100_000_000
RATIO_MAX = 200
RATIO_FROM_BYTES = 1_000_000
_PIECE = 64 * 1024
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MAIN = {b"wordprocessingml.document.main+xml": DOCX, b"spreadsheetml.sheet.main+xml": XLSX}
_ACTIVE_PARTS = re.compile(
    r"vbaproject|vbadata|activex|/embeddings/|oleobject|\.(exe|dll|js|vbs|bat|cmd|scr|com|ps1|jar|html?|svg|zip|bin)$|externallinks|macrosheets|customui",
    re.IGNORECASE,
)
# Printer settings are the one harmless .bin.
_HARMLESS = re.compile(r"/printerSettings/[^/]+\.bin$", re.IGNORECASE)
_EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External", re.IGNORECASE)
_LINK = re.compile(rb"relationships/hyperlink[\"']", re.IGNORECASE)
_RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>", re.IGNORECASE)
_FIELDS = re.compile(rb"\bDDE(AUTO)?\b|<!DOCTYPE|<!ENTITY", re.IGNORECASE)
_DIRECTORY_END = b"PK\x05\x06"
# Without a comment, which nobody needs.
_DIRECTORY_END_BYTES = 22


def office_type(content: bytes) -> str:
    """Return the media type of a DOCX or XLSX file; refuses any other archive, one that unfolds too far, is locked, or holds what acts."""
    behind = len(content) - content.rfind(_DIRECTORY_END)
    if behind != _DIRECTORY_END_BYTES:
        raise refused("broken" if behind > len(content) or behind < _DIRECTORY_END_BYTES else "two_in_one")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            parts = folder.infolist()
            _require_plain(parts)
            return _looked_through(folder, parts)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError) as error:
        raise refused("broken") from error


def _require_plain(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > PARTS_MAX or len({part.filename for part in parts}) != len(parts):
        raise refused("unfolds")
    spans = sorted((part.header_offset, part.header_offset + part.compress_size) for part in parts)
    if any(after[0] < before[1] for before, after in pairwise(spans)):
        raise refused("unfolds")
    for part in parts:
        name = part.filename
        if part.flag_bits & 0x1:
            raise refused("locked")
        if name.startswith("/") or "\\" in name or ".." in name.split("/") or part.external_attr >> 28 == 0xA:
            raise refused("active")
        if _ACTIVE_PARTS.search("/" + name) and not _HARMLESS.search("/" + name):
            raise refused("active")


def _looked_through(folder: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> str:
    total, kind = 0, ""
    for part in parts:
        body = _unfolded(folder, part, UNFOLDED_BYTES_MAX - total)
        total += len(body)
        if part.filename.endswith(".rels"):
            outward = [one for one in _RELATIONSHIP.findall(body) if _EXTERNAL.search(one)]
            if any(not _LINK.search(one) for one in outward):
                raise refused("active")
        if part.filename == "[Content_Types].xml":
            kind = next((media for name, media in _MAIN.items() if name in body), "")
        if part.filename.endswith((".xml", ".rels")) and _FIELDS.search(body):
            raise refused("active")
        if body[:2] == b"MZ" or body[:4] in {b"PK\x03\x04", b"\x7fELF", b"\xd0\xcf\x11\xe0"}:
            raise refused("two_in_one")
    if not kind:
        raise refused("kind")
    return kind


def _unfolded(folder: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> bytes:
    """Return a part's bytes, counted while they unfold: what the directory says of sizes is not believed."""
    pieces, length = [], 0
    with folder.open(part) as opened:
        while piece := opened.read(_PIECE):
            length += len(piece)
            much = length > RATIO_FROM_BYTES and length > RATIO_MAX * max(part.compress_size, 1)
            if length > min(room, PART_BYTES_MAX) or much:
                raise refused("unfolds")
            pieces.append(piece)
    return b"".join(pieces)
