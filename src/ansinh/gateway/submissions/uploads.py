"""A form or a JSON object with a file in it, read in one pass however long the file is; and the file out of its base64."""

from __future__ import annotations

import binascii
import io
import json
import zipfile
import zlib
from urllib.parse import unquote_plus

from ansinh.gateway.dialect.reading import FIELDS_MAX, INTEGER_DIGITS_MAX, VALUE_LENGTH_MAX, Unreadable

FILE_FIELDS = frozenset({"filehsbase64", "filebase64str", "filehs"})
_BREAKS = b"\r\n\t "
# What a form writes as codes within base64.
_CODED = ((b"%2B", b"+"), (b"%2b", b"+"), (b"%2F", b"/"), (b"%2f", b"/"), (b"%3D", b"="), (b"%3d", b"="))
_CODED_BREAKS = ((b"%0D", b""), (b"%0d", b""), (b"%0A", b""), (b"%0a", b""))


class TooLong(Exception):
    """The file is longer than the door takes."""


def read_upload(body: bytes) -> tuple[dict[str, str], bytes | list[int] | None]:
    """Return the short fields by their names in small letters, and the file as it came (base64, or JSON's numbers); raises Unreadable."""
    start = body[:64].lstrip(b"\xef\xbb\xbf \r\n\t")
    try:
        return _of_json(body) if start[:1] in {b"{", b"[", b'"'} else _of_form(body)
    except (ValueError, RecursionError) as error:  # UnicodeError and JSON's troubles are ValueErrors
        raise Unreadable(type(error).__name__) from error


def file_bytes(sent: bytes | list[int] | None, bytes_max: int) -> bytes:
    """Return the file itself; raises Unreadable or TooLong."""
    if not sent:
        raise Unreadable("no file")
    if isinstance(sent, list):
        if len(sent) > bytes_max:
            raise TooLong
        try:
            return bytes(sent)
        except (TypeError, ValueError) as error:
            raise Unreadable("not bytes") from error
    plain = sent.translate(None, _BREAKS) if any(one in sent for one in (b"\n", b"\r", b" ", b"\t")) else sent
    if len(plain) // 4 * 3 > bytes_max + 2:
        raise TooLong
    try:
        return binascii.a2b_base64(plain, strict_mode=True)
    except binascii.Error as error:
        raise Unreadable("not base64") from error


def unzipped(content: bytes, bytes_max: int) -> bytes:
    """Return the one file of an archive, however much it claims to hold; raises Unreadable or TooLong."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) != 1 or members[0].flag_bits & 0x1:
                raise Unreadable("not one plain file")
            with archive.open(members[0]) as member:
                found = member.read(bytes_max + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise Unreadable("not an archive") from error
    if len(found) > bytes_max:
        raise TooLong
    return found


def _of_form(body: bytes) -> tuple[dict[str, str], bytes | None]:
    parts = body.split(b"&", FIELDS_MAX)
    if len(parts) > FIELDS_MAX or b"=" not in parts[0]:
        raise Unreadable("no fields, or too many")
    fields: dict[str, str] = {}
    file: bytes | None = None
    for part in parts:
        name, _, value = part.partition(b"=")
        if len(name) > VALUE_LENGTH_MAX:
            raise Unreadable("a name is too long")
        key = unquote_plus(name.decode("ascii")).strip().lower()
        if key in fields:
            raise Unreadable("a field twice")
        if key in FILE_FIELDS:
            file = _plain_base64(value)
            fields[key] = ""
            continue
        if len(value) > 3 * VALUE_LENGTH_MAX * 4:
            raise Unreadable("a value is too long")
        fields[key] = unquote_plus(value.decode("ascii"), errors="strict").strip()
    return fields, file


def _plain_base64(value: bytes) -> bytes:
    """Base64 has no spaces, so a plus that a client forgot to code is taken for what it is."""
    if b"%" not in value:
        return value
    for coded, plain in _CODED:
        value = value.replace(coded, plain)
    if b"%" in value:
        for coded, plain in _CODED_BREAKS:
            value = value.replace(coded, plain)
    return value


def _of_json(body: bytes) -> tuple[dict[str, str], bytes | list[int] | None]:
    found = json.loads(body.decode("utf-8-sig"), object_pairs_hook=list)
    if isinstance(found, str):
        return {}, found.encode("ascii")
    if not isinstance(found, list):
        raise Unreadable("no object")
    if not found or isinstance(found[0], int):
        return {}, found
    if len(found) > FIELDS_MAX:
        raise Unreadable("too many fields")
    fields: dict[str, str] = {}
    file: bytes | list[int] | None = None
    for name, value in found:
        key = str(name).lower()
        if key in fields:
            raise Unreadable("a field twice")
        if key in FILE_FIELDS:
            file = value if isinstance(value, list) else str(value or "").encode("ascii")
            fields[key] = ""
        else:
            fields[key] = _as_text(value)
    return fields, file


def _as_text(value: object) -> str:
    if isinstance(value, str) and len(value) <= VALUE_LENGTH_MAX * 4:
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**INTEGER_DIGITS_MAX:
        return str(value)
    if value is None:
        return ""
    raise Unreadable("a value is no text")
