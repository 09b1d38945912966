"""Interlinked services in figures: files settled by kind, in time and late, in how many working days, by province; from our rows and the former system's log.

And what partners told about life events: received = applied + parked, by partner and day.
"""

from __future__ import annotations

from ansinh.reporting.cells import NOWHERE, Source, filtered, local_day, pivoted

KINDS = ("child_card", "funeral", "death")
# Working days a file took, one by one up to the last, which stands for all that took longer.
DAYS_COUNTED_MAX = 20

_SETTLED = f"""
    SELECT r.kind, r.province, {local_day("r.settled_at")} AS day, r.days, r.due_on < {local_day("r.settled_at")} AS late
    FROM lifeevents_result r
    UNION ALL
    SELECT f.kind, f.province, {local_day("f.settled_at")}, f.days, f.due_on < {local_day("f.settled_at")} FROM reporting_formerservice f
    """
_OF_KIND: dict[str, str] = {
    "": "true",
    "_late": "coalesce(late, false)",
    **{f"_days_{n:02}": f"days {'>=' if n == DAYS_COUNTED_MAX else '='} {n}" for n in range(DAYS_COUNTED_MAX + 1)},
}
_SERIES = {
    f"services.{kind}{end}": f"kind = '{kind}' AND {which}" for kind in KINDS for end, which in _OF_KIND.items()
} | {"services.in_house": f"kind NOT IN ({', '.join(repr(kind) for kind in KINDS)})"}
SERVICES = Source(
    "services",
    tuple(_SERIES),
    f"""SELECT series, province, '' AS kind, '' AS facility, '' AS channel, day, count FROM ({
        pivoted(
            f"SELECT coalesce(nullif(settled.province, ''), '{NOWHERE}') AS province, settled.kind, day, days, late FROM ({_SETTLED}) AS settled",
            "province, day",
            filtered(_SERIES),
        )
    }) AS counted""",
)

# Partners that tell us of life events, by `ansinh.lifeevents.states.Office`.
TELLERS = ("hospital", "civil-status", "police", "social-assistance", "population-register", "employer")
_WHEN = {"received": "received_at", "applied": "applied_at"}
EVENTS = Source(
    "events",
    tuple(f"events.{word}.{teller}" for word in _WHEN for teller in TELLERS),
    " UNION ALL ".join(
        f"""SELECT 'events.{word}.' || teller AS series, '' AS province, '' AS kind, '' AS facility, '' AS channel,
        {local_day(column)} AS day, count(*) AS count
        FROM lifeevents_told WHERE teller IN ({", ".join(repr(teller) for teller in TELLERS)}) AND {column} IS NOT NULL GROUP BY 1, 6"""
        for word, column in _WHEN.items()
    ),
)
