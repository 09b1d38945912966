"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Retention, Scrub, personal, sensitive

_RECORD = personal("leads from one record to another", scrub=Scrub.KEEP)
_BY = personal("who asked, or which officer answered", scrub=Scrub.INVENT)
_WORDS = sensitive("what somebody asks about their own data, and the answer", scrub=Scrub.EMPTY)
_LOOK = sensitive("a look at the person's data which they dispute: where, by whom, at what", scrub=Scrub.EMPTY)

TABLES = {
    "rights_request": {
        "person_id": _RECORD,
        "request_id": PUBLIC,
        "kind": PUBLIC,
        "about": _WORDS,
        "words": _WORDS,
        "look_id": PUBLIC,
        "looked_at": _LOOK,
        "facility": _LOOK,
        "officer": _LOOK,
        "call": _LOOK,
        "filed_by": _BY,
        "filed_at": PUBLIC,
        "due_at": PUBLIC,
        "state": PUBLIC,
        "acknowledged_by": _BY,
        "acknowledged_at": PUBLIC,
        "outcome": PUBLIC,
        "answer": _WORDS,
        "answered_by": _BY,
        "answered_at": PUBLIC,
        "breach_due_at": PUBLIC,
        "breach_reported_at": PUBLIC,
        "breach_reference": PUBLIC,
    },
    "rights_alert": {
        "person_id": _RECORD,
        "request_id": PUBLIC,
        "kind": PUBLIC,
        "due_at": PUBLIC,
        "raised_at": PUBLIC,
    },
    "rights_download": {
        "person_id": _RECORD,
        "download_id": PUBLIC,
        "key_digest": sensitive("proves who may fetch it", scrub=Scrub.EMPTY, retention=Retention.SHORT),
        "made_by": _BY,
        "made_at": PUBLIC,
        "until": PUBLIC,
        "size": PUBLIC,
        "content": sensitive("everything about a person, for a day at most", retention=Retention.SHORT),
        "fetched_at": PUBLIC,
    },
}
