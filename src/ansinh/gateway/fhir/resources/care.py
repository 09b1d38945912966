"""Visits: the encounter, its diagnoses, its medicines, what was done."""

from __future__ import annotations

import re
from datetime import timedelta

from ansinh.gateway.fhir import codes
from ansinh.gateway.fhir.resources.telling import (
    Resource,
    Teller,
    about,
    diagnosis,
    dotted,
    facility,
    moment,
    period,
    practitioner,
)
from ansinh.gateway.fhir.rows import Diagnosis, Medicine, Service, Visit

_CODE = re.compile(r"\b[A-Z]\d{2}(?:\.?\d{1,2})?\b", re.ASCII)
_CODE_AND_WORDS = re.compile(rf"\s*({_CODE.pattern})\s*[-–:]\s*(\S.{{0,198}}\S)\s*", re.ASCII)
# An acute illness counts as over so long after the visit.
ACUTE = timedelta(days=90)
# Categories of ICD-10 that do not pass with the visit: first and last of each span.
_CHRONIC = (
    ("B18", "B24"),
    ("C00", "C97"),
    ("D55", "D89"),
    ("E03", "E07"),
    ("E10", "E14"),
    ("E70", "E90"),
    ("F00", "F99"),
    ("G10", "G40"),
    ("I05", "I15"),
    ("I20", "I28"),
    ("I42", "I52"),
    ("I69", "I70"),
    ("J41", "J47"),
    ("K70", "K77"),
    ("L40", "L40"),
    ("M05", "M19"),
    ("M30", "M36"),
    ("N18", "N19"),
    ("Q00", "Q99"),
    ("Z21", "Z21"),
)


def encounter(teller: Teller, visit: Visit, diagnoses: list[Diagnosis]) -> Resource:
    """Return the Encounter of a visit (table XML1)."""
    kind = visit.care_kind or ""
    klass, words = codes.CARE_KINDS.get(kind, ("AMB", None))
    left = codes.DISPOSITIONS.get(visit.discharge_kind or "")
    if visit.result in codes.DEATHS:
        left = ("exp", "Tử vong")
    return {
        **teller.begin(
            "Encounter", (visit.visit_id, 0), visit.recorded_at, version=visit.version, labels=visit.sensitive
        ),
        "identifier": [{"system": f"{codes.EPISODE}:{visit.facility}", "value": visit.episode}],
        "status": "finished" if visit.discharged_at else "in-progress",
        "class": codes.coding(codes.ACT_CODE, klass, codes.CLASSES[klass]),
        "type": [codes.concept(codes.CARE_KIND, kind, words, text=words)] if kind and codes.system_code(kind) else None,
        "subject": teller.patient,
        "participant": [{"individual": doctor}] if (doctor := practitioner(visit.doctor)) else None,
        "period": period(visit.admitted_at, visit.discharged_at),
        "reasonCode": [{"text": visit.reason}] if visit.reason else None,
        "diagnosis": [
            {
                "condition": teller.reference("Condition", one.visit_id, one.position),
                "use": codes.concept(
                    codes.DIAGNOSIS_ROLE,
                    "DD" if one.main else "CM",
                    "Discharge diagnosis" if one.main else "Comorbidity diagnosis",
                ),
                "rank": place,
            }
            for place, one in enumerate(sorted(diagnoses, key=lambda one: (not one.main, one.position)), start=1)
        ],
        "hospitalization": {"dischargeDisposition": codes.concept(codes.DISCHARGE, left[0], text=left[1])}
        if left
        else None,
        "serviceProvider": facility(visit.facility, visit.facility_name),
    }


def condition(teller: Teller, one: Diagnosis, visit: Visit, *, listed: bool = False) -> Resource:
    """Return the Condition of a diagnosis. `listed`: as an entry of a problem list, not of a visit."""
    category = ("problem-list-item", "Problem List Item") if listed else ("encounter-diagnosis", "Encounter Diagnosis")
    status = clinical_status(teller, one, visit)
    system = codes.TRADITIONAL if one.traditional else codes.ICD10
    code = one.icd10 if one.traditional else dotted(one.icd10)
    text = (_said(code, visit) if listed else None) or one.title or (visit.diagnosis_text if one.main else None)
    labels = (one.sensitive,) if one.sensitive else ()
    return {
        **teller.begin(
            "Condition", (one.visit_id, one.position), visit.recorded_at, version=visit.version, labels=labels
        ),
        "clinicalStatus": codes.concept(codes.CONDITION_CLINICAL, status, status.capitalize()),
        "verificationStatus": codes.concept(codes.CONDITION_VERIFICATION, "confirmed", "Confirmed"),
        "category": [codes.concept(codes.CONDITION_CATEGORY, *category)],
        "code": codes.concept(system, code, one.title, text=text or _unnamed(one, code)),
        "subject": teller.patient,
        "encounter": teller.reference("Encounter", one.visit_id),
        "recordedDate": moment(visit.discharged_at or visit.admitted_at),
        "recorder": practitioner(visit.doctor),
    }


