"""The search parameters this face knows, resource by resource: what parses a search, judges resources and is told in the CapabilityStatement.

Names, types and meanings are those of FHIR R4 (4.0.1, each resource's page, "Search Parameters"). A path leads to the values in a resource.
"""

from __future__ import annotations

from dataclasses import dataclass

TOKEN, DATE, STRING, REFERENCE = "token", "date", "string", "reference"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One search parameter. `paths`: members of the resource, dots between; `targets`: the types a reference may lead to."""

    name: str
    kind: str
    paths: tuple[str, ...]
    targets: tuple[str, ...] = ()
    says: str = ""


def _token(name: str, *paths: str, says: str = "") -> Parameter:
    return Parameter(name, TOKEN, paths or (name,), says=says)


def _date(name: str, *paths: str) -> Parameter:
    return Parameter(name, DATE, paths or (name,))


def _of_patient(path: str, *names: str) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(name, REFERENCE, (path,), ("Patient",), "Which person: `123` and `Patient/123` are the same.")
        for name in names
    )


def _encounter(name: str = "encounter", path: str = "encounter") -> Parameter:
    return Parameter(name, REFERENCE, (path,), ("Encounter",))


COMMON = (
    _token("_id", "id", says="The id of a resource, as this face gave it."),
    _date("_lastUpdated", "meta.lastUpdated"),
)
_SUBJECT = _of_patient("subject", "patient", "subject")
_PATIENT = _of_patient("patient", "patient")
_ALLERGY = (
    _token("code"),
    _token("clinical-status", "clinicalStatus"),
    _token("verification-status", "verificationStatus"),
    _date("date", "recordedDate"),
)
OF_PERSON_ONLY = "In the body of POST _search only: it is a number of a person."

PARAMETERS: dict[str, tuple[Parameter, ...]] = {
    "Patient": (
        _token("identifier", says=OF_PERSON_ONLY),
        _token("gender"),
        _token("deceased", "deceasedDateTime", says="Whether the person is known to have died."),
        Parameter("birthdate", DATE, ("birthDate",), says="In the body of POST _search only."),
        Parameter("name", STRING, ("name.text", "name.family", "name.given"), says="In the body of POST _search only."),
    ),
    "Coverage": (
        *_of_patient("beneficiary", "patient", "beneficiary"),
        _token("identifier", says=OF_PERSON_ONLY),
        _token("status"),
        _token("type"),
    ),
    "Encounter": (
        *_SUBJECT,
        _date("date", "period"),
        _token("class"),
        _token("status"),
        _token("type"),
        _token("identifier", says="The facility's number of the visit (MA_LK)."),
        _token("reason-code", "reasonCode"),
        _token("service-provider", "serviceProvider.identifier", says="The facility's code."),
    ),
    "Condition": (
        *_SUBJECT,
        _token("code"),
        _token("category"),
        _token("clinical-status", "clinicalStatus"),
        _token("verification-status", "verificationStatus"),
        _date("recorded-date", "recordedDate"),
        _encounter(),
    ),
    "MedicationStatement": (
        *_SUBJECT,
        _token("code", "medicationCodeableConcept"),
        _token("status"),
        _date("effective", "effectiveDateTime", "effectivePeriod"),
        _encounter("context", "context"),
    ),
    "Procedure": (
        *_SUBJECT,
        _token("code"),
        _token("status"),
        _date("date", "performedDateTime", "performedPeriod"),
        _encounter(),
    ),
    "Observation": (
        *_SUBJECT,
        _token("code"),
        _token("category"),
        _token("status"),
        _date("date", "effectiveDateTime"),
        _encounter(),
    ),
    "DiagnosticReport": (
        *_SUBJECT,
        _token("code"),
        _token("category"),
        _token("status"),
        _date("date", "effectiveDateTime"),
        _encounter(),
        Parameter("result", REFERENCE, ("result",), ("Observation",)),
    ),
    "ServiceRequest": (
        *_SUBJECT,
        _token("identifier", says="The number of the referral paper."),
        _token("status"),
        _token("intent"),
        _token("code"),
        _token("performer", "performer.identifier", says="The code of the facility referred to."),
        _date("authored", "authoredOn"),
        _encounter(),
    ),
    "Appointment": (
        *_of_patient("participant.actor", "patient", "actor"),
        _token("identifier", says="The number of the appointment slip."),
        _token("status"),
        _date("date", "start", "requestedPeriod"),
    ),
    "DocumentReference": (
        *_SUBJECT,
        _token("identifier", says="The number of the paper."),
        _token("type"),
        _token("status"),
        _date("date"),
        _encounter("encounter", "context.encounter"),
    ),
    "AllergyIntolerance": (*_PATIENT, *_ALLERGY),
    "Composition": (
        *_SUBJECT,
        _token("type"),
        _token("status"),
        _date("date"),
        _encounter(),
    ),
}
TYPES = tuple(PARAMETERS)
# Which parameter of a type leads to the person; a search names one of them, an id, or (POST) a number of the person.
PERSON = {name: next((p.name for p in known if "Patient" in p.targets), "_id") for name, known in PARAMETERS.items()}
# What is a number of a person and not of a thing.
OF_PERSONS = {("Patient", "identifier"), ("Coverage", "identifier")}
# What says who somebody is, and so stands in a body only.
BODY_ONLY = {("Patient", "name"), ("Patient", "birthdate")}
# Parameters of every search that say how it is answered.
CONTROLS = {
    "_count": "number: how many a page holds, 1 to 200; 0 tells the total only.",
    "_sort": "string: names of date or token parameters with commas between, `-` before one for the last first.",
    "_include": "string: type, colon, a reference parameter: what the answers refer to comes along.",
    "_revinclude": "string: type, colon, a reference parameter: what refers to the answers comes along.",
    "_summary": "token: `count` or `false`.",
    "_format": "token: `json` or `xml`, or their media types.",
}


def parameter_of(kind: str, name: str) -> Parameter | None:
    """Return a search parameter of a type by its name."""
    return next((one for one in (*COMMON, *PARAMETERS[kind]) if one.name == name), None)
