"""Tests: what was measured or seen, one by one (Observation), and the report that holds them (DiagnosticReport); tables XML3 and XML4."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from typing import Any

from ansinh.gateway.fhir import codes
from ansinh.gateway.fhir.resources.telling import Resource, Teller, about, facility, moment, practitioner
from ansinh.gateway.fhir.rows import Result, Service, Visit

_CATEGORIES = {"1": ("laboratory", "Laboratory"), "2": ("imaging", "Imaging"), "3": ("procedure", "Procedure")}
_NUMBER = re.compile(r"\s*([<>]=?)?\s*(-?\d{1,12})(?:[.,](\d{1,8}))?\s*", re.ASCII)
DATA_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
WEIGHT = ("29463-7", "Body weight")
# Results have positions from 1 on: the place before them is the weight's.
WEIGHT_ROW = 0

Services = dict[tuple[int, str], Service]


def services_by_code(services: list[Service]) -> Services:
    """Return services by visit and code: what a result is a result of."""
    return {(one.visit_id, one.code): one for one in services if one.code}


def observation(teller: Teller, one: Result, visit: Visit, services: Services) -> Resource:
    """Return the Observation of one index."""
    version, labels = about(visit)
    service = services.get((one.visit_id, one.service_code or ""))
    code, system = (one.index_code, codes.INDEX) if one.index_code else (one.service_code, codes.SERVICE)
    text = one.index_name or (service.name if service else None)
    category = _CATEGORIES.get((service.group_code if service else None) or "1", _CATEGORIES["1"])
    value = _value(one)
    doctor = practitioner(one.reader)
    return {
        **teller.begin("Observation", (one.visit_id, one.position), visit.recorded_at, version=version, labels=labels),
        "status": "final",
        "category": [codes.concept(codes.OBSERVATION_CATEGORY, *category)],
        "code": codes.concept_of(system, code, text),
        "subject": teller.patient,
        "encounter": teller.reference("Encounter", one.visit_id),
        "effectiveDateTime": moment(one.resulted_at or visit.admitted_at),
        "performer": [doctor or facility(visit.facility, visit.facility_name)],
        **value,
        "dataAbsentReason": None if value else codes.concept(DATA_ABSENT, "unknown", "Unknown"),
        "note": [
            {"text": note} for note in (one.description, one.conclusion) if note and note != value.get("valueString")
        ],
    }


def weight(teller: Teller, visit: Visit) -> Resource:
    """Return the Observation of the body weight a visit says (profile vital signs)."""
    return {
        **teller.begin(
            "Observation",
            (visit.visit_id, WEIGHT_ROW),
            visit.recorded_at,
            version=visit.version,
            labels=visit.sensitive,
        ),
        "status": "final",
        "category": [codes.concept(codes.OBSERVATION_CATEGORY, "vital-signs", "Vital Signs")],
        "code": codes.concept(codes.LOINC, *WEIGHT, text="Cân nặng"),
        "subject": teller.patient,
        "encounter": teller.reference("Encounter", visit.visit_id),
        "effectiveDateTime": moment(visit.admitted_at),
        "performer": [facility(visit.facility, visit.facility_name)],
        "valueQuantity": {"value": visit.weight, "unit": "kg", "system": codes.UCUM, "code": "kg"},
    }


def _value(one: Result) -> dict[str, Any]:
    """Return the value: a quantity where it is a number (a decimal comma is one), words otherwise."""
    said = one.value.strip() if one.value else ""
    if not said:
        words = one.conclusion or one.description
        return {"valueString": words} if words else {}
    number = _NUMBER.fullmatch(said)
    if number is None:
        return {"valueString": said}
    comparator, whole, fraction = number.groups()
    unit = (one.unit or "").strip()
    known = codes.UNITS.get(unit)
    return {
        "valueQuantity": {
            "value": Decimal(f"{whole}.{fraction}" if fraction else whole),
            "comparator": comparator,
            "unit": unit or None,
            "system": codes.UCUM if known else None,
            "code": known,
        }
    }


def reports(teller: Teller, results: list[Result], services: Services, visits: dict[int, Visit]) -> list[Resource]:
    """Return a DiagnosticReport for each service of a visit that has results."""
    grouped: dict[tuple[int, str], list[Result]] = defaultdict(list)
    for one in results:
        if one.visit_id in visits:
            grouped[one.visit_id, one.service_code or ""].append(one)
    return [_report(teller, rows, services.get(key), visits[key[0]]) for key, rows in grouped.items()]


def _report(teller: Teller, rows: list[Result], service: Service | None, visit: Visit) -> Resource:
    version, labels = about(visit)
    first = min(rows, key=lambda one: one.position)
    section = codes.DIAGNOSTIC_GROUPS.get(
        (service.group_code if service else None) or "1", codes.DIAGNOSTIC_GROUPS["1"]
    )
    times = [one.resulted_at for one in rows if one.resulted_at]
    conclusions = list(dict.fromkeys(one.conclusion for one in rows if one.conclusion))
    reader = practitioner(first.reader)
    return {
        **teller.begin(
            "DiagnosticReport", (visit.visit_id, first.position), visit.recorded_at, version=version, labels=labels
        ),
        "status": "final",
        "category": [codes.concept(codes.SECTION_OF_DIAGNOSTICS, *section)],
        "code": codes.concept_of(codes.SERVICE, first.service_code, service.name if service else first.index_name),
        "subject": teller.patient,
        "encounter": teller.reference("Encounter", visit.visit_id),
        "effectiveDateTime": moment(min(times) if times else visit.admitted_at),
        "issued": moment(max(times)) if times else None,
        "performer": [facility(visit.facility, visit.facility_name)],
        "resultsInterpreter": [reader] if reader else None,
        "result": [teller.reference("Observation", one.visit_id, one.position) for one in rows],
        "conclusion": "; ".join(conclusions) or None,
    }
