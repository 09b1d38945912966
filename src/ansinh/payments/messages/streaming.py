"""Read XML as a stream: no document types, no entities, no network, a limit on bytes, and memory that does not grow with the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

FILE_BYTES_MAX = 512 * 1024 * 1024
_BYTES_AT_ONCE = 32 * 1024


class Unreadable(ValueError):
    """The bytes are no message we can read: not XML, cut off, too large, or with a document type. They are kept as they came."""


class Hashing:
    """A source of bytes that counts and digests what is read, and stops at the limit."""

    def __init__(self, source: BinaryIO, bytes_max: int = FILE_BYTES_MAX) -> None:
        self._source = source
        self._left = bytes_max
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raises Unreadable beyond the limit."""
        data = self._source.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise Unreadable("the file is larger than any message we take")
        self._digest.update(data)
        return data

    def sha256(self) -> bytes:
        """Return the digest of what was read; whatever is left is read first."""
        while self.read(1 << 20):
            pass
        return self._digest.digest()


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def parts(
    source: Hashing, names: tuple[str, ...], schema: etree.XMLSchema | None = None
) -> Iterator[tuple[str, etree._Element]]:
    """Yield each element of these names, whole, in any namespace, and forget it after; of nested ones the outermost.

    Raises Unreadable, also when the message breaks the schema.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        tag=[f"{{*}}{name}" for name in names],
        # Beside a schema, False keeps the parser from noticing a missing end; documents with entities are refused either way.
        resolve_entities="internal" if schema is not None else False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        schema=schema,
    )
    inside = 0
    try:
        while chunk := source.read(_BYTES_AT_ONCE):
            parser.feed(chunk)
            for event, element in parser.read_events():
                inside += 1 if event == "start" else -1
                if event == "end" and not inside:
                    yield local(element), element
                    _forget(element)
        root = parser.close()
    except etree.XMLSyntaxError as broken:
        raise Unreadable(f"not a sound message: {broken.msg}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("a document type has no place in a message")


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and parent[0] is not element:
        del parent[0]


def children(element: etree._Element) -> dict[str, etree._Element]:
    """Return an element's children by local name; the first of several."""
    found: dict[str, etree._Element] = {}
    for child in element:
        found.setdefault(local(child), child)
    return found


def words(element: etree._Element | None) -> str | None:
    """Return an element's own text; None when there is none."""
    return ((element.text or "").strip() or None) if element is not None else None


def inner(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Follow local names downwards, the first of several; None when there is none."""
    for name in path:
        if element is None:
            return None
        element = next((child for child in element if local(child) == name), None)
    return element


def text(element: etree._Element | None, *path: str) -> str | None:
    """Return the text at a path of local names; None when it is absent or empty."""
    return words(inner(element, *path))
