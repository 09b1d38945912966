"""Every field of the room, sorted: entitlements here, applications and decisions in their own part."""

from __future__ import annotations

from ansinh.benefits.file_privacy import FILE_TABLES
from ansinh.foundation.privacy import PUBLIC, Scrub, personal, sensitive

_RECORD = personal("leads from one record to another", scrub=Scrub.KEEP)
_AMOUNT = sensitive("what a person is paid; tells income", scrub=Scrub.COARSEN)
_KIND = sensitive("why a person is paid; tells health, kin, or loss of work", scrub=Scrub.KEEP)
_WHY = sensitive("why payment changed: death, absence, flight, renunciation", scrub=Scrub.EMPTY)
_OFFICER = personal("which officer prepared or approved it", scrub=Scrub.INVENT)
_WHERE = personal("where a person is paid", scrub=Scrub.COARSEN)

ENTITLEMENT_TABLES = {
    "benefits_entitlement": {
        "person_id": _RECORD,
        "entitlement_id": PUBLIC,
        "kind": _KIND,
        "insured_person_id": sensitive("from whose insurance it comes; tells kin", scrub=Scrub.KEEP),
        "decision_id": PUBLIC,
        "opened_on": PUBLIC,
        "owed_from": PUBLIC,
        "source": PUBLIC,
        "recorded_at": PUBLIC,
    },
    "benefits_version": {
        "person_id": _RECORD,
        "entitlement_id": PUBLIC,
        "version": PUBLIC,
        "valid_from": PUBLIC,
        "amount": _AMOUNT,
        "state": _WHY,
        "cause": _WHY,
        "adjusted": PUBLIC,
        "act": PUBLIC,
        "facts": _AMOUNT,
        "province": PUBLIC,
        "commune": _WHERE,
        "urban": PUBLIC,
        "change_id": PUBLIC,
        "recorded_at": PUBLIC,
        "superseded_at": PUBLIC,
    },
    "benefits_change": {
        "person_id": _RECORD,
        "change_id": PUBLIC,
        "entitlement_id": PUBLIC,
        "kind": _WHY,
        "effect_month": PUBLIC,
        "because": _WHY,
        "amount": _AMOUNT,
        "facts": _AMOUNT,
        "act": PUBLIC,
        "reason": _WHY,
        "request_key": PUBLIC,
        "due_on": PUBLIC,
        "prepared_by": _OFFICER,
        "prepared_at": PUBLIC,
        "approved_by": _OFFICER,
        "done_at": PUBLIC,
        "refused_at": PUBLIC,
    },
    "benefits_correction": {
        "person_id": _RECORD,
        "entitlement_id": PUBLIC,
        "month": PUBLIC,
        "component": PUBLIC,
        "correction_no": PUBLIC,
        "amount": _AMOUNT,
        "cause": _WHY,
        "change_id": PUBLIC,
        "recorded_at": PUBLIC,
    },
    "benefits_frozen": {
        "month": PUBLIC,
        "person_id": _RECORD,
        "entitlement_id": PUBLIC,
        "component": PUBLIC,
        "correction": PUBLIC,
        "amount": _AMOUNT,
        "kind": _KIND,
        "province": PUBLIC,
        "commune": _WHERE,
        "urban": PUBLIC,
        "frozen_in": PUBLIC,
    },
    "benefits_freeze": {
        "month": PUBLIC,
        "obligations": PUBLIC,
        "amount": PUBLIC,
        "corrections": PUBLIC,
        "corrections_amount": PUBLIC,
        "frozen_by": _OFFICER,
        "frozen_at": PUBLIC,
    },
    "benefits_adjustment": {
        "month": PUBLIC,
        "scope": PUBLIC,
        "act": PUBLIC,
        "basis": PUBLIC,
        "prepared_by": _OFFICER,
        "prepared_at": PUBLIC,
        "approved_by": _OFFICER,
        "approved_at": PUBLIC,
    },
    "benefits_load": {"source": PUBLIC, "entitlements": PUBLIC, "owed_from": PUBLIC, "loaded_at": PUBLIC},
}

TABLES = {**ENTITLEMENT_TABLES, **FILE_TABLES}
