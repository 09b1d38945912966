"""Rows out of a table's XML: by name, in any order, without empties."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from lxml import etree

from ansinh.healthbook.formats import tables
from ansinh.healthbook.formats.bounded_xml import Element
from ansinh.healthbook.formats.line_errors import LineError, Severity
from ansinh.healthbook.formats.package import Row

ROWS_MAX = 20_000
PROBLEMS_MAX = 200
_COUNT: Any = etree.XPath("count(.//*)")
_SIGNATURE = "CHUKYDONVI"


@dataclass(frozen=True, slots=True)
class Shape:
    """How a table's XML is built; names in upper case stand for every case."""

    code: str
    roots: frozenset[str]
    lists: frozenset[str]
    items: frozenset[str]
    names: frozenset[str]
    spellings: dict[str, str]
    row: str
    """The name rows have as a rule."""
    old: bool


@cache
def shape(code: str, *, old: bool = False) -> Shape:
    """Return the shape of a table; `old`: as of Decision 4210."""
    said = tables.told(f"qd4210_{code.lower()}" if old else code.lower())
    other = said.get("other_spellings", [None, None, None])

    def both(name: str | None, place: int) -> frozenset[str]:
        return frozenset(one.upper() for one in (name, other[place]) if one)

    return Shape(
        code,
        both(said["root"], 0),
        both(said["list"], 1),
        both(said["item"], 2),
        tables.names(code, old=old),
        {} if old else tables.spellings(code),
        said["item"] or said["root"],
        old,
    )


@dataclass(slots=True)
class Found:
    """What reading a table found."""

    rows: list[Row] = field(default_factory=list)
    problems: list[LineError] = field(default_factory=list)
    signature: bool = False
    elements: int = 0
    _rejected: bool = False

    def tell(self, problem: LineError) -> None:
        """Keep a problem; of very many only the first are kept, among them one that rejects if there is any."""
        if len(self.problems) < PROBLEMS_MAX or (problem.rejects and not self._rejected):
            self.problems.append(problem)
            self._rejected = self._rejected or problem.rejects


def rows_of(root: Element, form: Shape, already: int = 0) -> Found:
    """Read a table; `already` rows of it came before, so that numbers of rows go on."""
    found = Found()
    items = items_of(root, form, found)
    if items is None:
        found.tell(LineError(form.code, 0, "", "wrong_structure", {"found": shown(root)}))
        return found
    if already + len(items) > ROWS_MAX:
        found.tell(LineError(form.code, 0, "", "too_many_elements", {"limit": str(ROWS_MAX)}))
        return found
    fields = 0
    for number, item in enumerate(items, start=already + 1):
        fields += len(item)
        told = [(one.tag, text) for one in item if (text := one.text) is not None and (text := text.strip())]
        row = dict(told)
        if not row.keys() <= form.names or len(row) != len(told):
            row = settled_row(told, form, number, found)
        found.rows.append(row)
    found.elements = int(_COUNT(root))
    if found.elements != _expected(root, items, fields):
        _nested(items, form, already, found)
    return found


def items_of(root: Element, form: Shape, found: Found) -> list[Element] | None:
    """Return the elements that are rows; None when the root is none of this table's."""
    name = root.tag.upper()
    if not form.items:
        return [root] if name in form.roots else None
    if name in form.items:
        return [root]
    if name not in form.roots and name not in form.lists:
        return None
    items: list[Element] = []
    for child in list(root):
        called = child.tag.upper()
        if called in form.items:
            items.append(child)
        elif called in form.lists:
            items += _listed(child, form, found)
        elif called == _SIGNATURE:
            found.signature = bool(len(child) or (child.text or "").strip())
            root.remove(child)
        else:
            found.tell(LineError(form.code, 0, "", "wrong_structure", {"found": shown(child)}))
    return items


def _listed(listed: Element, form: Shape, found: Found) -> list[Element]:
    items = []
    for child in listed:
        if child.tag.upper() in form.items:
            items.append(child)
        else:
            found.tell(LineError(form.code, 0, "", "wrong_structure", {"found": shown(child)}))
    return items


def _expected(root: Element, items: list[Element], fields: int) -> int:
    """Count what a sound table has below its root: fields, rows, and lists around them."""
    if items and items[0] is root:
        return fields
    lists = sum(1 for child in root if child not in items) if len(root) < 5 else 0
    return fields + len(items) + lists


def _nested(items: list[Element], form: Shape, already: int, found: Found) -> None:
    """Tell each field that holds elements where text belongs."""
    for number, item in enumerate(items, start=already + 1):
        for one in item:
            if len(one):
                found.rows[number - already - 1].pop(one.tag, None)
                found.tell(LineError(form.code, number, shown(one), "wrong_structure", {"found": shown(one[0])}))


def settled_row(told: list[tuple[str, str]], form: Shape, number: int, found: Found) -> Row:
    """Build the row of which a name is unknown, spelled otherwise, or there twice; tell which."""
    row: Row = {}
    for tag, text in told:
        name = tag
        if tag not in form.names:
            name = form.spellings.get(tag) or (tag.upper() if tag.upper() in form.names else "")
            if not name:
                found.tell(LineError(form.code, number, _cut(tag), "unknown_element", {}, Severity.WARN))
                continue
            if tag not in form.spellings:
                found.tell(LineError(form.code, number, name, "spelling_changed", {"found": _cut(tag)}, Severity.WARN))
        if name in row:
            found.tell(LineError(form.code, number, name, "element_twice"))
            continue
        row[name] = text
    return row


def _cut(tag: str) -> str:
    return tag[:60]


def shown(element: Element) -> str:
    """Return an element's name, short enough for a sentence."""
    return _cut(str(element.tag))
