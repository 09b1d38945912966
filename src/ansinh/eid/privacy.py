"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Retention, Scrub, personal

_RECORD = personal("leads from one record to another", scrub=Scrub.KEEP)
_NAME = personal("names a citizen to one app alone", scrub=Scrub.INVENT)

TABLES = {
    "eid_receiver": {"client_no": PUBLIC, "url": PUBLIC, "since": PUBLIC},
    "eid_watch": {"person_id": _RECORD, "client_no": PUBLIC, "watch": _NAME, "since": PUBLIC},
    "eid_change": {
        "person_id": _RECORD,
        "change_no": PUBLIC,
        "client_no": PUBLIC,
        "watch": _NAME,
        "what": personal("tells which part of a record changed", scrub=Scrub.KEEP, retention=Retention.SHORT),
        "noted_at": PUBLIC,
        "tries": PUBLIC,
        "next_try_at": PUBLIC,
        "delivered_at": PUBLIC,
        "dead_at": PUBLIC,
        "trouble": PUBLIC,
    },
}
