"""An offline validator of what this face issues: structure (fhir.resources, R4B), order of elements, required codes, invariants, and the rules of IPS."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import fhirpathpy
import yaml
from fhir.resources.R4B import get_fhir_model_class
from lxml import etree

RULES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("invariants.yaml").read_text(encoding="utf-8"))
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_XHTML = "{http://www.w3.org/1999/xhtml}"
_SECTIONS = {"11450-4": "Condition", "48765-2": "AllergyIntolerance", "10160-0": "MedicationStatement"}


def require_valid(resource: dict[str, Any]) -> None:
    """Fail with everything that is wrong with a resource, in one sentence each."""
    wrong = faults(resource)
    assert not wrong, f"{resource['resourceType']}: {wrong}"


def faults(resource: dict[str, Any]) -> list[str]:
    """Return what is wrong with a resource and those within it."""
    kind = resource["resourceType"]
    model = get_fhir_model_class(kind).model_validate_json(json.dumps(resource, default=float))
    wrong = _disordered(resource, model) + _empty(resource, kind) + _bindings(resource) + _codings(resource)
    for key, rule in RULES["invariants"].get(kind, {}).items():
        if _compiled(rule)(resource, {}) not in ([True], [], True):
            wrong.append(f"{key}: {rule}")
    if not _ID.fullmatch(resource.get("id", "x")):
        wrong.append(f"id {resource['id']}")
    for div in _divs(resource):
        root = etree.fromstring(div)
        if root.tag != f"{_XHTML}div" or not "".join(root.itertext()).strip():
            wrong.append("a narrative says nothing")
    if kind == "Bundle":
        for entry in resource.get("entry", []):
            wrong += [f"{entry.get('fullUrl')}: {one}" for one in faults(entry["resource"])]
    return wrong


@cache
def _compiled(rule: str) -> Any:
    return fhirpathpy.compile(rule)


def _disordered(element: dict[str, Any], model: Any) -> list[str]:
    """Return members that do not stand in the order of the definition: XML is written as they come."""
    order = model.elements_sequence()
    places = [order.index(name) for name in element if name in order]
    wrong = [] if places == sorted(places) else [f"{type(model).__name__}: {list(element)}"]
    for name, value in element.items():
        inner = getattr(model, "class_fhir" if name == "class" else name, None)
        for one, told in zip(
            value if isinstance(value, list) else [value], inner if isinstance(inner, list) else [inner], strict=False
        ):
            if isinstance(one, dict) and hasattr(told, "elements_sequence"):
                wrong += _disordered(one, told)
    return wrong


def _empty(element: Any, path: str) -> list[str]:
    if element is None or element in ("", [], {}):
        return [f"{path} is empty"]
    if isinstance(element, dict):
        return [one for name, value in element.items() for one in _empty(value, f"{path}.{name}")]
    return [one for value in element for one in _empty(value, path)] if isinstance(element, list) else []


def _bindings(resource: dict[str, Any]) -> list[str]:
    wrong = []
    for path, permitted in RULES["bindings"].items():
        kind, _, rest = path.partition(".")
        if kind == resource["resourceType"]:
            said = _at([resource], rest.split("."))
            wrong += [f"{path} is {one}" for one in said if one not in permitted]
    return wrong


def _at(here: list[Any], names: list[str]) -> list[Any]:
    for name in names:
        found = [one[name] for one in here if isinstance(one, dict) and name in one]
        here = [each for one in found for each in (one if isinstance(one, list) else [one])]
    return here


def _codings(element: Any) -> list[str]:
    if isinstance(element, dict):
        permitted = RULES["systems"].get(element.get("system"))
        wrong = [f"{element}"] if permitted and element.get("code") not in permitted else []
        return wrong + [one for value in element.values() for one in _codings(value)]
    return [one for value in element for one in _codings(value)] if isinstance(element, list) else []


def _divs(element: Any) -> list[str]:
    if isinstance(element, dict):
        own = [element["div"]] if "div" in element else []
        return own + [one for name, value in element.items() if name not in {"resource", "div"} for one in _divs(value)]
    return [one for value in element for one in _divs(value)] if isinstance(element, list) else []


def require_ips(document: dict[str, Any]) -> None:
    """Fail unless a Bundle is a patient summary by IPS 2.0.1."""
    require_valid(document)
    entries = document["entry"]
    assert document["type"] == "document"
    assert all("fullUrl" in one and not one.keys() & {"search", "request", "response"} for one in entries)
    composition, person = entries[0]["resource"], entries[1]["resource"]
    assert (composition["resourceType"], person["resourceType"]) == ("Composition", "Patient")
    assert sum(one["resource"]["resourceType"] == "Patient" for one in entries) == 1
    assert composition["type"]["coding"][0]["code"] == "60591-5"
    urls = {one["fullUrl"]: one["resource"] for one in entries}
    assert composition["subject"]["reference"] in urls
    codes = [one["code"]["coding"][0]["code"] for one in composition["section"]]
    assert len(codes) == len(set(codes))
    assert set(codes) >= _SECTIONS.keys()
    for section in composition["section"]:
        _require_section(section, urls)
    for reference in re.findall(r'"reference": "([^"]+)"', json.dumps(document, default=float)):
        assert reference in urls, f"{reference} leads out of the document"


def _require_section(section: dict[str, Any], urls: dict[str, dict[str, Any]]) -> None:
    """The narrative says what the entries say: a row each, and each entry's name in it."""
    kind = _SECTIONS.get(section["code"]["coding"][0]["code"])
    rows = etree.fromstring(section["text"]["div"]).findall(f".//{_XHTML}tbody/{_XHTML}tr")
    entries = [urls[one["reference"]] for one in section.get("entry", [])]
    assert len(rows) == len(entries)
    assert bool(entries) != ("emptyReason" in section)
    for row, entry in zip(rows, entries, strict=True):
        assert kind in (None, entry["resourceType"])
        said = " ".join("".join(cell.itertext()) for cell in row)
        concept: Any = entry.get("code") or entry.get("medicationCodeableConcept") or entry.get("appointmentType")
        assert concept["text"] in said
