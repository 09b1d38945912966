"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Scrub, personal, sensitive

_RECORD = personal("leads from one record to another", scrub=Scrub.KEEP)
_WHERE = sensitive("where a person is treated", scrub=Scrub.INVENT)
_VISIT = sensitive("leads to a visit in the facility's books", scrub=Scrub.INVENT)
_ILLNESS = sensitive("what a person is treated for: decides how long a paper is valid", scrub=Scrub.EMPTY)
_DOCTOR = personal("who signed, so that a doctor can be asked", scrub=Scrub.INVENT)
_WHEN = sensitive("when a person goes to a facility", scrub=Scrub.COARSEN)

_PAPER = {
    "person_id": _RECORD,
    "facility": _WHERE,
    "number": _VISIT,
    "episode": _VISIT,
    "issued_on": _WHEN,
    "valid_until": _WHEN,
    "main_diagnosis": _ILLNESS,
    "diagnosis_text": _ILLNESS,
    "doctor": _DOCTOR,
    "sensitive": _ILLNESS,
    "state": PUBLIC,
    "receipt": PUBLIC,
    "recorded_at": PUBLIC,
    "withdrawn_at": PUBLIC,
}

TABLES = {
    "referrals_referral": {
        **_PAPER,
        "referral_id": PUBLIC,
        "to_facility": _WHERE,
        "reach": _ILLNESS,
        "reason": _ILLNESS,
        "path": PUBLIC,
    },
    "referrals_use": {
        "person_id": _RECORD,
        "referral_id": PUBLIC,
        "use_no": PUBLIC,
        "reach": _ILLNESS,
        "facility": _WHERE,
        "episode": _VISIT,
        "officer": personal("which officer of the facility used a paper", scrub=Scrub.INVENT),
        "used_at": _WHEN,
        "released_at": PUBLIC,
    },
    "referrals_appointment": {
        **_PAPER,
        "appointment_id": PUBLIC,
        "due_on": _WHEN,
        "kept_for": _VISIT,
        "kept_at": _WHEN,
        "reminded_at": PUBLIC,
    },
}
