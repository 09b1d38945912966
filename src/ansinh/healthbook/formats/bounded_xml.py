"""XML parsed within bounds: no DTD, no entities, no network, bounded bytes, elements, attributes and depth, before memory is spent on them.

Bounds: the portal's 20 MB of busy hours for a file; elements so that the longest stay seen (some thousand rows of 47 fields) passes ten times over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol, cast

from lxml import etree

from ansinh.healthbook.formats.encodings import Settled, UnreadableEncoding, settled

BYTES_MAX = 20_000_000
ELEMENTS_MAX = 500_000
ATTRIBUTES_MAX = 2_000
DEPTH_MAX = 256  # the parser's own; what is nested at all where the tables nest nothing is refused by its structure

# Too short for more elements than allowed.
_SHORT = 2 * ELEMENTS_MAX

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_PREFIX = re.compile(rb"(</?)[A-Za-z_][A-Za-z0-9_.-]{0,40}:(?=[A-Za-z_])")
_UNDEFINED_PREFIX = 201  # libxml2's XML_NS_ERR_UNDEFINED_NAMESPACE
_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    dtd_validation=False,
    huge_tree=False,
    remove_blank_text=True,
    remove_comments=True,
    remove_pis=True,
)
_EXACT = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False)


class Element(Protocol):
    """What reading uses of an element: no comments, instructions or entities are left in it."""

    tag: str
    text: str | None

    def __iter__(self) -> Iterator[Element]:
        """Go through the children."""

    def __len__(self) -> int:
        """Count the children."""

    def __getitem__(self, place: int, /) -> Element:
        """Return a child."""

    def remove(self, child: Element, /) -> None:
        """Take a child out."""


class Unreadable(Exception):
    """These bytes are refused; `code` is of the catalogue of sentences."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def parsed(raw: bytes, bytes_max: int = BYTES_MAX) -> tuple[Element, list[tuple[str, str]]]:
    """Return the root element, names without namespaces, and what was changed in reading (code, detail). Raises Unreadable."""
    content, _, notes = bounded(raw, bytes_max)
    root, mended = tree(content)
    return root, notes + mended


def bounded(raw: bytes, bytes_max: int = BYTES_MAX) -> Settled:
    """Return bytes that may be parsed: within the bounds, in UTF-8, without DTD. Raises Unreadable."""
    if not raw:
        raise Unreadable("empty_file")
    if len(raw) > bytes_max:
        raise Unreadable("too_big", limit=str(bytes_max))
    try:
        found = settled(raw)
    except UnreadableEncoding:
        raise Unreadable("control_character" if b"\0" in raw and raw[:1] == b"<" else "wrong_encoding") from None
    _guard(found.content)
    return found


def tree(content: bytes) -> tuple[Element, list[tuple[str, str]]]:
    """Parse what `bounded` returned; what was changed as in `parsed`. Raises Unreadable."""
    notes: list[tuple[str, str]] = []
    try:
        root = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError as error:
        root = _again(content, error)
        notes.append(("spelling_changed", ""))
    if b":" in content and (b"xmlns" in content):
        _without_namespaces(root)
    return cast(Element, root), notes


def exactly(raw: bytes) -> etree._Element:
    """Return the root element with every space and comment in place, as signatures need it. Raises Unreadable, also where reading would mend the encoding."""
    if not raw or len(raw) > BYTES_MAX:
        raise Unreadable("too_big", limit=str(BYTES_MAX))
    try:
        notes = settled(raw).notes
    except UnreadableEncoding:
        raise Unreadable("wrong_encoding") from None
    if any(code == "encoding_changed" for code, _ in notes):
        raise Unreadable("wrong_encoding")
    _guard(raw)
    try:
        return etree.fromstring(raw, _EXACT)
    except etree.XMLSyntaxError as error:
        raise Unreadable("not_xml", line=str(error.lineno or 1)) from None


def _guard(content: bytes) -> None:
    if b"!" in content and (b"<!DOCTYPE" in content or b"<!ENTITY" in content):
        raise Unreadable("dtd")
    if len(content) > _SHORT and content.count(b"<") > 2 * ELEMENTS_MAX:
        raise Unreadable("too_many_elements", limit=str(ELEMENTS_MAX))
    if content.count(b"=") > ATTRIBUTES_MAX and content.count(b'="') + content.count(b"='") > ATTRIBUTES_MAX:
        raise Unreadable("too_many_attributes", limit=str(ATTRIBUTES_MAX))


def _again(content: bytes, error: etree.XMLSyntaxError) -> etree._Element:
    """Read once more what only uses prefixes nobody declared; say what else is wrong."""
    if error.code == _UNDEFINED_PREFIX:
        try:
            return etree.fromstring(_PREFIX.sub(rb"\1", content), _PARSER)
        except etree.XMLSyntaxError as second:
            error = second
    message = str(error)
    if "depth" in message:
        raise Unreadable("too_deep", limit=str(DEPTH_MAX)) from None
    if "huge" in message.lower() or "too long" in message:
        raise Unreadable("too_big", limit=str(BYTES_MAX)) from None
    if _CONTROL.search(content):
        raise Unreadable("control_character") from None
    raise Unreadable("not_xml", line=str(error.lineno or 1)) from None


def _without_namespaces(root: etree._Element) -> None:
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag.startswith("{"):
            element.tag = element.tag.rpartition("}")[2]
