"""Resources for statistics: nothing that names anybody, days told as months, birth dates as years; what few have is masked or left out.

What may stay is listed, member by member; whatever else a resource has is dropped, so that a member added later does not slip through.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ansinh.gateway.fhir import codes
from ansinh.gateway.fhir.resources.findings import DATA_ABSENT
from ansinh.gateway.fhir.resources.telling import Resource
from ansinh.gateway.fhir.shelf import PARTS, Part, Shelf

# A code, or a year of birth with sex and province, that fewer persons of the group have is not told.
FEW = 5
AGED_YEARS = 90
_PSEUDONYMISED = codes.coding("http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "PSEUDED", "pseudonymized")
_MASKED = {"coding": [codes.coding(DATA_ABSENT, "masked", "Masked")]}
# Type → what of it is told, in the order of the definition.
TOLD: dict[str, tuple[str, ...]] = {
    "Patient": ("gender", "birthDate", "address"),
    "Coverage": ("status", "type", "beneficiary", "period", "payor", "class"),
    "Encounter": ("status", "class", "type", "subject", "period", "diagnosis", "hospitalization"),
    "Condition": ("clinicalStatus", "verificationStatus", "category", "code", "subject", "encounter", "recordedDate"),
    "MedicationStatement": ("status", "medicationCodeableConcept", "subject", "context", "effectiveDateTime"),
    "Procedure": ("status", "code", "subject", "encounter", "performedDateTime"),
    "Observation": ("status", "category", "code", "subject", "encounter", "effectiveDateTime", "valueQuantity"),
}
_CODES = {
    "Condition": "code",
    "MedicationStatement": "medicationCodeableConcept",
    "Procedure": "code",
    "Observation": "code",
}
_DATES = frozenset({"recordedDate", "effectiveDateTime", "performedDateTime"})


def parts_of(types: list[str]) -> Part:
    """Return the parts of a book the types are made from."""
    parts = Part.VISITS
    for kind in types:
        parts |= PARTS[kind]
    return parts


def cells(shelf: Shelf, types: list[str]) -> set[tuple[str, ...]]:
    """Return what one person has that might be seldom: each cell counts once a person."""
    found = {(kind, code) for kind in types if kind in _CODES for one in shelf.of(kind) if (code := _code(one))}
    return {*found, _birth(shelf.of("Patient")[0])}


def told(shelf: Shelf, types: list[str], counted: Counter[tuple[str, ...]]) -> Iterator[Resource]:
    """Return what of a person's resources is told, with the cells of the whole group counted before."""
    for kind in types:
        for one in shelf.of(kind):
            kept = _kept(one, kind, counted, shelf.teller.now.year)
            if kept is not None:
                yield kept


def _kept(one: Resource, kind: str, counted: Counter[tuple[str, ...]], year: int) -> Resource | None:
    kept: Resource = {
        "resourceType": kind,
        "id": one["id"],
        "meta": {"security": [_PSEUDONYMISED]},
        **{name: _coarse(name, one[name]) for name in TOLD[kind] if name in one},
    }
    if kind == "Patient":
        return _person(kept, one, counted, year)
    if kind not in _CODES:
        return kept
    code = _code(one)
    if code and counted[kind, code] >= FEW:
        system = one[_CODES[kind]]["coding"][0]["system"]
        return kept | {_CODES[kind]: {"coding": [{"system": system, "code": code}]}}
    # A diagnosis few have is told as one; of the rest nothing would be left but the words.
    return kept | {"code": _MASKED} if kind == "Condition" else None


def _person(kept: Resource, one: Resource, counted: Counter[tuple[str, ...]], year: int) -> Resource:
    """Return a Patient of sex, year of birth and province; of few, and of the very old, the year is left out."""
    cell = _birth(one)
    aged = cell[1].isdigit() and int(cell[1]) <= year - AGED_YEARS
    if counted[cell] < FEW or aged or not cell[1]:
        kept.pop("birthDate", None)
    kept["address"] = [{"state": cell[3], "country": "VN"}]
    return kept


def _birth(person: Resource) -> tuple[str, ...]:
    address = person.get("address", [{}])[0].get("text", "")
    return ("Patient", str(person.get("birthDate", ""))[:4], str(person.get("gender")), str(address))


def _code(one: Resource) -> str:
    """Return the code that is told: of a diagnosis the category of three characters."""
    first = one[_CODES[one["resourceType"]]].get("coding", [{}])[0]
    code = str(first.get("code", ""))
    return code[:3] if first.get("system") == codes.ICD10 else code


def _coarse(name: str, value: Any) -> Any:
    """Return a value without words, days and hours."""
    if name in _DATES or name == "birthDate":
        return str(value)[:7] if name in _DATES else str(value)[:4]
    if name == "period":
        return {edge: str(at)[:7] for edge, at in value.items()}
    if name == "payor":
        return value
    return _wordless(value)


def _wordless(value: Any) -> Any:
    if isinstance(value, list):
        return [_wordless(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _wordless(one) for name, one in value.items() if name not in {"text", "name", "display"}}
