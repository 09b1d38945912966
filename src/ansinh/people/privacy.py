"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Scrub, personal, sensitive

_WHO = personal("tells one insured person from another", scrub=Scrub.INVENT)
_BORN = personal("tells one insured person from another; decides ages in the law", scrub=Scrub.COARSEN)
_RECORD = personal("leads from one record to another", scrub=Scrub.KEEP)
_WEIGHED = personal("shows why a record was found to be somebody of the register", scrub=Scrub.KEEP)
_OFFICER = personal("who answers for the decision", scrub=Scrub.INVENT)

TABLES = {
    "people_person": {
        "person_id": _RECORD,
        "full_name": _WHO,
        "sex": personal("decides retirement age; evidence of identity", scrub=Scrub.KEEP),
        "birth_year": _BORN,
        "birth_month": _BORN,
        "birth_day": _BORN,
        "stated_number": _WHO,
        "commune": personal("where letters go and which office serves", scrub=Scrub.COARSEN),
        "province": personal("which office serves", scrub=Scrub.KEEP),
        "household": personal("health insurance by household; evidence of identity", scrub=Scrub.INVENT),
        "excluded": sensitive(
            "service in the armed forces, own or a relative's: counted apart by law", scrub=Scrub.EMPTY
        ),
        "recorded_on": PUBLIC,
        "died_on": personal("ends coverage and payments", scrub=Scrub.COARSEN),
    },
    "people_identifier": {
        "value": _WHO,
        "scheme": PUBLIC,
        "person_id": _RECORD,
        "valid_from": PUBLIC,
        "valid_until": PUBLIC,
        "ended_because": PUBLIC,
        "resolves": PUBLIC,
    },
    "people_alias": {"alias_person_id": _RECORD, "person_id": _RECORD, "merged_into": _RECORD, "merged_at": PUBLIC},
    "people_verdict": {
        "person_id": _RECORD,
        "decided_at": PUBLIC,
        "superseded_at": PUBLIC,
        "verdict": personal("what comparing with the register showed", scrub=Scrub.KEEP),
        "rule": PUBLIC,
        "register_pin": _WHO,
        "model": PUBLIC,
        "score": _WEIGHED,
        "runner_up_score": _WEIGHED,
        "levels": _WEIGHED,
        "detail": _WEIGHED,
        "officer": _OFFICER,
    },
    "people_candidate": {
        "person_id": _RECORD,
        "decided_at": PUBLIC,
        "rank": PUBLIC,
        "register_pin": _WHO,
        "score": _WEIGHED,
        "detail": _WEIGHED,
    },
    "people_refusedcandidate": {
        "person_id": _RECORD,
        "register_pin": _WHO,
        "refused_by": _OFFICER,
        "refused_at": PUBLIC,
    },
    "people_discrepancy": {
        "person_id": _RECORD,
        "field": PUBLIC,
        "ours": _WHO,
        "registered": _WHO,
        "source": PUBLIC,
        "found_at": PUBLIC,
        "state": PUBLIC,
        "settled_at": PUBLIC,
    },
    "people_due": {"person_id": _RECORD, "because": PUBLIC, "marked_at": PUBLIC},
    "people_fact": {
        "person_id": _RECORD,
        "field": PUBLIC,
        "recorded_at": PUBLIC,
        "superseded_at": PUBLIC,
        "value": _WHO,
        "source": PUBLIC,
        "said_on": PUBLIC,
        "valid_from": PUBLIC,
        "certainty": PUBLIC,
        "request_id": PUBLIC,
    },
    "people_request": {
        "request_id": PUBLIC,
        "kind": PUBLIC,
        "state": PUBLIC,
        "person_id": _RECORD,
        "other_person_id": _RECORD,
        "register_pin": _WHO,
        "field": PUBLIC,
        "old_value": _WHO,
        "new_value": _WHO,
        "source": PUBLIC,
        "evidence": personal("the paper that shows what is right", scrub=Scrub.INVENT),
        "undoes": PUBLIC,
        "effects": personal("what the officers knew the decision would touch", scrub=Scrub.EMPTY),
        "reason": personal("why, in the officer's words", scrub=Scrub.INVENT),
        "needs_second": PUBLIC,
        "prepared_by": _OFFICER,
        "prepared_at": PUBLIC,
        "approved_by": _OFFICER,
        "approved_at": PUBLIC,
        "refused_by": _OFFICER,
        "refused_at": PUBLIC,
    },
    "people_load": {"source": PUBLIC, "first_person_id": PUBLIC, "persons": PUBLIC, "loaded_at": PUBLIC},
}
