"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Scrub, personal, sensitive

_RECORD = personal("who may act for whom", scrub=Scrub.KEEP)
_BY = personal("who gave, agreed to or ended it", scrub=Scrub.INVENT)
_PAPER = personal("the paper it rests on", scrub=Scrub.EMPTY)
_WHEN = dict.fromkeys(("given_at", "agreed_at", "ended_at", "valid_from", "valid_until"), PUBLIC)
_HALVES = {"given_by": _BY, "agreed_by": _BY, "ended_by": _BY}

TABLES = {
    "mandates_rule": dict.fromkeys(("who", "circumstance", "what", "answer"), PUBLIC),
    "mandates_mandate": {
        "for_person_id": _RECORD,
        "mandate_id": PUBLIC,
        "person_id": _RECORD,
        "kind": sensitive("tells who needs a guardian", scrub=Scrub.KEEP),
        "scopes": PUBLIC,
        "paper": _PAPER,
        "state": PUBLIC,
        "given_level": PUBLIC,
        "agreed_level": PUBLIC,
        **_WHEN,
        **_HALVES,
    },
    "mandates_representative": {
        "employer_id": PUBLIC,
        "mandate_id": PUBLIC,
        "person_id": _RECORD,
        "paper": _PAPER,
        "state": PUBLIC,
        **_WHEN,
        **_HALVES,
    },
}
