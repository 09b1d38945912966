"""Visits as FHIR bundles: made by hand, and made of what our own face tells of a visit in the book."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
import psycopg
from psycopg.rows import dict_row

from ansinh.gateway.fhir.formats import encoded
from ansinh.gateway.fhir.identities import Identities
from ansinh.gateway.fhir.resources.telling import Resource, Teller
from ansinh.gateway.fhir.rows import Book, Diagnosis, Medicine, Person, Result, Service, Visit
from ansinh.gateway.fhir.shelf import PARTS, Shelf
from tests.healthbook.inbox import FACILITY, SOUND, Inbox, field

PIN = field(SOUND, "SO_CCCD")
NAME = field(SOUND, "HO_TEN")
BORN = field(SOUND, "NGAY_SINH")
EPISODE = f"urn:ansinh:sid:episode:{FACILITY}"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
_PATIENT = {"reference": "Patient/p"}
_VISIT = {"reference": "Encounter/e"}

T = TypeVar("T")


def bundle(episode: str, **changes: Any) -> dict[str, Any]:
    """Return a small visit as a hospital's own software would send it; resources can be replaced, by type."""
    resources: dict[str, dict[str, Any]] = {
        "Patient": {
            "id": "p",
            "identifier": [{"system": "urn:ansinh:sid:pin", "value": PIN}],
            "name": [{"text": NAME}],
            "gender": "male",
            "birthDate": f"{BORN[:4]}-{BORN[4:6]}-{BORN[6:8]}",
        },
        "Encounter": {
            "id": "e",
            "identifier": [{"system": EPISODE, "value": episode}],
            "status": "finished",
            "type": [{"coding": [{"system": "urn:ansinh:cs:care-kind", "code": "01"}]}],
            "subject": _PATIENT,
            "period": {"start": "2025-06-02T08:00:00+07:00", "end": "2025-06-02T03:30:00Z"},
            "diagnosis": [{"condition": {"reference": "urn:uuid:6f1e0f9e-0000-4000-8000-000000000001"}}],
        },
        "Condition": {
            "subject": _PATIENT,
            "encounter": _VISIT,
            "code": {"coding": [{"system": ICD10, "code": "I10"}], "text": "Tăng huyết áp"},
        },
        "MedicationAdministration": {
            "status": "completed",
            "subject": _PATIENT,
            "context": _VISIT,
            "medicationCodeableConcept": {"text": "Amlodipin 5mg"},
            "effectiveDateTime": "2025-06-02T08:30:00+07:00",
            "dosage": {"text": "1 viên", "dose": {"value": 1.50, "unit": "Viên"}},
        },
        "Observation": {
            "status": "final",
            "subject": _PATIENT,
            "encounter": _VISIT,
            "code": {"text": "Glucose"},
            "valueQuantity": {"value": 7.2, "unit": "mmol/L"},
            "effectiveDateTime": "2025-06-02T09:00:00+07:00",
        },
    }
    entries = []
    for kind, said in (resources | changes).items():
        if said is not None:
            entries.append({"resource": {"resourceType": kind} | copy.deepcopy(said)})
            if kind == "Condition":
                entries[-1]["fullUrl"] = "urn:uuid:6f1e0f9e-0000-4000-8000-000000000001"
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def written(told: dict[str, Any]) -> bytes:
    """Return a bundle's bytes."""
    return json.dumps(told, ensure_ascii=False).encode()


def told_by_face(inbox: Inbox, receipt: str) -> list[Resource]:
    """Return what our face tells of the visit a receipt made, patient first."""
    with psycopg.connect(inbox.database.urls.owner, row_factory=dict_row) as owner:
        visit = owner.execute("SELECT * FROM healthbook_visit WHERE receipt = %s", [receipt]).fetchone()
        assert visit is not None

        def lines(table: str) -> list[dict[str, Any]]:
            found = f"SELECT * FROM healthbook_{table} WHERE visit_id = %s AND version = %s ORDER BY position"
            return owner.execute(found, [visit["visit_id"], visit["version"]]).fetchall()

        person = Person(1, NAME, datetime(2024, 12, 1, tzinfo=UTC), "M", f"{BORN[:4]}-{BORN[4:6]}-{BORN[6:8]}", pin=PIN)
        book = Book(
            person,
            visits=[_of(Visit, visit)],
            diagnoses=[_of(Diagnosis, one) for one in lines("diagnosis")],
            medicines=[_of(Medicine, one) for one in lines("medicine")],
            services=[_of(Service, one) for one in lines("service") if not one["material"]],
            results=[_of(Result, one) for one in lines("result")],
        )
    teller = Teller(
        person, Identities("a secret of the tests").name, "https://ansinh.example/fhir/R4", visit["recorded_at"]
    )
    shelf = Shelf(book, teller)
    return [one for kind in PARTS for one in shelf.of(kind)]


def as_bundle(resources: list[Resource], episode: str) -> bytes:
    """Return what a face told as a bundle under another number of the visit."""
    entries = []
    for one in resources:
        resource = one
        if one["resourceType"] == "Encounter":
            resource = one | {"identifier": [one["identifier"][0] | {"value": episode}]}
        entries.append({"fullUrl": f"https://ansinh.example/{one['resourceType']}/{one['id']}", "resource": resource})
    return encoded({"resourceType": "Bundle", "type": "collection", "entry": entries}, "json")


def _of(kind: type[T], row: dict[str, Any]) -> T:
    return msgspec.convert({name: value for name, value in row.items() if value is not None}, kind)
