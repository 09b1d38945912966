"""What is to come: referral papers (ServiceRequest) and re-examination appointments (Appointment); tables XML13 and XML14."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from ansinh.gateway.fhir import codes
from ansinh.gateway.fhir.moments import VIET_NAM
from ansinh.gateway.fhir.resources.care import reason_of
from ansinh.gateway.fhir.resources.telling import Resource, Teller, day, facility, moment, period, practitioner
from ansinh.gateway.fhir.rows import Appointment, Referral

_REFERRAL_STATES = {"issued": "active", "used": "completed", "withdrawn": "revoked"}
_APPOINTMENT_STATES = {"booked": "booked", "kept": "fulfilled", "withdrawn": "cancelled"}
_ACTORS = {"fulfilled": "accepted", "booked": "accepted", "noshow": "accepted", "cancelled": "declined"}


def service_request(teller: Teller, one: Referral) -> Resource:
    """Return the ServiceRequest of a referral paper; its occurrence is how long it is valid (Circular 01/2025/TT-BYT: ten working days, or a year)."""
    today = teller.now.astimezone(VIET_NAM).date()
    status = _REFERRAL_STATES.get(one.state, "unknown")
    if status == "completed" and one.reach == "year" and today <= one.valid_until:
        status = "active"  # good for further visits
    target = facility(one.to_facility, one.to_facility_name)
    return {
        **teller.begin("ServiceRequest", (0, one.referral_id), one.recorded_at),
        "identifier": [{"system": f"{codes.PAPER}:{one.facility}", "value": one.number}],
        "status": status,
        "intent": "order",
        "category": [codes.concept(codes.PAPER_KIND, "referral", text="Giấy chuyển cơ sở khám bệnh, chữa bệnh")],
        "code": codes.concept(
            "http://snomed.info/sct", "3457005", "Patient referral", text="Chuyển cơ sở khám bệnh, chữa bệnh"
        ),
        "subject": teller.patient,
        "encounter": teller.reference("Encounter", one.visit_id) if one.visit_id else None,
        "occurrencePeriod": period(one.issued_on, one.valid_until),
        "authoredOn": day(one.issued_on),
        "requester": practitioner(one.doctor) or facility(one.facility, one.facility_name),
        "performer": [target] if target else None,
        "reasonCode": reason_of(one.main_diagnosis, one.diagnosis_text),
    }


def appointment(teller: Teller, one: Appointment) -> Resource:
    """Return the Appointment. A slip names a day: it begins with the day and ends with it; it can be kept until the end of the requested period."""
    today = teller.now.astimezone(VIET_NAM).date()
    status = _APPOINTMENT_STATES.get(one.state, "booked")
    if status == "booked" and one.valid_until < today:
        status = "noshow"
    return {
        **teller.begin("Appointment", (0, one.appointment_id), one.recorded_at),
        "identifier": [{"system": f"{codes.PAPER}:{one.facility}", "value": one.number}],
        "status": status,
        "appointmentType": codes.concept(
            "http://terminology.hl7.org/CodeSystem/v2-0276",
            "FOLLOWUP",
            "A follow up visit from a previous appointment",
            text="Khám lại",
        ),
        "reasonCode": reason_of(one.main_diagnosis, one.diagnosis_text),
        "start": moment(_midnight(one.due_on)),
        "end": moment(_midnight(one.due_on) + timedelta(days=1, seconds=-1)),
        "created": day(one.issued_on),
        "participant": [
            {"actor": teller.patient, "status": _ACTORS[status]},
            {"actor": facility(one.facility, one.facility_name), "status": _ACTORS[status]},
        ],
        "requestedPeriod": [period(one.due_on, one.valid_until)],
    }


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), VIET_NAM)
