"""Every field of the room, sorted. What relatives are asked tells of deaths and births."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Retention, Scrub, personal, sensitive

_RECORD = personal("who asks whom", scrub=Scrub.KEEP)
_WORDS = sensitive("what is asked, and why somebody declined", retention=Retention.RECORD)

TABLES = {
    "confirmations_confirmation": {
        "person_id": _RECORD,
        "reference": personal("names it in addresses of pages", scrub=Scrub.INVENT),
        "about": personal("leads to the record that waits for it", scrub=Scrub.KEEP),
        "asked_by_person_id": _RECORD,
        "question_vi": _WORDS,
        "question_en": _WORDS,
        "asked_at": PUBLIC,
        "until_on": PUBLIC,
        "state": PUBLIC,
        "answered_at": PUBLIC,
        "answered_by": personal("who answered, or recorded the answer", scrub=Scrub.INVENT),
        "level": PUBLIC,
        "because": _WORDS,
    },
}
