"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Scrub, personal, sensitive

_RECORD = personal("leads from one record to another", scrub=Scrub.KEEP)
_WHERE = sensitive("where a person is treated", scrub=Scrub.INVENT)
_CHAPTER = sensitive("which part of a health book a patient hides, or lets a facility see", scrub=Scrub.EMPTY)
_WHEN = personal("when a patient decided about the own book", scrub=Scrub.COARSEN)

TABLES = {
    "disclosure_rule": dict.fromkeys(("who", "circumstance", "what", "answer"), PUBLIC),
    "disclosure_restriction": {"person_id": _RECORD, "what": _CHAPTER, "hidden_at": _WHEN, "shown_at": _WHEN},
    "disclosure_consent": {
        "person_id": _RECORD,
        "facility": _WHERE,
        "what": _CHAPTER,
        "given_at": _WHEN,
        "valid_until": _WHEN,
        "withdrawn_at": _WHEN,
    },
    "disclosure_glass": {
        "person_id": _RECORD,
        "facility": _WHERE,
        "officer": personal("which officer of the facility broke the glass", scrub=Scrub.INVENT),
        "opened_at": sensitive("when a person was in an emergency", scrub=Scrub.COARSEN),
        "open_until": PUBLIC,
        "reason": sensitive("why a book was opened in an emergency; the patient reads it", scrub=Scrub.EMPTY),
        "audit_id": PUBLIC,
        "judged_by": personal("which officer judged it", scrub=Scrub.INVENT),
        "judged_at": PUBLIC,
        "finding": PUBLIC,
    },
    "disclosure_export": {
        "client_no": PUBLIC,
        "export_id": PUBLIC,
        "group_name": PUBLIC,
        "request": PUBLIC,
        "types": PUBLIC,
        "since": PUBLIC,
        "state": PUBLIC,
        "told": PUBLIC,
        "begun_at": PUBLIC,
        "leased_until": PUBLIC,
    },
    "disclosure_exportpart": {
        "client_no": PUBLIC,
        "export_id": PUBLIC,
        "part": PUBLIC,
        "kind": PUBLIC,
        "lines": PUBLIC,
        "content": sensitive("visits under pseudonyms, for statistics; gone after a day", scrub=Scrub.EMPTY),
    },
}
