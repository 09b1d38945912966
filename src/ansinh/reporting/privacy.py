"""Every field of the room, sorted: figures only, nothing about one person."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC

TABLES = {
    "reporting_paidcount": dict.fromkeys(("month", "once", "run_id", "series", "province", "day", "persons"), PUBLIC),
    "reporting_dailycount": {"series": PUBLIC, "day": PUBLIC, "count": PUBLIC, "counted_at": PUBLIC},
    "reporting_formerload": {"load_no": PUBLIC, "source": PUBLIC, "row_count": PUBLIC},
    "reporting_formersubmission": {
        "facility": PUBLIC,
        "load_no": PUBLIC,
        "row_no": PUBLIC,
        "sent_at": PUBLIC,
        "kind": PUBLIC,
        "accepted": PUBLIC,
        "delay_hours": PUBLIC,
    },
    "reporting_formerservice": {
        "load_no": PUBLIC,
        "row_no": PUBLIC,
        "kind": PUBLIC,
        "province": PUBLIC,
        "received_at": PUBLIC,
        "settled_at": PUBLIC,
        "due_on": PUBLIC,
        "days": PUBLIC,
    },
    "reporting_facilitycount": {"series": PUBLIC, "facility": PUBLIC, "day": PUBLIC, "count": PUBLIC},
    "reporting_partcount": dict.fromkeys(("series", "dimension", "part", "province", "day", "count"), PUBLIC),
    "reporting_counting": dict.fromkeys(("single", "closed_until", "former_rows", "moves", "counted_at"), PUBLIC),
    "reporting_provincecount": {"series": PUBLIC, "province": PUBLIC, "day": PUBLIC, "count": PUBLIC},
}
