"""Every field of the room, sorted. What a paper or file says is as private as its most private word."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Retention, Scrub, personal, sensitive

_BYTES = sensitive("what the agency issued or received, to be shown and proven later", retention=Retention.RECORD)

TABLES = {
    "documents_paper": {
        "person_id": personal("leads from a paper to its person", scrub=Scrub.KEEP),
        "issued_at": PUBLIC,
        "number": PUBLIC,
        "kind": PUBLIC,
        "media_type": PUBLIC,
        "sha256": PUBLIC,
        "content": _BYTES,
        "signature": PUBLIC,
        "issued_by": PUBLIC,
    },
    "documents_incoming": {
        "sha256": PUBLIC,
        "media_type": PUBLIC,
        "content": _BYTES,
        "received_at": PUBLIC,
        "received_from": PUBLIC,
    },
}
