"""A FHIR bundle as JSON: read within bounds, its entries found by reference, values found by path. Paths of errors are FHIRPath's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from ansinh.foundation.bounded_json import BUNDLE_TYPES, BUNDLES, BYTE_ORDER_MARK, OutOfBounds, require_bounded

ENTRIES_MAX = 5_000
_BOUNDS = {
    "too_long": ("too_big", BUNDLES.bytes_max),
    "too_deep": ("json_too_deep", BUNDLES.depth_max),
    "too_many_parts": ("json_too_many_parts", BUNDLES.parts_max),
}

Json = Any


class Refused(Exception):
    """Something of a bundle cannot be used: where, a code of the catalogue, and its values."""

    def __init__(self, path: str, code: str, **values: str) -> None:
        super().__init__(code)
        self.path = path
        self.code = code
        self.values_told = values


class _Doubled(dict[str, Json]):
    """An object with a member that is there twice."""

    twice = ""


class Step(NamedTuple):
    """A step of a path: a member, whether it is a list, and the code system its element must be of (`*` at the end: begins with)."""

    name: str
    many: bool
    system: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry's resource, and where it stands."""

    kind: str
    at: str
    resource: dict[str, Json]


@dataclass(slots=True)
class Tree:
    """The entries of a bundle in order, and by what others call them."""

    entries: list[Entry] = field(default_factory=list)
    _called: dict[str, Entry] = field(default_factory=dict)

    def of(self, kind: str) -> list[Entry]:
        """Return the entries of a type."""
        return [one for one in self.entries if one.kind == kind]

    def call(self, name: str, entry: Entry, at: str) -> None:
        """Let an entry be found by a name; raises Refused when another has it."""
        if self._called.setdefault(name, entry) is not entry:
            raise Refused(at, "json_twice")

    def target(self, reference: str) -> Entry | None:
        """Return the entry a reference leads to: by its full address, or by type and id."""
        plain = reference.partition("/_history/")[0]
        return self._called.get(plain) or self._called.get("/".join(plain.rsplit("/", 2)[-2:]))


def tree_of(raw: bytes) -> Tree:
    """Read a bundle; raises Refused. Time and memory are bounded by the bytes handed in."""
    bundle = _parsed(raw)
    about = (bundle.get("resourceType"), bundle.get("type")) if isinstance(bundle, dict) else None
    if about not in [("Bundle", kind) for kind in BUNDLE_TYPES]:
        raise Refused("Bundle", "not_a_bundle", expected=", ".join(sorted(BUNDLE_TYPES)))
    listed = bundle.get("entry")
    if not isinstance(listed, list) or not listed:
        raise Refused("Bundle.entry", "json_type", expected="array")
    if len(listed) > ENTRIES_MAX:
        raise Refused("Bundle.entry", "too_many_values", limit=str(ENTRIES_MAX))
    tree = Tree()
    for number, one in enumerate(listed):
        _add(tree, one, f"Bundle.entry[{number}]")
    return tree


def _add(tree: Tree, one: Json, at: str) -> None:
    resource = one.get("resource") if isinstance(one, dict) else None
    if not isinstance(resource, dict):
        raise Refused(f"{at}.resource", "json_type", expected="object")
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or not kind.isascii() or not kind.isalpha() or len(kind) > 60:
        raise Refused(f"{at}.resource.resourceType", "json_type", expected="string")
    entry = Entry(kind, f"{at}.resource", resource)
    tree.entries.append(entry)
    for name, place in ((one.get("fullUrl"), f"{at}.fullUrl"), (resource.get("id"), f"{entry.at}.id")):
        if name is None:
            continue
        if not isinstance(name, str):
            raise Refused(place, "json_type", expected="string")
        tree.call(name if place.endswith("fullUrl") else f"{kind}/{name}", entry, place)


