"""Interlinked services in figures: files settled by kind, in time and late, in how many working days, by province; from our rows and the former system's log.

And what partners told about life events: received = applied + parked, by partner and day.
"""

from __future__ import annotations

_DAY = "({moment} AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
KINDS = ("child_card", "funeral", "death")
# Working days a file took, one by one up to the last, which stands for all that took longer.
DAYS_COUNTED_MAX = 20

_SETTLED = f"""
    SELECT r.kind, r.province, {_DAY.format(moment="r.settled_at")} AS day, r.days, r.due_on < {_DAY.format(moment="r.settled_at")} AS late
    FROM lifeevents_result r
    UNION ALL
    SELECT f.kind, f.province, {_DAY.format(moment="f.settled_at")}, f.days, f.due_on < {_DAY.format(moment="f.settled_at")} FROM reporting_formerservice f
    """
_OF_KIND: dict[str, str] = {
    "": "true",
    "_late": "coalesce(late, false)",
    **{f"_days_{n:02}": f"days {'>=' if n == DAYS_COUNTED_MAX else '='} {n}" for n in range(DAYS_COUNTED_MAX + 1)},
}
_SERIES = {
    f"services.{kind}{end}": f"kind = '{kind}' AND {which}" for kind in KINDS for end, which in _OF_KIND.items()
} | {"services.in_house": f"kind NOT IN ({', '.join(repr(kind) for kind in KINDS)})"}
SERVICES: tuple[str, ...] = tuple(_SERIES)

_COUNTS = ", ".join(f"count(*) FILTER (WHERE {which}) AS n{n}" for n, which in enumerate(_SERIES.values()))
_VALUES = ", ".join(f"('{series}', n{n})" for n, series in enumerate(_SERIES))
# (series, province, day, count) of all of them in one reading of the raw rows.
SERVICES_BY_PROVINCE = f"""
SELECT told.series, province, day, told.count
FROM (SELECT coalesce(nullif(province, ''), '00') AS province, day, {_COUNTS} FROM ({_SETTLED}) AS settled GROUP BY 1, 2) AS summed,
    LATERAL (VALUES {_VALUES}) AS told (series, count) WHERE told.count > 0
"""

# Partners that tell us of life events, by `ansinh.lifeevents.states.Office`.
TELLERS = ("hospital", "civil-status", "police", "social-assistance", "population-register", "employer")
_WHEN = {"received": "received_at", "applied": "applied_at"}
EVENTS: dict[str, str] = {
    f"events.{word}.{teller}": f"""
        SELECT {_DAY.format(moment=column)}, count(*) FROM lifeevents_told WHERE teller = '{teller}' AND {column} IS NOT NULL GROUP BY 1"""
    for word, column in _WHEN.items()
    for teller in TELLERS
}
