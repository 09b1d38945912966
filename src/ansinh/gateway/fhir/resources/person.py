"""Who somebody is, how they are insured, and what they said of allergies."""

from __future__ import annotations

from datetime import timedelta

from ansinh.gateway.fhir import codes
from ansinh.gateway.fhir.moments import VIET_NAM
from ansinh.gateway.fhir.resources.telling import Resource, Teller, day, dotted, facility, period
from ansinh.gateway.fhir.rows import Allergy, Cover, Diagnosis, Person, Visit

_GENDERS = {"M": "male", "F": "female"}
INSURER = {"type": "Organization", "display": "Cơ quan bảo hiểm xã hội"}
# A Vietnamese name is said whole: family, middle and given name, in this order.


def patient(teller: Teller, cover: Cover | None = None) -> Resource:
    """Return the Patient. Deceased says the day, when the register or a certificate told it."""
    person = teller.person
    return {
        **teller.begin("Patient", (0, 0), person.recorded_at),
        "identifier": [
            {"use": "official", "system": system, "value": value}
            for system, value in ((codes.PIN, person.pin), (codes.SI_CODE, person.si_code))
            if value
        ],
        "active": True,
        "name": [_name(person)],
        "gender": _GENDERS.get(person.sex or "", "unknown"),
        "birthDate": person.born,
        "deceasedDateTime": day(person.died_on),
        "address": [{"use": "home", "text": address, "country": "VN"}]
        if (address := person.address or (cover and cover.address))
        else None,
    }


def _name(person: Person) -> dict[str, object]:
    words = person.full_name.split()
    return {"use": "official", "text": person.full_name, "family": words[0] if words else None, "given": words[1:]}


def coverage(teller: Teller, cover: Cover) -> Resource:
    """Return the Coverage: the health-insurance card, its object code and its benefit level (Law 25/2008/QH12, articles 12 and 22)."""
    today = teller.now.astimezone(VIET_NAM).date()
    active = cover.status == "active" and today < cover.valid_until
    number = cover.card_number or cover.temporary_number
    return {
        **teller.begin("Coverage", (0, 0), cover.recorded_at),
        "identifier": [{"use": "official", "system": codes.CARD, "value": number}] if number else None,
        "status": "active" if active else "cancelled",
        "type": codes.concept(codes.ACT_CODE, "PUBLICPOL", "public healthcare", text="Bảo hiểm y tế"),
        "subscriberId": cover.card_number,
        "beneficiary": teller.patient,
        "period": period(cover.valid_from, cover.valid_until - timedelta(days=1)),
        "payor": [INSURER],
        "class": [
            {
                "type": codes.concept(codes.COVERAGE_CLASS, "group", "Group"),
                "value": cover.object_code,
                "name": "Mã đối tượng",
            },
            {
                "type": codes.concept(codes.COVERAGE_CLASS, "plan", "Plan"),
                "value": str(cover.level),
                "name": "Mức hưởng",
            },
        ],
        "network": cover.facility,
    }


def allergies(
    teller: Teller, told: list[Allergy], diagnoses: list[Diagnosis], visits: dict[int, Visit]
) -> list[Resource]:
    """Return what is known of allergies: each one; or that none is known; or that nobody asked. Never nothing: silence is no answer."""
    known = [_told(teller, one) for one in told if one.statement == "allergy"]
    said: dict[str, Diagnosis] = {}
    for one in diagnoses:
        if _is_allergy(one):
            said.setdefault(one.icd10, one)
    known.extend(_diagnosed(teller, one, visits[one.visit_id]) for one in said.values() if one.visit_id in visits)
    if known:
        return known
    none = next((one for one in told if one.statement == "none_known"), None)
    code, text = (
        ("no-known-allergies", "Không có dị ứng đã biết")
        if none
        else ("no-allergy-info", "Chưa có thông tin về dị ứng")
    )
    recorded_at = none.recorded_at if none else teller.person.recorded_at
    return [
        {
            **teller.begin("AllergyIntolerance", (0, none.allergy_id if none else 0), recorded_at),
            "clinicalStatus": codes.concept(codes.ALLERGY_CLINICAL, "active", "Active"),
            "verificationStatus": codes.concept(codes.ALLERGY_VERIFICATION, "confirmed", "Confirmed") if none else None,
            "code": codes.concept(codes.ABSENT_OR_UNKNOWN, code, _DISPLAYS[code], text=text),
            "patient": teller.patient,
            "recordedDate": day(none.recorded_at.astimezone(VIET_NAM).date()) if none else None,
        }
    ]


_DISPLAYS = {"no-known-allergies": "No known allergies", "no-allergy-info": "No information about allergies"}


def _is_allergy(one: Diagnosis) -> bool:
    plain = one.icd10.upper().replace(".", "")
    return any(plain.startswith(code.replace(".", "")) for code in codes.ALLERGY_CODES)


def _told(teller: Teller, one: Allergy) -> Resource:
    return {
        **teller.begin("AllergyIntolerance", (0, one.allergy_id), one.recorded_at),
        "clinicalStatus": codes.concept(codes.ALLERGY_CLINICAL, "active", "Active"),
        "verificationStatus": codes.concept(codes.ALLERGY_VERIFICATION, "confirmed", "Confirmed"),
        "code": codes.concept_of(codes.MEDICINE, one.code, one.substance),
        "patient": teller.patient,
        "recordedDate": day(one.recorded_at.astimezone(VIET_NAM).date()),
        "recorder": facility(one.facility, one.facility_name),
    }


def _diagnosed(teller: Teller, one: Diagnosis, visit: Visit) -> Resource:
    version, labels = visit.version, visit.sensitive
    return {
        **teller.begin(
            "AllergyIntolerance", (one.visit_id, one.position), visit.recorded_at, version=version, labels=labels
        ),
        "clinicalStatus": codes.concept(codes.ALLERGY_CLINICAL, "active", "Active"),
        "verificationStatus": codes.concept(codes.ALLERGY_VERIFICATION, "confirmed", "Confirmed"),
        "code": codes.concept(codes.ICD10, dotted(one.icd10), one.title, text=one.title or dotted(one.icd10)),
        "patient": teller.patient,
        "encounter": teller.reference("Encounter", one.visit_id),
        "recordedDate": day(visit.admitted_at.astimezone(VIET_NAM).date()),
    }
