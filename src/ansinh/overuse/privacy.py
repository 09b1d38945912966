"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Scrub, personal, sensitive

_RECORD = personal("leads from one record to another", scrub=Scrub.KEEP)
_WHERE = sensitive("where a person is treated", scrub=Scrub.INVENT)
_VISIT = sensitive("leads to a visit of the health book", scrub=Scrub.KEEP)

TABLES = {
    "overuse_finding": {
        "person_id": _RECORD,
        "kind": PUBLIC,
        "visit_id": _VISIT,
        "other_visit_id": _VISIT,
        "other_person_id": _RECORD,
        "finding_no": PUBLIC,
        "facility": _WHERE,
        "other_facility": _WHERE,
        "first_on": sensitive("when a person goes to a facility", scrub=Scrub.COARSEN),
        "measure": PUBLIC,
        "subject": sensitive("what a person takes", scrub=Scrub.EMPTY),
        "state": PUBLIC,
        "found_at": PUBLIC,
    },
    "overuse_decision": {
        "person_id": _RECORD,
        "finding_no": PUBLIC,
        "decided_at": PUBLIC,
        "decision": PUBLIC,
        "reason": sensitive("what an officer writes of a person's visits", scrub=Scrub.EMPTY),
        "decided_by": personal("who decided, so that they can be asked", scrub=Scrub.INVENT),
    },
}
