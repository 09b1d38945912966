"""Narrative: XHTML made from what a resource says, of the few elements FHIR permits (4.0.1, section 2.4), every word escaped; and what cleans others'."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from lxml import etree

from ansinh.gateway.fhir.formats import plain

_XHTML = "http://www.w3.org/1999/xhtml"
# Elements and attributes that can do nothing but lay words out. No links, no images, no styles: nothing here is ours to fetch.
_ELEMENTS = frozenset({
    "div", "p", "span", "br", "b", "i", "em", "strong", "small", "sub", "sup", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody",
    "tfoot", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr",
})  # fmt: skip
_ATTRIBUTES = frozenset({"title", "lang", "colspan", "rowspan", "scope"})
NARRATIVE_BYTES_MAX = 1 << 20
EMPTY = f'<div xmlns="{_XHTML}"><p>—</p></div>'


def paragraphs(lines: Iterable[str]) -> str:
    """Return a div with a paragraph a line."""
    said = "".join(f"<p>{_word(line)}</p>" for line in lines if plain(line))
    return f'<div xmlns="{_XHTML}">{said or "<p>—</p>"}</div>'


def listing(lines: Iterable[str]) -> str:
    """Return a div with a list."""
    said = "".join(f"<li>{_word(line)}</li>" for line in lines)
    return f'<div xmlns="{_XHTML}"><ul>{said}</ul></div>'


def table(headings: Sequence[str], rows: Iterable[Sequence[str | None]], *, notes: Iterable[str] = ()) -> str:
    """Return a div with a table, and a paragraph for each note below it; a cell that says nothing has a dash."""
    head = "".join(f"<th>{_word(one)}</th>" for one in headings)
    body = "".join("<tr>" + "".join(f"<td>{_word(cell or '') or '—'}</td>" for cell in row) + "</tr>" for row in rows)
    below = "".join(f"<p>{_word(one)}</p>" for one in notes)
    return f'<div xmlns="{_XHTML}"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}</div>'


def _word(text: str) -> str:
    return escape(plain(text))


def sanitised(div: str) -> str:
    """Return a narrative with nothing in it but words and how they are laid out, whatever was in it; what cannot be read is left out."""
    if len(div.encode(errors="replace")) > NARRATIVE_BYTES_MAX:
        return EMPTY
    reader = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(div.encode(), reader)
    except (etree.XMLSyntaxError, ValueError):
        return EMPTY
    if root.getroottree().docinfo.doctype or root.tag != f"{{{_XHTML}}}div":
        return EMPTY
    for element in list(root.iter()):
        _clean(element)
    written: str = etree.tostring(root, encoding="unicode", with_tail=False)
    return written


def _clean(element: etree._Element) -> None:
    known = isinstance(element.tag, str) and etree.QName(element).namespace == _XHTML
    if not known or etree.QName(element).localname not in _ELEMENTS:
        _take_out(element)
        return
    for name in set(element.attrib) - _ATTRIBUTES:
        del element.attrib[name]


def _take_out(element: etree._Element) -> None:
    """Take an element out with all that is in it; what follows it stays."""
    parent = element.getparent()
    if parent is None:
        return
    before, tail = element.getprevious(), element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