def _said(code: str, visit: Visit) -> str | None:
    """Return what the facility calls a diagnosis in its own language, where it wrote it as `I10 - Tăng huyết áp; E11.9 - ...`."""
    for part in (visit.diagnosis_text or "").split(";"):
        found = _CODE_AND_WORDS.fullmatch(part)
        if found and dotted(found[1]) == code and not _CODE.search(found[2]):
            return found[2]
    return None


def _unnamed(one: Diagnosis, code: str) -> str:
    """Return words for a code that no list and no facility gives a name: never a bare code."""
    kind = (
        "Chẩn đoán y học cổ truyền / Traditional-medicine diagnosis"
        if one.traditional
        else "Chẩn đoán mã / Diagnosis of code"
    )
    return f"{kind} {code}"


def clinical_status(teller: Teller, one: Diagnosis, visit: Visit) -> str:
    """Return `active` for what does not pass and for what is recent and not cured, `resolved` for the rest."""
    if is_chronic(one.icd10):
        return "active"
    ended = visit.discharged_at or visit.admitted_at
    return "resolved" if visit.result == "1" or ended < teller.now - ACUTE else "active"


def is_chronic(icd10: str) -> bool:
    """Tell whether a diagnosis is of a category that does not pass with the visit."""
    category = icd10[:3].upper()
    return any(first <= category <= last for first, last in _CHRONIC)


def medication(teller: Teller, one: Medicine, visit: Visit) -> Resource:
    """Return the MedicationStatement of a medicine (table XML2). Whether it was taken is not known: status `unknown`."""
    version, labels = about(visit)
    name = _with_strength(one.name, one.strength)
    return {
        **teller.begin(
            "MedicationStatement", (one.visit_id, one.position), visit.recorded_at, version=version, labels=labels
        ),
        "status": "unknown",
        "medicationCodeableConcept": codes.concept_of(codes.MEDICINE, one.code, name),
        "subject": teller.patient,
        "context": teller.reference("Encounter", one.visit_id),
        "effectiveDateTime": moment(one.ordered_at or visit.admitted_at),
        "informationSource": practitioner(one.prescriber) or facility(visit.facility, visit.facility_name),
        "dosage": [dosage] if (dosage := _dosage(one)) else None,
    }


def _with_strength(name: str | None, strength: str | None) -> str | None:
    """Return a medicine's name and strength; what of the strength stands in the name already is not said twice."""
    said = (name or "").casefold().split()
    parts = [part.strip() for part in (strength or "").split(";")]
    rest = "; ".join(part for part in parts if part and part.casefold() not in said)
    return " ".join(word for word in ((name or "").strip(), rest) if word) or None


def _dosage(one: Medicine) -> dict[str, object] | None:
    """Return dose and way as the facility wrote them, and how much was dispensed."""
    dispensed = (
        f"đã cấp / dispensed: {one.quantity.normalize():f} {one.unit or ''}" if one.quantity is not None else None
    )
    text = "; ".join(word.strip() for word in (one.dose, one.usage, dispensed) if word and word.strip())
    return {"text": text} if text else None


def procedure(teller: Teller, one: Service, visit: Visit) -> Resource:
    """Return the Procedure of a surgery or procedure (table XML3, groups 8 and 18)."""
    version, labels = about(visit)
    doctor = practitioner(one.practitioner)
    return {
        **teller.begin("Procedure", (one.visit_id, one.position), visit.recorded_at, version=version, labels=labels),
        "status": "completed" if one.done_at or visit.discharged_at else "unknown",
        "code": codes.concept_of(codes.SERVICE, one.code, one.name),
        "subject": teller.patient,
        "encounter": teller.reference("Encounter", one.visit_id),
        "performedDateTime": moment(one.done_at or one.ordered_at or visit.admitted_at),
        "performer": [{"actor": doctor}] if doctor else None,
    }


def reason_of(code: str | None, text: str | None) -> list[Resource] | None:
    """Return a diagnosis as a reason."""
    return [diagnosis(code, text)] if code or text else None
