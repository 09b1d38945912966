"""The description of every table: data files of this folder, read once, by decision.

Sources and confidence stand in each file. What the decisions and the portal's sheet say differently is kept apart: a value is refused when all of
them refuse it, and warned about when only one does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ansinh.healthbook.formats.package import Decision, Row

HOSPITAL = (*(f"XML{number}" for number in range(16)),)
IN_ENVELOPE = tuple(code for code in HOSPITAL if code not in {"XML0", "XML12"})
PAPERS = (
    "CT03",
    "CT04",
    "CT06",
    "CT07",
    "GIAYDIEUTRINOITRU",
    "GIAYDIEUTRIVOSINH",
    "GIAYSUCKHOEME",
)
STANDALONE_PAPERS = ("GIAYBAOTU", "GIAYCHUNGSINH")
OLD = ("XML1", "XML2", "XML3", "XML4", "XML5")
CODES = (*HOSPITAL, *PAPERS, *STANDALONE_PAPERS)


@dataclass(frozen=True, slots=True)
class Condition:
    """When something is required: all that is named here holds. A field that is itself wrong makes no condition hold."""

    given: str = ""
    none_given: tuple[str, ...] = ()
    any_given: tuple[str, ...] = ()
    field: str = ""
    among: frozenset[str] = frozenset()
    not_among: frozenset[str] = frozenset()
    contains: str = ""
    unless_starts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def holds(self, row: Row, wrong: set[str] | frozenset[str] = frozenset()) -> bool:
        """Tell whether the condition holds in a row, of which the fields `wrong` cannot be relied on."""
        if self.given and (self.given not in row or self.given in wrong):
            return False
        if any(name in row for name in self.none_given):
            return False
        if self.any_given and not any(name in row for name in self.any_given):
            return False
        if self.field and not self._value_fits(row.get(self.field, ""), self.field in wrong):
            return False
        return not any(row.get(name, "").startswith(starts) for name, starts in self.unless_starts)

    def _value_fits(self, value: str, wrong: bool) -> bool:
        if wrong or not value:
            return False
        if self.contains:
            return self.contains in value.split(";")
        return value not in self.not_among and (not self.among or value in self.among)


@dataclass(frozen=True, slots=True)
class FieldDescription:
    """One field of a table under one decision. Lengths in characters; None: no limit."""

    name: str
    type: str
    """text, integer, decimal, percent, date (yyyyMMdd), moment (yyyyMMddHHmm), date_or_moment, loose_date."""
    longest: int | None
    """More than this all sources refuse."""
    long: int | None
    """More than this one source refuses."""
    required: bool
    required_when: Condition | None
    required_says: str
    required_firm: bool
    """The condition is in the text of a decision or follows from it; otherwise its lack is only warned about."""
    told: dict[str, Any]
    """The description as it stands in the file."""

    @property
    def separator(self) -> str:
        """Return what joins several values; empty for one value."""
        return str(self.told.get("separator", ""))


@dataclass(frozen=True, slots=True)
class TableDescription:
    """One table under one decision."""

    code: str
    root: str
    list: str | None
    item: str | None
    fields: tuple[FieldDescription, ...]
    told: dict[str, Any]


@cache
def told(name: str) -> dict[str, Any]:
    """Return a data file of the descriptions, by name without ending."""
    text = files(__package__).joinpath("hospital_tables", f"{name}.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


@cache
def code_lists() -> dict[str, dict[str, Any]]:
    """Return all code lists: source, confidence, values with their meaning."""
    text = files(__package__).joinpath("code_lists.json").read_text(encoding="utf-8")
    read: dict[str, dict[str, Any]] = json.loads(text)
    return read


@cache
def table(code: str, decision: Decision | None = None, *, renamed: bool | None = None) -> TableDescription:
    """Return a table under a decision; None: what the decisions have in common. `renamed`: with the names of 3176 whatever the decision."""
    said = told(f"qd4210_{code.lower()}") if decision is Decision.QD_4210 and code in OLD else told(code.lower())
    new_names = decision is Decision.QD_3176 if renamed is None else renamed
    fields = [described for one in said["fields"] if (described := _field(one, decision, new_names))]
    order = said.get("order_3176") if new_names else None
    if order:
        fields.sort(key=lambda field: order.index(field.name))
    return TableDescription(code, said["root"], said["list"], said["item"], tuple(fields), said)


@cache
def names(code: str, *, old: bool = False) -> frozenset[str]:
    """Return every field name of a table under any decision of its generation."""
    if old:
        return frozenset(one["name"] for one in told(f"qd4210_{code.lower()}")["fields"])
    found = {one["name"] for one in told(code.lower())["fields"]}
    return frozenset(found | {one["decision_3176"]["name"] for one in told(code.lower())["fields"] if _renamed(one)})


@cache
def spellings(code: str) -> dict[str, str]:
    """Return other spellings of fields seen in files, each with the name the table has."""
    return {
        spelling: one["name"] for one in told(code.lower())["fields"] for spelling in one.get("other_spellings", ())
    }


def _renamed(one: dict[str, Any]) -> bool:
    return "name" in one.get("decision_3176", {})


def _field(one: dict[str, Any], decision: Decision | None, new_names: bool) -> FieldDescription | None:
    later = one.get("decision_3176", {})
    if new_names and later.get("removed"):
        return None
    if not new_names and "name" in later:
        later = {}  # what 3176 says of the field of the new name is not said of the old one
    longest, long = _lengths(one, later, decision)
    shown = dict(one)
    if decision is Decision.QD_3176 or (new_names and "name" in later):
        shown |= {key: value for key, value in later.items() if key not in {"confidence", "max", "removed"}}
    required = one["required"]
    conditional = isinstance(required, dict)
    return FieldDescription(
        shown["name"],
        shown["type"],
        longest,
        long,
        required is True,
        _condition(required["when"]) if conditional else None,
        required["says"] if conditional else "",
        one.get("required_confidence") != "low",
        shown,
    )


def _lengths(one: dict[str, Any], later: dict[str, Any], decision: Decision | None) -> tuple[int | None, int | None]:
    opinions: list[int | None] = [one["max"], *([one["portal_max"]] if "portal_max" in one else [])]
    if "max" in later:
        if decision is Decision.QD_3176:
            opinions = [later["max"]]
        elif decision is None:
            opinions.append(later["max"])
    limits = [limit for limit in opinions if limit is not None]
    return (max(limits) if len(limits) == len(opinions) else None), min(limits, default=None)


def _condition(when: dict[str, Any]) -> Condition:
    return Condition(
        given=when.get("given", ""),
        none_given=tuple(when.get("none_given", ())),
        any_given=tuple(when.get("any_given", ())),
        field=when.get("field", ""),
        among=frozenset(when.get("in", ())),
        not_among=frozenset(when.get("not_in", ())),
        contains=when.get("contains", ""),
        unless_starts=tuple((name, tuple(starts)) for name, starts in when.get("unless_starts", {}).items()),
    )


def condition(when: dict[str, Any] | None) -> Condition | None:
    """Return a condition as data files write it."""
    return None if when is None else _condition(when)