def _parsed(raw: bytes) -> Json:
    doubled: list[_Doubled] = []

    def joined(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        two = _Doubled(found)
        names = [name for name, _ in pairs]
        two.twice = next(name for name in names if names.count(name) > 1)
        doubled.append(two)
        return two

    try:
        require_bounded(raw, BUNDLES)
        text = raw.removeprefix(BYTE_ORDER_MARK).decode("utf-8")
        # Numbers keep their digits: an exponent is never worked out, and a true or false is no number.
        found = json.loads(text, object_pairs_hook=joined, parse_int=Decimal, parse_float=Decimal, parse_constant=_none)
    except OutOfBounds as bound:
        code, limit = _BOUNDS[str(bound)]
        raise Refused("Bundle", code, limit=str(limit)) from bound
    except (ValueError, ArithmeticError) as error:  # UnicodeError and JSON's troubles are ValueErrors
        raise Refused("Bundle", "not_json") from error
    if doubled:
        at, two = next(_doubled(found, "Bundle"))
        raise Refused(f"{at}.{_shown(two.twice)}", "json_twice")
    return found


def _none(constant: str) -> None:
    raise ValueError(constant)


def _doubled(value: Json, at: str) -> Iterator[tuple[str, _Doubled]]:
    if isinstance(value, _Doubled):
        yield at, value
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _doubled(one, f"{at}.{_shown(name)}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _doubled(one, f"{at}[{number}]")


def _shown(name: str) -> str:
    """Return a member's name, short and plain enough for a sentence."""
    return re.sub(r"[^\w-]", "?", name[:60])


@cache
def steps(path: str) -> tuple[Step, ...]:
    """Return the steps of a path of the mapping: `name[].text`, `identifier[urn:…].value`."""
    found = re.findall(r"(\w+)(?:(\[)([^\]]*)\])?(?:\.|$)", path)
    return tuple(Step(name, bool(many), system) for name, many, system in found)


def plain_path(path: str) -> str:
    """Return a path of the mapping without what selects within lists."""
    return ".".join(step.name for step in steps(path))


def values_at(tree: Tree, value: Json, path: tuple[Step, ...], at: str) -> Iterator[tuple[str, Json]]:
    """Find what stands at a path, each with its own place; raises Refused where the JSON is not built as FHIR says.

    Where a reference names no number of its own, the path goes on in the entry it leads to.
    """
    if value is None:
        return
    if not path:
        yield at, value
        return
    if not isinstance(value, dict):
        raise Refused(at, "json_type", expected="object")
    step, rest = path[0], path[1:]
    if step.name not in value:
        target = _resolved(tree, value, at)
        if target is not None:
            yield from values_at(tree, target.resource, path, target.at)
        return
    inner, place = value[step.name], f"{at}.{step.name}"
    if not step.many:
        yield from values_at(tree, inner, rest, place)
    elif inner is not None:
        for where, one in _each(inner, step, place):
            yield from values_at(tree, one, rest, where)


def _each(inner: Json, step: Step, place: str) -> Iterator[tuple[str, Json]]:
    """Go through a list's elements of a system; of a Reference, the identifier is one, and no list."""
    if step.name == "identifier" and isinstance(inner, dict):
        if _is_of(inner, step.system):
            yield place, inner
        return
    if not isinstance(inner, list):
        raise Refused(place, "json_type", expected="array")
    for number, one in enumerate(inner):
        if not step.system or _is_of(one, step.system):
            yield f"{place}[{number}]", one


def _resolved(tree: Tree, value: dict[str, Json], at: str) -> Entry | None:
    reference = value.get("reference")
    if reference is None or "resourceType" in value:  # a resource is no Reference: so no two can send each other round
        return None
    if not isinstance(reference, str):
        raise Refused(f"{at}.reference", "json_type", expected="string")
    return tree.target(reference)


def _is_of(one: Json, system: str) -> bool:
    said = one.get("system") if isinstance(one, dict) else None
    if not isinstance(said, str):
        return False
    return said.startswith(system[:-1]) if system.endswith("*") else said == system
