"""Whether a file is taken: what its content is, not what its name says; and that both agree."""

from __future__ import annotations

import re
import unicodedata

from ansinh.services.attachments import folders, pictures, printed
from ansinh.services.attachments.refusing import BYTES_MAX, refused

NAME_LENGTH_MAX = 120
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
_ENDINGS = {
    PDF: ("pdf",),
    JPEG: ("jpg", "jpeg"),
    PNG: ("png",),
    folders.DOCX: ("docx",),
    folders.XLSX: ("xlsx",),
}
MEDIA_TYPES = tuple(_ENDINGS)
_HEAD = 1_024
# A file is one thing: what begins like a picture or a document does not go on like a page or a program.
_OTHER = re.compile(rb"<!doctype|<html|<script|<svg|<\?php|<\?xml-stylesheet|^MZ|^\x7fELF|^#!", re.IGNORECASE)


def judged(name: str, content: bytes) -> tuple[str, str]:
    """Return a file's plain name and media type; raises AttachmentRefused with the rule it breaks."""
    if not content:
        raise refused("empty")
    if len(content) > BYTES_MAX:
        raise refused("too_large")
    media_type = _looked_into(content)
    plain = _plain_name(name)
    ending = plain.rpartition(".")[2].lower()
    if "." not in plain.strip(".") or ending not in _ENDINGS[media_type]:
        raise refused("name")
    return plain, media_type


def _looked_into(content: bytes) -> str:
    if content.startswith(folders.BEGINS):
        return folders.office_type(content)
    if content.startswith(printed.BEGINS):
        if _OTHER.search(content[:_HEAD]):
            raise refused("two_in_one")
        printed.require_pdf(content)
        return PDF
    if content.startswith(pictures.PNG_BEGINS):
        pictures.require_png(content)
        return PNG
    if content.startswith(pictures.JPEG_BEGINS):
        pictures.require_jpeg(content)
        return JPEG
    raise refused("kind")


def _plain_name(name: str) -> str:
    """Return a name without folders and without what nobody sees; refuses one of which nothing is left."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = " ".join("".join(one for one in last if one.isprintable() and one not in '<>:"|?*').split())
    if not plain or len(plain) > NAME_LENGTH_MAX:
        raise refused("name")
    return plain
