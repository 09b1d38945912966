"""Read XML as a stream: no document types, no entities, no network, a limit on bytes, and memory that does not grow with the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

FILE_BYTES_MAX = 512 * 1024 * 1024


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
    """Yield each element of these names, whole, in any namespace, and forget it after; raises Unreadable, also when it breaks the schema."""
    wanted = frozenset(names)
    events = etree.iterparse(
        source,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        schema=schema,
    )
    inside = 0
    root, closed = None, False
    try:
        for event, element in events:
            if root is None:
                root = element
                if element.getroottree().docinfo.internalDTD is not None:
                    raise Unreadable("a document type has no place in a message")
            elif element is root:
                closed = True
            name = local(element)
            if name not in wanted:
                continue
            if event == "start":
                inside += 1
                continue
            inside -= 1
            if inside:
                continue
            yield name, element
            element.clear()
            parent = element.getparent()
            while parent is not None and parent[0] is not element:
                del parent[0]
    except etree.XMLSyntaxError as broken:
        raise Unreadable(f"not a sound message: {broken.msg}") from None
    # With a schema the parser does not always complain of an end that is missing.
    if not closed:
        raise Unreadable("the message is cut off")


def inner(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Follow local names downwards, the first of several; None when there is none."""
    for name in path:
        if element is None:
            return None
        element = next((child for child in element if local(child) == name), None)
    return element


def text(element: etree._Element | None, *path: str) -> str | None:
    """Return the text at a path of local names; None when it is absent or empty."""
    found = inner(element, *path)
    return ((found.text or "").strip() or None) if found is not None else None
