"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Field, Retention, Scrub, personal, sensitive

TABLES: dict[str, dict[str, Field]] = {
    "notices_address": {
        "person_id": personal("whose address it is", scrub=Scrub.KEEP),
        "kind": PUBLIC,
        "address": personal("where the person wants to be told"),
        "language": personal("the language the person reads", scrub=Scrub.KEEP),
        "recorded_at": PUBLIC,
    },
    "notices_message": {
        "person_id": personal("who was told", scrub=Scrub.KEEP, retention=Retention.RECORD),
        "message_id": PUBLIC,
        "fact_on": PUBLIC,
        "fact": personal("what the message is about, as a record number", scrub=Scrub.KEEP, retention=Retention.RECORD),
        "template": sensitive(
            "proves what was told", scrub=Scrub.KEEP, retention=Retention.RECORD
        ),  # may tell of a pension
        "parameters": sensitive("proves what was told", retention=Retention.RECORD),  # may name a hospital
        "state": PUBLIC,
        "outcome": PUBLIC,
        "kind": PUBLIC,
        "address": personal("a retry must be the same message", scrub=Scrub.EMPTY, retention=Retention.SHORT),
        "language": personal("proves what was told", scrub=Scrub.KEEP, retention=Retention.RECORD),
        "provider_reference": personal(
            "asks the provider what became of it", scrub=Scrub.EMPTY, retention=Retention.RECORD
        ),
        "attempts": PUBLIC,
        "queued_at": PUBLIC,
        "next_attempt_at": PUBLIC,
        "sent_at": PUBLIC,
        "settled_at": PUBLIC,
    },
    "notices_attempt": {
        "person_id": personal("who was told", scrub=Scrub.KEEP, retention=Retention.RECORD),
        "message_id": PUBLIC,
        "kind": PUBLIC,
        "fact_on": PUBLIC,
        "turn": PUBLIC,
        "state": PUBLIC,
        "outcome": PUBLIC,
        "provider_reference": personal(
            "asks the provider what became of it", scrub=Scrub.EMPTY, retention=Retention.RECORD
        ),
        "begun_at": PUBLIC,
        "sent_at": PUBLIC,
        "ended_at": PUBLIC,
    },
}
