"""One XML file out of a ZIP archive, within bounds (some software packs files of the 2017 shape)."""

from __future__ import annotations

import io
import zipfile
import zlib

from ansinh.healthbook.formats.bounded_xml import BYTES_MAX, Unreadable

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_REFUSED = (b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_PIECE_BYTES = 1 << 16
_NAME_MAX = 200


def unpacked(raw: bytes) -> bytes:
    """Return `raw`, or the one XML file in it when it is a ZIP archive. Raises Unreadable."""
    if raw.startswith(_REFUSED):
        raise Unreadable("archive_refused")
    if not raw.startswith(_ZIP):
        return raw
    if len(raw) > BYTES_MAX:
        raise Unreadable("too_big", limit=str(BYTES_MAX))
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return _only_file(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise Unreadable("archive_refused") from None


def _only_file(archive: zipfile.ZipFile) -> bytes:
    """Read the one entry piece by piece; what its header says of its size is not believed."""
    entries = archive.infolist()
    if len(entries) != 1:
        raise Unreadable("archive_refused")
    entry = entries[0]
    if entry.flag_bits & 1 or not entry.filename.lower().endswith(".xml") or len(entry.filename) > _NAME_MAX:
        raise Unreadable("archive_refused")
    pieces: list[bytes] = []
    size = 0
    with archive.open(entry) as opened:
        while piece := opened.read(_PIECE_BYTES):
            size += len(piece)
            if size > BYTES_MAX:
                raise Unreadable("archive_too_big", limit=str(BYTES_MAX))
            pieces.append(piece)
    return b"".join(pieces)
