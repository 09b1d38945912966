"""Fields of files, pauses, alerts and decisions, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Scrub, personal, sensitive

_RECORD = personal("leads from one record to another", scrub=Scrub.KEEP)
_KIND = sensitive("what a person asks for; tells health, kin, or loss of work", scrub=Scrub.KEEP)
_KIN = sensitive("from whose insurance it comes; tells kin", scrub=Scrub.KEEP)
_TOLD = sensitive("what a decision rests on: contributions, wages, kin, health", scrub=Scrub.EMPTY)
_AMOUNT = sensitive("what a person is paid; tells income", scrub=Scrub.COARSEN)
_WHO = personal("who answers for the step", scrub=Scrub.INVENT)

FILE_TABLES = {
    "benefits_application": {
        "person_id": _RECORD,
        "application_id": PUBLIC,
        "kind": _KIND,
        "channel": PUBLIC,
        "filed_by": _WHO,
        "insured_person_id": _KIN,
        "filed_at": PUBLIC,
        "deadline_name": PUBLIC,
        "deadline_days": PUBLIC,
        "due_on": PUBLIC,
        "state": PUBLIC,
        "stated": _TOLD,
        "missing": _TOLD,
        "decision_id": PUBLIC,
        "closed_on": PUBLIC,
        "recorded_at": PUBLIC,
    },
    "benefits_pause": {
        "person_id": _RECORD,
        "application_id": PUBLIC,
        "paused_at": PUBLIC,
        "reason": PUBLIC,
        "what": _TOLD,
        "until_on": PUBLIC,
        "ended_at": PUBLIC,
    },
    "benefits_alert": {
        "person_id": _RECORD,
        "application_id": PUBLIC,
        "kind": PUBLIC,
        "due_on": PUBLIC,
        "raised_on": PUBLIC,
        "because_vi": PUBLIC,
        "because_en": PUBLIC,
        "new_due_on": PUBLIC,
    },
    "benefits_decision": {
        "person_id": _RECORD,
        "decision_id": PUBLIC,
        "application_id": PUBLIC,
        "kind": _KIND,
        "insured_person_id": _KIN,
        "outcome": PUBLIC,
        "number": PUBLIC,
        "effective_month": PUBLIC,
        "amount": _AMOUNT,
        "awards": _AMOUNT,
        "because_vi": _TOLD,
        "because_en": _TOLD,
        "question": _TOLD,
        "facts": _TOLD,
        "explanation": _TOLD,
        "prepared_by": _WHO,
        "prepared_at": PUBLIC,
        "approved_by": _WHO,
        "approved_at": PUBLIC,
        "decided_on": PUBLIC,
        "returned_by": _WHO,
        "returned_at": PUBLIC,
        "returned_because": personal("why an officer sent it back, in their words", scrub=Scrub.INVENT),
    },
}
