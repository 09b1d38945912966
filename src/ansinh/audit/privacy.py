"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Retention, Scrub, personal

_ASKER = personal(
    "tells the person looked at, and the auditor, who asked", scrub=Scrub.INVENT, retention=Retention.RECORD
)

TABLES = {
    "audit_act": {
        "acted_at": PUBLIC,
        "act_id": PUBLIC,
        "act": PUBLIC,
        "actor_kind": PUBLIC,
        "actor_reference": personal(
            "tells who is answerable for the act", scrub=Scrub.INVENT, retention=Retention.RECORD
        ),
        "reason": personal("tells why the act was done", scrub=Scrub.EMPTY, retention=Retention.RECORD),
        "outcome": PUBLIC,
        "facts": personal(
            "answers the person's question who read about them", scrub=Scrub.KEEP, retention=Retention.RECORD
        ),
    },
    "audit_access": {
        "asked_at": PUBLIC,
        "id": PUBLIC,
        "person_id": personal(
            "answers the person's question who looked at them", scrub=Scrub.KEEP, retention=Retention.RECORD
        ),
        "client_no": PUBLIC,
        "purpose": PUBLIC,
        "call": PUBLIC,
        "key_kind": PUBLIC,
        "result": PUBLIC,
        "facility": personal(
            "tells where a person was looked up, and so perhaps treated",
            scrub=Scrub.COARSEN,
            retention=Retention.RECORD,
        ),
        "officer": _ASKER,
    },
    "audit_chain": {"chain_id": PUBLIC, "opened_at": PUBLIC, "opened_by": PUBLIC, "links": PUBLIC, "head": PUBLIC},
    "audit_link": {
        "linked_at": PUBLIC,
        "chain_id": PUBLIC,
        "seq": PUBLIC,
        "link": PUBLIC,
        "row_count": PUBLIC,
        "previous": PUBLIC,
        "digest": PUBLIC,
    },
    "audit_head": {"signed_at": PUBLIC, "chain_id": PUBLIC, "links": PUBLIC, "head": PUBLIC, "signature": PUBLIC},
    "audit_former_access": {
        "asked_at": PUBLIC,
        "row_no": PUBLIC,
        "person_id": personal(
            "answers the person's question who looked at them", scrub=Scrub.KEEP, retention=Retention.RECORD
        ),
        "key_kind": PUBLIC,
        "facility": personal(
            "tells where a person was looked up, and so perhaps treated",
            scrub=Scrub.COARSEN,
            retention=Retention.RECORD,
        ),
        "officer": _ASKER,
        "call": PUBLIC,
    },
    "audit_former_load": {"source": PUBLIC, "row_count": PUBLIC, "loaded_at": PUBLIC},
    "audit_xroad": {
        "asked_at": PUBLIC,
        "audit_id": PUBLIC,
        "facility": personal(
            "tells where a person was looked up, and so perhaps treated",
            scrub=Scrub.COARSEN,
            retention=Retention.RECORD,
        ),
        "client": PUBLIC,
        "service": PUBLIC,
        "message_id": PUBLIC,
        "request_id": PUBLIC,
        "user_id": _ASKER,
        "issue": personal("names the case the question belongs to", scrub=Scrub.EMPTY, retention=Retention.RECORD),
        "represented_party": PUBLIC,
        "security_server": PUBLIC,
        "request_sha256": PUBLIC,
    },
}
