"""Which resources a search finds, in which order, and what comes along with them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ansinh.gateway.fhir.moments import FIRST, holds, span_said
from ansinh.gateway.fhir.parameters import DATE, REFERENCE, STRING, TOKEN, Parameter
from ansinh.gateway.fhir.resources.telling import Resource
from ansinh.gateway.fhir.searches import Choice, Filter, Include, Search


def found(resources: Iterable[Resource], search: Search, now: datetime) -> list[Resource]:
    """Return the resources every filter of a search finds, in the order asked for; otherwise the latest first, then by id."""
    kept = [one for one in resources if all(_passes(one, each, now) for each in search.filters)]
    kept.sort(key=lambda one: str(one["id"]))
    order = search.sort or _DEFAULT
    for parameter, descending in reversed(order):
        kept.sort(key=lambda one: _sort_key(one, parameter), reverse=descending)
    return kept


_DEFAULT = ((Parameter("_lastUpdated", DATE, ("meta.lastUpdated",)), True),)


def along(found_here: list[Resource], includes: Iterable[Include], others: dict[str, list[Resource]]) -> list[Resource]:
    """Return what the includes of a search add to a page, each once, nothing that is there already."""
    there = {f"{one['resourceType']}/{one['id']}" for one in found_here}
    added: dict[str, Resource] = {}
    for include in includes:
        for one in others.get(include.source, []) if include.reverse else found_here:
            for reference in references(one, include.parameter):
                if include.reverse and reference in there:
                    added.setdefault(f"{one['resourceType']}/{one['id']}", one)
                elif not include.reverse:
                    kind, _, name = reference.partition("/")
                    target = next((each for each in others.get(kind, []) if each["id"] == name), None)
                    if target is not None and kind in include.parameter.targets:
                        added.setdefault(reference, target)
    return [one for name, one in added.items() if name not in there]


def references(resource: Resource, parameter: Parameter) -> list[str]:
    """Return what a resource refers to by a reference parameter."""
    return [
        value["reference"] for value in values(resource, parameter) if isinstance(value, dict) and "reference" in value
    ]


def values(resource: Resource, parameter: Parameter) -> list[Any]:
    """Return everything that stands at the parameter's paths."""
    return [value for path in parameter.paths for value in _descend([resource], path.split("."))]


def _descend(here: list[Any], path: list[str]) -> list[Any]:
    for name in path:
        here = [value for one in here if isinstance(one, dict) and name in one for value in _each(one[name])]
    return here


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _passes(resource: Resource, each: Filter, now: datetime) -> bool:
    there = values(resource, each.parameter)
    if each.modifier == "missing":
        return any((not there) == (one.text == "true") for one in each.choices)
    if each.parameter.name == "deceased":
        return any(bool(there) == (one.text == "true") for one in each.choices)
    matches = any(_is(value, choice, each, now) for value in there for choice in each.choices)
    return not matches if each.modifier == "not" else matches


def _is(value: Any, choice: Choice, each: Filter, now: datetime) -> bool:
    kind = each.parameter.kind
    if kind == TOKEN:
        return any(_is_token(system, code, choice) for system, code in _codes(value))
    if kind == DATE:
        said = span_said(value)
        return said is not None and choice.span is not None and holds(choice.prefix, choice.span, said, now)
    if kind == REFERENCE:
        reference = value.get("reference", "") if isinstance(value, dict) else ""
        return reference == choice.text or reference.partition("/")[2] == choice.text
    return kind == STRING and _is_string(str(value), choice.text, each.modifier)


def _codes(value: Any) -> list[tuple[str | None, str]]:
    """Return system and code of whatever a token parameter may look at."""
    if not isinstance(value, dict):
        return [(None, str(value).lower() if isinstance(value, bool) else str(value))]
    if "coding" in value:
        return [(one.get("system"), one.get("code", "")) for one in value["coding"]]
    return [(value.get("system"), str(value.get("code", value.get("value", ""))))]


def _is_token(system: str | None, code: str, choice: Choice) -> bool:
    """`system|code`, `|code` (no system), `code` (any), `system|` (any code of it): section 3.1.1.5.3."""
    if choice.system is None:
        return code == choice.text
    if choice.system == "":
        return system is None and code == choice.text
    return system == choice.system and (not choice.text or code == choice.text)


def _is_string(value: str, wanted: str, modifier: str) -> bool:
    if modifier == "exact":
        return unicodedata.normalize("NFC", value) == unicodedata.normalize("NFC", wanted)
    plain, sought = _folded(value), _folded(wanted)
    return sought in plain if modifier == "contains" else plain.startswith(sought)


def _folded(text: str) -> str:
    """Return a text without accents and case (section 3.1.1.4.8): đ is d."""
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in apart if not unicodedata.combining(c))


def _sort_key(resource: Resource, parameter: Parameter) -> Any:
    there = values(resource, parameter)
    if parameter.kind == DATE:
        spans = [span for value in there if (span := span_said(value)) is not None]
        return min((span.low for span in spans), default=FIRST)
    return min((code for value in there for _, code in _codes(value)), default="")
