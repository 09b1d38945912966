"""Every field of the room, sorted. The mirror holds what the register may tell the agency by law, and no more of it."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Field, Retention, Scrub, personal, sensitive

_PIN = personal("names the person to both sides")
_KIN = sensitive("families are evidence of identity", scrub=Scrub.INVENT)
_EVIDENCE = Retention.RECORD

TABLES: dict[str, dict[str, Field]] = {
    "registry_person": {
        "pin": _PIN,
        "old_number": personal("people state it instead of the new number"),
        "full_name": personal("compared with insured records"),
        "sex": personal("compared with insured records", scrub=Scrub.KEEP),
        "birth_year": personal("compared with insured records", scrub=Scrub.KEEP),
        "birth_month": personal("compared with insured records"),
        "birth_day": personal("compared with insured records"),
        "commune": personal("compared with insured records", scrub=Scrub.COARSEN),
        "province": personal("compared with insured records; sides are reconciled by province", scrub=Scrub.KEEP),
        "household": _KIN,
        "father_pin": _KIN,
        "mother_pin": _KIN,
        "spouse_pin": _KIN,
        "registered_on": personal("says since when the register knows somebody", scrub=Scrub.KEEP),
        "died_on": sensitive("ends payments and cards", scrub=Scrub.COARSEN),
        "cancelled_on": personal("a cancelled number names nobody", scrub=Scrub.KEEP),
        "replaced_by": _PIN,
        "replaces": _PIN,
        "version": PUBLIC,
        "valid_from": personal("as known on a day", scrub=Scrub.KEEP),
        "recorded_at": PUBLIC,
        "feed_no": PUBLIC,
        "digest": personal("sides are compared by it; tells whether a guessed record is the right one"),
    },
    "registry_former_record": {
        "pin": _PIN,
        "version": PUBLIC,
        "superseded_at": PUBLIC,
        "recorded_at": PUBLIC,
        "valid_from": personal("as known on a day", scrub=Scrub.KEEP),
        "cause": PUBLIC,
        "record": sensitive("proves what was known when something was decided"),
    },
    "registry_snapshot": dict.fromkeys(("token", "feed_no", "people", "chunks", "asked_at", "finished_at"), PUBLIC),
    "registry_snapshot_chunk": dict.fromkeys(
        ("token", "number", "sha256", "persons", "feed_no", "changed", "taken_at"), PUBLIC
    ),
    "registry_feed": dict.fromkeys(("partner", "begins_after", "cursor", "whole_until", "head", "read_at"), PUBLIC),
    "registry_feed_message": dict.fromkeys(
        ("message_no", "received_at", "channel", "sha256", "events", "new", "repeated", "parked"), PUBLIC
    ),
    "registry_event": {
        "event_id": PUBLIC,
        "told_on": PUBLIC,
        "feed_no": PUBLIC,
        "pin": personal("whom the event is about", retention=_EVIDENCE),
        "sequence": PUBLIC,
        "kind": sensitive("says what becomes of the record", scrub=Scrub.KEEP, retention=_EVIDENCE),
        "happened_on": personal("from when the change is true", scrub=Scrub.COARSEN, retention=_EVIDENCE),
        "state": PUBLIC,
        "reason": PUBLIC,
        "attempts": PUBLIC,
        "body": sensitive("proves what the register told", retention=_EVIDENCE),
        "signature": PUBLIC,
        "message_no": PUBLIC,
        "received_at": PUBLIC,
        "settled_at": PUBLIC,
        "former": sensitive("undoes the event when it is withdrawn", retention=_EVIDENCE),
        "withdrawn_by": PUBLIC,
    },
    "registry_contradiction": {
        "event_id": PUBLIC,
        "sha256": PUBLIC,
        "body": sensitive("proves what the register told", retention=_EVIDENCE),
        "signature": PUBLIC,
        "received_at": PUBLIC,
    },
    "registry_gap": dict.fromkeys(("feed_no", "noticed_at", "asked", "closed_at"), PUBLIC),
    "registry_announcement": {
        "pin": personal("whom the fact is about", retention=_EVIDENCE),
        "announcement_no": PUBLIC,
        "announced_on": PUBLIC,
        "fact": sensitive("higher rooms act on it", scrub=Scrub.KEEP, retention=_EVIDENCE),
        "event_id": PUBLIC,
        "happened_on": personal("from when the fact is true", scrub=Scrub.COARSEN, retention=_EVIDENCE),
        "other_pin": personal("the number given instead, or before", retention=_EVIDENCE),
        "changed": PUBLIC,
    },
    "registry_consumer": dict.fromkeys(("name", "announcement_no", "read_at"), PUBLIC),
    "registry_reconciliation": dict.fromkeys(
        ("reconciliation_id", "compared_at", "feed_no", "persons", "buckets", "differing", "healed", "left"), PUBLIC
    ),
    "registry_healing": {
        "pin": personal("whose record was put right", retention=_EVIDENCE),
        "healed_at": PUBLIC,
        "cause": PUBLIC,
        "fields": PUBLIC,
        "version_before": PUBLIC,
        "version_after": PUBLIC,
    },
    "registry_inquiry": {
        "transaction_id": PUBLIC,
        "pins": personal("whom the register is asked about", retention=Retention.SHORT),
        "numbers": PUBLIC,
        "noted_at": PUBLIC,
        "answered_at": PUBLIC,
        "known": PUBLIC,
        "changed": PUBLIC,
    },
    "registry_error_report": {
        "pin": personal("whom the report is about", retention=_EVIDENCE),
        "reference": PUBLIC,
        "field": PUBLIC,
        "stated": sensitive("what the evidence says instead", retention=_EVIDENCE),
        "evidence": PUBLIC,
        "state": PUBLIC,
        "reported_at": PUBLIC,
        "reported_by": PUBLIC,
        "sent_at": PUBLIC,
        "replied_at": PUBLIC,
        "event_id": PUBLIC,
    },
}
