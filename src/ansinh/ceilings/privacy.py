"""What is personal in the room's tables."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Retention, Scrub, personal

_ASKED = personal(
    "tells which officer, machine or address asked too much; hospitals number officers as they like, some by personal number",
    scrub=Scrub.EMPTY,
    retention=Retention.SHORT,
)
_RESTRAINED = personal(
    "tells whom a restraint stops, and who lifted it", scrub=Scrub.INVENT, retention=Retention.RECORD
)
_OFFICER = personal("tells who acted; the audit names officers by it", scrub=Scrub.INVENT, retention=Retention.RECORD)

TABLES = {
    "ceilings_ceiling": {
        "id": PUBLIC,
        "kind": PUBLIC,
        "level": PUBLIC,
        "subject": _RESTRAINED,
        "rate_per_second": PUBLIC,
        "persons_an_hour": PUBLIC,
        "persons_a_day": PUBLIC,
        "misses_an_hour": PUBLIC,
        "neighbours_an_hour": PUBLIC,
        "state": PUBLIC,
        "reason": PUBLIC,
        "prepared_by": _OFFICER,
        "prepared_at": PUBLIC,
        "approved_by": _OFFICER,
        "approved_at": PUBLIC,
    },
    "ceilings_worker": {"worker_no": PUBLIC, "opened_at": PUBLIC, "seen_at": PUBLIC},
    "ceilings_tally": {
        "subject": _ASKED,
        "day": PUBLIC,
        "worker_no": PUBLIC,
        "kind": PUBLIC,
        "facility": PUBLIC,
        "held_day": PUBLIC,
        "hour_at": PUBLIC,
        "held_hour": PUBLIC,
        "misses": PUBLIC,
        "neighbours": PUBLIC,
        "refused": PUBLIC,
    },
    "ceilings_restraint": {
        "restraint_no": PUBLIC,
        "subject": _RESTRAINED,
        "kind": PUBLIC,
        "facility": PUBLIC,
        "step": PUBLIC,
        "cause": PUBLIC,
        "figures": PUBLIC,
        "began_at": PUBLIC,
        "until": PUBLIC,
        "by_whom": _OFFICER,
        "reason": PUBLIC,
        "recorded_at": PUBLIC,
    },
    "ceilings_in_force": {
        "subject": _RESTRAINED,
        "restraint_no": PUBLIC,
        "step": PUBLIC,
        "cause": PUBLIC,
        "began_at": PUBLIC,
        "until": PUBLIC,
        "refused_then": PUBLIC,
    },
    "ceilings_alert": {
        "alert_no": PUBLIC,
        "restraint_no": PUBLIC,
        "audience": PUBLIC,
        "kind": PUBLIC,
        "facility": PUBLIC,
        "step": PUBLIC,
        "cause": PUBLIC,
        "raised_at": PUBLIC,
        "acknowledged_by": _OFFICER,
        "acknowledged_at": PUBLIC,
    },
}
