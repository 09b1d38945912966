"""The tables in words, for `docs/reference/hospital-tables.md` and for a terminal; made from the descriptions that judge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ansinh.healthbook.formats import tables
from ansinh.healthbook.formats.amounts import TOLERANCE, WHOLE_DONG, formulas, totals
from ansinh.healthbook.formats.line_errors import sentences
from ansinh.healthbook.formats.verdicts import FORMS

_TYPES = {
    "text": "text",
    "integer": "whole number",
    "percent": "whole number 0–100",
    "decimal": "decimal",
    "date": "yyyyMMdd",
    "moment": "yyyyMMddHHmm",
    "date_or_moment": "yyyyMMdd or yyyyMMddHHmm",
    "loose_date": "date, any form",
}
_HEAD = """# Tables that hospitals send

Made from `src/ansinh/healthbook/formats/` by `tools/describe_tables.py`; the same descriptions read, judge and explain. Field names are the
official ones; meanings are ours.

**Where sources differ** (a decision's appendix, the portal's sheet, Decision 3176), a value is refused when all of them refuse it, and told as a
warning when only one does. What follows only from words about a field, and conditions whose text nobody has published, are warnings too.
When the service's address names the decision, that decision's sizes count; when it does not, all decisions' together.

**One cause, one error.** A value that is wrong itself is not held against others: an unreadable number is not also a wrong sum. A field is told once.

**Columns.** *Size*: characters; `50 / 100` means decision / portal sheet; *3176*: what that decision changes. *Needed*: yes, no, or when.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One field as shown."""

    name: str
    type: str
    size: str
    needed: str
    rule: str
    meaning: str


def lines(code: str) -> list[Line]:
    """Return the fields of a table as shown, in the order of the decision."""
    return [_line(one) for one in tables.told(code.lower())["fields"]]


def _line(one: dict[str, Any]) -> Line:
    kind = _TYPES[one["type"]] + (f", {one['scale']} decimals" if "scale" in one else "")
    required = one["required"]
    needed = required["says"] if isinstance(required, dict) else ("yes" if required else one.get("required_says", "no"))
    return Line(one["name"], kind, _size(one), needed, "; ".join(_rules(one)), one.get("meaning", ""))


def _size(one: dict[str, Any]) -> str:
    size = "–" if one["max"] is None else str(one["max"])
    if "portal_max" in one:
        size += f" / {one['portal_max']}"
    return size


def _rules(one: dict[str, Any]) -> Iterator[str]:
    if "list" in one:
        yield f"list {one['list']}"
    if "shape" in one:
        form = FORMS.get(one["shape"])
        yield form.en if form else one["shape"].replace("_", " ")
    if "separator" in one:
        yield f"several values joined by `{one['separator']}`"
    if "values_max" in one:
        yield f"at most {one['values_max']} values"
    if "rule" in one and one.get("shape") not in FORMS:
        yield one["rule"]
    if there := one.get("equals_xml1"):
        yield f"as {there} of XML1 if given" if isinstance(there, str) else "as in XML1 if given"
    if "empty_allowed_from" in one:
        yield f"may be empty from {one['empty_allowed_from']}"
    if "may_be_empty" in one:
        yield "may be empty on rows of supplies (told)"
    if "other_spellings" in one:
        yield f"also written {', '.join(one['other_spellings'])}"
    if "decision_3176" in one:
        yield f"3176: {_change(one['decision_3176'])}"


def _change(later: dict[str, Any]) -> str:
    said = []
    if later.get("removed"):
        said.append("removed")
    if "name" in later:
        said.append(f"named {later['name']}")
    if "max" in later:
        said.append("no limit" if later["max"] is None else f"size {later['max']}")
    if "type" in later:
        said.append(_TYPES[later["type"]])
    return ", ".join(said)


def about(code: str) -> list[str]:
    """Return what is said of a table as a whole: title, element names, when it is sent, orders in time, formulas."""
    told = tables.told(code.lower())
    path = " / ".join(name for name in (told["root"], told["list"], told["item"]) if name)
    said = [
        f"{told['title_vi']} — {told['title_en']}",
        f"Elements: {path}",
        f"Sent: {told['when_sent']}",
        f"Source: {told['source']} (confidence {told['confidence']})",
    ]
    said += [f"Order in time: {one['field']} is not before {one['not_before']}" for one in told.get("orders", ())]
    said += [f"Amount: {one.field} = {one.says}" for one in formulas(code)]
    if code == "XML1":
        said += [f"Total: {one.field} = sum of {one.says}" for one in totals()]
    return said


def document() -> str:
    """Return docs/reference/hospital-tables.md."""
    parts = [_HEAD]
    parts.append(
        f"**Amounts** pass within {TOLERANCE:.2f} đồng (rounding to two decimals); up to {WHOLE_DONG:.1f} đồng (whole đồng) they are told; beyond, refused.\n"
    )
    for code in tables.CODES:
        parts.append(f"\n## {code}\n")
        parts += [f"- {line}" for line in about(code)]
        parts.append("\n| Field | Type | Size | Needed | Codes, form, rule | Meaning |\n|---|---|---|---|---|---|")
        parts += [
            f"| `{line.name}` | {line.type} | {line.size} | {_cell(line.needed)} | {_cell(line.rule)} | {_cell(line.meaning)} |"
            for line in lines(code)
        ]
    parts.append("\n## Shape of 2017 (Decision 4210), read only\n")
    for code in tables.OLD:
        names = ", ".join(one["name"] for one in tables.told(f"qd4210_{code.lower()}")["fields"])
        parts.append(f"- {code}: {names}")
    parts.append("\n## Code lists\n")
    for name, one in tables.code_lists().items():
        values = "; ".join(f"`{value}` {meaning}" for value, meaning in one["values"].items())
        parts.append(f"- **{name}** ({one['source']}; confidence {one['confidence']}): {values}")
    parts.append("\n## What receipts say\n\n| Code | Tiếng Việt | English |\n|---|---|---|")
    parts += [f"| `{code}` | {said['vi']} | {said['en']} |" for code, said in sentences().items()]
    return "\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
