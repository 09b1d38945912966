"""What each field of life events is, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Scrub, personal, sensitive

_RECORD = personal("leads from a file to a record", scrub=Scrub.KEEP)
_KIND = sensitive("that somebody was born or died", scrub=Scrub.KEEP)
_SAID = sensitive("names, numbers, kin and the hour of a birth or death", scrub=Scrub.EMPTY)
_WORDS = personal("what happened to somebody's file", scrub=Scrub.INVENT)
_WHO = personal("who answers for it", scrub=Scrub.INVENT)

TABLES = {
    "lifeevents_file": {
        "file_id": PUBLIC,
        "kind": _KIND,
        "subject": personal("the certificate, or the record, a file is about", scrub=Scrub.INVENT),
        "person_id": _RECORD,
        "applicant_person_id": _RECORD,
        "province": PUBLIC,
        "state": PUBLIC,
        "content": _SAID,
        "received_at": PUBLIC,
        "closed_on": PUBLIC,
        "recorded_at": PUBLIC,
    },
    "lifeevents_step": {
        "file_id": PUBLIC,
        "step": PUBLIC,
        "office": PUBLIC,
        "state": PUBLIC,
        "asked_at": PUBLIC,
        "due_on": PUBLIC,
        "ended_at": PUBLIC,
        "waits_vi": _WORDS,
        "waits_en": _WORDS,
        "result": _SAID,
    },
    "lifeevents_message": {
        "file_id": PUBLIC,
        "message_no": PUBLIC,
        "message_id": PUBLIC,
        "partner": PUBLIC,
        "action": PUBLIC,
        "step": PUBLIC,
        "body": _SAID,
        "made_at": PUBLIC,
        "made_on": PUBLIC,
        "acknowledged_at": PUBLIC,
        "acknowledged_on": PUBLIC,
        "refused": PUBLIC,
    },
    "lifeevents_told": {
        "teller": PUBLIC,
        "told_key": PUBLIC,
        "what": _KIND,
        "file_id": PUBLIC,
        "content": _SAID,
        "told_on": PUBLIC,
        "received_at": PUBLIC,
        "turn": PUBLIC,
        "state": PUBLIC,
        "because": PUBLIC,
    },
    "lifeevents_position": {"partner": PUBLIC, "after_no": PUBLIC},
    "lifeevents_effect": {
        "file_id": PUBLIC,
        "kind": PUBLIC,
        "reference": _RECORD,
        "about": _SAID,
        "done_at": PUBLIC,
        "undo": PUBLIC,
        "undone_at": PUBLIC,
    },
    "lifeevents_line": {
        "file_id": PUBLIC,
        "line_no": PUBLIC,
        "happened_at": PUBLIC,
        "office": PUBLIC,
        "words_vi": _WORDS,
        "words_en": _WORDS,
    },
    "lifeevents_pause": {
        "file_id": PUBLIC,
        "paused_at": PUBLIC,
        "because_vi": _WORDS,
        "because_en": _WORDS,
        "until_on": PUBLIC,
        "ended_at": PUBLIC,
    },
    "lifeevents_case": {
        "file_id": PUBLIC,
        "case_no": PUBLIC,
        "opened_at": PUBLIC,
        "what_vi": _WORDS,
        "what_en": _WORDS,
        "settled_at": PUBLIC,
        "settled_by": _WHO,
        "settled_how": _WORDS,
    },
    "lifeevents_alert": {
        "file_id": PUBLIC,
        "step": PUBLIC,
        "due_on": PUBLIC,
        "raised_on": PUBLIC,
        "because_vi": _WORDS,
        "because_en": _WORDS,
        "new_due_on": PUBLIC,
    },
    "lifeevents_receipt": {
        "file_id": PUBLIC,
        "received_at": PUBLIC,
        "due_at": PUBLIC,
        "given_at": PUBLIC,
        "late_at": PUBLIC,
        "because_vi": _WORDS,
        "because_en": _WORDS,
    },
    "lifeevents_comparison": {
        "partner": PUBLIC,
        "on_day": PUBLIC,
        "compared_at": PUBLIC,
        "sent": PUBLIC,
        "taken": PUBLIC,
        "heard": PUBLIC,
        "told": PUBLIC,
        "equal": PUBLIC,
    },
}
